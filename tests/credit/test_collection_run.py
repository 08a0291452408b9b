from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.common.customer_transition_mixin import TransitionRefused
from .collection_case import NOW, TODAY, CollectionCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionRun(CollectionCase):
    """The job: which step, when, once, in whose words."""

    def test_border_exactly_on_the_day(self):
        for days, level in ((4, None), (5, "Reminder"), (14, "Reminder"), (15, "Call")):
            debtor = self.debtor(f"Border {days}")
            self.due(days, partner=debtor)
            steps = self.run_job()
            self.assertEqual(steps.level_id.name or None, level, days)

    def test_due_today_is_not_overdue(self):
        self.company.collection_mode = "send"
        self.reminder.days_overdue = 1
        self.due(0)
        self.assertFalse(self.run_job())
        [step] = self.run_job("2026-11-11 09:00:00")
        self.assertEqual((step.oldest_days, step.oldest_date), (1, TODAY))

    def test_what_was_overdue_is_kept_as_a_copy(self):
        invoice = self.due(6, 250, ref="PO 7")
        [step] = self.run_job()
        self.assertEqual(
            (step.amount_overdue, step.oldest_days, step.state, step.done_by_id, step.user_id),
            (250, 6, "done", self.env.user, self.user_credit),
        )
        self.pay(invoice, TODAY)
        [item] = step.item_ids
        self.assertEqual(
            (item.name, item.ref, item.residual, item.days, item.mark),
            (invoice.name, "PO 7", 250, 6, "chased"),
        )
        self.assertEqual((step.amount_overdue, step.amount_now), (250, 0))

    def test_the_mail_is_sent_once_however_often_the_job_runs(self):
        self.due(6)
        self.assertEqual(len(self.run_job()), 1)
        mail = self.mails()
        self.assertEqual(len(mail), 1)
        for text in ("100.00", "Dear Harbour Books", "Amount due now"):
            self.assertIn(text, mail.body_html)
        self.assertIn("100.00 overdue", mail.subject)
        for when in (NOW, "2026-11-10 10:00:00", "2026-11-12 10:00:00"):
            self.assertFalse(self.run_job(when), when)
        self.assertEqual(self.mails(), mail)

    def test_each_level_once_over_two_months_of_days(self):
        invoice = self.due(0)
        found = []
        for number in range(1, 61):
            day = TODAY + timedelta(days=number)
            found += [
                (step.level_id.name, step.oldest_days) for step in self.run_job(f"{day} 09:30:00")
            ]
        # day 5 is a Sunday, so is day 40: told on the next working day
        self.assertEqual([name for name, _days in found], ["Reminder", "Call", "Letter"])
        self.assertEqual(found[0], ("Reminder", 6))
        self.assertEqual(invoice.collection_item_count, 3)

    def test_a_week_of_downtime_sends_only_the_highest(self):
        self.due(40)
        [step] = self.run_job()
        self.assertEqual((step.level_id, step.state), (self.letter, "planned"))
        left_out = step.episode_id.step_ids - step
        self.assertEqual(left_out.level_id, self.reminder | self.call)
        self.assertEqual(set(left_out.mapped("state")), {"skipped"})
        self.assertIn("higher level", left_out[0].reason)
        self.assertIn("because the job had not run: 2.", step.reason)
        self.assertFalse(self.mails())
        self.assertFalse(self.run_job("2026-11-11 09:00:00"))

    def test_never_at_night_nor_on_a_day_off(self):
        self.due(6)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-11-11 00:00:00",
                "date_to": "2026-11-11 23:59:59",
            }
        )
        for when in (
            "2026-11-10 02:00:00",  # night
            "2026-11-10 07:59:59",
            "2026-11-10 17:00:00",  # the end does not belong to it
            "2026-11-11 09:00:00",  # holiday
            "2026-11-14 09:00:00",  # Saturday
        ):
            self.assertFalse(self.run_job(when), when)
        self.assertEqual(len(self.run_job("2026-11-12 08:00:00")), 1)

    def test_the_day_and_the_night_are_the_companys(self):
        self.company.customer_tz = "Asia/Shanghai"
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.due(6)
        self.assertFalse(self.run_job("2026-11-10 09:30:00"))  # 17:30 there
        [step] = self.run_job("2026-11-11 00:30:00")  # 08:30 there
        self.assertEqual((step.date, step.oldest_days), (date(2026, 11, 11), 7))

    def test_month_end(self):
        debtor = self.debtor("Leap")
        self.reminder.days_overdue = 1
        self.due(0, partner=debtor, today=date(2028, 2, 29))
        self.assertFalse(self.run_job("2028-02-29 10:00:00"))
        [step] = self.run_job("2028-03-01 10:00:00")
        self.assertEqual(step.oldest_days, 1)

    def test_paid_invoices_and_covering_credits_ask_for_nothing(self):
        self.pay(self.due(20), TODAY)
        self.due(20)
        self.invoice(self.customer, date(2026, 11, 9), [(None, None, 1, 100)], kind="out_refund")
        self.assertFalse(self.run_job())
        self.due(20, 30)
        [step] = self.run_job()
        self.assertEqual(step.amount_overdue, 30)
        self.assertIn("Credits of", step.reason)

    def test_a_part_payment_leaves_the_rest(self):
        self.pay(self.due(20), TODAY, 99.99)
        [step] = self.run_job()
        self.assertEqual(step.amount_overdue, 0.01)

    def test_a_new_episode_begins_anew(self):
        first = self.due(6)
        [step] = self.run_job()
        self.pay(first, TODAY)
        self.run_job("2026-11-11 09:00:00")
        self.assertEqual(step.episode_id.date_to, date(2026, 11, 11))
        self.assertIn("Nothing is overdue", step.episode_id.reason)
        self.due(0)
        [again] = self.run_job("2026-11-16 09:00:00")
        self.assertEqual((again.level_id, again.state), (self.reminder, "done"))
        self.assertNotEqual(again.episode_id, step.episode_id)

    def test_a_younger_item_of_the_same_episode_gets_no_second_reminder(self):
        old = self.due(16)
        self.due(0)
        self.run_job()
        self.pay(old, TODAY)
        self.assertFalse(self.run_job("2026-11-18 09:00:00"))

    def test_paid_before_the_call_cancels_it(self):
        invoice = self.due(15)
        [step] = self.run_job()
        self.assertEqual(
            (step.way, step.state, step.user_id), ("phone", "planned", self.user_sales)
        )
        self.assertEqual(step.activity_ids.user_id, self.user_sales)
        self.pay(invoice, TODAY)
        self.run_job("2026-11-11 09:00:00")
        self.assertEqual((step.state, step.activity_ids.ids), ("cancelled", []))

    def test_two_companies_are_apart(self):
        self.due(6, 100)
        self.due(20, 70, company=self.other_company)
        steps = self.run_job()
        self.assertEqual(
            {(s.company_id, s.level_id, s.amount_overdue, s.currency_id.name) for s in steps},
            {
                (self.company, self.reminder, 100, "USD"),
                (self.other_company, self.call, 70, "EUR"),
            },
        )
        self.assertFalse(
            steps.filtered(lambda s: s.company_id == self.other_company)
            .with_user(self.user_credit)
            .has_access("read")
        )

    def test_levels_of_a_company_replace_the_shared_ones(self):
        own = self.env["customer.collection.level"].create(
            {**self._level_vals("Own", 3, "mail", "collector"), "company_id": self.company.id}
        )
        self.due(3)
        self.assertEqual(self.run_job().level_id, own)

    def test_two_currencies_add_up_in_company_currency(self):
        euro = self.env.ref("base.EUR")
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "rate": 0.5,
                "currency_id": euro.id,
                "company_id": self.company.id,
            }
        )
        self.due(6, 100)
        self.due(6, 100, currency_id=euro.id)
        [step] = self.run_job()
        self.assertEqual(step.amount_overdue, 300)
        self.assertEqual(
            {
                (item.currency_id.name, item.residual, item.residual_company)
                for item in step.item_ids
            },
            {("USD", 100, 100), ("EUR", 100, 200)},
        )

    def test_contacts_add_up_under_their_company_and_invoices_go_to_the_invoice_address(self):
        books = self.env["res.partner"].create(
            {
                "name": "Books",
                "type": "invoice",
                "email": "books@debtor.example.com",
                "parent_id": self.customer.id,
            }
        )
        self.due(6, 100, partner=books)
        self.due(7, 100)
        [step] = self.run_job()
        self.assertEqual((step.partner_id, step.amount_overdue), (self.customer, 200))
        self.assertEqual(len(self.mails(books)), 1)

    def test_without_mail_a_person_is_asked(self):
        self.customer.email = False
        self.due(6)
        [step] = self.run_job()
        self.assertEqual((step.way, step.state), ("phone", "planned"))
        self.assertEqual(step.activity_ids.user_id, self.user_credit)
        self.assertIn("no e-mail", step.reason)

    def test_not_an_address_is_no_address(self):
        self.customer.email = "not an address"
        self.due(6)
        [step] = self.run_job()
        self.assertEqual((step.way, step.state), ("phone", "planned"))

    def test_a_reminder_that_bounced_was_not_sent(self):
        self.due(6)
        [step] = self.run_job()
        self.assertEqual(step.state, "done")
        message = step.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        message.notification_ids.write({"notification_status": "bounce"})
        self.assertEqual((step.state, step.way, step.done_at), ("planned", "phone", False))
        self.assertEqual(step.activity_ids.user_id, self.user_credit)
        self.assertIn("was not delivered", step.reason)
        self.assertFalse(step.is_automatic)
        message.notification_ids.write({"notification_status": "sent"})
        self.assertEqual((step.state, step.way, step.is_automatic), ("done", "mail", True))
        self.assertNotIn("was not delivered", step.reason)

    def test_a_bounce_opens_nothing_that_is_over(self):
        """Everything is paid, or a lawyer collects: nobody calls."""
        move, other = self.due(6), self.debtor("Handed Over")
        self.due(6, partner=other)
        steps = self.run_job()
        self.assertEqual(set(steps.mapped("state")), {"done"})
        steps.filtered(lambda s: s.partner_id == other).sudo().action_hand_over()
        self.pay(move, TODAY)
        self.run_job("2026-11-11 09:00:00")
        self.assertEqual(set(steps.mapped("can_hand_over")), {False})
        messages = steps.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        messages.notification_ids.write({"notification_status": "bounce"})
        self.assertEqual(set(steps.mapped("state")), {"done"})

    def test_one_step_a_level_and_round(self):
        """The index holds for the steps that were passed over as well."""
        self.due(40)
        self.run_job()
        passed = self.env["customer.collection.step"].search(
            [("partner_id", "=", self.customer.id), ("state", "=", "skipped")]
        )
        self.assertEqual(len(passed), 2)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            passed[0].sudo().copy()
            self.env.flush_all()

    def test_archived_customers_are_left_to_people(self):
        self.due(6)
        self.customer.active = False
        [step] = self.run_job()
        self.assertEqual((step.way, step.state), ("phone", "planned"))
        self.assertIn("archived", step.reason)

    def test_by_hand_where_the_company_says_so(self):
        self.company.collection_mode = "plan"
        self.due(6)
        [step] = self.run_job()
        self.assertEqual((step.way, step.state), ("mail", "planned"))
        self.assertFalse(self.mails())
        step.with_user(self.user_credit).action_send()
        self.assertEqual((step.state, step.done_by_id), ("done", self.user_credit))
        self.assertEqual(len(self.mails()), 1)

    def test_one_that_fails_does_not_stop_the_others_and_is_tried_again(self):
        bad = self.debtor("Bad", email="bad@debtor.example.com")
        self.due(6)
        self.due(6, partner=bad)
        steps = type(self.env["customer.collection.step"])
        body = steps._mail_body

        def fails(step):
            if step.partner_id == bad:
                raise ValueError("no paper")
            return body(step)

        with (
            patch.object(steps, "_mail_body", fails),
            mute_logger(
                "odoo.addons.customer_governance.models.credit.customer_collection_step_plan"
            ),
        ):
            found = self.run_job()
        failed = found.filtered(lambda s: s.partner_id == bad)
        self.assertEqual((failed.state, failed.failures, failed.error), ("planned", 1, "no paper"))
        self.assertEqual((found - failed).state, "done")
        self.assertFalse(self.mails(bad))
        self.run_job("2026-11-10 10:00:00")
        self.assertEqual((failed.state, len(self.mails(bad))), ("done", 1))

    def test_the_words_are_in_the_customers_language_and_cannot_smuggle_markup(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.reminder.with_context(lang="fr_FR").body = "Bonjour {customer}\n\nMerci"
        self.customer.write({"lang": "fr_FR", "name": "<b>Harbour"})
        self.due(6)
        [step] = self.run_job()
        self.assertIn("<p>Bonjour &lt;b&gt;Harbour</p><p>Merci</p>", step.body)
        self.assertNotIn("Merci", self.reminder.body, "a text of one language stays in it")

    def test_unknown_names_in_a_text_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "amout"):
            self.reminder.body = "{amout}"
        with self.assertRaises(ValidationError):
            self.reminder.subject = False

    def test_people_do_not_write_facts_nor_the_state(self):
        self.company.collection_mode = "plan"
        self.due(6)
        step = self.run_job().with_user(self.user_credit)
        for vals in ({"amount_overdue": 1}, {"oldest_days": 0}, {"way": "phone"}, {"done_at": NOW}):
            with self.assertRaises(AccessError):
                step.write(vals)
        with self.assertRaises(TransitionRefused):
            step.state = "done"
        with self.assertRaises(TransitionRefused):
            step.action_skip()
        with self.assertRaises(AccessError):
            step.create({"partner_id": self.customer.id})
        step.write({"subject": "Please", "skip_reason": "Paid in cash today"})
        step.action_skip()
        with self.assertRaises(AccessError):
            step.subject = "Rewritten"

    def test_the_number_of_statements_does_not_grow(self):
        steps = self.env["customer.collection.step"].sudo().with_company(self.company)
        self.levels.active = False

        def plan(count, key):
            debtors = [self.debtor(f"{key} {number}") for number in range(count)]
            for debtor in debtors:
                self.due(6, partner=debtor)
            ids = [debtor.id for debtor in debtors]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            steps._plan_batch(self.company, ids, fields.Date.to_date("2026-11-10"))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        plan(2, "warm")
        self.assertEqual(plan(3, "few"), plan(9, "more"))
