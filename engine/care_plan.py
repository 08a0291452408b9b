"""When the next contact with a customer is due, and how a month counts: the rules of the contact plan.

Days are dates of the company. `queries/care_due.py` and `queries/care_coverage.py` say the same in SQL.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import NamedTuple

# What came of a month.
IN_TIME, LATE, MISSED, OPEN = "in_time", "late", "missed", "open"
# Where a due date comes from.
BY_TIER, BY_CUSTOMER, BY_HAND = "tier", "own", "manual"


class Plan(NamedTuple):
    """What is planned for a customer and a kind of contact.

    interval: days between two, 0 where none is planned; start: from when it counts without any
    payment (the day the customer came into the tier); manual: the next date set by hand on manual_set.
    """

    interval: int = 0
    start: date | None = None
    manual: date | None = None
    manual_set: date | None = None
    is_own: bool = False


class Paid(NamedTuple):
    """A contact that paid: its day, and whether its report came late."""

    day: date
    is_late: bool = False


def due_date(
    plan: Plan, last: date | None, move: Callable[[date], date]
) -> tuple[date | None, list[str]]:
    """Return the day the next contact is due, and where it comes from; None where none is planned.

    A date set by hand holds until a contact after the day it was set.

    :param last: day of the last contact that paid
    :param move: returns the day itself or the next working day

    >>> due_date(Plan(30), date(2026, 3, 2), lambda day: day)
    (datetime.date(2026, 4, 1), ['tier'])
    """
    if plan.manual and (last is None or plan.manual_set is None or last <= plan.manual_set):
        return move(plan.manual), [BY_HAND]
    since = last or plan.start
    if plan.interval <= 0 or since is None:
        return None, []
    return move(since + timedelta(days=plan.interval)), [BY_CUSTOMER if plan.is_own else BY_TIER]


def month_result(
    plan: Plan,
    paid: Iterable[Paid],
    first: date,
    last: date,
    today: date,
    move: Callable[[date], date],
    late_credit: int = 50,
) -> tuple[str | None, int | None]:
    """Return what came of a month for a customer and a kind of contact, and its percent.

    A month counts where a contact fell due in it, was due before and still unpaid, or was made. Late:
    one was paid after its due date; missed: one is unpaid after its due date at the end of the
    month, or today. Exactly on the due date is in time. A month whose every contact was reported late
    has `late_credit` percent.

    :param paid: all contacts that paid, in any order
    :param first: first day of the month; last: its last day
    :return: (result, percent); (None, None): nothing in this month; percent None: not decided yet
    """
    if plan.interval <= 0:
        return None, None
    end = min(today, last)
    days: dict[date, bool] = {}
    for payment in paid:
        if payment.day <= end:
            days[payment.day] = days.get(payment.day, True) and payment.is_late
    before = max((day for day in days if day < first), default=None)
    points = [before] if before else []
    points += sorted(day for day in days if day >= first)
    if plan.start and plan.start <= end and (not points or plan.start < points[0]):
        points.insert(0, plan.start)
    if not points:
        return None, None
    is_late = any(
        due_date(plan._replace(manual=None), point, move)[0] < following
        for point, following in zip(points, points[1:], strict=False)
    )
    latest = points[-1]
    due = due_date(plan, latest if latest in days else None, move)[0]
    made = [is_late_report for day, is_late_report in days.items() if day >= first]
    if due < min(today, last + timedelta(days=1)):
        return MISSED, 0
    if is_late:
        return LATE, 0
    if made:
        return IN_TIME, late_credit if all(made) else 100
    return (OPEN, None) if due <= last else (None, None)
