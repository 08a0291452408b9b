from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewBadInput(ReviewCase):
    """Wrong input ends with a clear message, and nothing half-written."""

    def test_period_reversed(self):
        with self.assertRaises(ValidationError) as caught:
            self._review(compute=False, date_from=date(2026, 3, 31), date_to=date(2026, 1, 1))
        self.assertIn("before it begins", str(caught.exception))

    def test_one_day_is_a_period(self):
        review = self._review(date_from=date(2026, 2, 10), date_to=date(2026, 2, 10))
        self.assertEqual(self._line(review, self.customer).share, 100.0)

    def test_scorecard_without_bands(self):
        scorecard = self._scorecard(publish=False)
        scorecard.band_ids.unlink()
        review = self._review(scorecard, compute=False)
        with self.assertRaises(UserError) as caught:
            review.action_compute()
        self.assertIn("no band", str(caught.exception))
        self.assertEqual((review.state, len(review.line_ids)), ("draft", 0))

    def test_scorecard_without_points(self):
        scorecard = self._scorecard(publish=False)
        scorecard.indicator_ids[0].max_points = 0
        with self.assertRaises(UserError) as caught:
            self._review(scorecard)
        self.assertIn("maximum points", str(caught.exception))

    def test_draft_scorecard_is_computed_but_not_submitted(self):
        review = self._review(self._scorecard(publish=False))
        self.assertEqual(review.state, "computed")
        with self.assertRaises(UserError) as caught:
            review.action_submit()
        self.assertIn("publish it first", str(caught.exception))

    def test_nobody_to_score(self):
        scorecard = self._scorecard(name="Nobody", population="[('id', '=', 0)]")
        review = self._review(scorecard)
        self.assertEqual((review.state, review.line_count), ("computed", 0))
        with self.assertRaises(UserError) as caught:
            review.action_submit()
        self.assertIn("no customer", str(caught.exception))

    def test_one_customer_only(self):
        scorecard = self._scorecard(name="One", population=str([("id", "=", self.small.id)]))
        review = self._review(scorecard)
        line = self._line(review, self.small)
        # Its share is of the company's sales, not of the population's.
        self.assertEqual((line.rank, line.share), (1, 10.0))

    def test_only_credit_notes(self):
        customer = self._new_customer("Returns Ltd")
        customer.property_account_receivable_id = self.receivable
        self._invoice(customer, 50, date(2026, 2, 2), refund=True)
        scorecard = self._scorecard(
            name="Returns", population=str([("id", "in", (customer + self.small).ids)])
        )
        review = self._review(scorecard)
        line = self._line(review, customer)
        self.assertEqual((line.sales, line.rank > 1), (-50.0, True))
        self.assertLess(line.share, 0)
        self.assertNotEqual(line.proposed_tier_id, self.strategic)

    def test_nothing_sold(self):
        """Without sales nobody has a share, and nobody is among the first."""
        review = self._review(date_from=date(2020, 1, 1), date_to=date(2020, 3, 31))
        self.assertEqual(set(review.line_ids.mapped("share")), {0.0})
        self.assertFalse(review.line_ids.proposed_tier_id)

    def test_review_with_figures_cannot_be_deleted(self):
        review = self._review()
        with self.assertRaises(UserError):
            review.unlink()
        review.action_cancel()
        review.unlink()

    def test_customer_archived_before_computing_again(self):
        """A line that nobody touched goes; one with a decision stays for the record."""
        review = self._review()
        self._line(review, self.customer).write(
            {"decided_tier_id": self.key.id, "reason": "Contract"}
        )
        (self.small + self.customer).active = False
        review.action_compute()
        partners = review.line_ids.with_context(active_test=False).partner_id
        self.assertEqual(partners, self.customer + self.foreign_customer + self.idle)

    def test_single_review_needs_its_customer(self):
        with self.assertRaises(ValidationError):
            self._review(compute=False, kind="single")
        with self.assertRaises(ValidationError):
            self._review(compute=False, partner_id=self.customer.id)

    def test_lines_cannot_be_added_through_the_review(self):
        review = self._review()
        with self.assertRaises(UserError):
            review.with_user(self.user_manager).write(
                {
                    "line_ids": [
                        Command.create(
                            {"partner_id": self.plain_user.partner_id.id, "company_id": 1}
                        )
                    ]
                }
            )

    def test_duplicate_is_shown(self):
        review = self._review()
        self.assertEqual(self._review(compute=False).duplicate_id, review)
