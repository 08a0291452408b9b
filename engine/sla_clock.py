"""Deadlines: one bisect each on a prepared calendar.

>>> from datetime import datetime, timedelta
>>> monday = datetime(2026, 11, 23)
>>> days = [monday + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9)]
>>> shifts = [(day.replace(hour=9), day.replace(hour=18)) for day in days]
>>> clock = SlaClock(shifts, cutoff=16.5, shift=True)
>>> print(clock.deadline(monday.replace(hour=16, minute=30), 3))
2026-11-26 23:59:59
>>> print(clock.deadline(monday.replace(hour=16, minute=31), 3))
2026-11-27 23:59:59
>>> print(clock.deadline(monday.replace(hour=16, minute=31), 4, "working_hours"))
2026-11-24 11:31:00
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from .working_time import UTC, WorkingTime, as_utc, local_to_utc

_NOTHING = timedelta()
_LAST_SECOND = timedelta(hours=23, minutes=59, seconds=59)

ELAPSED_HOURS = "elapsed_hours"
WORKING_HOURS = "working_hours"
WORKING_DAYS = "working_days"
CALENDAR_DAYS = "calendar_days"
UNITS = (ELAPSED_HOURS, WORKING_HOURS, WORKING_DAYS, CALENDAR_DAYS)
DAY_UNITS = (WORKING_DAYS, CALENDAR_DAYS)

DAY_END = "day_end"
CLOSING = "closing"
SAME_TIME = "same_time"
DUES = (DAY_END, CLOSING, SAME_TIME)

DEFAULT_CUTOFF = 16.5


@dataclass(frozen=True)
class Spec:
    """What a milestone promises.

    :param target: number of hours or days; days are whole numbers
    :param unit: one of `UNITS`
    :param cutoff: hour of the day (16.5 = 16:30) after which something counts as received on the
        next day; None for no cut-off. Days only.
    :param shift: a deadline on a day off moves to the first working day after
    :param due: when a deadline in days ends: `DAY_END` (23:59:59), `CLOSING` (end of the last
        shift) or `SAME_TIME` (the time of day at which the counting began)
    :param calendar_id: working hours to count with, 0 for the company's
    """

    target: float
    unit: str = WORKING_DAYS
    cutoff: float | None = DEFAULT_CUTOFF
    shift: bool = True
    due: str = DAY_END
    calendar_id: int = 0

    def __post_init__(self):
        """Refuse what no clock can count."""
        if self.unit not in UNITS:
            raise ValueError(f"unknown unit {self.unit}")
        if self.due not in DUES:
            raise ValueError(f"unknown due {self.due}")
        check_target(self.target, self.unit)


def check_target(target, unit: str):
    """Refuse negative targets and parts of days."""
    if target < 0:
        raise ValueError("a target cannot be negative")
    if unit in DAY_UNITS and target != int(target):
        raise ValueError("a target in days is a whole number")


def cutoff_time(cutoff: float | time | str | None) -> time | None:
    """Return a cut-off as time: 16.5, "16:30" and time(16, 30) are the same."""
    if cutoff is None or isinstance(cutoff, time):
        return cutoff
    if isinstance(cutoff, str):
        return time.fromisoformat(cutoff)
    if not 0 <= cutoff < 24:
        raise ValueError("a cut-off is an hour from 0 to 24")
    minutes = round(cutoff * 60)
    return time(minutes // 60, minutes % 60) if minutes < 24 * 60 else time(23, 59, 59)


class SlaClock:
    """Deadlines of one calendar with one cut-off and shift.

    :param calendar: a `WorkingTime`, or the working intervals: pairs (start, end) of datetimes,
        aware or naive UTC
    :param cutoff: 16.5, ``"16:30"`` or ``time(16, 30)`` in the calendar's time zone; None for no
        cut-off. What comes at 16:30:00 still counts today, one second later it counts from the next
        day. Hours know no cut-off.
    :param shift: a deadline on a day off moves to the first working day after
    :param tz: time zone of days and cut-off when `calendar` is a list of intervals
    :param unit: unit of targets that are plain numbers
    :param due: see `Spec`

    Counting days: the day of reception is day 0, and with working days the first working day from
    then on is. Three working days from a Monday are over at the end of Thursday. Hours of work that
    end with a shift are over at its end.
    """

    def __init__(
        self,
        calendar: WorkingTime | Iterable[tuple[datetime, datetime]],
        cutoff: float | time | str | None = DEFAULT_CUTOFF,
        shift: bool = True,
        tz: str = "UTC",
        unit: str = WORKING_DAYS,
        due: str = DAY_END,
    ):
        """Prepare the cut-off instants of all days."""
        if unit not in UNITS or due not in DUES:
            raise ValueError(f"unknown unit {unit} or due {due}")
        self.time = calendar if isinstance(calendar, WorkingTime) else WorkingTime(calendar, tz)
        self.shift, self.unit, self.due = shift, unit, due
        at = cutoff_time(cutoff)
        self._cutoffs = None if at is None else self.time.instants_of(at)

    @classmethod
    def of(cls, calendar: WorkingTime, spec: Spec) -> "SlaClock":
        """Return the clock of a promise."""
        return cls(calendar, spec.cutoff, spec.shift, unit=spec.unit, due=spec.due)

    def deadline(
        self, start: datetime, target: float | timedelta, unit: str | None = None
    ) -> datetime:
        """Return the last instant that keeps the promise.

        :param start: aware, or naive UTC; the result is of the same kind (and zone)
        :param target: number in `unit` (the clock's own without it); a timedelta is working time
        :raises OutOfHorizon: when the calendar does not reach far enough
        :raises ValueError: for a negative target or a part of a day
        """
        if start.tzinfo is None:
            return self._deadline(start, target, unit or self.unit)
        result = self._deadline(as_utc(start), target, unit or self.unit)
        return result.replace(tzinfo=UTC).astimezone(start.tzinfo)

    def _deadline(self, start, target, unit):
        # one million of these in seconds: no call that is not needed
        if isinstance(target, timedelta):
            unit = WORKING_HOURS if unit in DAY_UNITS else unit
            if target < _NOTHING:
                raise ValueError("a target cannot be negative")
        elif unit == WORKING_DAYS or unit == CALENDAR_DAYS:
            days = int(target)
            if days != target or days < 0:
                check_target(target, unit)
            return self._in_days(start, days, unit == WORKING_DAYS)
        else:
            check_target(target, unit)
            target = timedelta(seconds=round(float(target) * 3600))
        if unit == WORKING_HOURS:
            return self.time.after(start, target)
        if unit != ELAPSED_HOURS:
            raise ValueError(f"unknown unit {unit}")
        return self._shifted(start + target) if self.shift else start + target

    def day_number(self, instant: datetime) -> int:
        """Return the day on which an instant counts: the next one after the cut-off."""
        day = self.time.day_of(instant)
        if self._cutoffs is not None and instant > self._cutoffs[day]:
            return day + 1
        return day

    def position(self, instant: datetime, unit: str) -> int | timedelta:
        """Return how far the counting of `unit` is at an instant; differences are what passed
        between.
        """
        instant = as_utc(instant)
        if unit == WORKING_DAYS:
            return self.time.rank[self.day_number(instant)]
        if unit == CALENDAR_DAYS:
            return self.day_number(instant)
        if unit == WORKING_HOURS:
            return self.time.worked(instant)
        return instant - datetime(1970, 1, 1)

    def _in_days(self, start, target, working):
        calendar = self.time
        begin = self.day_number(start)
        if working:
            begin = calendar.working_day_from(begin)
            day = calendar.working_day(calendar.rank[begin] + target)
        else:
            day = begin + target
        if self.due == SAME_TIME:
            return self._same_time(start, begin, day, working)
        if self.shift and not working:
            day = calendar.working_day_from(day)
        self._check_day(day)
        if self.due == DAY_END:
            return calendar.day_ends[day]
        while True:
            closing = calendar.closings[day]
            end = calendar.day_ends[day] if closing is None else closing
            if end >= start:
                return end
            # "the same day" after closing, before the cut-off: the next closing
            day = calendar.working_day_from(day + 1)

    def _check_day(self, day):
        if day >= self.time.day_count:
            # lets the caller prepare more years
            self.time.working_day(len(self.time.working_days))

    def _same_time(self, start, begin, day, working):
        """Return the time of day of the beginning on `day`.

        Counting begins at `start`; on a working day not before it opens; when it begins on a later
        day than `start`, then with that day.
        """
        calendar = self.time
        first = calendar.openings[begin] if working else calendar.day_starts[begin]
        moment = max(start, first)
        self._check_day(day)
        starts, ends = calendar.day_starts, calendar.day_ends
        if ends[begin] - starts[begin] == _LAST_SECOND == ends[day] - starts[day]:
            instant = starts[day] + (moment - starts[begin])
        else:
            # the clocks change on one of the two days
            local = datetime.combine(calendar.date_of(day), calendar.local(moment).time())
            instant = local_to_utc(local, calendar.zone)
        return self._shifted(instant) if self.shift else instant

    def _shifted(self, instant):
        """Move an instant that lies before the work of its day or on a day off to the next
        opening.
        """
        calendar = self.time
        day = calendar.day_of(instant)
        opening = calendar.openings[day]
        if opening is not None:
            return max(instant, opening)
        return calendar.openings[calendar.working_day_from(day)]


def warning_instant(
    calendar: WorkingTime, spec: Spec, start: datetime, deadline: datetime, percent: float
) -> datetime:
    """Return when `percent` of the time from start to deadline has passed.

    Elapsed hours pass by night too; everything else passes while people work. Without any work
    between the two, all time counts.
    """
    share = percent / 100
    if spec.unit != ELAPSED_HOURS:
        work = calendar.between(start, deadline)
        if work > _NOTHING:
            return min(calendar.after(start, _seconds(work * share)), deadline)
    return min(start + _seconds((deadline - start) * share), deadline)


def _seconds(span):
    """Return a span without fractions of seconds."""
    return timedelta(seconds=span // timedelta(seconds=1))
