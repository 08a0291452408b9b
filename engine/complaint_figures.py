"""Monthly figures of complaints: what counts, and how counts become rates.

The definitions are those of the policy (spec, "Figures"). `queries.complaint_figures` says the same
in SQL for all cases at once; both read `RATES`, and a property test compares them.

A case belongs to the month in which it was **received**, in the company's time zone. Repair requests
and cancelled cases are no complaints. Facts are those known now: a case of October that is closed in
November raises the closure of October.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

#: "Contacted within 24 h" is what the figure is called; the promise that an admin may change is the
#: milestone `first_contact` of the deadline policies.
CONTACT_LIMIT = timedelta(hours=24)
#: The promise of a reply has another name for each severity: a general complaint is answered, a
#: complex one gets a plan, a major one a report. The first of these that was promised counts.
REPLIES = ("answer", "plan", "report")
RATE_DIGITS = Decimal("0.01")

#: rate -> (numerator, denominator), names of `Totals`. A rate of a group is the sum of the
#: numerators by the sum of the denominators, never an average of rates.
RATES = {
    "reply_rate": ("replied_in_time", "received"),
    "contact_rate": ("contacted", "received"),
    "first_time_rate": ("closed_first_time", "called_back"),
    "closure_rate": ("closed", "reachable"),
    "satisfaction_rate": ("satisfied", "reachable"),
    "repeat_rate": ("repeats", "received"),
    "reopen_rate": ("reopened", "received"),
}


@dataclass(frozen=True)
class Clock:
    """What became of a promise: ``state`` now, ``first_state`` when a fact first stopped it.

    A reopened case counts again; the first result stays the one that the figures look at.
    """

    state: str
    first_state: str | None = None

    @property
    def result(self) -> str | None:
        """The first result, else where it stands; None where the promise was dropped."""
        return self.first_state or (None if self.state == "dropped" else self.state)


@dataclass(frozen=True)
class Call:
    """A call-back that was held: the round of the case it belongs to, and its result."""

    reopening: int
    result: str


@dataclass(frozen=True)
class CaseFacts:
    """What is stored of a case. ``calls`` are in the order in which they were entered."""

    kind: str
    state: str
    received_at: datetime
    first_contact_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    unreachable: bool = False
    reopen_count: int = 0
    is_repeat: bool = False
    media_exposure: bool = False
    clocks: tuple[tuple[str, Clock], ...] = ()
    calls: tuple[Call, ...] = ()

    def result_of(self, milestone: str) -> str | None:
        """Return the result of a promise, None where there is none."""
        clock = dict(self.clocks).get(milestone)
        return clock.result if clock else None


@dataclass(frozen=True)
class Totals:
    """Counts of one case or of a group of cases.

    * received: complaints
    * replied_in_time: the first reply was sent within its deadline (see `REPLIES`); a case without
      such a deadline was not replied to in time
    * contacted: the first contact came within 24 hours of the receipt
    * false_replies: call-backs in which the customer said that the reply was false
    * unreachable: call-backs were given up; reachable: all others
    * called_back: the customer was reached in a call-back and there was a deadline for the close.
      Without one nothing tells a first-time closure, so the case counts in neither part
    * closed_first_time: of these, closed within that deadline and never reopened
    * closed: closed with the customer's consent. A forced close is none, an unreachable customer
      gave none
    * satisfied: the last call-back of the present round says so; "accepts" is not satisfied
    * repeats: the same matter again; reopened: cases reopened at least once
    * media_cases: the matter was in the media
    """

    received: int = 0
    replied_in_time: int = 0
    contacted: int = 0
    false_replies: int = 0
    unreachable: int = 0
    reachable: int = 0
    called_back: int = 0
    closed_first_time: int = 0
    closed: int = 0
    satisfied: int = 0
    repeats: int = 0
    reopened: int = 0
    media_cases: int = 0

    def rate(self, name: str) -> Decimal | None:
        """Return a rate in percent, None where there is nothing to divide by."""
        numerator, denominator = RATES[name]
        return percent(getattr(self, numerator), getattr(self, denominator))


COUNTS = tuple(field.name for field in fields(Totals))


def percent(part: int, whole: int) -> Decimal | None:
    """Return 100 x part / whole with two digits; without a whole there is no rate.

    >>> percent(1, 3), percent(0, 4), percent(0, 0)
    (Decimal('33.33'), Decimal('0.00'), None)
    """
    if not whole:
        return None
    return (Decimal(100) * part / whole).quantize(RATE_DIGITS, ROUND_HALF_UP)


def is_counted(facts: CaseFacts) -> bool:
    """Tell whether a case is a complaint: no repair request, not cancelled."""
    return facts.kind == "complaint" and facts.state != "cancelled"


def case_totals(facts: CaseFacts) -> Totals:
    """Count one case; all zero for one that is no complaint."""
    if not is_counted(facts):
        return Totals()
    reached = [call for call in facts.calls if call.result != "unreachable"]
    present = [call.result for call in reached if call.reopening == facts.reopen_count]
    reply = next(filter(None, map(facts.result_of, REPLIES)), None)
    close = facts.result_of("close")
    called_back = bool(reached) and close is not None
    closed = facts.state == "closed" and not facts.unreachable
    return Totals(
        received=1,
        replied_in_time=int(reply == "met"),
        contacted=int(
            facts.first_contact_at is not None
            and facts.first_contact_at <= facts.received_at + CONTACT_LIMIT
        ),
        false_replies=sum(call.result == "false_reply" for call in facts.calls),
        unreachable=int(facts.unreachable),
        reachable=int(not facts.unreachable),
        called_back=int(called_back),
        closed_first_time=int(called_back and closed and close == "met" and not facts.reopen_count),
        closed=int(closed),
        satisfied=int(not facts.unreachable and present[-1:] == ["satisfied"]),
        repeats=int(facts.is_repeat),
        reopened=int(facts.reopen_count > 0),
        media_cases=int(facts.media_exposure),
    )


def total(parts: Iterable[Totals]) -> Totals:
    """Add up counts."""
    rows = list(parts)
    return Totals(**{name: sum(getattr(row, name) for row in rows) for name in COUNTS})


def hours_to_answer(facts: CaseFacts) -> float | None:
    """Hours on the wall from the receipt to the first answer, None while there is none."""
    if facts.answered_at is None:
        return None
    return (facts.answered_at - facts.received_at) / timedelta(hours=1)


def days_to_close(facts: CaseFacts) -> float | None:
    """Days from the receipt to the last close, None while the case is not closed.

    Forced closes are none.
    """
    if facts.closed_at is None or facts.state != "closed":
        return None
    return (facts.closed_at - facts.received_at) / timedelta(days=1)
