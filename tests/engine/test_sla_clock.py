import doctest
import time as timer
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...engine import sla_clock
from ...engine.sla_clock import SlaClock, Spec, warning_instant
from ...engine.working_time import OutOfHorizon, WorkingTime, local_to_utc
from .sla_slow import SlowClock

OFFICE = ((8.0, 12.0), (13.0, 17.0))
FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)


def calendar(tz="UTC", holidays=(), makeup=(), shifts=OFFICE, first=FIRST, last=LAST):
    """Return (working time, function date -> shifts) of a Monday-to-Friday week."""
    holidays, makeup = set(holidays), set(makeup)

    def of_day(day):
        works = day in makeup or (day.weekday() < 5 and day not in holidays)
        return shifts if works else ()

    zone = ZoneInfo(tz)
    intervals = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for begin, end in of_day(day):
            midnight = datetime.combine(day, time())
            intervals.append(
                tuple(local_to_utc(midnight + timedelta(hours=hour), zone) for hour in (begin, end))
            )
    return WorkingTime(intervals, zone, first, last), of_day


def at(text):
    """Read an instant."""
    return datetime.fromisoformat(text)


@tagged("post_install", "-at_install")
class TestSlaClock(BaseCase):
    """Worked by hand. Friday 2026-10-23; Monday 2026-10-26 is a public holiday here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        working, _shifts = calendar(holidays=[date(2026, 10, 26)], makeup=[date(2026, 10, 31)])
        cls.working = working
        cls.clock = SlaClock(working)

    def assertDeadlines(self, rows, **options):
        """Each row: start, target, unit, deadline."""
        clock = SlaClock(self.working, **options)
        for start, target, unit, wanted in rows:
            with self.subTest(start=start, target=target, unit=unit):
                self.assertEqual(str(clock.deadline(at(start), target, unit)), wanted)

    def test_doctest(self):
        self.assertEqual(doctest.testmod(sla_clock).failed, 0)

    def test_cutoff_on_a_friday_before_a_public_holiday(self):
        self.assertDeadlines(
            [
                ("2026-10-23 16:29", 0, "working_days", "2026-10-23 23:59:59"),
                ("2026-10-23 16:30", 0, "working_days", "2026-10-23 23:59:59"),
                ("2026-10-23 16:30:01", 0, "working_days", "2026-10-27 23:59:59"),
                ("2026-10-23 16:31", 0, "working_days", "2026-10-27 23:59:59"),
                ("2026-10-23 16:29", 1, "working_days", "2026-10-27 23:59:59"),
                ("2026-10-23 16:31", 1, "working_days", "2026-10-28 23:59:59"),
                ("2026-10-23 16:29", 3, "working_days", "2026-10-29 23:59:59"),
                ("2026-10-23 16:31", 3, "working_days", "2026-10-30 23:59:59"),
                # calendar days: day 0 is Friday or Saturday, a deadline on Sat..Mon moves to
                # Tuesday
                ("2026-10-23 16:29", 0, "calendar_days", "2026-10-23 23:59:59"),
                ("2026-10-23 16:31", 0, "calendar_days", "2026-10-27 23:59:59"),
                ("2026-10-23 16:29", 2, "calendar_days", "2026-10-27 23:59:59"),
                ("2026-10-23 16:31", 4, "calendar_days", "2026-10-28 23:59:59"),
                # hours know no cut-off: 31 minutes of Friday, the rest on Tuesday
                ("2026-10-23 16:29", 1, "working_hours", "2026-10-27 08:29:00"),
                ("2026-10-23 16:31", 1, "working_hours", "2026-10-27 08:31:00"),
            ]
        )

    def test_without_cutoff_and_without_shift(self):
        self.assertDeadlines(
            [
                ("2026-10-23 23:50", 0, "calendar_days", "2026-10-23 23:59:59"),
                ("2026-10-23 23:50", 1, "calendar_days", "2026-10-24 23:59:59"),
                ("2026-10-23 10:00", 24, "elapsed_hours", "2026-10-24 10:00:00"),
            ],
            cutoff=None,
            shift=False,
        )

    def test_makeup_saturday_is_a_working_day(self):
        self.assertDeadlines(
            [
                ("2026-10-30 10:00", 1, "working_days", "2026-10-31 23:59:59"),
                ("2026-10-30 16:31", 0, "working_days", "2026-10-31 23:59:59"),
                ("2026-10-31 10:00", 0, "working_days", "2026-10-31 23:59:59"),
                ("2026-10-31 16:31", 0, "working_days", "2026-11-02 23:59:59"),
                ("2026-10-30 10:00", 1, "calendar_days", "2026-10-31 23:59:59"),
                ("2026-10-30 16:00", 2, "working_hours", "2026-10-31 09:00:00"),
            ]
        )

    def test_received_on_a_day_off(self):
        self.assertDeadlines(
            [
                ("2026-10-24 10:00", 0, "working_days", "2026-10-27 23:59:59"),
                ("2026-10-24 10:00", 2, "working_days", "2026-10-29 23:59:59"),
                ("2026-10-25 20:00", 1, "working_hours", "2026-10-27 09:00:00"),
                ("2026-10-25 20:00", 0, "working_hours", "2026-10-27 08:00:00"),
            ]
        )

    def test_working_hours_over_lunch_and_at_the_end_of_a_shift(self):
        self.assertDeadlines(
            [
                ("2026-10-27 11:30", 1, "working_hours", "2026-10-27 13:30:00"),
                ("2026-10-27 11:30", 0.5, "working_hours", "2026-10-27 12:00:00"),
                ("2026-10-27 08:00", 8, "working_hours", "2026-10-27 17:00:00"),
                ("2026-10-27 08:00", 8.5, "working_hours", "2026-10-28 08:30:00"),
                ("2026-10-27 12:30", 0, "working_hours", "2026-10-27 13:00:00"),
                ("2026-10-27 10:00", 0, "working_hours", "2026-10-27 10:00:00"),
            ]
        )

    def test_elapsed_hours_move_to_the_next_opening(self):
        self.assertDeadlines(
            [
                ("2026-10-23 15:00", 24, "elapsed_hours", "2026-10-27 08:00:00"),
                ("2026-10-27 15:00", 24, "elapsed_hours", "2026-10-28 15:00:00"),
                ("2026-10-27 03:00", 24, "elapsed_hours", "2026-10-28 08:00:00"),
                ("2026-10-27 20:00", 2, "elapsed_hours", "2026-10-27 22:00:00"),
            ]
        )

    def test_month_end_and_leap_day(self):
        self.assertDeadlines(
            [
                ("2026-11-30 16:29", 1, "working_days", "2026-12-01 23:59:59"),
                ("2026-12-31 16:31", 0, "working_days", "2027-01-01 23:59:59"),
                ("2028-02-28 10:00", 1, "working_days", "2028-02-29 23:59:59"),
                ("2028-02-28 16:31", 1, "calendar_days", "2028-03-01 23:59:59"),
                ("2028-02-29 10:00", 2, "calendar_days", "2028-03-02 23:59:59"),
                ("2027-02-26 16:31", 0, "calendar_days", "2027-03-01 23:59:59"),
            ]
        )

    def test_due_at_closing_and_at_the_same_time(self):
        self.assertDeadlines(
            [
                ("2026-10-27 10:00", 1, "working_days", "2026-10-28 17:00:00"),
                # after closing, before a late cut-off: the same day is over
                ("2026-10-27 17:30", 0, "working_days", "2026-10-28 17:00:00"),
            ],
            due="closing",
            cutoff=18,
        )
        self.assertDeadlines(
            [
                ("2026-10-27 10:17:05", 2, "working_days", "2026-10-29 10:17:05"),
                ("2026-10-23 16:31", 1, "working_days", "2026-10-28 08:00:00"),
                ("2026-10-24 11:00", 2, "working_days", "2026-10-29 08:00:00"),
                ("2026-10-27 06:00", 1, "working_days", "2026-10-28 08:00:00"),
                ("2026-10-22 10:00", 2, "calendar_days", "2026-10-27 08:00:00"),
            ],
            due="same_time",
        )

    def test_companies_in_other_zones(self):
        # 16:29 and 16:31 in Shanghai are 08:29 and 08:31 UTC; the day ends at 16:00 UTC
        shanghai = SlaClock(calendar("Asia/Shanghai")[0])
        self.assertEqual(str(shanghai.deadline(at("2026-10-23 08:29"), 0)), "2026-10-23 15:59:59")
        self.assertEqual(str(shanghai.deadline(at("2026-10-23 08:31"), 0)), "2026-10-26 15:59:59")
        # the same instant is Thursday evening in New York: day 0 is Friday
        new_york = SlaClock(calendar("America/New_York")[0])
        self.assertEqual(str(new_york.deadline(at("2026-10-23 01:00"), 0)), "2026-10-24 03:59:59")

    def test_daylight_saving_nights(self):
        # New York: 2026-03-08 02:00 -> 03:00, 2026-11-01 02:00 -> 01:00
        working, _shifts = calendar("America/New_York")
        clock = SlaClock(working, shift=False)
        local = ZoneInfo("America/New_York")
        rows = [
            # 24 hours are 24 hours
            ("2026-03-07 12:00", 24, "elapsed_hours", "2026-03-08 13:00:00-04:00"),
            ("2026-10-31 12:00", 24, "elapsed_hours", "2026-11-01 11:00:00-05:00"),
            # days end at midnight
            ("2026-03-07 12:00", 1, "calendar_days", "2026-03-08 23:59:59-04:00"),
            ("2026-10-31 12:00", 1, "calendar_days", "2026-11-01 23:59:59-05:00"),
            # Friday 16:00 + 2 working hours is Monday 09:00 on either side of the change
            ("2026-03-06 16:00", 2, "working_hours", "2026-03-09 09:00:00-04:00"),
            ("2026-10-30 16:00", 2, "working_hours", "2026-11-02 09:00:00-05:00"),
        ]
        for start, target, unit, wanted in rows:
            with self.subTest(start=start, unit=unit):
                start = at(start).replace(tzinfo=local)
                self.assertEqual(str(clock.deadline(start, target, unit)), wanted)
        same = SlaClock(working, shift=False, due="same_time")
        start = at("2026-03-07 02:30").replace(tzinfo=local)
        # 02:30 does not exist on the 8th: the instant of the change
        self.assertEqual(str(same.deadline(start, 1, "calendar_days")), "2026-03-08 03:00:00-04:00")
        start = at("2026-10-31 01:30").replace(tzinfo=local)
        self.assertEqual(str(same.deadline(start, 1, "calendar_days")), "2026-11-01 01:30:00-04:00")

    def test_night_shift_belongs_to_the_day_it_begins(self):
        friday = datetime(2026, 10, 23, 22)
        working = WorkingTime([(friday, friday + timedelta(hours=8))])
        clock = SlaClock(working, cutoff=None)
        self.assertEqual(str(clock.deadline(friday, 8, "working_hours")), "2026-10-24 06:00:00")
        self.assertFalse(working.is_working_day(working.day_of(datetime(2026, 10, 24, 3))))

    def test_plain_intervals_and_kinds_of_arguments(self):
        local = ZoneInfo("Asia/Shanghai")
        days = [datetime(2026, 11, d, tzinfo=local) for d in (23, 24, 25, 26, 27, 30)]
        week = [(d + timedelta(hours=9), d + timedelta(hours=18)) for d in reversed(days)]
        for cutoff in (16.5, "16:30", time(16, 30)):
            clock = SlaClock(week, cutoff, True, tz="Asia/Shanghai")
            start = datetime(2026, 11, 27, 16, 31, tzinfo=local)
            self.assertEqual(str(clock.deadline(start, 0)), "2026-11-30 23:59:59+08:00")
        self.assertEqual(
            str(clock.deadline(start, timedelta(hours=2))), "2026-11-30 09:31:00+08:00"
        )

    def test_refuses_what_it_cannot_count(self):
        start = at("2026-10-27 10:00")
        for target, unit in ((-1, "working_days"), (0.5, "calendar_days"), (-0.1, "working_hours")):
            with self.subTest(target=target, unit=unit), self.assertRaises(ValueError):
                self.clock.deadline(start, target, unit)
            with self.subTest(spec=target), self.assertRaises(ValueError):
                Spec(target, unit)
        for call in (
            lambda: self.clock.deadline(at("2025-12-31 23:59"), 1),
            lambda: self.clock.deadline(at("2029-01-01 00:00"), 1),
            lambda: self.clock.deadline(at("2028-12-29 10:00"), 1),
            lambda: self.clock.deadline(at("2028-12-29 10:00"), 9, "working_hours"),
            lambda: self.clock.deadline(at("2028-12-29 10:00"), 3, "calendar_days"),
        ):
            with self.assertRaises(OutOfHorizon):
                call()

    def test_warning_counts_work(self):
        # Friday 16:00 .. Tuesday 10:00 are 3 working hours; after two thirds it is Tuesday 09:00
        start, deadline = at("2026-10-23 16:00"), at("2026-10-27 10:00")
        warned = warning_instant(self.working, Spec(3, "working_hours"), start, deadline, 200 / 3)
        self.assertEqual(str(warned), "2026-10-27 09:00:00")
        warned = warning_instant(
            self.working, Spec(24, "elapsed_hours"), start, at("2026-10-24 16:00"), 75
        )
        self.assertEqual(str(warned), "2026-10-24 10:00:00")
        # nobody works in between: all time counts
        warned = warning_instant(
            self.working,
            Spec(0, "calendar_days"),
            at("2026-10-24 10:00"),
            at("2026-10-24 20:00"),
            50,
        )
        self.assertEqual(str(warned), "2026-10-24 15:00:00")

    def test_a_million_deadlines_in_ten_seconds(self):
        # a twentieth of them here; benchmarks/complaints.py does all
        starts = [at("2026-03-01 00:00") + timedelta(minutes=17 * n) for n in range(12500)]
        began = timer.process_time()
        for unit, target in (
            ("working_days", 3),
            ("calendar_days", 2),
            ("working_hours", 9),
            ("elapsed_hours", 24),
        ):
            for start in starts:
                self.clock.deadline(start, target, unit)
        self.assertLess(timer.process_time() - began, 0.5 * 3)  # 3: shared machines


STARTS = st.integers(0, 300 * 24 * 60).map(
    lambda minutes: datetime(2026, 2, 1) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(
    ["UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Pacific/Auckland"]
)
TARGETS = st.sampled_from(
    [
        *(("working_days", n) for n in (0, 1, 3, 7)),
        *(("calendar_days", n) for n in (0, 1, 2, 5)),
        *(("working_hours", n) for n in (0.5, 4, 8, 20)),
        *(("elapsed_hours", n) for n in (0, 4, 24, 60)),
    ]
)
DAYS_OFF = st.sets(
    st.integers(0, 330).map(lambda n: date(2026, 2, 1) + timedelta(days=n)), max_size=25
)
_CALENDARS = {}


def cached(tz, holidays, makeup):
    """Calendars are slow to make, hypothesis asks for the same ones again."""
    key = tz, frozenset(holidays), frozenset(makeup)
    if key not in _CALENDARS:
        _CALENDARS[key] = calendar(tz, holidays, makeup, last=date(2027, 3, 31))
    return _CALENDARS[key]


@tagged("post_install", "-at_install")
class TestSlaClockProperties(BaseCase):
    @settings(max_examples=60, deadline=None)
    @given(STARTS, TARGETS, ZONES, DAYS_OFF, DAYS_OFF, st.booleans())
    def test_equals_the_walk_minute_by_minute(self, start, target, tz, holidays, makeup, shift):
        unit, amount = target
        working, shifts = cached(tz, holidays, makeup)
        fast = SlaClock(working, shift=shift).deadline(start, amount, unit)
        slow = SlowClock(shifts, tz, shift=shift).deadline(start, amount, unit)
        self.assertEqual(fast, slow)

    @settings(max_examples=150, deadline=None)
    @given(
        STARTS,
        st.integers(1, 5 * 24 * 60),
        TARGETS,
        ZONES,
        DAYS_OFF,
        st.sampled_from(["day_end", "closing", "same_time"]),
        st.booleans(),
    )
    def test_who_comes_later_is_not_due_earlier(
        self, start, later, target, tz, holidays, due, shift
    ):
        unit, amount = target
        clock = SlaClock(cached(tz, holidays, ())[0], due=due, shift=shift)
        first = clock.deadline(start, amount, unit)
        self.assertGreaterEqual(
            clock.deadline(start + timedelta(minutes=later), amount, unit), first
        )
        self.assertGreaterEqual(first, start)
