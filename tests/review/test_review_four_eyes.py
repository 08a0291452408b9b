"""Several persons decide a review, where the company wants that."""

from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewFourEyes(ReviewCase):
    def test_off_one_person_may_do_all(self):
        self.assertFalse(self.company.customer_review_four_eyes, "a new company decides that")
        review = self._review().with_user(self.leader)
        review.action_submit()
        review.action_approve()
        review.action_apply()
        self.assertEqual(review.state, "applied")

    def test_who_submits_does_not_approve(self):
        self.company.customer_review_four_eyes = True
        review = self._review()
        review.with_user(self.leader).action_submit()
        self.assertTrue(review.with_user(self.leader).other_eyes, "no button")
        self.assertFalse(review.with_user(self.user_manager).other_eyes)
        with self.assertRaisesRegex(TransitionRefused, "another user must approve"):
            review.with_user(self.leader).action_approve()

    def test_who_approves_does_not_apply(self):
        self.company.customer_review_four_eyes = True
        review = self._review()
        review.with_user(self.user_committee).action_submit()
        review.with_user(self.leader).action_approve()
        self.assertEqual(review.approved_by_id, self.leader)
        with self.assertRaisesRegex(TransitionRefused, "another user must apply"):
            review.with_user(self.leader).action_apply()
        self.assertTrue(review.with_user(self.leader).other_eyes)
        review.with_user(self.user_committee).action_apply()
        self.assertEqual(review.state, "applied")
