from datetime import date

from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewHysteresis(ReviewCase):
    """A downgrade is proposed after k periods in a row below the band."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient = cls._scorecard(name="Patient", downgrade_periods=2)
        cls.small._set_customer_tier(cls.strategic, "large once", "manual")
        # In the second quarter of 2026 everybody buys a little.
        for customer in cls.customers:
            cls._invoice(customer, 10, date(2026, 5, 5))

    def _quarter(self, number, apply=True):
        dates = {
            1: (date(2026, 1, 1), date(2026, 3, 31)),
            2: (date(2026, 4, 1), date(2026, 6, 30)),
            3: (date(2026, 7, 1), date(2026, 9, 30)),
        }[number]
        review = self._review(self.patient, date_from=dates[0], date_to=dates[1])
        line = self._line(review, self.small)
        if apply:
            self._apply(review)
        return line

    def test_waits_then_falls(self):
        first = self._quarter(1)
        self.assertEqual(
            (first.computed_tier_id, first.proposed_tier_id), (self.standard, self.strategic)
        )
        self.assertEqual(first.below_periods, 1)
        self.assertIn("1 of 2 consecutive periods", first.reason_text)
        second = self._quarter(2)
        self.assertEqual(second.below_periods, 2)
        self.assertEqual(second.proposed_tier_id, second.computed_tier_id)
        self.assertEqual(second.movement, "down")

    def test_a_good_period_starts_again(self):
        self._quarter(1)
        self._invoice(self.small, 5000, date(2026, 6, 1))
        self.assertEqual(self._quarter(2).below_periods, 0)
        third = self._quarter(3)
        self.assertEqual((third.below_periods, third.proposed_tier_id), (1, self.strategic))

    def test_a_gap_does_not_count(self):
        """A period without a review is no period below."""
        self._quarter(1)
        third = self._quarter(3)
        self.assertEqual((third.below_periods, third.proposed_tier_id), (1, self.strategic))

    def test_upgrades_do_not_wait(self):
        line = self._quarter(1, apply=False)
        review = line.review_id
        self.customer._set_customer_tier(self.standard, "before", "manual")
        review.action_compute()
        self.assertEqual(self._line(review, self.customer).proposed_tier_id, self.strategic)

    def test_default_is_at_once(self):
        line = self._line(self._review(), self.small)
        self.assertEqual((line.proposed_tier_id, line.movement), (self.standard, "down"))
