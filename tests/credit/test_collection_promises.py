from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .collection_case import NOW, TODAY, CollectionCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionPromises(CollectionCase):
    """A call becomes a promise; payments keep or break it."""

    def _call(self, step, user=None, **vals):
        call = (
            self.env["customer.collection.call"]
            .with_user(user or self.user_credit)
            .create({"step_id": step.id, **vals})
        )
        call.action_save()
        return step.promise_ids.sorted("id")[-1:]

    def _promise(self, days=20, day="2026-11-17", **vals):
        self.move = self.due(days)
        [step] = self.run_job()
        return step, self._call(step, result="promise", promise_date=day, **vals)

    def test_a_call_with_a_promise_does_the_step(self):
        step, promise = self._promise(spoke_with="Mrs. Lee", note="after the fair")
        self.assertEqual(
            (step.state, step.call_result, step.call_count, step.done_by_id),
            ("done", "promise", 1, self.user_credit),
        )
        self.assertEqual(
            (promise.amount, promise.date, promise.document_names, promise.user_id, promise.state),
            (100, date(2026, 11, 17), self.move.name, self.user_credit, "open"),
        )
        self.assertFalse(step.activity_ids)
        self.assertEqual(self.move.collection_promise_date, date(2026, 11, 17))

    def test_promised_items_wait_until_the_day_has_passed(self):
        _step, promise = self._promise(day="2026-11-25")  # the letter is due from the 20th
        episode = self.env["customer.collection.episode"].search(
            [("partner_id", "=", self.customer.id)]
        )
        for when in ("2026-11-20 09:00:00", "2026-11-25 16:00:00"):
            self.assertFalse(self.run_job(when), when)
        self.assertIn("Promised until", episode.reason)
        [letter] = self.run_job("2026-11-26 09:00:00")
        self.assertEqual(letter.level_id, self.letter)
        self.assertEqual(promise.state, "broken")
        self.assertEqual(promise.activity_ids.user_id, self.user_credit)

    def test_a_broken_promise_and_the_last_level_are_questions_to_credit_control(self):
        self.company.customer_credit_user_id = self.user_manager
        self._promise(day="2026-11-17")
        self.assertFalse(self.customer.activity_ids)
        for when, count in (
            ("2026-11-18 09:00:00", 1),  # broken
            ("2026-11-19 09:00:00", 1),
            ("2026-11-20 09:00:00", 2),  # the letter
            ("2026-11-23 09:00:00", 2),
        ):
            self.run_job(when)
            self.assertEqual(len(self.customer.activity_ids), count, when)
        self.assertEqual(self.customer.activity_ids.user_id, self.user_manager)
        self.assertIn("broken", self.customer.activity_ids.sorted("id")[0].note)

    def test_kept_on_the_day_itself(self):
        _step, promise = self._promise()
        self.pay(self.move, date(2026, 11, 17))
        self.run_job("2026-11-17 16:00:00")
        self.assertEqual((promise.state, promise.settled), ("kept", 100))

    def test_paid_a_day_late_is_broken_even_when_the_job_was_down(self):
        _step, promise = self._promise()
        self.pay(self.move, date(2026, 11, 18))
        self.run_job("2026-11-24 09:00:00")
        self.assertEqual((promise.state, promise.settled), ("broken", 0))

    def test_a_payment_booked_late_makes_it_kept(self):
        _step, promise = self._promise()
        self.run_job("2026-11-18 09:00:00")
        self.assertEqual(promise.state, "broken")
        self.pay(self.move, date(2026, 11, 17))
        self.run_job("2026-11-19 09:00:00")
        self.assertEqual(promise.state, "kept")

    def test_what_was_paid_before_does_not_count(self):
        self.move = self.due(20)
        self.pay(self.move, TODAY, 60)
        [step] = self.run_job()
        promise = self._call(step, result="promise", promise_date="2026-11-17")
        self.assertEqual((promise.amount, promise.settled_before), (40, 60))
        self.run_job("2026-11-12 09:00:00")
        self.assertEqual(promise.state, "open")
        self.pay(self.move, date(2026, 11, 13), 39.99)
        self.run_job("2026-11-13 09:00:00")
        self.assertEqual(promise.state, "open")
        self.run_job("2026-11-18 09:00:00")
        self.assertEqual((promise.state, promise.settled), ("broken", 39.99))

    def test_in_the_currency_of_the_invoice(self):
        euro = self.env.ref("base.EUR")
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "rate": 0.5,
                "currency_id": euro.id,
                "company_id": self.company.id,
            }
        )
        move = self.due(20, 100, currency_id=euro.id)
        [step] = self.run_job()
        promise = self._call(step, result="promise", promise_date="2026-11-17")
        self.assertEqual((promise.amount, promise.currency_id), (100, euro))
        self.pay(move, date(2026, 11, 12))
        self.run_job("2026-11-12 09:00:00")
        self.assertEqual(promise.state, "kept")

    def test_not_reached_stays_on_the_list_of_the_next_working_day(self):
        self.due(20)
        [step] = self.run_job()
        with freeze_time("2026-11-13 09:00:00"):  # a Friday
            self._call(step, result="no_answer")
        self.assertEqual((step.state, step.call_count), ("planned", 1))
        self.assertEqual(step.activity_ids.date_deadline, date(2026, 11, 16))
        with self.assertRaises(TransitionRefused):
            step.with_user(self.user_credit).action_done()

    def test_a_call_is_logged_once(self):
        self.due(20)
        [step] = self.run_job()
        self._call(step, result="refused")
        with self.assertRaises(UserError):
            self._call(step, result="refused")

    def test_a_promise_needs_a_day_and_is_not_about_the_past(self):
        self.due(20)
        [step] = self.run_job()
        for vals in ({}, {"promise_date": "2026-11-09"}):
            with self.assertRaises(ValidationError):
                self._call(step, result="promise", **vals)

    def test_nobody_judges_or_rewrites_by_hand(self):
        _step, promise = self._promise()
        promise = promise.with_user(self.user_credit)
        for vals in ({"settled": 100}, {"settled_before": -5}, {"move_ids": [(5,)]}):
            with self.assertRaises(AccessError):
                promise.write(vals)
        with self.assertRaises(TransitionRefused):
            promise._transition("keep")
        with self.assertRaises(TransitionRefused):
            promise.state = "kept"
        with self.assertRaises(TransitionRefused):
            promise.action_withdraw()
        promise.withdraw_reason = "Wrong customer"
        promise.action_withdraw()
        self.assertEqual(self.run_job("2026-11-20 09:00:00").level_id, self.letter)

    def test_documents_of_others_are_refused(self):
        foreign = self.due(20, partner=self.debtor("Somebody else"))
        other = self.due(20, company=self.other_company)
        for move in (foreign, other):
            with self.assertRaises(ValidationError):
                self.env["customer.collection.promise"].create(
                    {
                        "partner_id": self.customer.id,
                        "company_id": self.company.id,
                        "date": "2026-11-17",
                        "amount": 1,
                        "currency_id": self.company.currency_id.id,
                        "move_ids": [(6, 0, move.ids)],
                    }
                )

    def test_the_form_shows_the_last_promises(self):
        step, promise = self._promise()
        self.assertEqual(step.with_user(self.user_credit).partner_promise_ids, promise)

    def test_a_lawyer_collects_nobody_calls(self):
        self.company.customer_credit_user_id = self.user_manager
        step, promise = self._promise(day="2026-11-17")
        step.episode_id.with_user(self.user_credit).action_hand_over()
        self.run_job("2026-11-18 09:00:00")
        self.assertEqual(promise.state, "broken")
        self.assertFalse(promise.activity_ids)
        self.assertTrue(self.customer.activity_ids, "credit control looks at the customer")
