"""How long a dossier is kept: some years after an event, to the end of its quarter or year."""

import calendar
from dataclasses import dataclass
from datetime import date

from .periods import add_months
from .reasons import Reason

CONTRACT_END = "contract_end"
LAST_TRANSACTION = "last_transaction"
CASE_CLOSED = "case_closed"
EVENTS = (CONTRACT_END, LAST_TRANSACTION, CASE_CLOSED)

EXACT = "none"
QUARTER = "quarter"
YEAR = "year"
ROUNDINGS = (EXACT, QUARTER, YEAR)


@dataclass(frozen=True)
class Rule:
    """The retention rule of a class of dossiers.

    ``forever`` beats the rest. Without an ``event`` there is no rule: nothing is ever due. 0 years
    end with the event (rounded), they are not unlimited.
    """

    event: str | None = None
    years: int = 0
    rounding: str = YEAR
    forever: bool = False


@dataclass(frozen=True)
class Facts:
    """What happened to a dossier, each a day or None.

    ``recorded`` is the day of the event that somebody wrote down. ``project_end`` is the end of the
    project or contract the dossier was compiled for; ``last_transaction`` the customer's latest one.
    """

    recorded: date | None = None
    project_end: date | None = None
    last_transaction: date | None = None


def round_up(day: date, rounding: str) -> date:
    """Return the last day of the quarter or year that holds ``day``, or ``day`` itself."""
    if rounding == YEAR:
        return date(day.year, 12, 31)
    if rounding == QUARTER:
        month = (day.month + 2) // 3 * 3
        return date(day.year, month, calendar.monthrange(day.year, month)[1])
    return day


def event_date(rule: Rule, facts: Facts) -> date | None:
    """Return the day the years count from.

    The day of a last transaction comes from the books and moves on with the customer; nobody
    writes it down.
    """
    if rule.event == LAST_TRANSACTION:
        return facts.last_transaction
    if rule.event == CONTRACT_END:
        return facts.recorded or facts.project_end
    if rule.event == CASE_CLOSED:
        return facts.recorded
    return None


def keep_until(rule: Rule, facts: Facts) -> tuple[date | None, tuple[Reason, ...]]:
    """Return the last day a dossier must be kept, and why.

    :return: (day, reasons); no day for ``kept_forever``, ``no_retention_rule``, ``no_event_date``
    """
    if rule.forever:
        return None, (Reason.of("kept_forever"),)
    if not rule.event:
        return None, (Reason.of("no_retention_rule"),)
    start = event_date(rule, facts)
    if not start:
        return None, (Reason.of("no_event_date", event=rule.event),)
    until = round_up(add_months(start, 12 * rule.years), rule.rounding)
    return until, (Reason.of("kept_until", event=rule.event, date=start, years=rule.years),)


def is_due(until: date | None, today: date) -> bool:
    """Tell whether the last day is over; on the day itself the dossier is still kept."""
    return until is not None and until < today
