from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.sla_clock import SlaClock
from ...engine.sla_ledger import DROPPED, OPEN_STATES
from ...engine.sla_policy import Subject
from ...queries import sla as queries
from ...queries.sla_job import handled_by
from ..common.moments import moment_words
from .customer_sla_clock_ledger import instant_of

SLA_STATES = [
    ("none", "No deadline"),
    ("on_time", "On time"),
    ("warning", "Nearly Due"),
    ("overdue", "Past Deadline"),
    ("paused", "Paused"),
]


class CustomerSlaMixin(models.AbstractModel):
    """Deadlines of records. Everything that happens is told to these methods; they keep clocks and
    ledgers.

    A model inherits it, has a `company_id`, and declares below what its deadlines are. All methods
    take any number of records and need a number of statements that does not grow with it. They are
    private: the caller checked what its user may do.
    """

    _name = "customer.sla.mixin"
    _description = "Record with deadlines"

    # -- what a model declares ----------------------------------------------------------------
    # its milestones, values of `milestone` of the clocks
    _sla_milestones = ()
    # {fact: event that other milestones count from}; facts are the milestones, and names besides
    _sla_starts = {}
    # the fact with which the record is over: what is open then is missed
    _sla_last = None
    # the field with the instant that milestones counted from `received` begin at
    _sla_begins = "create_date"
    # {milestone: column of the record that keeps its deadline}, for lists and statements
    _sla_columns = {}
    # column of the clocks that is a foreign key to the model: where statements want one, and where
    # records go without `unlink`, with what they belong to
    _sla_link = ""
    # whether policies are written for it; else its promises come from elsewhere (`_sla_promises`)
    _sla_has_policies = True
    # whether the job tells people of its deadlines
    _sla_tells = True
    # key of the domain that a company has to use for the job to look at them
    _sla_domain = None

    clock_ids = fields.One2many("customer.sla.clock", "res_id", "Deadlines", readonly=True)
    sla_deadline = fields.Datetime(
        "Next Deadline",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The earliest open deadline; updated together with the SLA clocks.",
    )
    sla_warn_at = fields.Datetime(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Time when the earliest open deadline becomes nearly due, including pauses.",
    )
    sla_paused_until = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False, help="End of the last pause."
    )
    sla_state = fields.Selection(
        SLA_STATES, "Deadline Status", compute="_compute_sla_state", search="_search_sla_state"
    )
    is_sla_overdue = fields.Boolean(
        "Past Deadline", compute="_compute_sla_state", search="_search_is_sla_overdue"
    )
    sla_extension_count = fields.Integer(
        "Extensions",
        compute="_compute_sla_extension_count",
        groups="customer_governance.group_service,customer_governance.group_auditor",
    )

    # -- states that depend on now ------------------------------------------------------------

    @api.model
    def _sla_state_domains(self):
        """Return {state: domain}; the first that fits is the state."""
        now = fields.Datetime.now()
        return {
            "none": Domain("sla_deadline", "=", False),
            "overdue": Domain("sla_deadline", "<", now),
            "warning": Domain("sla_warn_at", "<=", now),
            "paused": Domain("sla_paused_until", ">", now),
            "on_time": Domain.TRUE,
        }

    def _sla_state_sql(self, alias, query):
        """Return the state as an expression over a query: the first of the domains that fits."""
        return queries.first_of(
            [
                (domain.optimize_full(self)._to_sql(self, alias, query), state)
                for state, domain in self._sla_state_domains().items()
            ]
        )

    @api.depends("sla_deadline", "sla_warn_at", "sla_paused_until")
    def _compute_sla_state(self):
        rest = self
        for state, domain in self._sla_state_domains().items():
            found = rest.filtered_domain(domain)
            found.sla_state = state
            found.is_sla_overdue = state == "overdue"
            rest -= found

    def _search_sla_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found, before = Domain.FALSE, Domain.TRUE
        for state, domain in self._sla_state_domains().items():
            if state in value:
                found |= before & domain
            before &= ~domain
        return found

    def _search_is_sla_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = {bool(flag) for flag in value}
        if wanted == {True, False}:
            return Domain.TRUE
        overdue = self._sla_state_domains()["overdue"]
        return overdue if True in wanted else ~overdue

    def _compute_sla_extension_count(self):
        of_these = [("clock_id.res_model", "=", self._name), ("clock_id.res_id", "in", self.ids)]
        clocks = dict(
            self.env["customer.sla.extension"]._read_group(of_these, ["clock_id"], ["__count"])
        )
        counts = Counter()
        for clock, count in clocks.items():
            counts[clock.res_id] += count
        for record in self:
            record.sla_extension_count = counts[record._origin.id]

    # -- what a model adds --------------------------------------------------------------------

    @api.model
    def _sla_models(self):
        """Return the models with deadlines, sorted by name."""
        names = self.env.registry.descendants(["customer.sla.mixin"], "_inherit")
        return [self.env[name] for name in sorted(names) if not self.env[name]._abstract]

    @api.model
    def _sla_target(self):
        """Return the table of the model, for `queries.sla`."""
        return queries.Target(
            self._name, self._table, tuple(self._sla_columns.items()), self._sla_link
        )

    @api.model
    def _sla_people(self):
        """Return who is told of the deadlines, for `queries.sla_job.notify_due`."""
        return handled_by(self._name, self._table, "user_id" if "user_id" in self._fields else None)

    def _sla_open(self):
        """Return those of the records that are not over."""
        return self

    def _sla_awaits(self, promise):
        """Tell whether what a promise counts from holds now and its fact is still to come."""
        self.ensure_one()
        return promise.start == "received"

    def _sla_case(self):
        """Return what the policies look at: an `engine.sla_policy.Subject`."""
        self.ensure_one()
        return Subject(self.company_id.id, res_model=self._name)

    def _sla_tell_extension(self, extension):
        """Tell whom it concerns that a deadline was extended; return whether somebody was told.

        :param extension: an approved `customer.sla.extension` whose deadline runs
        """
        return False

    def _sla_word(self):
        """Return what one of the records is called in messages."""
        return self.env._("Record")

    # -- what happens to a record -------------------------------------------------------------

    def _sla_start(self, at=None):
        """Start the clocks that count from the beginning; for all records created together.

        :param at: instant of the beginning; without it each record's own (`_sla_begins`)
        """
        self._sla_begin("received", at)

    def _sla_fact(self, milestone, at=None):
        """Report a fact: it stops the clock of its milestone and starts those that count from it.

        Facts are the milestones and what else is in `_sla_starts`. The first one counts, later ones
        change nothing until the record is reopened. With the last (`_sla_last`) everything else that
        is open is missed.

        :param at: when it happened, which may be before now; now without it; {record id: instant} for
            facts of many records that another system brings
        """
        at = at or fields.Datetime.now()
        if milestone not in self._sla_milestones and milestone not in self._sla_starts:
            raise ValueError(f"unknown milestone {milestone}")
        self._sla_clocks(Domain("milestone", "=", milestone))._append("stop", at)
        if milestone == self._sla_last:
            self._sla_clocks(Domain.TRUE)._append("miss", at)
        if start := self._sla_starts.get(milestone):
            self._sla_begin(start, at)

    def _sla_over(self, at=None):
        """The record ends without its last fact (forced): what is still open is missed."""
        self._sla_clocks(Domain.TRUE)._append("miss", at or fields.Datetime.now())

    def _sla_restart(self, milestones, at=None, reason=""):
        """Count again from `at` with the whole target: the record was reopened.

        Clocks that count from a later event wait for that event to happen again.

        :param milestones: of clocks that exist; the others are left alone
        """
        at = at or fields.Datetime.now()
        clocks = self._sla_clocks(Domain("milestone", "in", list(milestones)), only_open=False)
        again = clocks.filtered(lambda clock: clock.start == "received")
        again._append("reopen", at, reason)
        (clocks - again)._append("drop", at, reason)

    def _sla_undo(self, milestone, reason=""):
        """The fact of a milestone did not happen; its clock goes on with the deadline it had.

        The line stands at the instant of the fact, so that another fact that came after it counts.
        """
        stopped = Domain("milestone", "=", milestone) & Domain("reached_at", "!=", False)
        clocks = self._sla_clocks(stopped, only_open=False)
        clocks._append("undo", {c.res_id: c.reached_at for c in clocks}, reason)

    def _sla_drop(self, reason="", milestones=None):
        """The record was none (cancelled): nothing of it is met, late or missed.

        :param milestones: drop only these (what they count from was undone); a new start event
            starts them again
        """
        domain = Domain("milestone", "in", list(milestones)) if milestones else Domain.TRUE
        self._sla_clocks(domain)._append("drop", fields.Datetime.now(), reason)

    def _sla_pause(self, reason, until=None):
        """Let the clocks that may pause stand still until `until` at the latest.

        :param until: without it as long as the company allows
        :raises UserError: without a reason, or for longer than the company allows
        """
        now = fields.Datetime.now()
        if not (reason or "").strip():
            raise UserError(self.env._("State why the deadlines are paused."))
        for company, cases in self.grouped("company_id").items():
            limit = cases._sla_pause_limit(company, now)
            if until and (until <= now or until > limit):
                raise UserError(
                    self.env._(
                        "A pause must end in the future, and all pauses of the case "
                        "together can last at most %(days)s days: until %(limit)s.",
                        days=company.sla_pause_days,
                        limit=moment_words(self.env, limit, company._customer_timezone()),
                    )
                )
            if limit <= now:
                raise UserError(
                    self.env._(
                        "The case has already been paused for the maximum time allowed by the "
                        "company."
                    )
                )
            # also paused ones: their pause may be over without the job having seen it
            clocks = cases._sla_clocks(Domain("pausable", "=", True))
            clocks._append("pause", now, reason, until=until or limit)

    def _sla_pause_limit(self, company, now):
        """Return the latest end of a pause that begins now: what earlier pauses used is gone."""
        # sudo: the ledger belongs to the records
        events = self.env["customer.sla.event"].sudo()
        lines = events.search(
            [
                ("clock_id.res_model", "=", self._name),
                ("clock_id.res_id", "in", self.ids),
                ("kind", "in", ("pause", "resume")),
            ],
            order="clock_id, at, id",
        )
        used = timedelta()
        for events in lines.grouped("clock_id").values():
            # a pause lasts until the next line of the ledger, at most until its own end
            ends = [*events[1:].mapped("at"), now]
            spent = (
                min(end, event.until) - event.at
                for event, end in zip(events, ends, strict=True)
                if event.kind == "pause"
            )
            used = max(used, sum(spent, timedelta()))
        return now + timedelta(days=company.sla_pause_days) - used

    def _sla_resume(self, reason=""):
        """Let paused clocks run again; what passed is added to their deadlines."""
        self._sla_clocks(Domain("state", "=", "paused"))._append(
            "resume", fields.Datetime.now(), reason
        )
        self.env["customer.sla.extension"]._tell_owed_dates()

    def _sla_extend(self, milestone, target, reason=""):
        """Give more time to a milestone; the approval is the caller's business
        (`customer.sla.extension`).

        :param target: in the unit of the clock
        """
        clocks = self._sla_clocks(Domain("milestone", "=", milestone))
        return clocks._append("extend", fields.Datetime.now(), reason, amount=target)

    def _sla_rematch(self, reason="", at=None):
        """Follow a change of what the policies look at; nothing gets later by it.

        Open clocks keep the earlier of their deadline and the one that the promise of now gives,
        counted from their own start; what nothing promises any more is still due. A clock pauses
        only where both promises may. Dropped clocks that are promised again go on from their own
        start, promises that are new start at `at`. Facts that happened stay as they were.
        """
        at = at or fields.Datetime.now()
        cases = self._sla_open().sudo()  # sudo: clocks are the system's
        clocks = cases._sla_clocks(Domain.TRUE, only_open=False)
        # a record without clocks is being made: they start with the promise that holds then
        promised = cases.browse(dict.fromkeys(clocks.mapped("res_id")))._sla_promised()
        changed, kept = {}, clocks.browse()
        for clock in clocks:
            case = cases.browse(clock.res_id)
            promise = promised.pop((case, clock.milestone), None)
            if clock.state in OPEN_STATES:
                if promise is None:
                    kept |= clock
                elif promise.policy_id != clock.policy_id.id or promise.spec != clock._spec():
                    changed[clock.id] = promise
            elif clock.state == DROPPED and promise and case._sla_awaits(promise):
                changed[clock.id] = promise
        (kept | clocks.browse(changed))._append("change", at, reason, promises=changed)
        stopped = clocks.filtered(lambda clock: clock.state == "paused" and not clock.pausable)
        stopped._append("resume", at, reason)
        self._sla_insert(
            [
                (case, promise, at)
                for (case, _milestone), promise in promised.items()
                if case._sla_awaits(promise)
            ]
        )

    # -- clocks -------------------------------------------------------------------------------

    def _sla_clocks(self, domain, only_open=True):
        """Return clocks of the records, open ones, as the system."""
        if only_open:
            domain &= Domain("state", "in", OPEN_STATES)
        # sudo: clocks are the system's; who reports an event had the right to do what it tells
        clocks = self.env["customer.sla.clock"].sudo()
        domain &= Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        return clocks.search(domain, order="id")

    def _sla_promises(self):
        """Return {record: promises of the policies that hold for it}."""
        # sudo: the promises hold whoever makes the record
        policies = self.env["customer.sla.policy"].sudo()
        return {case: policies._promises(case._sla_case()) for case in self.sudo()}

    def _sla_promised(self):
        """Return {(record, milestone): promise that holds for it}."""
        return {
            (case, promise.milestone): promise
            for case, promises in self._sla_promises().items()
            for promise in promises
        }

    def _sla_begin(self, start, at=None):
        """Start the clocks that count from an event; clocks that are closed already start again."""
        wanted = [
            (case, promise, instant_of(at, case.id) or case[case._sla_begins])
            for case, promises in self._sla_promises().items()
            for promise in promises
            if promise.start == start
        ]
        if not wanted:
            return
        if start != "received":
            milestones = {promise.milestone for _case, promise, _at in wanted}
            old = self._sla_clocks(Domain("milestone", "in", list(milestones)), only_open=False)
            due = {(case.id, promise.milestone) for case, promise, _at in wanted}
            old = old.filtered(lambda clock: (clock.res_id, clock.milestone) in due)
            known = {(clock.res_id, clock.milestone) for clock in old}
            wanted = [row for row in wanted if (row[0].id, row[1].milestone) not in known]
            old.filtered(lambda clock: clock.state not in OPEN_STATES)._append("reopen", at)
        self._sla_insert(wanted)

    def _sla_insert(self, wanted):
        """Insert clocks with their ledgers in one statement: [(record, promise, start), …]."""
        if not wanted:
            return
        clocks = self.env["customer.sla.clock"].sudo()
        rows, specs = [], {}
        for case, promise, start in wanted:
            specs[len(rows)] = clocks._spec_json(promise.spec)
            rows.append(
                {
                    "res_id": case.id,
                    "company_id": case.company_id.id,
                    "milestone": promise.milestone,
                    "policy_id": promise.policy_id,
                    "calendar_id": promise.calendar_id or None,
                    "warn_percent": promise.warn_percent,
                    "pausable": promise.pausable,
                    "start": promise.start,
                    **clocks._spec_row(promise.spec),
                    **self._sla_first_deadline(case, promise, start),
                }
            )
        target = self._sla_target()
        self.flush_recordset(["company_id", *target.names])
        self.env.cr.execute(
            queries.insert_clocks(target, rows, specs, self.env.uid, fields.Datetime.now())
        )
        self._sla_forget()

    @api.model
    def _sla_first_deadline(self, case, promise, start):
        """Return the columns that follow from the deadline of a new clock."""
        clocks = self.env["customer.sla.clock"].sudo()
        calendar = self.env["resource.calendar"].browse(promise.calendar_id)
        deadline = self._sla_due(case, promise, start)
        row = clocks._deadline_row(
            case.company_id, calendar, promise.spec, start, deadline, promise.warn_percent
        )
        return row if case._sla_tells else {**row, "next_notice_at": None}

    @api.model
    def _sla_due(self, case, promise, start):
        """Return the last instant that keeps a promise counted from `start`."""
        return self.env["customer.working.calendar"]._within_horizon(
            case.company_id,
            start,
            lambda working: SlaClock.of(working, promise.spec).deadline(start, promise.spec.target),
            self.env["resource.calendar"].browse(promise.calendar_id),
        )

    def _sla_refresh(self):
        """Write the next deadline of the records."""
        if self:
            target = self._sla_target()
            self.flush_recordset(target.names)
            self.env.cr.execute(queries.refresh_records(target, self.ids))
            self._sla_forget()

    def _sla_forget(self):
        """Forget what the statements changed behind the ORM."""
        self.invalidate_recordset(
            ["clock_ids", *self._sla_target().names, "sla_state", "is_sla_overdue"], flush=False
        )

    def unlink(self):
        """EXTENDS base: clocks and ledgers go with their record."""
        # sudo: nobody deletes clocks; who may delete the record deletes what belongs to it
        clocks = self.sudo()._sla_clocks(Domain.TRUE, only_open=False)
        clocks.unlink()
        return super().unlink()

    # --- counts by deadline status, for the coloured bars over the columns of a kanban
    def _read_group_groupby(self, alias, groupby_spec, query):
        """EXTENDS base: the status depends on now, so the statement works it out.

        It is made of the domains that search and compute use: one truth.
        """
        if groupby_spec != "sla_state":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], "read")
        return self._sla_state_sql(alias, query)
