from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewWhatIf(ReviewCase):
    """A draft over past periods, beside what was applied; nothing is applied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for customer, amount in ((cls.customer, 100), (cls.foreign_customer, 100)):
            cls._invoice(customer, amount, date(2025, 11, 11))
        cls.applied = cls._review()
        cls.applied.action_submit()
        cls.applied.action_approve()
        cls.applied.action_apply()
        cls.draft = cls.env["customer.scorecard"].browse(
            cls.scorecard.action_new_version()["res_id"]
        )
        # Key from 50 points on instead of 60: Northern Foods (57.14) would move up.
        cls.draft.band_ids[1].min_score = 50

    def _trial(self, **vals):
        return self.env["customer.scorecard.trial"].create(
            {
                "scorecard_id": self.draft.id,
                "date_to": date(2026, 4, 1),
                "period_count": 2,
                **vals,
            }
        )

    def _moves(self, trial, period_end):
        self.env.flush_all()
        moves = self.env["customer.review.move"].search(
            [("trial_id", "=", trial.id), ("date_to", "=", period_end)]
        )
        return {
            move.partner_id: (move.from_tier_id, move.to_tier_id, move.movement)
            for move in moves
            if move.movement in ("up", "down", "new")
        }

    def test_moved_customers_with_reasons(self):
        trial = self._trial()
        trial.action_run()
        self.assertEqual(trial.review_ids.mapped("state"), ["computed"] * 2)
        self.assertEqual(
            self._moves(trial, "2026-03-31"),
            {self.foreign_customer: (self.standard, self.key, "up")},
        )
        move = self.env["customer.review.move"].search(
            [("trial_id", "=", trial.id), ("partner_id", "=", self.foreign_customer.id)],
            order="date_to desc",
            limit=1,
        )
        self.assertEqual(move.base_line_id.review_id, self.applied)
        self.assertEqual((move.base_score, move.score, move.score_change), (57.14, 57.14, 0))
        self.assertIn("a score of at least 50", move.reason_text)
        self.assertEqual(trial.up_count >= 1, True)

    def test_matrix(self):
        trial = self._trial(period_count=1)
        trial.action_run()
        matrix = str(trial.matrix)
        self.assertIn("Strategic", matrix)
        self.assertIn(self.applied.name, matrix)

    def test_nothing_is_applied(self):
        before = [(c.customer_tier_id, len(c.customer_tier_history_ids)) for c in self.customers]
        trial = self._trial()
        trial.action_run()
        after = [(c.customer_tier_id, len(c.customer_tier_history_ids)) for c in self.customers]
        self.assertEqual(before, after)
        self.assertFalse(trial.review_ids.activity_ids)
        with self.assertRaises(UserError) as caught:
            trial.review_ids[0].action_submit()
        self.assertIn("never applied", str(caught.exception))
        self.assertNotIn("what_if", self.customer.customer_review_line_ids.mapped("kind"))

    def test_starts_from_the_tiers_of_that_time(self):
        """The tier before the applied review counts, not the one it gave."""
        trial = self._trial(period_count=1)
        trial.action_run()
        self.assertFalse(self._line(trial.review_ids, self.customer).previous_tier_id)

    def test_again_replaces_the_run(self):
        trial = self._trial(period_count=1)
        trial.action_run()
        first = trial.review_ids
        trial.action_run()
        self.assertFalse(first.exists())
        self.assertEqual(len(trial.review_ids), 1)

    def test_publish_from_the_run(self):
        trial = self._trial(period_count=1)
        trial.action_run()
        trial.with_user(self.user_manager).action_publish()
        self.assertEqual((self.draft.state, self.scorecard.state), ("published", "retired"))

    def test_a_changed_scorecard_is_run_again_first(self):
        trial = self._trial(period_count=1)
        trial.action_run()
        trial.sudo()._write_job(run_on="2020-01-01 00:00:00")
        self.assertTrue(trial.is_stale)
        with self.assertRaises(UserError):
            trial.action_publish()

    def test_parts_of_a_tried_draft_can_be_deleted(self):
        trial = self._trial(period_count=1)
        trial.action_run()
        self.draft.indicator_ids[2].unlink()
        trial.action_run()
        self.assertEqual(len(trial.review_ids.line_ids[0].score_ids), 2)

    def test_bad_scorecard(self):
        self.draft.band_ids.unlink()
        with self.assertRaises(UserError) as caught:
            self._trial().action_run()
        self.assertIn("no band", str(caught.exception))

    def test_roles(self):
        trial = self._trial()
        for user in (self.user_sales, self.user_committee, self.user_auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                trial.with_user(user).action_run()
        trial.with_user(self.user_manager).action_run()

    def test_old_runs_are_dropped(self):
        trial = self._trial(period_count=1)
        trial.action_run()
        trial.sudo()._write_job(run_on="2020-01-01 00:00:00")
        self.env["customer.scorecard.trial"]._gc_trials()
        self.assertFalse(trial.review_ids)
        self.assertTrue(trial.exists())

    def test_number_of_periods(self):
        for count in (0, 41):
            with self.assertRaises(UserError):
                self._trial(period_count=count)

    def test_found_by_name(self):
        """The runs are many: they are found in the database, not by reading each name."""
        trial = self._trial()
        trial.action_run()
        single = self._review(kind="single", partner_id=self.customer.id)
        named = self._review(kind="single", partner_id=self.customer.id, title="After the fair")
        Review, Trial = self.env["customer.review"], self.env["customer.scorecard.trial"]
        for words, found in (
            ("harbour glass", single),
            ("the fair", named),
            ("test scorecard", self.applied | trial.review_ids | single),
            ("2026 Q1", self.applied),
        ):
            names = Review.search([("name", "ilike", words)])
            self.assertEqual(names & found, found, words)
        for review in (self.applied, single, named, trial.review_ids[0]):
            self.assertIn(review, Review.search([("name", "=", review.name)]))
        self.assertNotIn(single, Review.search([("name", "=", self.scorecard.name)]))
        with patch.object(type(Review), "_own_name", autospec=True, return_value="x") as read:
            Review.invalidate_model(["name"])
            Review.search([("name", "ilike", "fair")])
        read_names = Review.union(*(call.args[0] for call in read.call_args_list))
        self.assertFalse(read_names & (trial.review_ids | single))
        self.assertIn(trial, Trial.search([("name", "ilike", "test score")]))
        self.assertNotIn(trial, Trial.search([("name", "not ilike", "test score")]))

    def test_tier_rows_only_on_the_list_of_the_customer(self):
        action = self.customer.with_user(self.user_manager).action_view_reviews()
        found = self.env["customer.review.line"].search(action["domain"])
        self.assertEqual(set(found.review_id.mapped("usage")), {"tier"})
        self.assertIn(("review_id.usage", "=", "tier"), action["domain"])
