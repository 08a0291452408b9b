from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewPeriods(ReviewCase):
    """Quarters, half-years and years, also of a fiscal year that does not start in January."""

    def _new(self, period):
        scorecard = self._scorecard(name=period, period=period)
        review = self.env["customer.review"].create({"scorecard_id": scorecard.id})
        return review

    def _dates(self, review):
        return review.date_from, review.date_to

    @freeze_time("2026-11-21")
    def test_last_period_that_is_over(self):
        self.assertEqual(self._dates(self._new("quarter")), (date(2026, 7, 1), date(2026, 9, 30)))
        self.assertEqual(self._dates(self._new("half")), (date(2026, 1, 1), date(2026, 6, 30)))
        self.assertEqual(self._dates(self._new("year")), (date(2025, 1, 1), date(2025, 12, 31)))

    @freeze_time("2026-11-21")
    def test_fiscal_year_from_april(self):
        self.company.write({"fiscalyear_last_month": "3", "fiscalyear_last_day": 31})
        quarter, half, year = (self._new(period) for period in ("quarter", "half", "year"))
        self.assertEqual(self._dates(quarter), (date(2026, 7, 1), date(2026, 9, 30)))
        self.assertIn("2027 Q2", quarter.name)
        self.assertEqual(self._dates(half), (date(2026, 4, 1), date(2026, 9, 30)))
        self.assertIn("2027 H1", half.name)
        self.assertEqual(self._dates(year), (date(2025, 4, 1), date(2026, 3, 31)))
        self.assertIn("2026", year.name)

    def test_leap_day(self):
        self.company.write({"fiscalyear_last_month": "2", "fiscalyear_last_day": 28})
        with freeze_time("2024-03-01"):
            self.assertEqual(
                self._dates(self._new("quarter")), (date(2023, 12, 1), date(2024, 2, 29))
            )

    @freeze_time("2026-10-01 02:00:00")
    def test_today_is_the_company_day(self):
        """At 02:00 UTC on 1 October it is still September in New York."""
        self.company.customer_tz = "America/New_York"
        self.assertEqual(self._dates(self._new("quarter"))[1], date(2026, 6, 30))
        self.company.customer_tz = "Asia/Shanghai"
        self.assertEqual(self._dates(self._new("quarter"))[1], date(2026, 9, 30))

    def test_borders_of_the_period(self):
        """First and last day belong to it, their neighbours do not."""
        self._invoice(self.idle, 7, date(2025, 12, 31))
        self._invoice(self.idle, 70, date(2026, 1, 1))
        self._invoice(self.idle, 700, date(2026, 3, 31))
        self._invoice(self.idle, 7000, date(2026, 4, 1))
        self.assertEqual(self._line(self._review(), self.idle).sales, 770.0)

    def test_free_dates(self):
        review = self._review(date_from=date(2026, 1, 15), date_to=date(2026, 2, 14))
        self.assertEqual(self._line(review, self.customer).sales, 600.0)
        self.assertIn("2026-01-15", review.name)

    def test_half_year_and_year(self):
        self._invoice(self.customer, 1, date(2026, 6, 30))
        half = self._review(
            self._scorecard(name="Half", period="half"),
            date_from=date(2026, 1, 1),
            date_to=date(2026, 6, 30),
        )
        self.assertEqual(self._line(half, self.customer).sales, 601.0)
        self.assertIn("2026 H1", half.name)
