from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestScorecardPublish(ReviewCase):
    """A scorecard is checked before it is published, and frozen on every route after."""

    def _problem(self, scorecard, text):
        with self.assertRaises(TransitionRefused) as caught:
            scorecard.action_publish()
        self.assertIn(text, str(caught.exception))
        self.assertEqual(scorecard.state, "draft")

    def _with_ranges(self, *rows):
        """Draft whose first indicator has a range table of (low, high, points)."""
        scorecard = self._scorecard(publish=False)
        indicator = scorecard.indicator_ids[0]
        indicator.write(
            {
                "method": "range",
                "range_ids": [
                    Command.create(
                        {
                            "is_lowest": low is None,
                            "value_from": low or 0,
                            "is_highest": high is None,
                            "value_to": high or 0,
                            "points": points,
                        }
                    )
                    for low, high, points in rows
                ],
            }
        )
        return scorecard

    def test_ranges_must_not_overlap(self):
        self._problem(self._with_ranges((None, 10, 0), (9, None, 60)), "from 9 to 10")

    def test_ranges_must_not_leave_gaps(self):
        self._problem(self._with_ranges((None, 10, 0), (11, None, 60)), "no range covers")

    def test_ranges_that_touch_are_fine(self):
        scorecard = self._with_ranges((None, 10, 0), (10, None, 60))
        scorecard.action_publish()
        self.assertEqual(scorecard.state, "published")

    def test_reversed_range(self):
        self._problem(self._with_ranges((10, 0, 60)), "ends before it starts")

    def test_empty_range_table(self):
        self._problem(self._with_ranges(), "the range table is empty")

    def test_points_of_zero(self):
        scorecard = self._scorecard(publish=False)
        scorecard.indicator_ids[0].max_points = 0
        self._problem(scorecard, "maximum points are missing or zero")

    def test_no_indicators(self):
        scorecard = self._scorecard(publish=False)
        scorecard.indicator_ids.unlink()
        self._problem(scorecard, "no indicator")

    def test_no_bands(self):
        scorecard = self._scorecard(publish=False)
        scorecard.band_ids.unlink()
        self._problem(scorecard, "no band")

    def test_choice_without_options(self):
        scorecard = self._scorecard(publish=False)
        scorecard.indicator_ids[1].choice_ids.unlink()
        self._problem(scorecard, "no options")

    def test_option_above_the_maximum(self):
        scorecard = self._scorecard(publish=False)
        scorecard.indicator_ids[1].choice_ids[0].points = 31
        self._problem(scorecard, "exceeds the maximum")

    def test_last_band_must_take_everybody(self):
        scorecard = self._scorecard(publish=False)
        scorecard.band_ids[-1].unlink()
        self._problem(scorecard, "customers that match no band")

    def test_fallback_must_be_last(self):
        scorecard = self._scorecard(publish=False)
        scorecard.band_ids[-1].sequence = 0
        self._problem(scorecard, "move it to the end")

    def test_nature_needs_segments(self):
        scorecard = self._scorecard(publish=False)
        scorecard.indicator_ids[1].measure = "nature"
        self._problem(scorecard, "needs a corresponding segment")

    def test_step_of_a_rank(self):
        scorecard = self._scorecard(publish=False)
        scorecard.indicator_ids[0].step = 0
        self._problem(scorecard, "the step is missing")

    def test_bad_figures_are_refused_at_once(self):
        scorecard = self._scorecard(publish=False)
        for record, vals in (
            (scorecard, {"coverage_threshold": 101}),
            (scorecard, {"downgrade_periods": 0}),
            (scorecard, {"review_delay_days": -1}),
            (scorecard, {"population": "[('no_such_field', '=', 1)]"}),
            (scorecard, {"population": "not a domain"}),
            (scorecard.indicator_ids[0], {"max_points": -1}),
            (scorecard.band_ids[0], {"min_share": 101}),
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                record.write(vals)

    def test_only_the_head_publishes(self):
        scorecard = self._scorecard(publish=False)
        for user in (self.user_committee, self.user_sales, self.user_auditor):
            with self.assertRaises(AccessError):
                scorecard.with_user(user).action_publish()
        scorecard.with_user(self.user_manager).action_publish()
        self.assertEqual(scorecard.state, "published")

    def test_frozen_on_every_route(self):
        """Form commands, direct writes, new parts, moved parts, deletions: also for the system."""
        scorecard, draft = self.scorecard, self._scorecard(publish=False, name="Draft")
        indicator, band = scorecard.indicator_ids[0], scorecard.band_ids[0]
        choice = scorecard.indicator_ids[1].choice_ids[0]
        attempts = [
            lambda: scorecard.write({"coverage_threshold": 10}),
            lambda: scorecard.write({"population": "[]"}),
            lambda: scorecard.write({"indicator_ids": [Command.delete(indicator.id)]}),
            lambda: scorecard.write({"band_ids": [Command.update(band.id, {"min_share": 1})]}),
            lambda: scorecard.write(
                {"veto_ids": [Command.create({"measure": "arrears_count", "threshold": 1})]}
            ),
            lambda: indicator.write({"max_points": 61}),
            lambda: indicator.write({"scorecard_id": draft.id}),
            lambda: draft.indicator_ids[0].write({"scorecard_id": scorecard.id}),
            lambda: band.unlink(),
            lambda: choice.write({"points": 1}),
            lambda: choice.copy(),
            lambda: choice.unlink(),
            lambda: self.env["customer.scorecard.range"].create(
                {"indicator_id": indicator.id, "points": 1}
            ),
            lambda: scorecard.unlink(),
        ]
        for number, attempt in enumerate(attempts):
            with self.subTest(number=number), self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        # Who decides and when may still change.
        scorecard.write({"leader_id": self.leader.id, "review_delay_days": 9})

    def test_state_cannot_be_written(self):
        with self.assertRaises(UserError):
            self.scorecard.with_user(self.user_manager).write({"state": "draft"})
        with self.assertRaises(UserError):
            self.env["customer.scorecard"].create({"name": "Born published", "state": "published"})

    def test_new_version_copies_and_old_reviews_keep_theirs(self):
        review = self._review()
        action = self.scorecard.with_user(self.user_manager).action_new_version()
        draft = self.env["customer.scorecard"].browse(action["res_id"])
        self.assertEqual(
            (draft.state, draft.version, draft.code), ("draft", 2, self.scorecard.code)
        )
        self.assertEqual(draft.previous_version_id, self.scorecard)
        self.assertEqual(draft.indicator_ids.choice_ids.mapped("points"), [30.0, 10.0])
        self.assertEqual(len(draft.band_ids), 3)
        # Asking again opens the same draft instead of a third version.
        self.assertEqual(self.scorecard.action_new_version()["res_id"], draft.id)
        draft.indicator_ids[0].max_points = 70
        draft.action_publish()
        self.assertEqual(self.scorecard.state, "retired")
        self.assertEqual(review.scorecard_id, self.scorecard)
        review.action_compute()
        self.assertEqual(self._score(review, self.customer, "Volume").max_points, 60.0)

    def test_a_duplicate_is_another_scorecard(self):
        copy = self.scorecard.copy()
        self.assertNotEqual(copy.code, self.scorecard.code)
        self.assertEqual((copy.state, copy.version), ("draft", 1))
        copy.action_publish()
        self.assertEqual(self.scorecard.state, "published")

    def test_sentences(self):
        """Rules read as sentences."""
        volume, alignment, stability = self.scorecard.indicator_ids
        self.assertEqual(
            volume.summary, "rank: first place 60, each lower place loses 20; 0 earns no points"
        )
        self.assertEqual(alignment.summary, "choice: High: 30; Low: 10")
        self.assertEqual(
            stability.summary, "deduction: starts at 10 and loses 5 for each occurrence"
        )
        self.assertEqual(
            self.scorecard.band_ids.mapped("summary"),
            [
                "Strategic: at least 50 % of sales",
                "Key: a score of at least 60",
                "Standard: all others",
            ],
        )
