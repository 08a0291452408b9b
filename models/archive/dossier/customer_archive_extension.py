from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ....engine.transitions import Transition, TransitionTable
from ...common.digest import in_house
from ...common.guard import Kept
from .customer_archive_handover import STEPS

_lt = LazyTranslate(__name__)

MANAGER = ("group_manager",)


class CustomerArchiveExtension(models.Model):
    """More working days for a step of the handover: asked for with a reason, approved."""

    _name = "customer.archive.extension"
    _inherit = [
        "customer.confidential.mixin",
        "customer.request.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Handover Extension"
    _order = "id desc"
    _rec_name = "archive_id"
    _guards = (
        Kept(
            frozenset({"archive_id", "step", "days", "reason"}),
            _lt("This extension is no longer a draft and cannot be changed: request another one."),
        ),
    )

    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "submitted", "_guard_submit"),
            Transition("approve", ("submitted",), "approved", "_guard_approve", MANAGER),
            Transition("reject", ("submitted",), "refused", "", MANAGER),
            Transition("cancel", ("draft", "submitted"), "cancelled", "_guard_cancel"),
        ),
    )

    archive_id = fields.Many2one(
        "customer.archive", "Dossier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="archive_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="archive_id.partner_id", string="Customer", store=True)
    step = fields.Selection(STEPS, "Handover Step", required=True, default="a_to_b", tracking=True)
    days = fields.Integer("Additional Working Days", required=True, default=1, tracking=True)
    reason = fields.Text(required=True)
    due_before = fields.Date("Previous Deadline", compute="_compute_due", compute_sudo=True)
    due_after = fields.Date("New Deadline", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )

    _days_valid = models.Constraint(
        "CHECK(days > 0)", "An extension must be at least one working day."
    )

    @api.depends("archive_id", "step")
    def _compute_due(self):
        for extension in self:
            archive = extension.archive_id
            extension.due_before = (
                archive.due_a_on if extension.step == "a_to_b" else archive.due_b_on
            )

    def _guard_submit(self):
        """Return why the step cannot be extended."""
        self.ensure_one()
        # sudo: state of the dossier, which the head who approves may not read
        archive = self.sudo().archive_id
        late = {"a_to_b": ("draft",), "b_to_archive": ("draft", "checking", "handover")}[self.step]
        if archive.state not in late:
            return [self.env._("this step has already been completed")]
        if not archive.date_end and not archive.submitted_on:
            return [self.env._("the dossier has no deadline: enter the end of the project")]
        return []

    def _guard_cancel(self):
        """Only who asked withdraws."""
        if self.requested_by_id != self.env.user and not self.env.su:
            return [self.env._("only the requester can withdraw the request")]
        return []

    def _after_transition(self, transition):
        """EXTENDS request mixin: the deadline moves."""
        result = super()._after_transition(transition)
        if transition.name == "approve":
            for extension in self.sudo():  # sudo: the deadline follows from the approval
                archive = extension.archive_id
                name = "extra_days_a" if extension.step == "a_to_b" else "extra_days_b"
                archive[name] += extension.days
                extension.due_after = (
                    archive.due_a_on if extension.step == "a_to_b" else archive.due_b_on
                )
                archive.message_post(
                    body=in_house(self).env._(
                        "%(days)s additional working days: %(reason)s",
                        days=extension.days,
                        reason=extension.reason,
                    )
                )
        return result
