"""Nobody drops off the list while something is open, and letters say what really happened."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .collection_case import NOW, CollectionCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionRepeat(CollectionCase):
    def _call(self, step, keep, **vals):
        """Log a call about the invoices `keep`."""
        call = (
            self.env["customer.collection.call"]
            .with_user(self.user_credit)
            .create({"step_id": step.id, **vals})
        )
        call.line_ids.filtered(lambda line: line.name not in keep.mapped("name")).chosen = False
        call.action_save()

    def test_a_promise_for_one_invoice_leaves_the_rest_to_collect(self):
        promised = self.due(20)
        self.due(20, 800)
        [step] = self.run_job()
        self._call(step, promised, result="promise", promise_date="2026-11-17")
        self.assertEqual((step.state, step.amount_now), ("planned", 800))
        self.assertEqual(step.call_result, "promise")
        self.assertEqual(step.activity_ids.date_deadline, date(2026, 11, 11))
        rest = self.env["account.move"].search([("partner_id", "=", self.customer.id)]) - promised
        self._call(step, rest, result="promise", promise_date="2026-11-17")
        self.assertEqual(step.state, "done")

    def test_the_mail_asks_for_the_rest_only(self):
        promised = self.due(6)
        self.due(6, 800)
        steps = self.env["customer.collection.step"].sudo()
        steps._plan_company(self.company)
        step = steps.search([("partner_id", "=", self.customer.id)])
        self.assertIn("900.00", step.subject)
        self._call(step, promised, result="promise", promise_date="2026-11-17")
        self.run_job()
        self.assertEqual((step.state, step.amount_overdue), ("done", 800))
        self.assertIn("800.00", step.subject)
        self.assertEqual(set(step.item_ids.mapped("mark")), {"chased", "promised"})

    def test_the_last_level_comes_again_until_it_is_paid(self):
        move = self.due(40)
        [letter] = self.run_job()
        self.assertFalse(self.run_job("2026-12-22 09:00:00"), "the first one is still to be sent")
        letter.with_user(self.user_credit).action_done()
        letter.sudo().done_at = "2026-11-10 10:00:00"
        self.assertFalse(self.run_job("2026-12-09 09:00:00"))
        self.assertEqual(letter.episode_id.next_date, date(2026, 12, 10))
        [again] = self.run_job("2026-12-10 09:00:00")
        self.assertEqual((again.level_id, again.round), (self.letter, 1))
        self.assertFalse(self.run_job("2026-12-10 10:00:00"))
        again.with_user(self.user_credit).action_done()
        self.pay(move, date(2026, 12, 11))
        self.assertFalse(self.run_job("2027-03-10 09:00:00"))
        self.assertTrue(letter.episode_id.date_to)

    def test_a_lawyer_collects(self):
        self.due(40)
        [letter] = self.run_job()
        episode = letter.episode_id
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            episode.with_user(self.user_sales).action_hand_over()
        letter.with_user(self.user_credit).action_hand_over()
        self.assertEqual((letter.state, letter.skip_reason), ("skipped", False))
        self.assertIn("lawyer", letter.reason)
        self.assertFalse(self.run_job("2027-03-10 09:00:00"))
        self.assertIn("lawyer", episode.reason)
        episode.with_user(self.user_credit).action_take_back()
        self.assertEqual(self.run_job("2027-03-11 09:00:00").level_id, self.letter)

    def test_the_first_letter_names_no_reminder(self):
        """Levels that were passed over sent nothing; a mail that came back told nobody."""
        self.letter.body = "Dear {customer},\n\nWe wrote on {reminders}.\n\nPay {amount}."
        self.due(40)
        [letter] = self.run_job()
        self.assertNotIn("We wrote", letter.body)
        self.assertIn("Pay", letter.body)
        other = self.debtor("Told Before")
        self.due(6, partner=other)
        lost = self.debtor("Told Nobody")
        self.due(6, partner=lost)
        mails = self.run_job()
        self.assertEqual(mails.mapped("state"), ["done", "done"])
        told = mails.filtered(lambda step: step.partner_id == lost).message_ids
        told.notification_ids.notification_status = "bounce"
        letters = self.run_job("2026-12-04 09:00:00")
        self.assertEqual(letters.level_id, self.letter)
        bodies = {step.partner_id: step.body for step in letters}
        self.assertIn("We wrote on 11/10/2026.", bodies[other])
        self.assertNotIn("We wrote", bodies[lost])
