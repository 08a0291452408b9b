from odoo.tests import HttpCase, tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install", "cg_tour")
class TestReviewTours(ReviewCase, HttpCase):
    """Account manager, committee member and leader in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.user_sales, cls.user_committee, cls.leader):
            user.password = user.login
        cls.review = cls._review()
        cls.url = f"/odoo/action-customer_governance.customer_review_action/{cls.review.id}"

    def test_account_manager_fills_and_appeals(self):
        self.start_tour(self.url, "cg_review_account_manager", login="cg_sales")
        score = self._score(self.review, self.customer, "Alignment")
        self.assertEqual((score.points, score.entered_by_id), (30.0, self.user_sales))
        appeal = self._line(self.review, self.small).appeal_ids
        self.assertEqual((appeal.wanted_tier_id, appeal.state), (self.key, "open"))

    def test_committee_decides(self):
        self.start_tour(self.url, "cg_review_committee", login="cg_committee")
        line = self._line(self.review, self.small)
        self.assertEqual((line.decided_tier_id, line.reason), (self.key, "New plant in May"))
        self.assertEqual(self.review.state, "in_review")

    def test_leader_approves_and_applies(self):
        self.review.action_submit()
        self.start_tour(self.url, "cg_review_leader", login="cg_leader")
        self.assertEqual(self.review.state, "applied")
        # other sales of the database count in the shares, so the tier is the one of the review
        line = self._line(self.review, self.customer)
        self.assertTrue(line.decided_tier_id)
        self.assertEqual(self.customer.customer_tier_id, line.decided_tier_id)
