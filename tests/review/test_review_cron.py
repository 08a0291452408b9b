from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .review_case import ReviewCase

CRON_LOG = "odoo.addons.customer_governance.models.review.customer_review_compute"


@tagged("post_install", "-at_install")
class TestReviewCron(ReviewCase):
    """Reviews open after their period, missed ones too, each once; late ones are reminded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.scorecard"].search([]).auto_open = False
        with freeze_time("2026-01-10"):
            cls.auto = cls._scorecard(
                name="Auto", auto_open=True, leader_id=cls.user_manager.id, review_delay_days=5
            )

    def _run(self):
        self.env["customer.review"]._cron_open_due_reviews()
        self.env.flush_all()
        return self.env["customer.review"].search(
            [("scorecard_id.code", "=", self.auto.code), ("company_id", "=", self.company.id)],
            order="date_from",
        )

    def _periods(self, reviews):
        return [(review.date_from, review.date_to) for review in reviews]

    @freeze_time("2026-04-05")
    def test_opens_and_computes_after_the_delay(self):
        reviews = self._run()
        self.assertEqual(
            self._periods(reviews),
            [(date(2025, 10, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 3, 31))],
        )
        self.assertEqual(set(reviews.mapped("state")), {"computed"})
        self.assertEqual(reviews[1].deadline, date(2026, 4, 25))
        lead = reviews[1].activity_ids.filtered(lambda a: a.user_id == self.user_manager)
        self.assertEqual(len(lead), 1)

    @freeze_time("2026-04-04")
    def test_not_before_the_delay_is_over(self):
        self.assertEqual(self._periods(self._run())[-1][1], date(2025, 12, 31))

    @freeze_time("2026-04-05")
    def test_twice_is_once(self):
        first = self._run()
        lines = self.env["customer.review.line"].search_count([])
        activities = len(first.activity_ids)
        self.assertEqual(self._run(), first)
        self.assertEqual(self.env["customer.review.line"].search_count([]), lines)
        self.assertEqual(len(first.activity_ids), activities)

    def test_catches_up_after_downtime(self):
        with freeze_time("2026-01-10"):
            self.assertEqual(len(self._run()), 1)
        with freeze_time("2026-10-20"):
            reviews = self._run()
        self.assertEqual(
            [review.date_to for review in reviews],
            [date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)],
        )

    @freeze_time("2026-04-05")
    def test_a_new_version_does_not_review_a_period_again(self):
        first = self._run()
        draft = self.env["customer.scorecard"].browse(self.auto.action_new_version()["res_id"])
        draft.action_publish()
        self.assertEqual(self._run(), first)

    @freeze_time("2026-04-05")
    def test_cancelled_reviews_are_not_opened_again(self):
        first = self._run()
        first.action_cancel()
        self.assertEqual(self._run(), first)

    @freeze_time("2026-04-05")
    def test_switched_off(self):
        self.auto.auto_open = False
        self.assertFalse(self._run())

    @freeze_time("2026-04-05")
    def test_nobody_to_score_opens_nothing(self):
        empty = self._scorecard(name="Empty", auto_open=True, population="[('id', '=', 0)]")
        self._run()
        self.assertFalse(empty.review_ids)

    @freeze_time("2026-04-05")
    def test_one_failing_scorecard_does_not_stop_the_others(self):
        broken = self._scorecard(name="Broken", auto_open=True)
        review_class = type(self.env["customer.review"])
        compute = review_class.action_compute

        def failing(reviews):
            if reviews.scorecard_id == broken:
                raise UserError("no exchange rate")
            return compute(reviews)

        with (
            patch.object(review_class, "action_compute", failing),
            mute_logger(CRON_LOG),
        ):
            self.assertTrue(self._run())
        self.assertFalse(broken.review_ids)
        self.assertIn("no exchange rate", broken.message_ids[0].body)

    def test_every_company_gets_its_own(self):
        self.env.user.company_ids += self.other_company
        with freeze_time("2026-04-05"):
            self._run()
            reviews = self.env["customer.review"].search(
                [("scorecard_id", "=", self.auto.id), ("date_to", "=", "2026-03-31")]
            )
        # The second company has the same shared customers, but no fact about them: they are lines
        # only where the company knows them.
        self.assertIn(self.company, reviews.company_id)
        self.assertEqual(len(reviews.company_id), len(reviews))

    def test_late_reviews_are_reminded_once_for_each_step(self):
        self.env["ir.config_parameter"].set_param(
            "customer_governance.review_reminder_days", "1,7,14"
        )
        with freeze_time("2026-04-05"):
            review = self._run()[1]
        self.env["customer.review"].search([("id", "!=", review.id)]).deadline = False

        def reminders(day):
            with freeze_time(day):
                before = len(review.message_ids)
                self._run()
                late = review.message_ids[: len(review.message_ids) - before]
            return len(late.filtered(lambda message: "days overdue" in (message.body or "")))

        # Apply by 25 April; steps 1, 7, 14 days after.
        self.assertEqual(reminders("2026-04-25"), 0)
        self.assertEqual(reminders("2026-04-26"), 1)
        self.assertEqual(reminders("2026-04-27"), 0)
        # The job did not run on the day itself: late is late.
        self.assertEqual(reminders("2026-05-03"), 1)
        self.assertEqual(reminders("2026-05-03"), 0)
        # After a pause over the rest of the steps there is one reminder, not several.
        self.assertEqual(reminders("2026-07-01"), 1)
        self.assertEqual(reminders("2026-07-02"), 0)

    def test_late_is_searchable_without_the_job(self):
        review = self._review()
        review.deadline = "2026-04-25"
        with freeze_time("2026-04-25"):
            self.assertFalse(review.is_late)
        with freeze_time("2026-04-26"):
            review.invalidate_recordset(["is_late"])
            self.assertTrue(review.is_late)
            self.assertIn(review, review.search([("is_late", "=", True)]))
            self.assertNotIn(review, review.search([("is_late", "=", False)]))
