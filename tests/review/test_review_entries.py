from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewEntries(ReviewCase):
    """Account managers fill manual indicators of their own customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.review = cls._review()
        cls.high, cls.low = cls.scorecard.indicator_ids[1].choice_ids

    def test_entry_gives_points_at_once(self):
        score = self._score(self.review, self.customer, "Alignment")
        self.assertFalse(score.has_data)
        score.with_user(self.user_sales).write({"choice_id": self.low.id, "note": "by phone"})
        self.assertEqual((score.points, score.has_data, score.source), (10.0, True, "manual"))
        self.assertEqual(score.entered_by_id, self.user_sales)
        line = self._line(self.review, self.customer)
        # (60 + 10 + 0) of 100
        self.assertEqual((line.score, line.coverage), (70.0, 100.0))
        self.assertEqual(line.manual_missing, 0)
        self.assertTrue(self.review.needs_recompute)

    def test_entries_survive_another_computation(self):
        score = self._score(self.review, self.small, "Alignment")
        score.with_user(self.user_sales).write({"choice_id": self.high.id, "note": "board"})
        self._invoice(self.small, 5000, self.review.date_to)
        self.review.action_compute()
        self.assertEqual((score.choice_id, score.points, score.note), (self.high, 30.0, "board"))
        self.assertEqual(self._score(self.review, self.small, "Volume").rank, 1)
        self.assertFalse(self.review.needs_recompute)

    def test_progress(self):
        self.assertEqual((self.review.manual_count, self.review.manual_progress), (4, 0.0))
        self._score(self.review, self.customer, "Alignment").choice_id = self.high
        self.review.invalidate_recordset()
        self.assertEqual(self.review.manual_progress, 25.0)
        self.assertEqual(self.review.missing_count, 3)

    def test_clearing_is_no_data_again(self):
        score = self._score(self.review, self.customer, "Alignment")
        score.choice_id = self.high
        score.with_user(self.user_sales).action_clear()
        self.assertFalse(score.has_data or score.choice_id or score.entered_by_id)
        self.assertEqual(self._line(self.review, self.customer).coverage, 70.0)
        self.assertEqual(self._line(self.review, self.customer).manual_missing, 1)

    def test_only_own_customers(self):
        score = self._score(self.review, self.foreign_customer, "Alignment")
        with self.assertRaises(AccessError):
            score.with_user(self.user_sales).write({"choice_id": self.high.id})
        visible = (
            self.env["customer.review.line"]
            .with_user(self.user_sales)
            .search([("review_id", "=", self.review.id)])
        )
        self.assertEqual(visible.partner_id, self.customer + self.small)

    def test_points_are_never_entered(self):
        score = self._score(self.review, self.customer, "Alignment").with_user(self.user_sales)
        for vals in ({"points": 30}, {"has_data": True}, {"source": "automatic"}, {"rank": 1}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                score.write(vals)

    def test_measured_indicators_are_not_entered(self):
        score = self._score(self.review, self.customer, "Volume").with_user(self.user_sales)
        with self.assertRaises(UserError):
            score.write({"value": 1000000})

    def test_an_option_of_another_indicator(self):
        other = self._scorecard(name="Other").indicator_ids[1].choice_ids[0]
        with self.assertRaises(ValidationError):
            self._score(self.review, self.customer, "Alignment").choice_id = other

    def test_closed_after_submitting(self):
        score = self._score(self.review, self.customer, "Alignment")
        score.choice_id = self.low
        self.review.action_submit()
        with self.assertRaises(UserError):
            score.with_user(self.user_sales).write({"choice_id": self.high.id})
        with self.assertRaises(UserError):
            score.with_user(self.user_sales).action_clear()

    def test_submitting_computes_what_was_entered(self):
        """Ranks and proposals follow the entries before the committee sees them."""
        # 20 + 10 + 5 of 10: the entry lifts Northern Foods above 60 points.
        self._score(self.review, self.foreign_customer, "Alignment").choice_id = self.high
        self.review.action_submit()
        line = self._line(self.review, self.foreign_customer)
        self.assertEqual((line.score, line.proposed_tier_id), (70.0, self.key))
        self.assertFalse(self.review.needs_recompute)

    def test_account_managers_are_asked_once(self):
        activities = self.review.activity_ids.filtered(
            lambda a: (
                a.activity_type_id == self.env.ref("customer_governance.mail_activity_review_fill")
            )
        )
        self.assertEqual(activities.user_id, self.user_sales + self.other_sales)
        self.review.action_compute()
        self.assertEqual(
            len(self.review.activity_ids.filtered(lambda a: a in activities)), len(activities)
        )
        self.assertEqual(len(self.review.activity_ids), len(activities) + 1)
        self.review.action_submit()
        self.assertFalse(activities.exists().filtered("active"))

    def test_lines_and_scores_come_from_the_computation(self):
        for model in ("customer.review.line", "customer.review.score"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.user_manager).create({})
