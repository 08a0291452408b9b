"""Working time of one calendar over one horizon, prepared once so that each question is a bisect.

All instants inside are naive UTC datetimes, as Odoo stores them; days are days of the calendar's
time zone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)
ZERO = timedelta()
# Days before the first and after the last interval that a calendar given as plain intervals still
# knows (as days off).
MARGIN = timedelta(days=31)


class OutOfHorizon(ValueError):
    """The question needs days that the calendar was not prepared for: prepare it for more years."""


def as_utc(instant: datetime) -> datetime:
    """Return an instant as naive UTC; a naive one is UTC already."""
    if instant.tzinfo is None:
        return instant
    return instant.astimezone(UTC).replace(tzinfo=None)


def local_to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the naive UTC instant of a naive local time.

    A time that occurs twice (clocks go back) is the first one. A time that does not occur (clocks
    go forward) is the instant of the change, so that a later local time never is an earlier
    instant.
    """
    instant = as_utc(local.replace(tzinfo=zone))
    if instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) == local:
        return instant
    # in the gap: fold=1 counts with the offset after the change and so lies before the change
    low, high = as_utc(local.replace(tzinfo=zone, fold=1)), instant
    offset = low.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.replace(tzinfo=UTC).astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high


class WorkingTime:
    """Sorted working intervals with the working time before each of them.

    :param intervals: pairs (start, end) of datetimes, in any order, aware or naive UTC; overlapping
        ones are joined, touching ones are not. A day is a working day when an interval begins on
        it: a night shift that ends in the morning of Saturday makes no working Saturday.
    :param tz: name of the time zone (or `ZoneInfo`) whose days count
    :param first_day: first day of the horizon; without it 31 days before the first interval
    :param last_day: last day of the horizon; without it 31 days after the last interval
    :param provisional_from: first day whose working time is not official yet, None when all is
    """

    def __init__(
        self,
        intervals: Iterable[tuple[datetime, datetime]],
        tz: str | ZoneInfo = "UTC",
        first_day: date | None = None,
        last_day: date | None = None,
        provisional_from: date | None = None,
    ):
        """Sort and join the intervals and prepare the days of the horizon."""
        self.zone = tz if isinstance(tz, ZoneInfo) else ZoneInfo(tz)
        self.starts, self.ends = _joined((as_utc(start), as_utc(end)) for start, end in intervals)
        if not self.starts and (first_day is None or last_day is None):
            raise ValueError("a calendar without intervals needs its first and last day")
        self.first_day = first_day or self.local(self.starts[0]).date() - MARGIN
        self.last_day = last_day or self.local(self.ends[-1]).date() + MARGIN
        self.provisional_from = provisional_from
        self._instants: dict[time, list[datetime]] = {}
        #: working time before interval i; one more entry: the whole
        self.worked_before = [ZERO]
        for start, end in zip(self.starts, self.ends, strict=True):
            self.worked_before.append(self.worked_before[-1] + (end - start))
        self._prepare_days()

    def local(self, instant: datetime) -> datetime:
        """Return the naive local time of a naive UTC instant."""
        return instant.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)

    def _prepare_days(self):
        count = (self.last_day - self.first_day).days + 1
        self.day_count = count
        midnights = self.instants_of(time())
        #: instant of the beginning of day i
        self.day_starts = midnights[:count]
        #: last second of day i
        self.day_ends = [after - timedelta(seconds=1) for after in midnights[1:]]
        #: instant of the first beginning / last end of work of day i, None on a day off
        self.openings: list[datetime | None] = [None] * count
        self.closings: list[datetime | None] = [None] * count
        for start, end in zip(self.starts, self.ends, strict=True):
            day = bisect_right(self.day_starts, start) - 1
            if 0 <= day < count and start <= self.day_ends[day]:
                self.openings[day] = self.openings[day] or start
                self.closings[day] = max(self.closings[day] or end, end)
        #: numbers of the working days
        self.working_days = [day for day in range(count) if self.openings[day]]
        #: how many working days lie before day i = index of the first working day from i on
        self.rank = [0]
        for day in range(count):
            self.rank.append(self.rank[-1] + (self.openings[day] is not None))

    def instants_of(self, clock_time: time) -> list[datetime]:
        """Return the instants of a time of day on each day of the horizon and the day after it."""
        if clock_time not in self._instants:
            self._instants[clock_time] = [
                local_to_utc(datetime.combine(self.first_day + n * DAY, clock_time), self.zone)
                for n in range((self.last_day - self.first_day).days + 2)
            ]
        return self._instants[clock_time]

    def day_of(self, instant: datetime) -> int:
        """Return the number of the day of a naive UTC instant; 0 is the first day of the horizon.

        :raises OutOfHorizon: for an instant before or after it
        """
        day = bisect_right(self.day_starts, instant) - 1
        # day_ends is the last second, its fractions belong to the day
        if day < 0 or instant - self.day_ends[day] >= timedelta(seconds=1):
            raise OutOfHorizon(f"{instant} is not within {self.first_day} .. {self.last_day}")
        return day

    def date_of(self, day: int) -> date:
        """Return the date of day number `day`."""
        return self.first_day + day * DAY

    def is_working_day(self, day: int) -> bool:
        """Tell whether work begins on day number `day`."""
        return self.openings[day] is not None

    def is_working(self, instant: datetime) -> bool:
        """Tell whether work goes on at an instant; the end of an interval does not belong to it."""
        n = bisect_right(self.starts, as_utc(instant)) - 1
        return n >= 0 and as_utc(instant) < self.ends[n]

    def working_day(self, rank: int) -> int:
        """Return the number of the working day of that rank; :raises OutOfHorizon: behind the
        last.
        """
        try:
            return self.working_days[rank]
        except IndexError:
            raise OutOfHorizon(f"no {rank + 1}th working day until {self.last_day}") from None

    def working_day_from(self, day: int) -> int:
        """Return the first working day at or after day number `day`."""
        if not 0 <= day <= self.day_count:
            raise OutOfHorizon(f"day {day} is not within {self.first_day} .. {self.last_day}")
        return self.working_day(self.rank[day])

    def worked(self, instant: datetime) -> timedelta:
        """Return the working time from the beginning of the horizon to a naive UTC instant."""
        n = bisect_right(self.starts, instant) - 1
        if n < 0:
            return ZERO
        return self.worked_before[n] + min(instant, self.ends[n]) - self.starts[n]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants, negative when `end` is the earlier one."""
        return self.worked(as_utc(end)) - self.worked(as_utc(start))

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """Return the first instant by which `amount` of work has passed since naive UTC `start`.

        An amount that ends with an interval is reached at its end, not at the next beginning.
        Nothing is reached at `start`, or with the next work when nobody works at `start`.

        :raises OutOfHorizon: when the calendar has not that much working time
        """
        if start > self.day_ends[-1] or start < self.day_starts[0]:
            raise OutOfHorizon(f"{start} is not within {self.first_day} .. {self.last_day}")
        if not amount:
            n = bisect_right(self.ends, start)
            if n == len(self.starts):
                raise OutOfHorizon(f"no work after {start}")
            return max(start, self.starts[n])
        total = self.worked(start) + amount
        n = bisect_left(self.worked_before, total) - 1
        if n >= len(self.starts):
            raise OutOfHorizon(f"not {amount} of work after {start}")
        return self.starts[n] + (total - self.worked_before[n])


def _joined(intervals):
    """Return sorted lists of starts and ends; overlapping intervals become one, empty ones none."""
    starts: list[datetime] = []
    ends: list[datetime] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if ends and start < ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends
