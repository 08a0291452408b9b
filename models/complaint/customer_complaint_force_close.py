from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.transitions import Transition, TransitionTable
from .customer_complaint import OPEN_STATES

FORCE_KEY = "customer_force_close"
# An object cannot come over RPC: only an approved request can close by force.
FORCE_SENTINEL = object()


class CustomerComplaintForceClose(models.Model):
    """The request to close a case without the customer's consent; a monthly list shows them."""

    _name = "customer.complaint.force.close"
    _inherit = ["mail.thread", "customer.approval.mixin", "customer.transition.mixin"]
    _description = "Forced Close"
    _order = "id DESC"
    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "submitted", "_guard_submit", ("group_service",)),
            Transition(
                "approve",
                ("submitted",),
                "approved",
                "_guard_approve",
                ("group_service_supervisor",),
            ),
            Transition("reject", ("submitted",), "rejected"),
            Transition("cancel", ("draft", "submitted"), "cancelled"),
        ),
    )
    _state_from = ["submitted"]
    _state_to = ["approved"]
    _cancel_state = "cancelled"
    _approval_transition = "approve"
    _rejection_transition = "reject"

    complaint_id = fields.Many2one(
        "customer.complaint", "Complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="complaint_id.partner_id", store=True, index=True)
    team_id = fields.Many2one(related="complaint_id.team_id", store=True)
    category_id = fields.Many2one(related="complaint_id.category_id", store=True)
    ground = fields.Selection(
        [
            ("out_of_bounds", "Expectation clearly out of bounds"),
            ("no_cooperation", "Customer does not cooperate"),
            ("not_ours", "Not our responsibility"),
            ("legal", "Goes on in court"),
            ("other", "Other"),
        ],
        required=True,
        default="out_of_bounds",
    )
    reason = fields.Text(required=True)
    requested_by_id = fields.Many2one(
        "res.users", "Requested By", readonly=True, copy=False, default=lambda self: self.env.user
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("approved", "Closed by force"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
    )
    approved_at = fields.Datetime("Closed On", readonly=True, copy=False, index="btree_not_null")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    @api.depends("complaint_id.name")
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.env._("Forced close of %s", request.complaint_id.name)

    @api.constrains("complaint_id", "state")
    def _check_one_request(self):
        for request in self.filtered(lambda r: r.state in ("draft", "submitted")):
            others = request.complaint_id.force_close_ids - request
            if others.filtered(lambda r: r.state in ("draft", "submitted")):
                raise ValidationError(
                    self.env._("There is a request to close this case by force already.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """The requester is the caller."""
        if not self.env.su:
            vals_list = [
                {k: v for k, v in vals.items() if not k.startswith(("approved_", "requested_"))}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def _guard_submit(self):
        if self.complaint_id.state in OPEN_STATES:
            return []
        return [self.env._("The case is over already.")]

    def _guard_approve(self):
        """Nobody approves an own request."""
        if self.requested_by_id == self.env.user and not self.env.su:
            return [self.env._("Somebody else has to approve your request.")]
        return self._guard_submit()

    def action_submit(self):
        """Send the request to those who approve."""
        self._transition("submit")
        self._request_approval()
        return True

    def action_approve(self):
        """Give the own approval; the last one closes the case by force."""
        self._give_approval()
        return True

    def action_reject(self):
        """Refuse the request."""
        for request in self:
            request.reject_tier() if request.review_ids else request._refuse()
        return True

    def _refuse(self):
        self._check_transition("approve")  # who may approve may refuse
        self._transition("reject")

    def action_cancel(self):
        """Take the request back."""
        return self._transition("cancel")

    def _after_transition(self, transition):
        res = super()._after_transition(transition)
        if transition.name == "approve":
            for request in self:
                # sudo: the approval is the right to close
                request = request.sudo()
                request.write(
                    {"approved_at": fields.Datetime.now(), "approved_by_id": self.env.uid}
                )
                request.complaint_id._force_close(request.reason)
        return res
