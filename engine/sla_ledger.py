"""The ledger of one promise: everything that happened to its clock, from which the deadline
follows.

`replay` derives deadline and state from the events alone, so that the stored deadline can be proved
at any time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .reasons import Reason
from .sla_clock import DAY_UNITS, SlaClock, Spec

START, PAUSE, RESUME, EXTEND, REOPEN = "start", "pause", "resume", "extend", "reopen"
STOP, DROP, MISS, RECALCULATE, CHANGE = "stop", "drop", "miss", "recalculate", "change"
UNDO = "undo"
KINDS = (START, PAUSE, RESUME, EXTEND, REOPEN, STOP, DROP, MISS, RECALCULATE, CHANGE, UNDO)

RUNNING, PAUSED, MET, LATE, MISSED, DROPPED = (
    "running",
    "paused",
    "met",
    "late",
    "missed",
    "dropped",
)
OPEN_STATES = (RUNNING, PAUSED)


@dataclass(frozen=True)
class Event:
    """One line of the ledger.

    :param kind: start, pause, resume, extend, reopen, stop (the fact), drop (the case was none),
        miss (the case is over without the fact), recalculate (the calendar was corrected), change
        (the case became another one, by severity, kind, category, tier or channel), undo (the fact
        did not happen: the mail that told it bounced)
    :param at: naive UTC instant of the event, which may lie before its entry
    :param spec: the promise, with start; with reopen only when it changed; with change the promise
        that holds for the case as it is now, none when nothing promises the milestone any more
    :param amount: what an extension adds, in the unit of the promise
    :param until: when a pause ends by itself
    :param reason: words of the person who did it
    """

    kind: str
    at: datetime
    spec: Spec | None = None
    amount: float = 0
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Step:
    """One event and what it led to; `reason` says which rule made the deadline what it is."""

    event: Event
    deadline: datetime | None
    state: str
    reason: Reason


@dataclass
class Outcome:
    """Deadline and state after all events; `reached_at` is the fact, `paused_until` the end of a
    pause.
    """

    deadline: datetime | None = None
    state: str = ""
    reached_at: datetime | None = None
    paused_until: datetime | None = None
    started_at: datetime | None = None
    spec: Spec | None = None
    steps: list[Step] = field(default_factory=list)

    @property
    def reasons(self) -> list[Reason]:
        """The reasons of all steps in order."""
        return [step.reason for step in self.steps]

    def __iter__(self):
        """Unpack as (deadline, state, reasons)."""
        return iter((self.deadline, self.state, self.reasons))


def replay(
    events: Iterable[Event],
    clock_of: Callable[[Spec], SlaClock],
    now: datetime | None = None,
) -> Outcome:
    """Derive deadline and state from the ledger: ``deadline, state, reasons = replay(...)``.

    Events count in the order of their instants, equal ones in the order given. Rules:

    * deadline = `started_at` + target + extensions + what passed of the promise's unit during
      pauses;
    * a pause ends at `until` by itself, whether or not somebody recorded that; while it lasts, the
      deadline is the one that follows from `until`;
    * a pause of a clock that is late already, of one that is paused or stopped, changes nothing;
    * reopening starts again with the whole target; the first fact stays in the ledger;
    * a change of the case adds a promise and takes none away: the deadline is the earliest of all
      that were made since the start, so that no change of a case makes it later;
    * a dropped clock whose milestone is promised again by a change goes on from its own start;
    * a fact that is taken back leaves the clock as if it had not happened: same start, same deadline;
    * a recalculation with a spec, as ledgers of the first versions have it, replaces the promise.

    :param clock_of: gives the clock of a promise on the calendar to count with
    :param now: to see whether a pause is over; without it an open pause lasts
    """
    return _Replay(clock_of).run(sorted(events, key=lambda event: event.at), now)


class _Replay:
    """State while a ledger is read."""

    def __init__(self, clock_of):
        self.clock_of = clock_of
        self.out = Outcome()
        self.pauses: list[tuple[datetime, datetime]] = []
        self.paused_at: datetime | None = None
        self.extensions: list[tuple[float, str]] = []
        self.promises: list[Spec] = []

    def run(self, events, now):
        """Apply all events and return the outcome."""
        out = self.out
        for event in events:
            self._end_pause(event.at)
            reason = getattr(self, f"_{event.kind}")(event)
            out.steps.append(Step(event, out.deadline, out.state, reason))
        if now is not None:
            self._end_pause(now)
        return out

    # -- counting

    def _derive(self):
        """Set the deadline: the earliest of the promises; of equal ones the first made counts."""
        out = self.out
        out.deadline, out.spec = min(
            ((self._deadline_of(spec), spec) for spec in self.promises),
            key=lambda found: found[0],
        )

    def _deadline_of(self, spec):
        """Return the deadline of one promise from start, target, extensions and pauses."""
        out = self.out
        clock = self.clock_of(spec)
        pauses = self.pauses
        if self.paused_at is not None:
            pauses = [*pauses, (self.paused_at, out.paused_until)]
        lost = [
            clock.position(end, spec.unit) - clock.position(begin, spec.unit)
            for begin, end in pauses
        ]
        extra = sum(amount for amount, unit in self.extensions if unit == spec.unit)
        if spec.unit in DAY_UNITS:
            amount = int(spec.target + extra) + sum(lost)
        else:
            hours = timedelta(seconds=round(float(spec.target + extra) * 3600))
            amount = hours + sum(lost, timedelta())
        return clock.deadline(out.started_at, amount, spec.unit)

    def _end_pause(self, at):
        """Resume a pause that ended by itself before `at`."""
        out = self.out
        if out.state == PAUSED and out.paused_until <= at:
            self.pauses.append((self.paused_at, out.paused_until))
            self.paused_at = out.paused_until = None
            out.state = RUNNING

    def _begin(self, event):
        out = self.out
        out.started_at = event.at
        if event.spec:
            self.promises = [event.spec]
        out.state, out.reached_at, out.paused_until = RUNNING, None, None
        self.pauses, self.extensions, self.paused_at = [], [], None
        self._derive()

    def _leave_pause(self):
        """Forget a pause that the end of the clock cuts short: the deadline counts up to here."""
        if self.paused_at is not None:
            self.paused_at = self.out.paused_until = None

    # -- one method for each kind of event

    def _start(self, event):
        if self.out.state:
            return Reason.of("ignored_started")
        self._begin(event)
        return Reason.of("start", target=event.spec.target, unit=event.spec.unit)

    def _pause(self, event):
        out = self.out
        if out.state != RUNNING:
            return Reason.of("ignored_not_running", state=out.state)
        if event.at > out.deadline:
            return Reason.of("ignored_late")
        if event.until is None or event.until <= event.at:
            return Reason.of("ignored_no_end")
        out.state, out.paused_until, self.paused_at = PAUSED, event.until, event.at
        self._derive()
        return Reason.of("pause", until=event.until)

    def _resume(self, event):
        out = self.out
        if out.state != PAUSED:
            return Reason.of("resume_done") if self.pauses else Reason.of("ignored_not_paused")
        self.pauses.append((self.paused_at, event.at))
        self.paused_at = out.paused_until = None
        out.state = RUNNING
        self._derive()
        return Reason.of("resume")

    def _extend(self, event):
        out = self.out
        if out.state not in OPEN_STATES:
            return Reason.of("ignored_not_running", state=out.state)
        # agreed on for the promise that counts: it is the one that goes on
        self.promises = [out.spec]
        self.extensions.append((event.amount, out.spec.unit))
        self._derive()
        return Reason.of("extend", amount=event.amount, unit=out.spec.unit)

    def _reopen(self, event):
        if not self.out.state:
            return Reason.of("ignored_not_started")
        self._begin(event)
        return Reason.of("reopen", target=self.out.spec.target, unit=self.out.spec.unit)

    def _stop(self, event):
        out = self.out
        if out.state not in OPEN_STATES:
            return Reason.of("ignored_not_running", state=out.state)
        out.reached_at = event.at
        out.state = MET if event.at <= out.deadline else LATE
        self._leave_pause()
        return Reason.of(out.state)

    def _undo(self, event):
        out = self.out
        if out.state not in (MET, LATE):
            return Reason.of("ignored_not_stopped", state=out.state)
        out.state, out.reached_at = RUNNING, None
        self._derive()
        return Reason.of("undo")

    def _drop(self, event):
        return self._finish(DROPPED)

    def _miss(self, event):
        return self._finish(MISSED)

    def _finish(self, state):
        out = self.out
        if out.state not in OPEN_STATES:
            return Reason.of("ignored_not_running", state=out.state)
        out.state = state
        self._leave_pause()
        return Reason.of(state)

    def _recalculate(self, event):
        out = self.out
        if out.state == DROPPED and event.spec:
            out.state = RUNNING
        elif out.state not in OPEN_STATES:
            return Reason.of("ignored_not_running", state=out.state)
        if event.spec:
            self.promises = [event.spec]
        self._derive()
        return Reason.of("recalculate")

    def _change(self, event):
        out = self.out
        if out.state == DROPPED and event.spec:
            out.state = RUNNING
        elif out.state not in OPEN_STATES:
            return Reason.of("ignored_not_running", state=out.state)
        if event.spec is None:
            return Reason.of("kept")
        before = out.deadline
        if event.spec not in self.promises:
            self.promises.append(event.spec)
        self._derive()
        if out.deadline < before:
            return Reason.of("sooner", target=event.spec.target, unit=event.spec.unit)
        return Reason.of("not_later", target=event.spec.target, unit=event.spec.unit)
