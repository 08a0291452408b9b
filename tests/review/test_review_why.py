from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewWhy(ReviewCase):
    """The sheet "why this tier": verdict, points, change, documents, what is missing."""

    def test_verdict_first(self):
        self.foreign_customer._set_customer_tier(self.key, "before", "manual")
        line = self._line(self._review(), self.foreign_customer)
        self.assertEqual(line._headline(), "Northern Foods moves down from Key to Standard.")
        self.assertIn("moves down from Key to Standard", str(line.verdict))
        self.assertIn("Standard: all others", str(line.why_reasons))

    def test_what_is_missing(self):
        """57.14 points where 60 are needed."""
        line = self._line(self._review(), self.foreign_customer)
        why = line._why()
        self.assertEqual(why["next"], "Key")
        self.assertEqual(
            why["missing"], ["Short by 2.86 points: a score of 60 is required, 57.14 was achieved."]
        )
        self.assertIn("2.86", str(line.why_missing))

    def test_missing_share_in_money(self):
        """From 30 % of 1000 to 50 %: 400 more, since the own sales are part of the whole."""
        scorecard = self._scorecard(name="Share")
        line = self._line(self._review(scorecard), self.foreign_customer)
        self.assertAlmostEqual(line._sales_needed(50.0), 400.0, 2)

    def test_best_band_lacks_nothing(self):
        line = self._line(self._review(), self.customer)
        self.assertEqual((line._why()["next"], line._why()["missing"]), ("", []))
        self.assertIn("highest band", str(line.why_missing))

    def test_change_against_the_period_before(self):
        for customer, amount in ((self.customer, 100), (self.foreign_customer, 900)):
            self._invoice(customer, amount, date(2025, 12, 31))
        self._apply(self._review(date_from=date(2025, 10, 1), date_to=date(2025, 12, 31)))
        review = self._review()
        score = self._score(review, self.customer, "Volume")
        self.assertEqual((score.has_previous, score.previous_points), (True, 40.0))
        self.assertEqual(score.points_change, 20.0)
        line = self._line(review, self.customer)
        self.assertEqual(line.previous_line_id.review_id.date_to, date(2025, 12, 31))
        self.assertEqual(line.movement, "up")
        self.assertIn("Share of sales: 10 % in the previous period, 60 % now.", line.reason_text)

    def test_no_period_before(self):
        score = self._score(self._review(), self.customer, "Volume")
        self.assertFalse(score.has_previous)
        self.assertFalse(score.line_id.previous_line_id)

    def test_documents_behind_a_value(self):
        action = (
            self._score(self._review(), self.customer, "Volume")
            .with_user(self.user_manager)
            .action_view_sources()
        )
        self.assertEqual(action["res_model"], "account.move")
        moves = self.env["account.move"].search(action["domain"])
        self.assertEqual(moves.mapped("amount_untaxed"), [600.0])

    def test_entries_have_no_documents(self):
        with self.assertRaises(UserError):
            self._score(self._review(), self.customer, "Alignment").action_view_sources()

    def test_no_data_reads_as_no_data(self):
        score = self._score(self._review(), self.idle, "Volume")
        self.assertEqual(score.value_text, "no data")

    def test_decision_of_the_committee_is_told(self):
        review = self._review()
        line = self._line(review, self.customer)
        line.write({"decided_tier_id": self.key.id, "reason": "Contract ends"})
        self.assertIn("Key instead of Strategic: Contract ends", line.reason_text)

    def test_own_customers_only(self):
        review = self._review()
        self._line(review, self.customer).with_user(self.user_sales).read(
            ["verdict", "why_reasons", "why_missing", "line_total", "previous_line_id"]
        )
        self._line(review, self.customer).score_ids.with_user(self.user_sales).read(
            ["value_text", "points_change", "rule"]
        )
        with self.assertRaises(AccessError):
            self._line(review, self.foreign_customer).with_user(self.user_sales).read(["verdict"])
