from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...engine import periods
from ...engine.periods import FiscalYear, Period

APRIL = FiscalYear(3, 31)
DAYS = st.dates(date(1999, 1, 1), date(2101, 1, 1))
FISCAL = st.builds(FiscalYear, st.integers(1, 12), st.integers(1, 31))
KINDS = st.sampled_from(["quarter", "half", "year"])


def span(start, end):
    """Period from two ISO dates."""
    return Period(date.fromisoformat(start), date.fromisoformat(end))


@tagged("-at_install", "post_install")
class TestPeriods(BaseCase):
    """Quarters, half-years and years of any fiscal year."""

    def test_calendar_year(self):
        """The plain case, on first and last days."""
        for day, kind, start, end in (
            ("2026-01-01", "quarter", "2026-01-01", "2026-03-31"),
            ("2026-03-31", "quarter", "2026-01-01", "2026-03-31"),
            ("2026-04-01", "quarter", "2026-04-01", "2026-06-30"),
            ("2026-12-31", "half", "2026-07-01", "2026-12-31"),
            ("2026-12-31", "year", "2026-01-01", "2026-12-31"),
            ("2024-02-29", "quarter", "2024-01-01", "2024-03-31"),
        ):
            self.assertEqual(periods.period_of(date.fromisoformat(day), kind), span(start, end))

    def test_year_from_april(self):
        """The last quarter of the fiscal year is January to March."""
        quarter = periods.period_of(date(2026, 2, 1), "quarter", APRIL)
        self.assertEqual(quarter, span("2026-01-01", "2026-03-31"))
        self.assertEqual(periods.name(quarter, "quarter", APRIL), ("quarter", 2026, 4))
        half = periods.period_of(date(2026, 2, 1), "half", APRIL)
        self.assertEqual(half, span("2025-10-01", "2026-03-31"))
        year = periods.period_of(date(2026, 4, 1), "year", APRIL)
        self.assertEqual(year, span("2026-04-01", "2027-03-31"))
        self.assertEqual(periods.name(year, "year", APRIL), ("year", 2027, 1))

    def test_year_that_ends_in_february(self):
        """28 as well as 29 means the end of February, in leap years too."""
        for last_day in (28, 29):
            fiscal = FiscalYear(2, last_day)
            self.assertEqual(
                periods.period_of(date(2024, 2, 29), "quarter", fiscal),
                span("2023-12-01", "2024-02-29"),
            )
            self.assertEqual(
                periods.period_of(date(2025, 2, 28), "year", fiscal),
                span("2024-03-01", "2025-02-28"),
            )

    def test_year_in_the_middle_of_a_month(self):
        """The British tax year: quarters begin on the 6th."""
        fiscal = FiscalYear(4, 5)
        self.assertEqual(
            periods.period_of(date(2026, 4, 5), "quarter", fiscal),
            span("2026-01-06", "2026-04-05"),
        )
        self.assertEqual(
            periods.period_of(date(2026, 4, 6), "quarter", fiscal),
            span("2026-04-06", "2026-07-05"),
        )

    def test_previous_and_last_year(self):
        """Also across leap days and for periods of any length."""
        self.assertEqual(
            periods.previous(span("2024-04-01", "2024-06-30")), span("2024-01-01", "2024-03-31")
        )
        self.assertEqual(
            periods.previous(span("2024-03-01", "2024-03-31")), span("2024-02-01", "2024-02-29")
        )
        self.assertEqual(
            periods.previous(span("2024-03-01", "2024-03-10")), span("2024-02-20", "2024-02-29")
        )
        self.assertEqual(
            periods.last_year(span("2024-12-01", "2025-02-28")), span("2023-12-01", "2024-02-29")
        )
        self.assertEqual(
            periods.last_year(span("2023-12-01", "2024-02-29")), span("2022-12-01", "2023-02-28")
        )

    def test_last_ended(self):
        """A period is over on the day after its last one, not on it."""
        self.assertEqual(
            periods.last_ended(date(2026, 3, 31), "quarter"), span("2025-10-01", "2025-12-31")
        )
        self.assertEqual(
            periods.last_ended(date(2026, 4, 1), "quarter"), span("2026-01-01", "2026-03-31")
        )

    def test_missed(self):
        """After a pause all periods since come, the oldest first; without a start only the last."""
        today = date(2026, 11, 21)
        quarters = periods.missed(date(2025, 12, 31), today, "quarter")
        self.assertEqual(
            quarters,
            [
                span("2026-01-01", "2026-03-31"),
                span("2026-04-01", "2026-06-30"),
                span("2026-07-01", "2026-09-30"),
            ],
        )
        self.assertEqual(periods.missed(None, today, "quarter"), quarters[-1:])
        self.assertEqual(periods.missed(date(2026, 9, 30), today, "quarter"), [])
        self.assertEqual(periods.missed(date(2026, 9, 29), today, "quarter"), quarters[-1:])
        self.assertEqual(periods.missed(date(2030, 1, 1), today, "quarter"), [])

    def test_full_months(self):
        """The last day of a month completes a month that began on a day it lacks."""
        for first, last, months in (
            ("2026-01-01", "2026-01-31", 0),
            ("2026-01-31", "2026-02-28", 1),
            ("2026-01-31", "2026-03-30", 1),
            ("2024-02-29", "2025-02-28", 12),
            ("2025-03-31", "2026-09-30", 18),
            ("2025-04-01", "2026-09-30", 17),
            ("2026-09-30", "2026-09-30", 0),
            ("2026-10-01", "2026-09-30", 0),
        ):
            first, last = date.fromisoformat(first), date.fromisoformat(last)
            self.assertEqual(periods.full_months(first, last), months, (first, last))

    def test_check(self):
        """A reversed or missing period is refused, one day is a period."""
        day = date(2026, 1, 1)
        self.assertEqual(periods.check_period(day, day), ())
        reversed_ = periods.check_period(day, day - timedelta(days=1))
        self.assertEqual(reversed_[0].code, "period_reversed")
        self.assertEqual(periods.check_period(day, None)[0].code, "period_missing")

    @given(DAYS, KINDS, FISCAL)
    @settings(max_examples=150, deadline=None)
    def test_periods_tile_the_calendar(self, day, kind, fiscal):
        """Each day is in one period, and the next one begins on the day after its end."""
        period = periods.period_of(day, kind, fiscal)
        self.assertTrue(period.date_from <= day <= period.date_to)
        following = periods.period_of(period.date_to + periods.ONE_DAY, kind, fiscal)
        self.assertEqual(following.date_from, period.date_to + timedelta(days=1))
        for edge in (period.date_from, period.date_to):
            self.assertEqual(periods.period_of(edge, kind, fiscal), period)
        whole = periods.period_of(day, "year", fiscal)
        self.assertTrue(whole.date_from <= period.date_from <= period.date_to <= whole.date_to)
        self.assertIn(whole.days, (365, 366))
        number = periods.name(period, kind, fiscal)[2]
        self.assertTrue(1 <= number <= 12 // periods.MONTHS[kind])

    @given(DAYS, st.integers(0, 900), KINDS, FISCAL)
    @settings(max_examples=80, deadline=None)
    def test_missed_has_no_gap(self, after, days, kind, fiscal):
        """The missed periods touch each other, end before today and after the last review."""
        today = after + timedelta(days=days)
        found = periods.missed(after, today, kind, fiscal)
        for period in found:
            self.assertTrue(after < period.date_to < today)
        for before, period in zip(found, found[1:], strict=False):
            self.assertEqual(before.date_to + timedelta(days=1), period.date_from)

    @given(DAYS, KINDS)
    @settings(max_examples=80, deadline=None)
    def test_previous_equals_calendar(self, day, kind):
        """Shifting by months gives the same as asking for the period of the day before."""
        for fiscal in (periods.CALENDAR_YEAR, APRIL, FiscalYear(2, 28), FiscalYear(6, 30)):
            period = periods.period_of(day, kind, fiscal)
            before = periods.period_of(period.date_from - timedelta(days=1), kind, fiscal)
            self.assertEqual(periods.previous(period), before)
            year = periods.last_year(period)
            self.assertEqual(
                year, periods.period_of(year.date_from + timedelta(days=20), kind, fiscal)
            )
