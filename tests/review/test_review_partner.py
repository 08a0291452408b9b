from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewPartner(ReviewCase):
    """The customer shows the last result, the trend and the way to the sheet."""

    def test_last_result(self):
        review = self._review()
        customer = self.customer.with_user(self.user_sales)
        self.assertEqual(customer.customer_review_line_id, self._line(review, self.customer))
        self.assertEqual(
            (customer.customer_review_score, customer.customer_review_rank), (85.71, 1)
        )
        self.assertIn("Harbour Glass becomes Strategic", str(customer.customer_review_verdict))
        action = customer.action_why_this_tier()
        self.assertEqual(action["res_id"], self._line(review, self.customer).id)

    def test_contacts_show_their_company(self):
        contact = self.env["res.partner"].create({"name": "Li", "parent_id": self.customer.id})
        self._review()
        self.assertEqual(contact.customer_review_score, 85.71)

    def test_trend_is_a_picture(self):
        self._invoice(self.customer, 100, date(2025, 12, 31))
        self._apply(self._review(date_from=date(2025, 10, 1), date_to=date(2025, 12, 31)))
        self._apply(self._review())
        picture = str(self.customer.customer_review_trend)
        self.assertIn("<svg", picture)
        self.assertIn("2025 Q4", picture)
        self.assertIn("2026 Q1", picture)
        self.assertEqual(picture.count("<circle"), 2)

    def test_without_a_review(self):
        self.assertFalse(self.customer.customer_review_line_id)
        self.assertFalse(self.customer.customer_review_trend)
        with self.assertRaises(UserError):
            self.customer.action_why_this_tier()

    def test_portfolio_from_to(self):
        self.customer._set_customer_tier(self.key, "before", "manual")
        self._apply(self._review())
        self.env.flush_all()
        flow = self.env["customer.review.flow"].with_user(self.user_manager)
        groups = flow._read_group(
            [("review_id.scorecard_id", "=", self.scorecard.id)],
            ["date_to:quarter", "from_tier_id", "to_tier_id"],
            ["customers:sum"],
        )
        found = {(before.code, after.code): count for _q, before, after, count in groups}
        self.assertEqual(
            found, {("key", "strategic"): 1, (False, "standard"): 2, (False, False): 1}
        )

    def test_only_applied_reviews_are_in_the_portfolio(self):
        self._review()
        self.env.flush_all()
        self.assertFalse(
            self.env["customer.review.flow"].search([("scorecard_id", "=", self.scorecard.id)])
        )
