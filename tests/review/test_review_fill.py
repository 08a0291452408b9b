"""What account managers enter: found by review, counted, and missed when it is not there."""

from datetime import date

from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewFill(ReviewCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.review"].search([("state", "=", "computed")]).action_cancel()
        cls.review = cls._review()
        alignment = cls.review.line_ids.score_ids.filtered("is_manual")
        cls.own = alignment.filtered(lambda score: score.salesperson_id == cls.user_sales)
        cls.others = alignment - cls.own

    def _fill(self, scores):
        for score in scores:
            score.choice_id = score.indicator_id.choice_ids[0]

    def test_values_that_are_missing_are_counted(self):
        total = len(self.own) + len(self.others)
        self._fill(self.own)
        self.assertIn(f"{len(self.others)} of {total}", self.review.manual_missing_text)
        self._fill(self.others)
        self.review.invalidate_recordset(["manual_missing_text"])
        self.assertFalse(self.review.manual_missing_text)

    def test_one_review_opens_at_once(self):
        action = self.env["customer.review"].with_user(self.user_sales).action_fill_reviews()
        self.assertEqual(action["res_model"], "customer.review.score")
        found = self.env["customer.review.score"].search(action["domain"])
        self.assertEqual(found.review_id, self.review)

    def test_two_periods_are_not_mixed(self):
        other = self._review(date_from=date(2025, 10, 1), date_to=date(2025, 12, 31))
        action = self.env["customer.review"].with_user(self.user_sales).action_fill_reviews()
        self.assertEqual(action["res_model"], "customer.review")
        self.assertEqual(self.env["customer.review"].search(action["domain"]), self.review | other)

    def test_nothing_to_fill(self):
        self._fill(self.own | self.others)
        action = self.env["customer.review"].with_user(self.user_sales).action_fill_reviews()
        self.assertEqual(action["res_model"], "customer.review.score")

    def test_who_did_not_fill_has_not_done_it(self):
        """Submitted all the same: done for who filled, dropped and named for who did not."""
        self._fill(self.own)
        kind = self.env.ref("customer_governance.mail_activity_review_fill")
        asked = self.review.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        self.assertEqual(asked.user_id, self.user_sales | self.other_sales)
        self.review.with_user(self.user_committee).action_submit()
        posted = " ".join(self.review.message_ids.mapped("body"))
        self.assertIn("Submitted with missing entries", posted)
        self.assertIn(self.other_sales.name, posted)
        left = asked.exists()
        self.assertEqual(left.user_id, self.user_sales, "kept as done")
        self.assertFalse(left.active)

    def test_the_score_says_what_it_is_made_of(self):
        """Indicators without data are left out: 60 of 70 points are 85.71 of 100."""
        line = self._line(self.review, self.customer)
        self.assertEqual(line.rated_text, "60 of 70 rated points")
        self.assertEqual(line.score, 85.71)
        self.assertIn("60 of 70 rated points", line.verdict)

    def test_values_carry_their_unit(self):
        Measure = self.env["customer.measure"]
        currency = self.company.currency_id
        for code, value, text in (
            ("days_late", 92, "92 days"),
            ("cooperation_months", 18, "18 months"),
            ("satisfaction", 4.5, "4.50 out of 5"),
            ("fulfilment", 0.95, "95.00 %"),
            ("arrears_count", 2, "2"),
        ):
            measure = Measure._measure(code)
            self.assertEqual(Measure._value_text(measure, value, currency), text)

    def test_an_appeal_is_decided_in_one_dialog(self):
        line = self._line(self.review, self.small)
        appeal = (
            self.env["customer.review.appeal"]
            .with_user(self.user_sales)
            .create(
                {"line_id": line.id, "wanted_tier_id": self.key.id, "reason": "They sign in May"}
            )
        )
        action = appeal.with_user(self.leader).action_answer()
        self.assertEqual((action["res_id"], action["target"]), (appeal.id, "new"))
        self.assertFalse(appeal.with_user(self.user_sales).can_answer)
