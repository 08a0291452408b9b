from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....engine.sla_clock import DAY_UNITS
from ....engine.sla_ledger import EXTEND, OPEN_STATES, Event
from ....engine.transitions import Transition, TransitionTable
from ....engine.working_time import OutOfHorizon
from ...common.customer_request_mixin import CustomerRequestMixin
from ...common.digest import in_house

SERVICE = ("group_service", "group_quality")

SUPERVISOR = ("group_service_supervisor",)

# Some years: a longer one is a typing mistake.
LONGEST_DAYS, LONGEST_HOURS = 1000, 10000


class CustomerSlaExtension(models.Model):
    """More time for a deadline: asked for with a reason, approved, told to the customer."""

    _name = "customer.sla.extension"
    _inherit = ["customer.request.mixin", "mail.thread"]
    _description = "Deadline Extension"
    _guard_movable = ("clock_id",)
    _order = "id DESC"
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
    _request_facts = (
        *CustomerRequestMixin._request_facts,
        "old_deadline",
        "told_at",
        "is_date_owed",
    )

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
        "Extend By", required=True, tracking=True, help="In the unit of the deadline."
    )
    reason = fields.Text(required=True, help="Also sent to the customer.")
    old_deadline = fields.Datetime("Previous Deadline", readonly=True, copy=False)
    new_deadline = fields.Datetime("New Deadline", compute="_compute_new_deadline", store=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "To be approved"),
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
    told_at = fields.Datetime("Customer Informed", readonly=True, copy=False)
    is_date_owed = fields.Boolean(
        "New Date to Be Communicated",
        readonly=True,
        copy=False,
        index=True,
        help="Approved while the deadline was paused: the customer is informed of the new date "
        "when it resumes.",
    )

    _amount_valid = models.Constraint(
        "CHECK(amount > 0)", "An extension can only move a deadline to a later time."
    )

    @api.depends("milestone", "complaint_id.name")
    def _compute_display_name(self):
        names = dict(self._fields["milestone"]._description_selection(self.env))
        for extension in self:
            parts = (extension.complaint_id.name, names.get(extension.milestone))
            extension.display_name = ": ".join(part for part in parts if part)

    @api.constrains("amount", "clock_id", "complaint_id")
    def _check_amount(self):
        for extension in self:
            if extension.clock_id.complaint_id != extension.complaint_id:
                raise ValidationError(self.env._("The deadline belongs to another case."))
            if extension.unit in DAY_UNITS and extension.amount != int(extension.amount):
                raise ValidationError(
                    self.env._("A deadline in days can be extended only by whole days.")
                )
            longest = LONGEST_DAYS if extension.unit in DAY_UNITS else LONGEST_HOURS
            if extension.amount > longest:
                raise ValidationError(
                    self.env._("A deadline can be extended by at most %s at once.", longest)
                )

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
            try:
                extension.new_deadline = clock._origin._replay([*events, event]).deadline
            except (OutOfHorizon, OverflowError):
                extension.new_deadline = False  # no such day; the amount is refused

    def _guard_submit(self):
        """Return why the deadline cannot be extended."""
        self.ensure_one()
        reasons = []
        # sudo: state of the clock only
        if self.clock_id.sudo().state not in OPEN_STATES:
            reasons.append(self.env._("the deadline is no longer open"))
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

        While the deadline stands still nobody knows the date: it is told when it runs again.
        """
        self.ensure_one()
        # sudo: state of the clock only
        self._write_facts(is_date_owed=self.clock_id.sudo().state == "paused")
        xmlid = "customer_governance.mail_template_sla_extension"
        case = self.complaint_id
        if self.env.ref(xmlid, raise_if_not_found=False) and case._customer_recipients():
            message = case._post_template(xmlid, source=self, automatic=True)
            if case._was_reached(message):
                case._remember_told(message, f"extension:{self.id}")
                self._write_facts(told_at=fields.Datetime.now())
                return
        case._tell(
            lambda env: env._("The deadline was extended: inform the customer by phone"), "extended"
        )
        case.message_post(
            # the job tells too, when a pause is over
            body=in_house(self, case.company_id).env._(
                "The deadline was extended, but the customer was not informed by e-mail: call them."
            )
        )

    def _deadline_words(self):
        """Return the new deadline for the customer: date and time, no seconds."""
        self.ensure_one()
        clock = self.clock_id.sudo()  # sudo: rendered for the customer of the case
        return clock._instant_words(clock.deadline)

    @api.model
    def _tell_owed_dates(self):
        """Tell the dates of extensions whose deadlines run again, those that can be told."""
        # sudo: whoever let the deadline run again, and the job that ends pauses
        owed = self.sudo().search([("is_date_owed", "=", True), ("state", "=", "approved")])
        for extension in owed:
            state = extension.clock_id.state
            if state == "running":
                extension._tell_customer()
            elif state != "paused":
                extension._write_facts(is_date_owed=False)

    def action_told_by_phone(self):
        """The customer was told the new deadline by phone; told once is told."""
        self.check_access("write")
        for extension in self.filtered(lambda e: e.state == "approved" and not e.told_at):
            extension._write_facts(told_at=fields.Datetime.now())
            extension.complaint_id.message_post(
                body=in_house(extension).env._("New deadline communicated by phone.")
            )
            extension.complaint_id._forget_reminders("extended", "undelivered")
        return True
