from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.sla_clock import DAY_UNITS
from ...engine.sla_ledger import EXTEND, OPEN_STATES, Event
from ...engine.transitions import Transition, TransitionTable
from ...engine.working_time import OutOfHorizon
from ..common.customer_request_mixin import CustomerRequestMixin

SERVICE = ("group_service", "group_quality")

SUPERVISOR = ("group_service_supervisor",)

# Some years: a longer one is a typing mistake.
LONGEST_DAYS, LONGEST_HOURS = 1000, 10000


class CustomerSlaExtension(models.Model):
    """More time for a deadline: asked for with a reason, approved, told to whom it concerns.

    The record of the deadline says whom to tell and how (`_sla_tell_extension`).
    """

    _name = "customer.sla.extension"
    _inherit = ["customer.request.mixin", "mail.thread"]
    _description = "Deadline Extension"
    _guard_movable = ("clock_id",)
    _order = "id DESC"

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

    company_id = fields.Many2one(related="clock_id.company_id", store=True, index=True)
    clock_id = fields.Many2one(
        "customer.sla.clock",
        "Deadline",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('state', 'in', ('running', 'paused'))]",
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

    @api.depends("clock_id.display_name")
    def _compute_display_name(self):
        for extension in self:
            extension.display_name = extension.clock_id.display_name

    def _record(self):
        """Return the record whose deadline it is."""
        self.ensure_one()
        clock = self.clock_id.sudo()  # sudo: which record it is, no more
        return self.env[clock.res_model].browse(clock.res_id)

    @api.constrains("amount", "clock_id")
    def _check_amount(self):
        for extension in self:
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
        """Move the deadline and tell whom it concerns."""
        result = super()._after_transition(transition)
        if transition.name == "approve":
            for extension in self:
                extension._record()._sla_extend(
                    extension.milestone, extension.amount, extension.reason
                )
                extension._tell()
        return result

    def _tell(self):
        """Let the record tell whom it concerns.

        While the deadline stands still nobody knows the date: it is told when it runs again.
        """
        self.ensure_one()
        # sudo: state of the clock only
        self._write_facts(is_date_owed=self.clock_id.sudo().state == "paused")
        if self._record()._sla_tell_extension(self):
            self._write_facts(told_at=fields.Datetime.now())

    def _deadline_words(self):
        """Return the new deadline for the customer: date and time, no seconds."""
        self.ensure_one()
        clock = self.clock_id.sudo()  # sudo: rendered for whom the record tells
        return clock._instant_words(clock.deadline)

    @api.model
    def _tell_owed_dates(self):
        """Tell the dates of extensions whose deadlines run again, those that can be told."""
        # sudo: whoever let the deadline run again, and the job that ends pauses
        owed = self.sudo().search([("is_date_owed", "=", True), ("state", "=", "approved")])
        for extension in owed:
            state = extension.clock_id.state
            if state == "running":
                extension._tell()
            elif state != "paused":
                extension._write_facts(is_date_owed=False)
