from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ...engine import collection
from ...engine.transitions import Transition, TransitionTable
from ..common.customer_transition_mixin import SENTINEL
from ..common.guard import SystemOnly

_lt = LazyTranslate(__name__)

# What people may change; everything else is what the job found or an event left.
EDITABLE = {"user_id", "subject", "body", "skip_reason", "call_note"}

# What the call of a customer may end with; `final` ones do the step.
CALL_RESULTS = [
    ("promise", "Promised to pay"),
    ("dispute", "Disputes an invoice"),
    ("paid", "Claims to have paid"),
    ("refused", "Refuses to pay"),
    ("no_answer", "Not reached"),
]


class CustomerCollectionStep(models.Model):
    """One step of collection: a level of an overdue episode of a customer, at most once.

    It holds what was overdue on that day as a copy; what is overdue now is looked up.
    """

    _name = "customer.collection.step"
    _inherit = [
        "customer.reach.mixin",
        "customer.transition.mixin",
        "customer.company.mixin",
        "customer.collection.words",
    ]
    _description = "Collection Step"
    _order = "date DESC, oldest_days DESC, id DESC"
    _guards = (
        SystemOnly(
            _lt(
                "Steps are planned automatically from overdue items and cannot be created manually."
            )
        ),
    )
    _transitions = TransitionTable(
        "planned",
        (
            Transition("done", ("planned",), "done", "_guard_done"),
            Transition("skip", ("planned",), "skipped", "_guard_skip"),
            Transition("cancel", ("planned",), "cancelled", "_guard_cancel"),
            # by the system: the mail did not arrive
            Transition("undo", ("done",), "planned", "_guard_undo"),
        ),
    )

    episode_id = fields.Many2one(
        "customer.collection.episode", required=True, index=True, ondelete="cascade", readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    level_id = fields.Many2one(
        "customer.collection.level",
        "Level",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
        group_expand="_group_expand_levels",
    )
    round = fields.Integer(
        "Repeated",
        # NULL would be no part of the unique index below
        default=0,
        required=True,
        readonly=True,
        help="How often the last level came before in this episode.",
    )
    level_days = fields.Integer(
        readonly=True, help="Number of days of the level when the step was planned."
    )
    way = fields.Selection(
        [("mail", "E-mail"), ("letter", "Letter"), ("phone", "Phone call")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("planned", "To do"),
            ("done", "Done"),
            ("skipped", "Skipped"),
            ("cancelled", "Previously settled"),
        ],
        "Status",
        required=True,
        default="planned",
        index=True,
        tracking=True,
        copy=False,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    date = fields.Date("Due On", required=True, readonly=True, index=True)
    done_at = fields.Datetime(readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Sent By", readonly=True, copy=False)
    # -- what was overdue on that day
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_overdue = fields.Monetary("Overdue at the Time", readonly=True)
    oldest_date = fields.Date("Oldest Due Date", readonly=True)
    oldest_days = fields.Integer("Days Overdue", readonly=True, aggregator="max")
    item_ids = fields.One2many(
        "customer.collection.item", "step_id", "Items Overdue at the Time", readonly=True
    )
    explanation = fields.Json(readonly=True)
    reason = fields.Text("Why", compute="_compute_reason")
    # -- what is said
    subject = fields.Char()
    body = fields.Html("Text")
    script = fields.Text("What to Say", readonly=True)
    next_step = fields.Char(related="level_id.next_step")
    is_automatic = fields.Boolean("Sent Automatically", readonly=True)
    failures = fields.Integer(readonly=True)
    error = fields.Char(readonly=True)
    skip_reason = fields.Char("Reason Skipped", copy=False, tracking=True)
    # -- call
    call_result = fields.Selection(CALL_RESULTS, readonly=True, copy=False, tracking=True)
    call_note = fields.Text("Note of the Call", copy=False)
    call_count = fields.Integer("Calls", readonly=True, copy=False)
    called_at = fields.Datetime("Last Call", readonly=True, copy=False)
    promise_ids = fields.One2many("customer.collection.promise", "step_id", "Promises")
    # -- now
    amount_now = fields.Monetary("Currently Overdue", compute="_compute_now")
    days_now = fields.Integer("Currently Overdue (days)", compute="_compute_now")
    held_now = fields.Text("Currently Left Out", compute="_compute_now")
    partner_promise_ids = fields.Many2many(
        "customer.collection.promise", string="Latest Promises", compute="_compute_partner_promises"
    )
    # sudo: who is responsible for a step of somebody else's customer may not read its episode
    can_hand_over = fields.Boolean(compute="_compute_can_hand_over", compute_sudo=True)
    has_letter = fields.Boolean("Has Letter", compute="_compute_has_letter")
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")
    color = fields.Integer(compute="_compute_color")

    _level_uniq = models.Constraint(
        "UNIQUE(episode_id, level_id, round)",
        "This level has already been used for the customer in this episode.",
    )
    _todo_idx = models.Index("(company_id, date) WHERE state = 'planned'")

    # -- computed -----------------------------------------------------------------------------
    @api.depends("level_id", "partner_id")
    def _compute_display_name(self):
        for step in self:
            parts = (step.level_id.name, step.partner_id.name)
            step.display_name = " – ".join(part for part in parts if part)

    def _compute_reason(self):
        for step in self:
            step.reason = step._in_words(step.explanation, step.company_id)

    @api.depends("way", "state")
    def _compute_has_letter(self):
        for step in self:
            step.has_letter = step.way != "phone" and step.state not in ("skipped", "cancelled")

    @api.depends("episode_id.date_to", "episode_id.handed_over_date")
    def _compute_can_hand_over(self):
        """Something is open, and we collect ourselves."""
        for step in self:
            episode = step.episode_id
            step.can_hand_over = not (episode.date_to or episode.handed_over_date)

    @api.depends("way", "oldest_days")
    def _compute_color(self):
        """Colour of the card: the higher the level, the warmer."""
        for step in self:
            days = step.oldest_days
            step.color = 1 if days > 60 else 2 if days > 30 else 3 if days > 14 else 10

    @api.depends("partner_id", "company_id", "state")
    def _compute_now(self):
        for company, steps in self.grouped("company_id").items():
            # sudo: who may read the step may know what its customer owes; documents stay closed
            situations = steps.sudo()._situations(company, steps.partner_id.ids)
            for step in steps:
                claim = situations[step.partner_id.id].claim
                step.amount_now = float(claim.amount)
                step.days_now = claim.days
                reasons = [reason.as_dict() for reason in claim.reasons]
                step.held_now = step._in_words(reasons, company)

    @api.depends("partner_id", "company_id", "promise_ids")
    def _compute_partner_promises(self):
        promises = self.env["customer.collection.promise"].search(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)],
            order="date DESC, id DESC",
        )
        grouped = promises.grouped(lambda p: (p.partner_id, p.company_id))
        for step in self:
            found = grouped.get((step.partner_id, step.company_id), promises.browse())
            step.partner_promise_ids = found[:5]

    @api.model
    def _group_expand_levels(self, levels, domain):
        """Return all levels of the allowed companies: the board shows empty ones too."""
        return levels | self.env["customer.collection.level"].search([])

    # -- writes -------------------------------------------------------------------------------
    def write(self, vals):
        """What was found and what happened is not written by hand; a text that went out stays."""
        if not self.env.su and self.env.context.get("customer_transition") is not SENTINEL:
            facts = {
                name
                for name in vals
                if name in type(self)._collection_facts and name not in EDITABLE
            }
            if facts or (
                {"subject", "body"} & set(vals) and any(step.state != "planned" for step in self)
            ):
                raise AccessError(
                    self.env._(
                        "The outcome of a step is recorded by its buttons and cannot be entered "
                        "manually."
                    )
                )
        return super().write(vals)

    _collection_facts = frozenset(
        (
            "episode_id",
            "partner_id",
            "company_id",
            "level_id",
            "level_days",
            "round",
            "way",
            "date",
            "done_at",
            "done_by_id",
            "amount_overdue",
            "oldest_date",
            "oldest_days",
            "item_ids",
            "explanation",
            "script",
            "is_automatic",
            "failures",
            "error",
            "call_result",
            "call_count",
            "called_at",
            "subject",
            "body",
        )
    )

    def _write_facts(self, vals):
        """Write what happened; callers checked the right to cause it."""
        return self.with_context(customer_transition=SENTINEL).write(vals)

    # -- transitions --------------------------------------------------------------------------
    def _guard_done(self):
        if self.way == "phone" and (not self.call_result or self.call_result == "no_answer"):
            return [self.env._("Log the call and its result first.")]
        return []

    def _guard_skip(self):
        # the job and the hand-over leave their reason in the explanation
        if self.skip_reason or self.env.su:
            return []
        return [self.env._("State why the step is skipped.")]

    def _guard_cancel(self):
        """Only what is settled is cancelled; the job has looked already."""
        if self.env.su:
            return []
        # sudo: what is overdue now, whoever asks
        claim = self.sudo()._situations(self.company_id, self.partner_id.ids)
        if claim[self.partner_id.id].claim.outcome == "settled":
            return []
        return [self.env._("Something is still overdue.")]

    def _guard_undo(self):
        """Only a mail that did not arrive takes a step back."""
        return [] if self.env.su else [self.env._("A completed step cannot be undone.")]

    def _after_transition(self, transition):
        res = super()._after_transition(transition)
        # sudo: the activity may be somebody else's, the step it asked for is over
        self.sudo().activity_ids.unlink()
        return res

    def action_done(self):
        """The letter is sent, the call is made."""
        return self._transition(
            "done", {"done_at": fields.Datetime.now(), "done_by_id": self.env.uid}
        )

    def action_skip(self):
        """Leave the step out, with a reason."""
        return self._transition("skip")

    def action_log_call(self):
        """Open the dialog that logs a call: result, promise, dispute."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log Call"),
            "res_model": "customer.collection.call",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_step_id": self.id,
                "default_result": self.env.context.get("call_result", "promise"),
            },
        }

    def _has_rest(self):
        """Whether something is overdue that is neither promised nor disputed."""
        self.ensure_one()
        # sudo: what is overdue now, whoever asks
        situation = self.sudo()._situations(self.company_id, self.partner_id.ids)
        return situation[self.partner_id.id].claim.outcome == collection.WAIT

    def _call_again(self):
        """Nobody answered, or a rest is to be collected: the next working day has the call on its list again."""
        now = fields.Datetime.now()
        for step in self:
            worktime = self.env["customer.working.calendar"]._working_time(step.company_id, now)
            day = worktime.date_of(worktime.working_day_from(worktime.day_of(now) + 1))
            # sudo: the activity may be somebody else's
            step.sudo().activity_ids.write({"date_deadline": day})

    def action_hand_over(self):
        """A lawyer collects from now on."""
        return self.episode_id.action_hand_over()

    def action_print_letter(self):
        """Print the letters in the languages of the customers.

        :raises UserError: where nothing is written to the customer
        """
        self.check_access("read")
        if any(not step.has_letter for step in self):
            raise UserError(
                self.env._("There is no letter to print for a phone call or a skipped step.")
            )
        report = self.env.ref("customer_governance.report_collection_letter")
        return report.report_action(self)

    def action_print_statement(self):
        """Print the statement of the customer."""
        self.check_access("read")
        report = self.env.ref("customer_governance.report_customer_statement")
        return report.report_action(self.partner_id)

    def action_open_partner(self):
        """Open the customer."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "view_mode": "form",
            "res_id": self.partner_id.id,
        }

    def _customer_contact(self):
        """Return whom to write to: the address for invoices."""
        self.ensure_one()
        customer = self.partner_id
        found = customer.address_get(["invoice"]).get("invoice")
        return self.env["res.partner"].browse(found) if found else customer

    def _customer_lang(self):
        """Return the language to write to the customer in."""
        self.ensure_one()
        return self._customer_contact().lang or self.company_id.partner_id.lang

    # --- the line above the collector's list: what does not happen by itself
    @api.model
    @api.readonly
    def collection_notice(self):
        """Return what the collector has to know about the mode of the company; False: nothing."""
        self.check_access("read")
        # sudo: how the company collects is no secret to its collectors
        mode = self.env.company.sudo().collection_mode
        if mode == "off":
            return self.env._("Collection is not enabled in this company: no steps are planned.")
        if mode == "plan":
            return self.env._(
                "E-mails are only planned: nothing is sent to customers automatically until "
                "the head of customer governance presses “Send E-mails” under Configuration "
                "> Setup."
            )
        return False
