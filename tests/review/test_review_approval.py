from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.common.customer_approval_mixin import ApprovalMissing
from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewApproval(ReviewCase):
    """Quarters need the leader, years the leader and then the head."""

    def test_quarter_needs_the_leader(self):
        review = self._review()
        review.with_user(self.user_committee).action_submit()
        self.assertEqual(review.state, "in_review")
        with self.assertRaises(ApprovalMissing):
            review.with_user(self.user_committee).action_approve()
        review.with_user(self.leader).action_approve()
        self.assertEqual(review.state, "approved")
        self.assertTrue(review.approved_on)

    def test_without_a_leader_any_head_approves(self):
        review = self._review(leader_id=False)
        review.with_user(self.user_committee).action_submit()
        review.with_user(self.user_manager).action_approve()
        self.assertEqual(review.state, "approved")

    def test_year_needs_leader_and_head(self):
        scorecard = self._scorecard(name="Year", period="year")
        review = self._review(scorecard, date_from=date(2025, 1, 1), date_to=date(2025, 12, 31))
        review.action_compute()
        review.with_user(self.user_committee).action_submit()
        with self.assertRaises(ApprovalMissing):
            review.with_user(self.user_manager).action_approve()
        review.with_user(self.leader).action_approve()
        self.assertEqual(review.state, "in_review")
        with self.assertRaises(ApprovalMissing):
            review.with_user(self.leader).action_approve()
        review.with_user(self.user_manager).action_approve()
        self.assertEqual(review.state, "approved")

    def test_a_head_who_leads_gives_both_levels(self):
        """One after the other: each level is an approval of its own."""
        scorecard = self._scorecard(name="Year", period="year")
        review = self._review(
            scorecard, date_from=date(2026, 1, 1), date_to=date(2026, 12, 31), leader_id=False
        )
        review.with_user(self.user_manager).action_submit()
        self.assertEqual(len(review.review_ids), 2)
        for _level in review.review_ids:
            if review.state == "in_review":
                review.with_user(self.user_manager).action_approve()
        self.assertEqual(review.state, "approved")
        self.assertEqual(review.review_ids.done_by, self.user_manager)

    def test_approvers_are_told(self):
        review = self._review()
        review.with_user(self.user_committee).action_submit()
        self.assertIn(self.leader.partner_id, review.message_partner_ids)
        self.assertEqual(review.review_ids.reviewer_ids, self.leader)

    def test_sending_back_voids_approvals(self):
        scorecard = self._scorecard(name="Year", period="year")
        review = self._review(scorecard, date_from=date(2026, 1, 1), date_to=date(2026, 12, 31))
        review.with_user(self.user_committee).action_submit()
        review.with_user(self.leader).action_approve()
        review.with_user(self.leader).action_send_back()
        self.assertEqual((review.state, len(review.review_ids)), ("computed", 0))
        review.with_user(self.user_committee).action_submit()
        self.assertNotIn("approved", review.review_ids.mapped("status"))

    def test_approved_review_back_to_the_committee(self):
        review = self._review()
        review.with_user(self.user_committee).action_submit()
        review.with_user(self.leader).action_approve()
        review.with_user(self.leader).action_revise()
        self.assertEqual(review.state, "in_review")
        self.assertEqual(review.review_ids.mapped("status"), ["pending"])
        review.with_user(self.leader).action_approve()
        self.assertEqual(review.state, "approved")

    def test_roles(self):
        review = self._review(compute=False)
        for user in (self.user_sales, self.user_auditor, self.user_credit, self.plain_user):
            for action in ("action_compute", "action_submit", "action_approve", "action_apply"):
                with self.subTest(user=user.login, action=action), self.assertRaises(AccessError):
                    getattr(review.with_user(user), action)()

    def test_order_of_the_states(self):
        review = self._review(compute=False)
        for action in ("action_submit", "action_approve", "action_apply"):
            with self.subTest(action=action), self.assertRaises(UserError):
                getattr(review, action)()
        review.action_compute()
        with self.assertRaises(UserError):
            review.action_apply()

    def test_state_cannot_be_written(self):
        review = self._review()
        for user in (self.user_manager, self.user_committee):
            with self.assertRaises(UserError):
                review.with_user(user).write({"state": "approved"})

    def test_the_system_approves(self):
        """Server code runs as the database's own user, which no definition can name."""
        review = self._review()
        review.action_submit()
        review.action_approve()
        self.assertEqual(review.state, "approved")
