from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.sla_clock import DAY_UNITS
from ...engine.sla_ledger import EXTEND, OPEN_STATES, Event
from ...engine.transitions import Transition, TransitionTable
from ..common.customer_request_mixin import CustomerRequestMixin

SERVICE = ("group_service", "group_quality")
SUPERVISOR = ("group_service_supervisor",)


class CustomerSlaExtension(models.Model):
    """More time for a deadline: asked for with a reason, approved, told to the customer."""

    _name = "customer.sla.extension"
    _inherit = ["customer.request.mixin", "mail.thread"]
    _description = "Extension of a Deadline"
    _order = "id DESC"
    _rec_name = "complaint_id"
    _check_company_auto = True

    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "submitted", "_guard_submit", SERVICE),
            Transition("approve", ("submitted",), "approved", "_guard_approve", SUPERVISOR),
            Transition("reject", ("submitted",), "refused", "", SUPERVISOR),
            Transition("cancel", ("draft", "submitted"), "cancelled", "", SERVICE),
        ),
    )
    _request_facts = (*CustomerRequestMixin._request_facts, "old_deadline", "told_at")

    complaint_id = fields.Many2one(
        "customer.complaint",
        "Case",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="complaint_id.partner_id")
    clock_id = fields.Many2one(
        "customer.sla.clock",
        "Deadline",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('complaint_id', '=', complaint_id), ('state', 'in', ('running', 'paused'))]",
    )
    milestone = fields.Selection(related="clock_id.milestone")
    unit = fields.Selection(related="clock_id.unit")
    amount = fields.Float(
        "Longer By", required=True, tracking=True, help="In the unit of the deadline."
    )
    reason = fields.Text(required=True, help="Also told to the customer.")
    old_deadline = fields.Datetime("Deadline Before", readonly=True, copy=False)
    new_deadline = fields.Datetime("New Deadline", compute="_compute_new_deadline", store=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "To approve"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    told_at = fields.Datetime("Customer Told", readonly=True, copy=False)

    _amount_valid = models.Constraint("CHECK(amount > 0)", "An extension makes a deadline later.")

    @api.constrains("amount", "clock_id", "complaint_id")
    def _check_amount(self):
        for extension in self:
            if extension.clock_id.complaint_id != extension.complaint_id:
                raise ValidationError(self.env._("The deadline belongs to another case."))
            if extension.unit in DAY_UNITS and extension.amount != int(extension.amount):
                raise ValidationError(self.env._("A deadline in days is extended by whole days."))

    @api.depends("clock_id", "amount", "clock_id.deadline")
    def _compute_new_deadline(self):
        """Deadline if it were approved now; stays once that is decided."""
        for extension in self:
            if extension.state not in ("draft", "submitted"):
                extension.new_deadline = extension.new_deadline
                continue
            # sudo: ledgers are the system's
            clock = extension.clock_id.sudo()
            amount = extension.amount
            if not clock.id or amount <= 0 or (clock.unit in DAY_UNITS and amount != int(amount)):
                extension.new_deadline = False
                continue
            events = clock._origin._ledgers().get(clock._origin.id, [])
            event = Event(EXTEND, fields.Datetime.now(), amount=amount)
            extension.new_deadline = clock._origin._replay([*events, event]).deadline

    def _guard_submit(self):
        """Return why the deadline cannot be extended."""
        self.ensure_one()
        reasons = []
        # sudo: state of the clock only
        if self.clock_id.sudo().state not in OPEN_STATES:
            reasons.append(self.env._("the deadline is not open any more"))
        return reasons

    def _write_facts(self, **vals):
        # sudo: facts follow from the approval, whose right was checked
        self.sudo().write(vals)

    def _before_transition(self, transition):
        """Remember what the deadline was."""
        if transition.name == "approve":
            for extension in self:
                extension._write_facts(old_deadline=extension.clock_id.deadline)
        return super()._before_transition(transition)

    def _after_transition(self, transition):
        """Move the deadline and tell the customer."""
        result = super()._after_transition(transition)
        if transition.name == "approve":
            for extension in self:
                extension.complaint_id._sla_extend(
                    extension.milestone, extension.amount, extension.reason
                )
                extension._tell_customer()
        return result

    def _tell_customer(self):
        """Mail the new deadline in the customer's language; without an address somebody must
        call.
        """
        self.ensure_one()
        template = self.env.ref(
            "customer_governance.mail_template_sla_extension", raise_if_not_found=False
        )
        case = self.complaint_id
        recipients = case._customer_recipients()
        if template and recipients:
            # sudo: the template may read fields the approver cannot
            template.sudo().send_mail(
                self.id,
                email_layout_xmlid="mail.mail_notification_light",
                email_values={
                    "recipient_ids": [fields.Command.set(recipients.get("partner_ids", []))],
                    "email_to": recipients.get("outgoing_email_to", False),
                },
            )
            self._write_facts(told_at=fields.Datetime.now())
            return
        case.message_post(
            body=self.env._(
                "The deadline was extended. The customer has no e-mail address: tell them by phone."
            )
        )

    def action_told_by_phone(self):
        """The customer was told the new deadline by phone; told once is told."""
        self.check_access("write")
        for extension in self.filtered(lambda e: e.state == "approved" and not e.told_at):
            extension._write_facts(told_at=fields.Datetime.now())
            extension.complaint_id.message_post(body=extension.env._("New deadline told by phone."))
        return True
