from datetime import timedelta
from html import escape

from markupsafe import Markup

from odoo import api, fields, models

from ...engine import sla_ledger as ledger
from ...engine.sla_clock import DAY_UNITS, SlaClock, warning_instant
from ...engine.sla_ledger import Event
from ...queries import sla as queries

ONE_SECOND = timedelta(seconds=1)

NO_WARNING = 100

WARNED = 1

TABLE = Markup(
    '<table class="table table-sm"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>'
    '<p class="text-muted">%s</p>'
)


class CustomerSlaClock(models.Model):
    """Events of clocks: each is added to the ledger, and the clock becomes what its ledger says."""

    _inherit = "customer.sla.clock"

    def _append(self, kind, at, reason="", only_changed=False, promises=None, **params):
        """Add an event to the ledgers of the clocks and write what follows from it.

        A constant number of statements for any number of clocks. Events that change nothing (a
        second fact, a pause of a late clock) are not entered, so that the ledger holds what
        counted.

        :param kind: see `engine.sla_ledger.Event`
        :param at: naive UTC instant of the event, or {record id: instant}
        :param promises: {clock id: engine Promise} that are added to those of the clocks
        :param params: further values of the event (amount, until)
        :return: the clocks that the event changed
        """
        if not self:
            return self
        # sudo: nobody writes clocks; who reports an event had the right to do what it tells
        self = self.sudo()
        self.env.execute_query(queries.lock_clocks(self.ids))
        self.invalidate_recordset(flush=False)
        past = self._ledgers()
        promises = promises or {}
        rows, events, changed = [], [], self.browse()
        for clock in self:
            promise = promises.get(clock.id)
            when = instant_of(at, clock.res_id)
            event = Event(kind, when, spec=promise and promise.spec, reason=reason, **params)
            outcome = clock._replay([*past.get(clock.id, ()), event])
            step = next(step for step in outcome.steps if step.event is event)
            if step.reason.code.startswith("ignored") or step.reason.code == "resume_done":
                continue
            if only_changed and outcome.deadline == clock.deadline and not promise:
                continue
            changed |= clock
            rows.append(clock._changed_row(outcome, kind, promise or clock))
            events.append(clock._event_row(event, outcome, len(events)))
        changed._write_ledger(rows, events)
        return changed

    def _write_ledger(self, rows, events):
        if not self:
            return
        now = fields.Datetime.now()
        self.env.cr.execute(queries.change_clocks(rows, events, self.env.uid, now))
        self.invalidate_recordset(flush=False)
        for records in self._records():
            records._sla_refresh()

    def _ledgers(self):
        """Return {clock id: [Event, …]} in the order of entry."""
        result = {}
        for line in self.env["customer.sla.event"].search(
            [("clock_id", "in", self.ids)], order="id"
        ):
            result.setdefault(line.clock_id.id, []).append(line._event())
        return result

    def _replay(self, events, now=None):
        """Derive the outcome of a ledger on the present calendars."""
        first = min(event.at for event in events)
        return self.env["customer.working.calendar"]._with_calendars(
            self.company_id,
            first,
            lambda time_of: ledger.replay(
                events, lambda spec: SlaClock.of(time_of(spec.calendar_id), spec), now
            ),
        )

    def _changed_row(self, outcome, kind, promise):
        """Return the values of a clock after an event, for `queries.sla.change_clocks`.

        :param promise: the promise that the event added, or the clock itself. Of the two the
            stricter holds: the earlier warning, and it pauses only where both may.
        """
        self.ensure_one()
        policy_id = self.policy_id.id or None
        if promise is not self and outcome.spec == promise.spec != self._spec():
            policy_id = promise.policy_id
        percent = min(self.warn_percent, promise.warn_percent)
        row = {
            "id": self.id,
            "policy_id": policy_id,
            "warn_percent": percent,
            "pausable": self.pausable and promise.pausable,
            "start": self.start,
            **self._spec_row(outcome.spec),
            **self._instants_row(outcome, percent),
            "calendar_id": outcome.spec.calendar_id or None,
            "reached_at": _text(outcome.reached_at),
            "paused_until": _text(outcome.paused_until),
            "final_state": outcome.state if outcome.state in ("met", "late") else None,
            "extension_count": self.extension_count + (kind == "extend"),
            "reopen_count": self.reopen_count + (kind == "reopen"),
            # a fact that did not happen was not the first either
            "is_first_undone": kind == "undo" and self.first_reached_at == self.reached_at,
        }
        return row

    def _instants_row(self, outcome, percent):
        calendar = self.env["resource.calendar"].browse(outcome.spec.calendar_id)
        row = self._deadline_row(
            self.company_id, calendar, outcome.spec, outcome.started_at, outcome.deadline, percent
        )
        now = fields.Datetime.now()
        level = self.notice_level
        if outcome.deadline > now:
            warned = row["warn_at"] and row["warn_at"] <= _text(now)
            level = min(level, WARNED) if warned else 0
        elif outcome.started_at != self.started_at:
            level = 0
        following = (
            row["warn_at"] if not level and row["warn_at"] else _text(outcome.deadline + ONE_SECOND)
        )
        if not self.env[self.res_model]._sla_tells:
            following = None
        return {**row, "notice_level": level, "next_notice_at": following, "state": outcome.state}

    @api.model
    def _deadline_row(self, company, calendar, spec, start, deadline, percent):
        """Return the columns that follow from a deadline, for `queries.sla`."""
        calendars = self.env["customer.working.calendar"]
        working = calendars._within_horizon(
            company, start, lambda working: (working.day_of(deadline), working)[1], calendar
        )
        warn_at = None
        if percent < NO_WARNING:
            warn_at = warning_instant(working, spec, start, deadline, percent)
        limit = working.provisional_from
        return {
            "started_at": _text(start),
            "deadline": _text(deadline),
            "warn_at": _text(warn_at),
            "next_notice_at": _text(warn_at or deadline + ONE_SECOND),
            "is_provisional": bool(limit and working.local(deadline).date() >= limit),
            "state": "running",
        }

    @api.model
    def _spec_row(self, spec):
        """Return the columns of a promise, for `queries.sla`."""
        return {
            "target": float(spec.target),
            "unit": spec.unit,
            "has_cutoff": spec.cutoff is not None,
            "cutoff": spec.cutoff or 0,
            "shift": spec.shift,
            "due": spec.due,
        }

    def _event_row(self, event, outcome, number):
        return {
            "number": number,
            "clock_id": self.id,
            "company_id": self.company_id.id,
            "kind": event.kind,
            "at": _text(event.at),
            "until": _text(event.until),
            "amount": event.amount or None,
            "spec": self._spec_json(event.spec) if event.spec else None,
            "reason": event.reason or None,
            "deadline": _text(outcome.deadline),
            "state": outcome.state,
        }

    @api.model
    def _spec_json(self, spec):
        """Return a promise as the ledger keeps it."""
        return {
            "target": float(spec.target),
            "unit": spec.unit,
            "cutoff": spec.cutoff,
            "shift": spec.shift,
            "due": spec.due,
            "calendar_id": spec.calendar_id,
        }

    # -- why this deadline --------------------------------------------------------------------

    def _explain(self):
        """Return each line of the ledger with the deadline derived again from all lines up to
        it.
        """
        self.ensure_one()
        # sudo: the ledger belongs to the clock, which the user may read
        lines = self.sudo().event_ids.sorted(lambda line: (line.at, line.id))
        if not lines:
            return False
        _ = self.env._
        outcome = self._replay([line._event() for line in lines])
        zone = self.company_id._customer_timezone()
        when = f"{_('When')} ({zone})"  # once for the table
        head = (when, _("What"), _("Deadline"), _("Why"), _("By"))
        rows = [
            Markup("<tr>%s</tr>")
            % Markup("").join(
                Markup("<td>%s</td>") % cell for cell in self._explain_cells(line, step)
            )
            for line, step in zip(lines, outcome.steps, strict=True)
        ]
        proof = (
            _("Recalculated from these lines: the deadline is the same.")
            if outcome.deadline == self.deadline
            else _(
                "With today's calendar it would be %(deadline)s; closed deadlines remain "
                "unchanged.",
                deadline=self._instant_words(outcome.deadline),
            )
        )
        return TABLE % (
            Markup("").join(Markup("<th>%s</th>") % cell for cell in head),
            Markup("").join(rows),
            proof,
        )

    def _explain_cells(self, line, step):
        kinds = dict(line._fields["kind"]._description_selection(self.env))
        return (
            self._instant_words(line.at, named=False),
            kinds[line.kind],
            self._instant_words(step.deadline, named=False),
            " ".join(filter(None, (self._reason_words(line, step.reason), line.reason))),
            line.user_id.name or self.env._("SLA job"),
        )

    def _reason_words(self, line, reason):
        """Return the rule behind a step in words."""
        _ = self.env._
        params = dict(reason.params)
        code = "ignored" if reason.code.startswith("ignored") else reason.code
        if code in ("start", "reopen"):
            spec = line._event().spec or self._spec()
            return _("Due %(promise)s.", promise=self._promise_of(spec))
        if code == "pause":
            until = self._instant_words(params["until"])
            return _("Paused until %(until)s at the latest.", until=until)
        if code == "extend":
            unit = _("days") if params["unit"] in DAY_UNITS else _("hours")
            return _("Extended by %(n)s %(unit)s.", n=f"{params['amount']:g}", unit=unit)
        if code in ("sooner", "not_later"):
            promise = self._promise_of(line._event().spec)
            if code == "sooner":
                return _("Due %(promise)s, which is earlier.", promise=promise)
            return _(
                "Due %(promise)s would not be earlier: the earlier deadline is kept.",
                promise=promise,
            )
        return {
            "kept": _("No policy promises this any longer; the existing promise remains due."),
            "resume": _("Resumed; the time passed during the pause is added."),
            "resume_done": _("The pause ended automatically."),
            "met": _("On time."),
            "late": _("After the deadline."),
            "undo": _("It did not take place: the deadline runs as before."),
            "missed": _("The case was closed without it."),
            "dropped": _("No further action required."),
            "recalculate": _("Recalculated."),
            "ignored": _("No change."),
        }.get(code, escape(code))

    # -- calendar corrections -----------------------------------------------------------------

    def _recalculate(self, reason):
        """Let open clocks follow the present calendar; those that move get a line in the ledger."""
        return self._append("recalculate", fields.Datetime.now(), reason, only_changed=True)


def instant_of(at, record_id):
    """Return the instant of a record; `at` is one for all, or {record id: instant}."""
    return at[record_id] if isinstance(at, dict) else at


def _text(instant):
    """Return an instant as JSON text."""
    return instant.isoformat(sep=" ") if instant else None
