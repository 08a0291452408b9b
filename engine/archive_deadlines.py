"""Deadlines of the handover of a dossier, in working days."""

from dataclasses import dataclass
from datetime import date

from .working_time import OutOfHorizon, WorkingTime


@dataclass(frozen=True)
class Deadlines:
    """Last day for A to hand over to B, and for B to hand over to the archive."""

    a: date | None
    b: date | None


def working_days_after(calendar: WorkingTime, start: date, days: int) -> date:
    """Return the working day number `days` after `start`; `start` itself never counts.

    0 days is `start` itself, or the next working day when nobody works on it.

    :raises OutOfHorizon: when the calendar does not reach that far
    """
    number = (start - calendar.first_day).days
    if not 0 <= number < calendar.day_count:
        raise OutOfHorizon(f"{start} is not within {calendar.first_day} .. {calendar.last_day}")
    if not days:
        return calendar.date_of(calendar.working_day_from(number))
    return calendar.date_of(calendar.working_day(calendar.rank[number + 1] + days - 1))


def handover_deadlines(
    calendar: WorkingTime,
    date_end: date | None,
    submitted: date | None,
    days_a: int,
    days_b: int,
) -> Deadlines:
    """Return both deadlines.

    A's counts from the end of the project. B's counts from the day A handed over, as long as that
    has not happened from the last day A has. Without an end of the project A has no deadline, and
    B has one only once A handed over.

    :param days_a: working days for A, with extensions
    """
    a = working_days_after(calendar, date_end, days_a) if date_end else None
    start = submitted or a
    return Deadlines(a, working_days_after(calendar, start, days_b) if start else None)
