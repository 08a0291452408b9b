from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..complaint.sla_case import SlaCase, local, utc


@tagged("post_install", "-at_install")
class TestSlaExtension(SlaCase):
    """More time: asked for, approved, counted, told to the customer."""

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(utc("2026-10-23 11:00")))
        self.case = self._received("2026-10-23 10:00")
        self.clock = self._clock(self.case, "answer")

    def ask(self, **vals):
        return (
            self.env["customer.sla.extension"]
            .with_user(self.user_service)
            .create(
                {
                    "complaint_id": self.case.id,
                    "clock_id": self.clock.id,
                    "amount": 2,
                    "reason": "The laboratory needs two days more.",
                    **vals,
                }
            )
        )

    def test_approved_counted_told(self):
        extension = self.ask()
        self.assertEqual(local(extension.new_deadline), "2026-10-30 23:59")
        extension.action_submit()
        self.assertEqual(local(self.clock.deadline), "2026-10-28 23:59")
        extension.with_user(self.user_service_supervisor).action_approve()
        self.clock.invalidate_recordset()
        self.assertEqual(extension.state, "approved")
        self.assertEqual(local(self.clock.deadline), "2026-10-30 23:59")
        self.assertEqual(self.clock.extension_count, 1)
        self.assertEqual(local(extension.old_deadline), "2026-10-28 23:59")
        self.assertEqual(
            local(extension.new_deadline), "2026-10-30 23:59", "stays what was approved"
        )
        letter = self._letters()
        self.assertEqual(letter.partner_ids, self.customer)
        self.assertIn("laboratory", letter.body)
        self.assertIn("30", letter.body)
        self.assertFalse(self.case.first_contact_at, "a letter of the system is no contact")
        self.assertTrue(extension.told_at)
        self.assertProved(self.clock)

    def test_each_company_has_the_approval(self):
        abroad = self.env["customer.complaint"].create(
            {
                "subject": "Abroad",
                "partner_id": self._new_customer("Abroad").id,
                "category_id": self.delivery.id,
                "company_id": self.other_company.id,
                "team_id": False,
            }
        )
        extension = self.env["customer.sla.extension"].create(
            {
                "complaint_id": abroad.id,
                "clock_id": self._clock(abroad, "answer").id,
                "amount": 1,
                "reason": "Holidays",
            }
        )
        for request in (extension, self.ask()):
            request.action_submit()
            self.assertTrue(request.review_ids, request.company_id.name)

    def test_a_day_that_never_comes_is_refused(self):
        for amount in (1001, 10**9):
            with (
                self.subTest(amount),
                self.assertRaisesRegex(ValidationError, "at most 1,?000"),
                self.env.cr.savepoint(),
            ):
                self.ask(amount=amount)

    def test_the_asker_does_not_approve(self):
        extension = self.ask()
        extension.action_submit()
        with self.assertRaises(UserError):
            extension.with_user(self.user_service).action_approve()
        with self.assertRaises(UserError):
            extension.with_user(self.user_service).write({"state": "approved"})
        with self.assertRaises(AccessError):
            extension.with_user(self.user_service).write({"told_at": "2026-10-23 03:00:00"})
        self.assertEqual(local(self.clock.deadline), "2026-10-28 23:59")

    def test_refused(self):
        extension = self.ask()
        extension.action_submit()
        extension.with_user(self.user_service_supervisor).action_reject()
        self.assertEqual(extension.state, "refused")
        self.assertEqual(self.clock.extension_count, 0)

    def test_without_address_somebody_must_call(self):
        self.customer.email = False
        extension = self.ask()
        extension.action_submit()
        extension.with_user(self.user_service_supervisor).action_approve()
        self.assertFalse(extension.told_at)
        self.assertIn("not informed by e-mail", self.case.sudo().message_ids[0].body)
        extension.action_told_by_phone()
        self.assertEqual(extension.told_at, utc("2026-10-23 11:00"))
        self.assertIn("communicated by phone", self.case.sudo().message_ids[0].body)

    def test_only_what_was_approved_is_told(self):
        extension = self.ask()
        extension.action_told_by_phone()
        self.assertFalse(extension.told_at)

    def test_told_where_there_is_an_address(self):
        self.customer.email = False
        contact = self.env["res.partner"].create(
            {"name": "Ann", "email": "ann@harbour.example.com", "parent_id": self.customer.id}
        )
        for vals, recipients, address in (
            ({"contact_id": contact.id}, contact, False),
            (
                {"contact_id": False, "email_from": "s@example.com"},
                contact.browse(),
                "s@example.com",
            ),
        ):
            self.case.write(vals)
            extension = self.ask()
            extension.action_submit()
            extension.with_user(self.user_service_supervisor).action_approve()
            self.assertTrue(extension.told_at)
            letter = self._letters()[-1]
            self.assertEqual((letter.partner_ids, letter.outgoing_email_to), (recipients, address))

    def test_a_closed_deadline_is_not_extended(self):
        extension = self.ask()
        self.case._sla_fact("answer")
        with self.assertRaises(UserError):
            extension.action_submit()

    def test_borders(self):
        with self.assertRaises(ValidationError):
            self.ask(amount=1.5)
        other = self._complaint(partner_id=self._new_customer("Another").id)
        with self.assertRaises(ValidationError):
            self.ask(clock_id=self._clock(other, "answer").id)

    def _letters(self):
        """Return the letters about more time, in the thread of the case."""
        messages = self.case.sudo().message_ids.sorted("id")
        return messages.filtered(lambda m: "more time" in (m.subject or ""))

    def test_during_a_pause_no_date_is_told_but_when_it_runs_again(self):
        self.case._sla_pause("Waiting for the part")
        self.clock.invalidate_recordset()
        self.assertEqual(self.clock.state, "paused")
        extension = self.ask()
        extension.action_submit()
        extension.with_user(self.user_service_supervisor).action_approve()
        first = self._letters()
        self.assertEqual(len(first), 1)
        self.assertIn("currently suspended", first.body)
        self.clock.invalidate_recordset()
        projected = self.clock._instant_words(self.clock.deadline)
        self.assertTrue(projected)
        self.assertNotIn(projected, first.body, "no projected date")
        self.assertTrue(extension.is_date_owed)
        with freeze_time(utc("2026-10-26 11:00")):
            self.case.action_sla_resume()
            second = self._letters() - first
        self.clock.invalidate_recordset()
        words = self.clock._instant_words(self.clock.deadline)
        self.assertIn(words, second.body)
        self.assertNotRegex(second.body, r"\d\d:\d\d:\d\d", "no seconds")
        self.assertFalse(extension.is_date_owed)

    def test_the_job_that_ends_the_pause_tells_the_date(self):
        self.case._sla_pause("Waiting for the part", until=utc("2026-10-26 09:00"))
        extension = self.ask()
        extension.action_submit()
        extension.with_user(self.user_service_supervisor).action_approve()
        with freeze_time(utc("2026-10-26 11:00")):
            self.env["customer.sla.clock"]._cron_process()
        self.assertEqual(len(self._letters()), 2)
        self.assertFalse(extension.is_date_owed)

    def test_the_milestone_is_named(self):
        self.assertEqual(self.ask().display_name, f"{self.case.name}: Answer")
        clock = self.clock.with_context(of_one_case=True)
        self.assertEqual(clock.display_name, "Answer")
