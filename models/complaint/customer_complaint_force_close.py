from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.transitions import Transition, TransitionTable
from ..common.guard import Settled
from .customer_complaint import OPEN_STATES

FORCE_KEY = "customer_force_close"
# An object cannot come over RPC: only an approved request can close by force.
FORCE_SENTINEL = object()
SETTLED = dict.fromkeys(
    ("submitted", "approved", "rejected", "cancelled"), ("complaint_id", "ground", "reason")
)


class CustomerComplaintForceClose(models.Model):
    """The request to close a case without the customer's consent; a monthly list shows them."""

    _name = "customer.complaint.force.close"
    _inherit = ["mail.thread", "customer.request.mixin"]
    _description = "Administrative Closure"
    _order = "id DESC"
    _guards = (Settled(SETTLED),)
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

    complaint_id = fields.Many2one(
        "customer.complaint", "Complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="complaint_id.partner_id", store=True, index=True)
    team_id = fields.Many2one(related="complaint_id.team_id", store=True)
    category_id = fields.Many2one(related="complaint_id.category_id", store=True)
    ground = fields.Selection(
        [
            ("out_of_bounds", "Unreasonable expectations"),
            ("no_cooperation", "Customer does not cooperate"),
            ("not_ours", "Not our responsibility"),
            ("legal", "Pursued in court"),
            ("other", "Other"),
        ],
        required=True,
        default="out_of_bounds",
    )
    reason = fields.Text(required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("approved", "Administratively closed"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
    )
    approved_on = fields.Datetime("Closed On", index="btree_not_null")

    @api.depends("complaint_id.name")
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.env._(
                "Administrative closure of %s", request.complaint_id.name
            )

    @api.constrains("complaint_id", "state")
    def _check_one_request(self):
        for request in self.filtered(lambda r: r.state in ("draft", "submitted")):
            others = request.complaint_id.force_close_ids - request
            if others.filtered(lambda r: r.state in ("draft", "submitted")):
                raise ValidationError(
                    self.env._("There is already an administrative closure request for this case.")
                )

    def _guard_submit(self):
        if self.complaint_id.state in OPEN_STATES:
            return []
        return [self.env._("The case is already closed.")]

    def _after_transition(self, transition):
        """EXTENDS request mixin: the approval closes the case."""
        res = super()._after_transition(transition)
        if transition.name == "approve":
            for request in self.sudo():  # sudo: the approval is the right to close
                request.complaint_id._force_close(request.reason)
        return res
