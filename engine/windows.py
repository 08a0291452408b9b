"""Windows of time that figures of a customer are counted in; all borders are inclusive dates."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True)
class Window:
    """Days from ``date_from`` to ``date_to``, both included."""

    date_from: date
    date_to: date


def last_months(today: date, months: int = 12) -> Window:
    """Return the ``months`` months that end today.

    The day ``months`` months ago is outside, the day after it is inside: on 2026-11-21 the window
    of twelve months is 2025-11-22 .. 2026-11-21, so two runs a year apart never count a day twice.
    Where the day does not exist (29 February) the last day of the month stands for it: 2024-02-29
    starts on 2023-03-01.
    """
    return Window(today - relativedelta(months=months) + timedelta(days=1), today)


def fiscal_year_start(day: date, last_month: int, last_day: int) -> date:
    """Return the first day of the fiscal year that ``day`` is in.

    ``last_month`` / ``last_day`` are the company's closing day; 28 or 29 February and a day past
    the end of its month mean the end of that month, as in ``date_utils.get_fiscal_year``.
    """

    def closing(year: int) -> date:
        end = monthrange(year, last_month)[1]
        is_end = last_day >= end or (last_month == 2 and last_day == 28)
        return date(year, last_month, end if is_end else last_day)

    close = closing(day.year)
    if day > close:
        return close + timedelta(days=1)
    return closing(day.year - 1) + timedelta(days=1)


def fiscal_quarter(day: date, last_month: int = 12, last_day: int = 31, offset: int = 0) -> Window:
    """Return the fiscal quarter ``day`` is in, moved by ``offset`` quarters (-1 is the one
    before).
    """
    start = fiscal_year_start(day, last_month, last_day)
    index = 0
    while index < 3 and start + relativedelta(months=3 * (index + 1)) <= day:
        index += 1
    index += offset
    # A move of a whole number of years keeps the closing day; months are counted from the year's
    # first day.
    years, quarter = divmod(index, 4)
    year_start = fiscal_year_start(start + relativedelta(years=years), last_month, last_day)
    next_year = fiscal_year_start(year_start + relativedelta(years=1), last_month, last_day)
    date_from = year_start + relativedelta(months=3 * quarter)
    date_to = next_year if quarter == 3 else year_start + relativedelta(months=3 * (quarter + 1))
    return Window(date_from, date_to - timedelta(days=1))
