from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.sla_clock import Spec
from ...engine.sla_ledger import OPEN_STATES
from ...queries import sla as queries
from ...queries import sla_job as job
from ..common.jobs import Step
from ..common.moments import moment_words
from .customer_sla_milestone import DUES, STARTS, UNITS

CLOCK_STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("met", "Met"),
    ("late", "Met Late"),
    ("missed", "Missed"),
    ("dropped", "Dropped"),
]

# Clocks a statement moves: 20,000 take about a second, so that a killed worker loses no more than
# that.
BATCH = 20000

# Clocks counted again at a time: each is a replay in Python, about 0.3 ms.
RECALCULATE_BATCH = 2000


class CustomerSlaClock(models.Model):
    """The deadline of a record for one milestone, with a ledger from which it can be derived again.

    Late: the fact came after the deadline. Missed: the record is over without the fact. Dropped:
    there was nothing to promise (the record was none, or the promise was replaced).

    Rows are written by `queries.sla` only, together with their ledger; nobody has the right to
    write them.
    """

    _name = "customer.sla.clock"
    _inherit = "customer.job.mixin"
    _description = "SLA Clock"
    _order = "deadline, id"
    _rec_name = "milestone"
    _log_access = False

    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record ID", model_field="res_model", required=True, readonly=True, index=True
    )
    record_name = fields.Char("Record", compute="_compute_record_name")
    is_readable = fields.Boolean(
        compute="_compute_is_readable",
        search="_search_is_readable",
        export_string_translation=False,
        help="The reader may read the record: so says the record rule of clocks and ledgers.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    milestone = fields.Selection([], required=True, readonly=True)
    policy_id = fields.Many2one("customer.sla.policy", "Policy", readonly=True, ondelete="restrict")
    # -- the promise as it was made
    calendar_id = fields.Many2one("resource.calendar", "Working Hours", readonly=True)
    target = fields.Float(readonly=True)
    unit = fields.Selection(UNITS, readonly=True)
    has_cutoff = fields.Boolean("Cut-off", readonly=True)
    cutoff = fields.Float("Cut-off Time", readonly=True)
    shift = fields.Boolean("Move to Working Day", readonly=True)
    due = fields.Selection(DUES, "Due At", readonly=True)
    warn_percent = fields.Float("Warn After (%)", readonly=True)
    pausable = fields.Boolean("Can Pause", readonly=True)
    start = fields.Selection(STARTS, "Counted from Event", readonly=True)
    # -- what the ledger says
    started_at = fields.Datetime("Counted From", readonly=True)
    deadline = fields.Datetime(readonly=True)
    warn_at = fields.Datetime(readonly=True)
    reached_at = fields.Datetime(readonly=True)
    state = fields.Selection(CLOCK_STATES, required=True, default="running", readonly=True)
    paused_until = fields.Datetime(readonly=True)
    is_provisional = fields.Boolean(
        "Provisional Calendar",
        readonly=True,
        help="The deadline falls in a year whose make-up working days have not been announced yet.",
    )
    first_reached_at = fields.Datetime(
        readonly=True, help="The first occurrence; kept when the case is reopened."
    )
    first_state = fields.Selection(CLOCK_STATES, "First Result", readonly=True)
    extension_count = fields.Integer("Extensions", readonly=True)
    reopen_count = fields.Integer("Times Reopened", readonly=True)
    event_ids = fields.One2many("customer.sla.event", "clock_id", "Ledger", readonly=True)
    # -- messages
    notice_level = fields.Integer(
        readonly=True,
        help="1: the handler was warned, 2: the handler was informed that the deadline has "
        "passed, 3 and above: escalation levels.",
    )
    next_notice_at = fields.Datetime("Next Message", readonly=True)
    notified_at = fields.Datetime("Last Message", readonly=True)
    # -- what depends on now: no job has to run for these
    is_overdue = fields.Boolean(
        "Past Deadline", compute="_compute_now", search="_search_is_overdue"
    )
    is_warning = fields.Boolean("Nearly Due", compute="_compute_now", search="_search_is_warning")
    remaining_hours = fields.Float(
        "Hours Left",
        compute="_compute_now",
        search="_search_remaining_hours",
        help="Elapsed hours until the deadline; negative once it has passed.",
    )
    remaining_work = fields.Float(
        "Working Hours Left",
        compute="_compute_remaining_work",
        help="Working time until the deadline.",
    )
    promise = fields.Char(compute="_compute_promise")
    explanation = fields.Html(
        "How This Deadline Is Determined", compute="_compute_explanation", sanitize=False
    )

    _milestone_uniq = models.Constraint(
        "UNIQUE(res_id, res_model, milestone)",
        "A record can have only one SLA clock for each milestone.",
    )
    _notice_idx = models.Index("(next_notice_at, id) WHERE state = 'running'")
    _pause_idx = models.Index("(paused_until) WHERE state = 'paused'")
    _deadline_idx = models.Index("(deadline) WHERE state IN ('running', 'paused')")

    # -- the record ---------------------------------------------------------------------------
    def _records(self):
        """Return the records of the clocks, one recordset for each model."""
        return [
            self.env[model].browse(dict.fromkeys(clocks.mapped("res_id")))
            for model, clocks in self.grouped("res_model").items()
        ]

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        names = {record: record.display_name for group in self._records() for record in group}
        for clock in self:
            clock.record_name = names.get(self.env[clock.res_model].browse(clock.res_id))

    @api.depends("milestone", "res_model", "res_id")
    @api.depends_context("of_one_case")
    def _compute_display_name(self):
        """The milestone, with its record where it stands alone (not with `of_one_case`)."""
        names = dict(self._fields["milestone"]._description_selection(self.env))
        alone = not self.env.context.get("of_one_case")
        for clock in self:
            record = clock.record_name if alone else ""
            clock.display_name = ": ".join(filter(None, (record, names.get(clock.milestone, ""))))

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_readable(self):
        self.is_readable = False
        for model, clocks in self.grouped("res_model").items():
            # sudo: record rules ask as the system, about the user whose rules they are
            records = self.env[model].sudo(False).browse(clocks.mapped("res_id"))
            readable = set(records.exists()._filtered_access("read").ids)
            clocks.filtered(lambda clock, ids=readable: clock.res_id in ids).is_readable = True

    def _search_is_readable(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: as the compute
        records = [model.sudo(False) for model in self.env["customer.sla.mixin"]._sla_models()]
        readable = Domain.OR(
            Domain.custom(to_sql=partial(_of_readable, model.with_context(active_test=False)))
            for model in records
            if model.has_access("read")
        )
        return Domain.OR(readable if wanted else ~readable for wanted in set(value))

    # -- states that depend on now ------------------------------------------------------------
    @api.model
    def _overdue_domain(self, now=None):
        """Clocks whose deadline has passed without the fact."""
        now = now or fields.Datetime.now()
        # a pause ends by itself: its deadline counts with that end
        return Domain("state", "in", OPEN_STATES) & Domain("deadline", "<", now)

    @api.model
    def _warning_domain(self, now=None):
        """Clocks whose time is nearly over."""
        now = now or fields.Datetime.now()
        awake = Domain("state", "=", "running") | (
            Domain("state", "=", "paused") & Domain("paused_until", "<=", now)
        )
        return awake & Domain("deadline", ">=", now) & Domain("warn_at", "<=", now)

    @api.depends("state", "deadline", "warn_at", "paused_until")
    def _compute_now(self):
        now = fields.Datetime.now()
        overdue = self.filtered_domain(self._overdue_domain(now))
        warning = self.filtered_domain(self._warning_domain(now))
        for clock in self:
            clock.is_overdue = clock in overdue
            clock.is_warning = clock in warning
            is_open = clock.state in OPEN_STATES and clock.deadline
            clock.remaining_hours = (clock.deadline - now) / timedelta(hours=1) if is_open else 0

    def _search_is_overdue(self, operator, value):
        return self._search_flag(self._overdue_domain(), operator, value)

    def _search_is_warning(self, operator, value):
        return self._search_flag(self._warning_domain(), operator, value)

    def _search_flag(self, domain, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = {bool(flag) for flag in value}
        if wanted == {True, False}:
            return Domain.TRUE
        return domain if True in wanted else ~domain

    def _search_remaining_hours(self, operator, value):
        """Open clocks only: what is over has no time left to compare."""
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        limit = fields.Datetime.now() + timedelta(hours=value)
        return Domain("state", "in", OPEN_STATES) & Domain("deadline", operator, limit)

    def _compute_remaining_work(self):
        now = fields.Datetime.now()
        calendars = self.env["customer.working.calendar"]
        for clock in self:
            clock.remaining_work = 0
            if clock.state in OPEN_STATES and clock.deadline:
                first, last = sorted((now, clock.deadline))
                years = last.year - first.year + 1
                working = calendars._working_time(clock.company_id, first, clock.calendar_id, years)
                clock.remaining_work = working.between(now, clock.deadline) / timedelta(hours=1)

    # -- words --------------------------------------------------------------------------------
    def _spec(self):
        """Return the promise for the engine."""
        self.ensure_one()
        return Spec(
            target=self.target,
            unit=self.unit,
            cutoff=self.cutoff if self.has_cutoff else None,
            shift=self.shift,
            due=self.due,
            calendar_id=self.calendar_id.id or 0,
        )

    @api.depends("milestone", "target", "unit", "has_cutoff", "cutoff", "shift", "due")
    @api.depends_context("lang")
    def _compute_promise(self):
        for clock in self:
            clock.promise = clock._promise_of(clock._spec())

    @api.model
    def _promise_of(self, spec):
        """Return a promise in words."""
        line = self.env["customer.sla.milestone"].new(
            {
                "target": spec.target,
                "unit": spec.unit,
                "has_cutoff": spec.cutoff is not None,
                "cutoff": spec.cutoff or 0,
                "shift": spec.shift,
                "due": spec.due,
            }
        )
        start = self.env._("its start")
        phrases = (
            line._phrase_target(start),
            line._phrase_cutoff(),
            line._phrase_shift(),
            line._phrase_due(),
        )
        return ", ".join(filter(None, phrases))

    def _instant_words(self, instant, named=True):
        """Return an instant as text in the time zone that the days of the clock count in."""
        return moment_words(self.env, instant, self.company_id._customer_timezone(), named)

    def _compute_explanation(self):
        for clock in self:
            clock.explanation = clock._explain() if clock.id else False

    def action_open_record(self):
        """Open the record."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    # --- the SLA job
    @api.model
    def _cron_process(self):
        """Count again after a calendar change, end pauses, move late clocks, tell people.

        Statements do not grow with the number of clocks: one a batch for pauses, one for messages.
        Late clocks are visible without this job.
        """
        return self._run_steps(
            [
                Step("stale", lambda _after: self._portion(self._process_stale_company)),
                Step("pauses", lambda _after: self._portion(self._process_pauses)),
                Step("notices", lambda _after: self._portion(self._process_notices)),
                self.env["customer.sla.notice"]._send_step(),
            ]
        )

    @api.model
    def _portion(self, statement):
        """Run a statement that finds by itself what is left to do."""
        done, more = statement()
        return done, True if more else None

    @api.model
    def _job_companies(self):
        """EXTENDS job mixin: the companies that use one of the domains whose records have clocks."""
        return self._job_union(self._job_scopes())

    @api.model
    def _job_union(self, scopes):
        """Return the companies of all scopes."""
        companies = self.env["res.company"].sudo()  # sudo: a job is for all companies
        return companies.union(*(found for _model, found in scopes)).sorted("id")

    @api.model
    def _job_scopes(self):
        """Return [(model with deadlines, companies that use its domain)]."""
        companies = self.env["res.company"].sudo()  # sudo: a job is for all companies
        using = {}
        for model in self.env["customer.sla.mixin"]._sla_models():
            key = model._sla_domain
            if key not in using:
                using[key] = (
                    companies._customer_using(key) if key else companies.search([], order="id")
                )
        return [
            (model, using[model._sla_domain])
            for model in self.env["customer.sla.mixin"]._sla_models()
        ]

    @api.model
    def _process_pauses(self):
        """End a batch of pauses; return (number, whether there may be more)."""
        self.env.flush_all()
        scopes = [(model._name, companies.ids) for model, companies in self._job_scopes()]
        rows = self.env.execute_query(job.resume_due(fields.Datetime.now(), scopes, BATCH))
        if rows:
            self._forget()
            self.env["customer.sla.extension"]._tell_owed_dates()
        return len(rows), len(rows) == BATCH

    @api.model
    def _process_notices(self):
        """Move a batch of due clocks, note who must be told; return (number, whether there may be
        more).
        """
        now = fields.Datetime.now()
        told = [(model, found) for model, found in self._job_scopes() if model._sla_tells]
        companies = self._at_work(self._job_union(told), now)
        scopes = [(model, found & companies) for model, found in told]
        if not any(found for _model, found in scopes):
            return 0, False
        self.env.flush_all()
        [(count,)] = self.env.execute_query(
            job.notify_due(
                now,
                [(model._name, found.ids) for model, found in scopes],
                [model._sla_people() for model, _found in scopes],
                self._notice_groups(companies),
                BATCH,
            )
        )
        if count:
            self._forget()
        return count, count == BATCH

    @api.model
    def _forget(self):
        """Forget cached rows: the statement changed them behind the ORM."""
        self.invalidate_model(flush=False)
        self.env["customer.sla.notice"].invalidate_model(flush=False)
        for model in self.env["customer.sla.mixin"]._sla_models():
            model.invalidate_model(["clock_ids", "sla_state", "is_sla_overdue"], flush=False)

    @api.model
    def _at_work(self, companies, now):
        """Return the companies whose people work now: messages go out in working time only."""
        calendars = self.env["customer.working.calendar"]
        return companies.filtered(lambda c: calendars._working_time(c, now).is_working(now))

    @api.model
    def _notice_groups(self, companies):
        """Return the people of the groups in a chain, for `queries.sla_job.notify_due`."""
        groups = {
            "supervisor": self.env.ref("customer_governance.group_service_supervisor"),
            "manager": self.env.ref("customer_governance.group_manager"),
        }
        root = self.env.ref("base.user_root")
        return [
            {"company_id": company.id, "recipient": recipient, "user_id": user.id}
            for recipient, group in groups.items()
            for user in group.sudo().all_user_ids.filtered("active") - root
            for company in user.company_ids & companies
        ]

    @api.model
    def _process_stale_company(self):
        """Count a batch of open deadlines again after a calendar changed."""
        company = self._job_companies().filtered("sla_is_stale")[:1]
        if not company:
            return 0, False
        rows = self.env.execute_query(
            queries.open_clocks_after(company.id, company.sla_recalculate_after, RECALCULATE_BATCH)
        )
        ids = [clock_id for (clock_id,) in rows]
        self.browse(ids)._recalculate(self.env._("The calendar was changed."))
        if len(ids) < RECALCULATE_BATCH:
            company.write({"sla_is_stale": False, "sla_recalculate_after": 0})
        else:
            company.sla_recalculate_after = ids[-1]
        return len(ids) or 1, True


def _of_readable(records, clocks, alias, _query):
    """Return the condition that a clock is one of a record of the model that its reader may read."""
    found = records._search(Domain.TRUE)
    return queries.of_readable(
        alias, records._name, found.table, found.from_clause, found.where_clause or SQL("TRUE")
    )
