from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.sla_ledger import OPEN_STATES
from ..common.locks import wait_for_lock
from ..complaint.sla.customer_complaint_dispatch import WAITING


class CustomerComplaintDispatch(models.Model):
    """The department that got the order: returns are counted by it."""

    _inherit = "customer.complaint.dispatch"

    department = fields.Selection(
        lambda self: self.env["customer.complaint.team"]._departments(),
        compute="_compute_department",
        store=True,
        precompute=True,
        help="As of the time the dispatch was sent. Dispatches to providers have no department.",
    )
    returned = fields.Integer(
        "Returned Dispatches",
        compute="_compute_returned",
        store=True,
        help="1 for each returned dispatch.",
    )

    more_time_ids = fields.One2many(
        "customer.sla.extension", "dispatch_id", "Requests for More Time", readonly=True
    )

    @api.model
    def _taken_domain(self):
        """Orders the addressee took on: not returned, and not void before they were accepted.

        The same as `queries.complaint_figures.TAKEN`.
        """
        void = Domain("state", "=", "cancelled") & Domain("accepted_at", "!=", False)
        return Domain("state", "not in", ("returned", "cancelled")) | void

    @api.depends("team_id")
    def _compute_department(self):
        """Not from the team's department: a team that moves takes no old returns along."""
        for dispatch in self:
            dispatch.department = dispatch.team_id.department

    @api.depends("state")
    def _compute_returned(self):
        for dispatch in self:
            dispatch.returned = int(dispatch.state == "returned")

    # -- more time, asked for in the portal -----------------------------------------------------

    def _more_time_labels(self):
        """Return the deadlines that a provider may ask to extend, as it knows them."""
        _ = self.env._
        return {
            "first_contact": _("Contact the customer"),
            "first_result": _("First result"),
            "answer": _("Answer to the customer"),
        }

    def _more_time_clocks(self):
        """Return the deadlines for which the provider may ask for more time now, as the system.

        Those that are open and for which no request of the order waits.
        """
        self.ensure_one()
        order = self.sudo()  # sudo: deadlines of the case that the order is about
        clocks = order.complaint_id.clock_ids
        if order.state not in WAITING:
            return clocks.browse()
        asked = order.more_time_ids.filtered(lambda request: request.state == "submitted").clock_id
        return (clocks - asked).filtered(
            lambda clock: clock.milestone in self._more_time_labels() and clock.state in OPEN_STATES
        )

    def _more_time_requests(self):
        """Return what the provider asked for as `[(deadline, amount, unit, state, answer)]`."""
        self.ensure_one()
        labels = self._more_time_labels()
        requests = self.sudo().more_time_ids  # sudo: own requests of the order
        states = dict(requests._fields["state"]._description_selection(self.env))
        units = dict(requests.clock_id._fields["unit"]._description_selection(self.env))
        return [
            (
                labels.get(request.milestone, ""),
                f"{request.amount:g}",
                units.get(request.unit, ""),
                states[request.state],
                request.approval_rejection or "",
            )
            for request in requests.sorted("id")
        ]

    def _ask_more_time(self, clock_id, amount, reason):
        """Ask for more time in the name of the provider, whose order the caller checked.

        :param amount: in the unit of the deadline
        :return: the request, which waits for its approval as one of our people
        :raises UserError: for a deadline that is not open, or that was asked for already
        """
        self.ensure_one()
        order = self.sudo()  # the caller checked whose order it is
        wait_for_lock(order)
        clock = order._more_time_clocks().filtered(lambda one: one.id == clock_id)
        if not clock:
            raise UserError(
                self.env._("This deadline is not open, or more time was already requested for it.")
            )
        if not reason:
            raise UserError(self.env._("State why more time is needed."))
        if amount <= 0:
            raise UserError(self.env._("Enter how much more time you need."))
        request = order.env["customer.sla.extension"].create(
            {
                "complaint_id": order.complaint_id.id,
                "dispatch_id": order.id,
                "clock_id": clock.id,
                "amount": amount,
                "reason": reason,
            }
        )
        request.action_submit()
        return request
