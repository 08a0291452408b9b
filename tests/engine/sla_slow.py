"""The rules of deadlines written down a second time: a walk minute by minute and day by day,
without tables.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class SlowClock:
    """Deadlines by walking; instants are naive UTC on whole minutes.

    :param shifts: function date -> [(hour from, hour to), ...] of whole or half hours
    """

    def __init__(self, shifts, tz, cutoff=time(16, 30), shift=True):
        self.shifts, self.zone, self.cutoff, self.shift = shifts, ZoneInfo(tz), cutoff, shift

    def local(self, instant):
        """Return the naive local time."""
        return instant.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)

    def works(self, instant):
        """Tell whether somebody works in the minute that begins at the instant."""
        local = self.local(instant)
        hour = local.hour + local.minute / 60
        return any(begin <= hour < end for begin, end in self.shifts(local.date()))

    def counts_on(self, instant):
        """Return the day on which an instant counts."""
        local = self.local(instant)
        return local.date() + DAY * (local.time() > self.cutoff)

    def end_of(self, day):
        """Return the last second of a day."""
        at = datetime.combine(day + DAY, time()).replace(tzinfo=self.zone)
        return at.astimezone(UTC).replace(tzinfo=None) - timedelta(seconds=1)

    def deadline(self, start, target, unit):
        """Return the deadline by the unit's own rule."""
        return getattr(self, unit)(start, target)

    def working_hours(self, start, target):
        """Count the minutes somebody works."""
        left, at = round(target * 60), start
        while not self.works(at):
            at += MINUTE
        while left:
            left -= self.works(at)
            at += MINUTE
        return at

    def elapsed_hours(self, start, target):
        """Count all minutes; on a day off, or before it opens, the first minute of work."""
        at = start + timedelta(hours=target)
        local = self.local(at)
        if not self.shift:
            return at
        if self.shifts(local.date()):
            opening = min(begin for begin, _end in self.shifts(local.date()))
            if local.hour + local.minute / 60 >= opening:
                return at
        while not self.works(at):
            at += MINUTE
        return at

    def working_days(self, start, target):
        """Count days with shifts."""
        day = self.counts_on(start)
        while not self.shifts(day):
            day += DAY
        for _n in range(target):
            day += DAY
            while not self.shifts(day):
                day += DAY
        return self.end_of(day)

    def calendar_days(self, start, target):
        """Count all days, then move to a day with shifts."""
        day = self.counts_on(start) + target * DAY
        while self.shift and not self.shifts(day):
            day += DAY
        return self.end_of(day)
