"""Monthly figures of complaints: what counts, and how counts become rates.

The definitions are those of the policy (spec, "Figures"). `queries.complaint_figures` says the same
in SQL for all cases at once; both read `RATES`, and a property test compares them.

A case belongs to the month in which it was **received**, in the company's time zone. Repair requests
(which have figures of their own), anomalies and cancelled cases are no complaints. Facts are those known
now, with one border: a case counts as closed in its month up to the month's **cut-off** only. What is open
then is carried over; cases that the public sees (web) count in the closure of each later month again until
they are closed (`carried_totals`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

#: The figure "first contact in time" counts hours on the wall from the receipt: what a company sets, and
#: this where it sets nothing. The promise to the customer is the milestone `first_contact`.
CONTACT_LIMIT = timedelta(hours=24)
#: The promise of a reply has another name for each severity: a general complaint is answered, a
#: complex one gets a plan, a major one a report. The first of these that was promised counts.
REPLIES = ("answer", "plan", "report")
OVER = ("closed", "force_closed")
RATE_DIGITS = Decimal("0.01")

#: rate -> (numerator, denominator), names of `Totals`. A rate of a group is the sum of the
#: numerators by the sum of the denominators, never an average of rates.
RATES = {
    "reply_rate": ("replied_in_time", "received"),
    "contact_rate": ("contacted", "received"),
    "first_time_rate": ("closed_first_time", "called_back"),
    "closure_rate": ("closed", "to_close"),
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
    """What is stored of a case. ``calls`` are in the order in which they were entered.

    ``closes_at`` is the first instant after the cut-off of its month; without one every close counts.
    """

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
    was_complaint: bool = False
    is_web: bool = False
    closes_at: datetime | None = None
    contact_limit: timedelta = CONTACT_LIMIT
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
    * contacted: the first contact came within the company's hours after the receipt (24)
    * false_replies: call-backs in which the customer said that the reply was false
    * unreachable: call-backs were given up; reachable: all others
    * called_back: the customer was reached in a call-back and there was a deadline for the close.
      Without one nothing tells a first-time closure, so the case counts in neither part
    * closed_first_time: of these, closed within that deadline and never reopened
    * closed: closed with the customer's consent, before the cut-off of the month. A forced close is
      none, an unreachable customer gave none
    * to_close: what the month had to close: reachable, and carried over
    * carried: web cases of earlier months that were open at the cut-off of the month before
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
    to_close: int = 0
    carried: int = 0

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
    """Tell whether a case is a complaint: no repair request from the start, not cancelled."""
    return (facts.kind == "complaint" or facts.was_complaint) and facts.state != "cancelled"


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
    in_month = closed and _closed_before(facts, facts.closes_at)
    return Totals(
        received=1,
        replied_in_time=int(reply == "met"),
        contacted=int(
            facts.first_contact_at is not None
            and facts.first_contact_at <= facts.received_at + facts.contact_limit
        ),
        false_replies=sum(call.result == "false_reply" for call in facts.calls),
        unreachable=int(facts.unreachable),
        reachable=int(not facts.unreachable),
        called_back=int(called_back),
        closed_first_time=int(called_back and closed and close == "met" and not facts.reopen_count),
        closed=int(in_month),
        satisfied=int(not facts.unreachable and present[-1:] == ["satisfied"]),
        repeats=int(facts.is_repeat),
        reopened=int(facts.reopen_count > 0),
        media_cases=int(facts.media_exposure),
        to_close=int(not facts.unreachable),
    )


def _closed_before(facts: CaseFacts, end: datetime | None) -> bool:
    """Tell whether the last close came before an instant; without one every close does."""
    return end is None or (facts.closed_at is not None and facts.closed_at < end)


def is_open_at(facts: CaseFacts, at: datetime) -> bool:
    """Tell whether a case was still open at an instant, forced closes are over."""
    if facts.state not in OVER:
        return True
    return facts.closed_at is not None and facts.closed_at >= at


def carried_totals(facts: CaseFacts, before: datetime, end: datetime | None) -> Totals:
    """Count a case in a month after its own: web cases that were open at the cut-off before it.

    :param before: cut-off of the month before
    :param end: cut-off of the month
    """
    carried = (
        is_counted(facts) and facts.is_web and not facts.unreachable and is_open_at(facts, before)
    )
    if not carried:
        return Totals()
    closed = facts.state == "closed" and _closed_before(facts, end)
    return Totals(carried=1, to_close=1, closed=int(closed))


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
