from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.review import customer_review_compute as customer_review_figures
from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewCompute(ReviewCase):
    """A review gives every customer of the population a line with figures and a proposal."""

    def test_figures(self):
        review = self._review()
        self.assertEqual(review.state, "computed")
        self.assertEqual(review.line_ids.partner_id, self.customers)
        line = self._line(review, self.customer)
        # 60 of 60 for the first place; 10 less 5 for each of the two months without purchase = 0 of
        # 10.
        self.assertEqual((line.score, line.coverage, line.rank), (85.71, 70.0, 1))
        self.assertEqual((line.sales, line.share, line.cumulative_share), (600.0, 60.0, 60.0))
        self.assertEqual(line.proposed_tier_id, self.strategic)
        self.assertEqual(line.decided_tier_id, self.strategic)
        second = self._line(review, self.foreign_customer)
        self.assertEqual((second.score, second.rank), (57.14, 2))
        self.assertEqual(second.proposed_tier_id, self.standard)
        self.assertEqual(self._score(review, self.foreign_customer, "Volume").rank, 2)

    def test_the_form_shows_the_first_by_rank(self):
        """Large reviews are not read as a whole; what a user may not see is not on the form."""
        review = self._review()
        with patch.object(customer_review_figures, "TOP_LINES", 2):
            self.assertEqual(review.top_line_ids.partner_id, self.customer + self.foreign_customer)
            mine = review.with_user(self.user_sales).top_line_ids
        self.assertEqual(mine.partner_id, self.customer + self.small)

    def test_no_data_is_no_mark(self):
        """A customer that never bought has no figures: no score, no proposal, not zero points."""
        line = self._line(self._review(), self.idle)
        self.assertFalse(line.has_score)
        self.assertFalse(line.proposed_tier_id)
        self.assertEqual((line.coverage, line.movement), (0.0, "none"))

    def test_computing_again_gives_the_same(self):
        review = self._review()
        before = review.line_ids.mapped(lambda line: (line.id, line.score, line.rank, line.share))
        review.action_compute()
        self.assertEqual(
            review.line_ids.mapped(lambda line: (line.id, line.score, line.rank, line.share)),
            before,
        )

    def test_no_recompute_after_submitting(self):
        review = self._review()
        review.action_submit()
        with self.assertRaises(UserError):
            review.action_compute()

    def test_apply_writes_tiers_and_history(self):
        review = self._apply(self._review())
        self.assertEqual(review.state, "applied")
        self.assertEqual(self.customer.customer_tier_id, self.strategic)
        self.assertEqual(self.foreign_customer.customer_tier_id, self.standard)
        self.assertFalse(self.idle.customer_tier_id)
        history = self.customer.customer_tier_history_ids
        self.assertEqual(history.new_tier_id, self.strategic)
        self.assertEqual(history.review_line_id, self._line(review, self.customer))
        self.assertEqual(history.origin, "review")
