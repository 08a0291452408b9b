from datetime import date, datetime, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ...engine.archive_checklist import Document, Requirement, completeness, status
from ...engine.archive_deadlines import Deadlines, handover_deadlines, working_days_after
from ...engine.working_time import OutOfHorizon, WorkingTime

TODAY = date(2026, 11, 3)


def calendar(off=(), makeup=()):
    """Return October to December 2026: Monday to Friday 9-17, without `off`, with `makeup`."""
    first, last = date(2026, 10, 1), date(2026, 12, 31)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    worked = [d for d in days if (d.weekday() < 5 and d not in off) or d in makeup]
    return WorkingTime(
        [
            (datetime(d.year, d.month, d.day, 9), datetime(d.year, d.month, d.day, 17))
            for d in worked
        ],
        "UTC",
        first,
        last,
    )


@tagged("standard", "at_install")
class TestArchiveDeadlines(BaseCase):
    """Worked out by hand on the calendar of October and November 2026.

    Thursday 1 October is the first day of the national holiday (1 to 7 October); Saturday
    10 October is worked for it.
    """

    HOLIDAY = tuple(date(2026, 10, day) for day in range(1, 8))
    MAKEUP = (date(2026, 10, 10),)

    def test_plain_week(self):
        """Tuesday 3 November, three days: Wednesday, Thursday, Friday 6."""
        self.assertEqual(working_days_after(calendar(), date(2026, 11, 3), 3), date(2026, 11, 6))

    def test_weekend(self):
        """Thursday 5 November: Friday 6, Monday 9, Tuesday 10."""
        self.assertEqual(working_days_after(calendar(), date(2026, 11, 5), 3), date(2026, 11, 10))

    def test_end_on_a_saturday(self):
        """Saturday 7 November: Monday 9, Tuesday 10, Wednesday 11."""
        self.assertEqual(working_days_after(calendar(), date(2026, 11, 7), 3), date(2026, 11, 11))

    def test_public_holiday_and_makeup_saturday(self):
        """Friday 2 October, in the holiday: Thursday 8, Friday 9, Saturday 10 (worked)."""
        worked = calendar(self.HOLIDAY, self.MAKEUP)
        self.assertEqual(working_days_after(worked, date(2026, 10, 2), 3), date(2026, 10, 10))
        without = calendar(self.HOLIDAY)
        self.assertEqual(working_days_after(without, date(2026, 10, 2), 3), date(2026, 10, 12))

    def test_both_deadlines(self):
        """End Friday 9 October: A until Saturday 10, Monday 12, Tuesday 13; B two days more."""
        worked = calendar(self.HOLIDAY, self.MAKEUP)
        self.assertEqual(
            handover_deadlines(worked, date(2026, 10, 9), None, 3, 2),
            Deadlines(date(2026, 10, 13), date(2026, 10, 15)),
        )

    def test_b_counts_from_the_day_a_handed_over(self):
        worked = calendar()
        self.assertEqual(
            handover_deadlines(worked, date(2026, 11, 3), date(2026, 11, 5), 3, 2),
            Deadlines(date(2026, 11, 6), date(2026, 11, 9)),
        )

    def test_without_end_of_the_project(self):
        self.assertEqual(handover_deadlines(calendar(), None, None, 3, 2), Deadlines(None, None))
        self.assertEqual(
            handover_deadlines(calendar(), None, date(2026, 11, 6), 3, 2),
            Deadlines(None, date(2026, 11, 10)),
        )

    def test_no_days_at_all(self):
        self.assertEqual(working_days_after(calendar(), date(2026, 11, 3), 0), date(2026, 11, 3))
        self.assertEqual(working_days_after(calendar(), date(2026, 11, 7), 0), date(2026, 11, 9))

    def test_beyond_the_calendar(self):
        for start in (date(2026, 12, 31), date(2027, 1, 1), date(2026, 9, 30)):
            with self.subTest(start), self.assertRaises(OutOfHorizon):
                working_days_after(calendar(), start, 3)


@tagged("standard", "at_install")
class TestArchiveChecklist(BaseCase):
    STRICT = Requirement(need_original=True, need_signed=True, need_valid_until=True)

    def _status(self, warn=30, requirement=STRICT, **document):
        good = {"is_signed": True, "date_until": TODAY + timedelta(31)}
        return status(requirement, [Document(**{**good, **document})], TODAY, warn)

    def test_one_document(self):
        self.assertEqual(self._status(), "ok")
        self.assertEqual(self._status(is_signed=False), "unsigned")
        self.assertEqual(self._status(is_original=False), "copy")
        self.assertEqual(self._status(date_until=None), "undated")
        self.assertEqual(self._status(has_paper=False), "missing")
        self.assertEqual(self._status(has_paper=False, has_file=True), "ok")

    def test_borders_of_the_last_day(self):
        for days, expected in ((-1, "expired"), (0, "expiring"), (30, "expiring"), (31, "ok")):
            with self.subTest(days):
                self.assertEqual(self._status(date_until=TODAY + timedelta(days)), expected)
        self.assertEqual(self._status(date_until=TODAY, warn=0), "expiring")

    def test_expired_counts_also_where_no_end_is_asked_for(self):
        plain = Requirement()
        self.assertEqual(
            self._status(requirement=plain, date_until=TODAY - timedelta(1)), "expired"
        )

    def test_best_document_counts(self):
        found = [Document(), Document(has_paper=False), Document(is_signed=True)]
        self.assertEqual(status(Requirement(need_signed=True), found, TODAY), "ok")
        self.assertEqual(status(Requirement(need_signed=True), found[:2], TODAY), "unsigned")
        self.assertEqual(status(Requirement(), [], TODAY), "missing")

    def test_completeness(self):
        self.assertIsNone(completeness([]))
        self.assertEqual(completeness(["ok", "missing", "expiring"]), Decimal("66.67"))
        self.assertEqual(completeness(["copy"]), 0)
