"""Deadlines of Boston's 311 as its file shows them; pure Python, uses nothing of the addon.

The city publishes no table of its promises, so `fit` finds the number of days of a type in the file.
How it counts was read in the file as well:

* N working days or N days later at the same time of day; a few types count days without any rule;
* public holidays are worked;
* a deadline on a weekend moves to Monday, at the same time of day;
* one after 17:00 moves to 08:30 of the next working day; one before 08:30 does not move.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta

OPENING, CLOSING = time(8, 30), time(17)
SATURDAY = 5
DAY = timedelta(days=1)
# The city counts from the moment the form is opened, the request is stamped when it is saved: mostly
# some seconds later.
TOLERANCE = timedelta(minutes=1)
# Candidates for the number of days: the differences that occur most often.
CANDIDATES = 8
# How far the city's own beginning is from the stamp of the request in some cases.
OTHER_START = timedelta(hours=12)

EQUAL = "equal"
EARLY = "received before 08:30: the city keeps that time of day, we begin at 08:30"
DAY_OFF = "received on a weekend: the city keeps the time of day, we begin at 08:30 on Monday"
DAY_OFF_LATE = "received on a weekend after 17:00: the city adds a day, we begin on Monday"
OTHER_BEGIN = "the city counted from another moment, minutes to 12 hours from the request's stamp"
OTHER_TYPE = "the promise of another type: the request was moved to this type later"
BY_HAND = "a date of its own, set by hand"


@dataclass(frozen=True, order=True)
class Promise:
    """N days of one kind; `shift`: the rules for weekends and evenings hold."""

    unit: str
    target: int
    shift: bool = True

    def __str__(self):
        """Short words for a table."""
        words = "working days" if self.unit == "working_days" else "days"
        return f"{self.target} {words}{'' if self.shift else ', any day'}"


def is_day_off(day):
    """Tell whether a date or datetime lies on a weekend."""
    return day.weekday() >= SATURDAY


def workday_from(moment):
    """Return the moment, moved over a weekend at the same time of day."""
    while is_day_off(moment):
        moment += DAY
    return moment


def city_deadline(promise, opened):
    """Return the deadline by the city's rules, local time."""
    moment = opened
    if promise.unit == "working_days":
        moment = workday_from(moment)
        weeks, rest = divmod(promise.target, 5)
        moment += weeks * 7 * DAY
        for _n in range(rest):
            moment = workday_from(moment + DAY)
    else:
        moment += promise.target * DAY
    if not promise.shift:
        return moment
    moment = workday_from(moment)
    if moment.time() >= CLOSING:
        moment = datetime.combine(workday_from(moment + DAY).date(), OPENING)
    return moment


def near(one, other):
    """Tell whether two instants are the same but for the cut seconds."""
    return abs(one - other) <= TOLERANCE


def _working_days_between(opened, target):
    begin = workday_from(opened).date()
    days = (target.date() - begin).days
    return sum(not is_day_off(begin + n * DAY) for n in range(1, days + 1))


def candidates(pairs):
    """Return promises that may be behind [(opened, target), …]."""
    days = Counter((target.date() - opened.date()).days for opened, target in pairs)
    found = set()
    for number, _count in days.most_common(CANDIDATES):
        for shift in (True, False):
            found.add(Promise("calendar_days", max(number, 0), shift))
    working = Counter(
        _working_days_between(opened, target)
        for opened, target in pairs
        if timedelta() <= target - opened < 100 * DAY
    )
    found |= {Promise("working_days", number) for number, _count in working.most_common(CANDIDATES)}
    return sorted(found)


def fit(pairs):
    """Return the promise that explains most of the deadlines of a type.

    Among equally good ones working days come last, and of two lengths the longer one: the first in
    the order of `candidates` with the most hits.
    """
    hits = {
        promise: sum(near(city_deadline(promise, opened), target) for opened, target in pairs)
        for promise in candidates(pairs)
    }
    return max(hits, key=lambda promise: hits[promise])


def explain(promise, others, opened, target, ours):
    """Return why our deadline is not the city's; EQUAL when it is.

    :param others: promises of all types
    """
    if near(ours, target):
        return EQUAL
    if near(city_deadline(promise, opened), target):
        if not is_day_off(opened):
            return EARLY
        return DAY_OFF_LATE if opened.time() >= CLOSING else DAY_OFF
    if _counted_from_elsewhere(promise, opened, target):
        return OTHER_BEGIN
    if any(near(city_deadline(other, opened), target) for other in others):
        return OTHER_TYPE
    return BY_HAND


def _counted_from_elsewhere(promise, opened, target):
    """Tell whether the deadline follows from a beginning some hours before or after the request."""
    if abs(target - city_deadline(promise, opened)) <= OTHER_START:
        return True
    # the other side of an evening or a weekend
    return any(
        near(city_deadline(promise, opened + side * hours * timedelta(hours=1)), target)
        for side in (-1, 1)
        for hours in range(1, 13)
    )
