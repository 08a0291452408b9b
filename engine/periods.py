"""Periods: months, quarters, half-years and years of a fiscal year that may start in any month."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from .reasons import Reason

MONTH = "month"
QUARTER = "quarter"
HALF = "half"
YEAR = "year"
#: months of each kind of period
MONTHS = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """Days from ``date_from`` to ``date_to``, both included."""

    date_from: date
    date_to: date

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.date_to - self.date_from).days + 1


@dataclass(frozen=True)
class FiscalYear:
    """Last day of a company's fiscal year (Odoo: ``fiscalyear_last_day`` / ``_month``).

    A last day of 28 or 29 in February, or past the end of the month, means the end of the month.
    """

    last_month: int = 12
    last_day: int = 31


CALENDAR_YEAR = FiscalYear()


def add_months(day: date, months: int) -> date:
    """Shift by months; a day the target month lacks becomes its last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def full_months(first: date, last: date) -> int:
    """Full months from one day to another, 0 where ``last`` is before the first is full.

    The last day of a month completes a month that began on a day this month lacks: from 31 January
    to 28 February is one month.
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    if last.day < first.day and last.day < calendar.monthrange(last.year, last.month)[1]:
        months -= 1
    return max(months, 0)


def check_period(date_from: date | None, date_to: date | None) -> tuple[Reason, ...]:
    """Return what is wrong with a period: ``period_missing`` or ``period_reversed``."""
    if not date_from or not date_to:
        return (Reason.of("period_missing"),)
    if date_to < date_from:
        return (Reason.of("period_reversed", date_from=date_from, date_to=date_to),)
    return ()


def year_start(day: date, fiscal: FiscalYear) -> date:
    """First day of the fiscal year that holds ``day``."""
    for year in (day.year, day.year - 1):
        start = _year_end(year - 1, fiscal) + ONE_DAY
        if start <= day <= _year_end(year, fiscal):
            return start
    return _year_end(day.year, fiscal) + ONE_DAY


def _year_end(year: int, fiscal: FiscalYear) -> date:
    """Last day of the fiscal year that ends in the calendar year ``year``."""
    last = calendar.monthrange(year, fiscal.last_month)[1]
    if fiscal.last_month == 2 and fiscal.last_day >= 28:
        return date(year, 2, last)
    return date(year, fiscal.last_month, min(fiscal.last_day, last))


def period_of(day: date, kind: str, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """Return the month, quarter, half-year or year that holds ``day``."""
    start = year_start(day, fiscal)
    end = year_start(add_months(start, 12) + timedelta(days=15), fiscal) - ONE_DAY
    months = MONTHS[kind]
    borders = [add_months(start, shift) for shift in range(0, 12, months)]
    for index, border in enumerate(borders):
        last = borders[index + 1] - ONE_DAY if index + 1 < len(borders) else end
        if border <= day <= last:
            return Period(border, last)
    raise ValueError(f"{day} is in no {kind} of {fiscal}")


def last_ended(today: date, kind: str, fiscal: FiscalYear = CALENDAR_YEAR) -> Period:
    """Return the latest period that is over on ``today`` (its last day is before it)."""
    return period_of(period_of(today, kind, fiscal).date_from - ONE_DAY, kind, fiscal)


def missed(
    after: date | None, today: date, kind: str, fiscal: FiscalYear = CALENDAR_YEAR
) -> list[Period]:
    """Return the periods that are over on ``today`` and end after ``after``, the oldest first.

    ``after`` is the last day of the latest period that was reviewed; None means nothing was, and
    only the latest period is due.
    """
    last = last_ended(today, kind, fiscal)
    if after is None:
        return [last]
    result = []
    while last.date_to > after:
        result.append(last)
        last = period_of(last.date_from - ONE_DAY, kind, fiscal)
    return result[::-1]


def whole_months(period: Period) -> int | None:
    """Return how many whole months a period has, or None where it is not made of whole months."""
    end = period.date_to + ONE_DAY
    months = (end.year - period.date_from.year) * 12 + end.month - period.date_from.month
    return months if months > 0 and add_months(period.date_from, months) == end else None


def previous(period: Period) -> Period:
    """Return the period just before, of as many months (or days, where months do not fit)."""
    months = whole_months(period)
    last = period.date_from - ONE_DAY
    if months is None:
        return Period(period.date_from - timedelta(days=period.days), last)
    return Period(add_months(period.date_from, -months), last)


def last_year(period: Period) -> Period:
    """Return the same period a year earlier; one that ends a February ends it in that year too."""
    end = add_months(period.date_to + ONE_DAY, -12) - ONE_DAY
    return Period(add_months(period.date_from, -12), end)


def name(period: Period, kind: str, fiscal: FiscalYear = CALENDAR_YEAR) -> tuple[str, int, int]:
    """Return (kind, fiscal year, number in it) to name a period, e.g. ("quarter", 2026, 3).

    The fiscal year has the number of the calendar year in which it ends.
    """
    start = year_start(period.date_from, fiscal)
    year = period_of(period.date_from, YEAR, fiscal).date_to.year
    return kind, year, full_months(start, period.date_from) // MONTHS[kind] + 1
