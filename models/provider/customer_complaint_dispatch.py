from odoo import api, fields, models
from odoo.fields import Domain


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
