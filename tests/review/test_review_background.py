from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewBackground(ReviewCase):
    """Large reviews are computed and applied in the background, with a progress bar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("customer_governance.background_threshold", "2")

    def test_small_reviews_run_at_once(self):
        self.env["ir.config_parameter"].set_param("customer_governance.background_threshold", "4")
        review = self._review(compute=False)
        review.action_compute_start()
        self.assertEqual((review.state, review.job_state), ("computed", "idle"))

    def test_large_reviews_wait_for_the_job(self):
        review = self._review(compute=False)
        review.with_user(self.user_committee).action_compute_start()
        self.assertEqual((review.state, review.job_state), ("draft", "queued"))
        with self.assertRaises(UserError):
            review.action_compute()
        self.env["customer.review"]._cron_background()
        self.assertEqual((review.state, review.job_state), ("computed", "idle"))
        self.assertEqual(review.job_progress, 100)
        self.assertEqual(len(review.line_ids), 4)
        self.assertFalse(review.needs_recompute)

    def test_synchronous_call_stays_synchronous(self):
        review = self._review(compute=False)
        review.action_compute()
        self.assertEqual(review.state, "computed")

    def test_submit_after_entries(self):
        review = self._review()
        self._score(review, self.customer, "Alignment").choice_id = self.scorecard.indicator_ids[
            1
        ].choice_ids[0]
        review.with_user(self.user_committee).action_submit_start()
        self.assertEqual(review.job_state, "queued")
        self.env["customer.review"]._cron_background()
        self.assertEqual((review.state, review.job_state), ("in_review", "idle"))
        self.assertEqual(review.submitted_by_id, self.user_committee)

    def test_apply(self):
        review = self._review()
        review.with_user(self.user_committee).action_submit()
        review.with_user(self.leader).action_approve()
        review.with_user(self.leader).action_apply_start()
        self.assertEqual((review.state, review.job_state), ("approved", "queued"))
        self.env["customer.review"]._cron_background()
        self.assertEqual(review.state, "applied")
        self.assertEqual(review.applied_by_id, self.leader)
        self.assertEqual(self.customer.customer_tier_id, self.strategic)

    def test_half_computed_review_cannot_be_submitted_as_it_is(self):
        """A job that was killed leaves the mark that makes the next step compute everything."""
        review = self._review()
        steps = review._job_compute()
        next(steps)
        steps.close()
        self.assertTrue(review.needs_recompute)
        review.action_submit()
        self.assertFalse(review.needs_recompute)
        self.assertEqual(self._line(review, self.customer).score, 85.71)

    def test_rights_are_checked_before_queueing(self):
        review = self._review(compute=False)
        for user in (self.user_sales, self.user_auditor):
            with self.assertRaises(AccessError):
                review.with_user(user).action_compute_start()
        self.assertEqual(review.job_state, "idle")
