"""The same matter registered twice: one case goes on, the other is its duplicate."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import MailCommon

from .portal_case import PortalCase
from .sla_case import utc

MORNING = utc("2026-10-23 09:00")


@tagged("post_install", "-at_install")
class TestComplaintMerge(PortalCase, MailCommon, HttpCase):
    def setUp(self):
        super().setUp()
        with freeze_time(MORNING):
            self.main = self._complaint(subject="Pump leaks", user_id=self.caller.id)
            self.double = self._complaint(
                subject="Water under the pump",
                description="<p>All wet</p>",
                category_id=self.quality.id,
                user_id=self.user_service.id,
            )
        self.double.sudo().message_post(
            body="Look at this",
            author_id=self.portal_users["customer"].partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("wet.png", b"\x89PNG\r\n\x1a\nwet")],
        )

    def _merge(self, double=None, main=None, user=None, reason="By phone and by mail"):
        double = (double or self.double).with_user(user or self.user_service)
        action = double.action_merge_dialog()
        dialogs = double.env[action["res_model"]].with_context(**action["context"])
        values = {"into_id": (main or self.main).id, "reason": reason}
        return dialogs.create(values).action_merge()

    def test_one_case_goes_on(self):
        self._merge()
        double, main = self.double, self.main
        self.assertEqual((double.state, double.duplicate_of_id), ("cancelled", main))
        self.assertEqual(main.duplicate_ids, double)
        self.assertEqual(double.cancel_reason, f"Duplicate of {main.name}: By phone and by mail")
        self.assertEqual(main.state, "registered")
        clocks = double.sudo().clock_ids
        self.assertTrue(clocks)
        self.assertEqual(set(clocks.mapped("state")), {"dropped"}, "neither met nor missed")
        self.env.flush_all()
        figures = self.env["customer.complaint.figure"].search(
            [("complaint_id", "in", (double | main).ids)]
        )
        self.assertEqual(figures.complaint_id, main, "figures count one")

    def test_what_was_said_is_read_on_the_case_that_goes_on(self):
        self._merge()
        note = self.main.sudo().message_ids.filtered(lambda m: "merged into" in (m.body or ""))
        for text in ("All wet", "Look at this", self.double.name):
            self.assertIn(text, note.body)
        self.assertEqual(note.attachment_ids.mapped("name"), ["wet.png"])
        files = note.attachment_ids.with_user(self.caller)
        self.assertTrue(files.raw, "who reads the case reads its files")
        self._login("customer")
        page = self.url_open(f"/my/complaints/{self.main.id}").text
        self.assertIn("Look at this", page)
        page = self.url_open(f"/my/complaints/{self.double.id}").text
        self.assertIn(f"Continued as {self.main.name}", page)
        self.assertNotIn('name="message"', page)

    def test_the_customer_hears_the_number(self):
        with self.mock_mail_gateway():
            self._merge()
        [mail] = [m for m in self._mails if self.customer.email in str(m["email_to"])]
        self.assertIn(self.main.name, mail["subject"])
        self.assertIn(self.main.name, mail["body"])
        self.assertIn(f"res_id={self.main.id}", mail["body"], "its link leads to that case")

    def test_without_an_address_somebody_tells_it(self):
        self.customer.email = False
        self._merge()
        reminder = self.main.sudo().activity_ids.filtered(lambda a: a.customer_reason == "merged")
        self.assertEqual(reminder.user_id, self.caller)
        self.assertIn(self.double.name, reminder.summary)

    def test_answers_to_the_duplicate_come_to_the_case_that_goes_on(self):
        self._merge()
        cases = self.env["customer.complaint"]
        found = cases._numbered_in(f"Re: {self.double.name}", self.company)
        self.assertEqual(found, self.main)

    def test_by_handler_or_head_with_a_reason_within_one_customer(self):
        with self.assertRaisesRegex(AccessError, "handler or the head"):
            self._merge(user=self.caller)
        with self.assertRaisesRegex(UserError, "State why"):
            self._merge(reason=" ")
        with self.assertRaisesRegex(UserError, "into itself"):
            self._merge(main=self.double)
        stranger = self._complaint(partner_id=self.foreign_customer.id)
        with self.assertRaisesRegex(UserError, "same customer"):
            self._merge(main=stranger)
        over = self._closed()
        with self.assertRaisesRegex(UserError, "closed"):
            self._merge(main=over)
        self._dispatch(self.double)
        with self.assertRaisesRegex(UserError, "open dispatches"):
            self._merge()
        self.assertFalse(self.double.duplicate_of_id)
        self.assertFalse(self.double.with_user(self.caller).can_merge)
        self.assertTrue(self.double.with_user(self.user_service).can_merge)

    def test_the_head_merges_any(self):
        self._merge(user=self.user_service_supervisor)
        self.assertEqual(self.double.duplicate_of_id, self.main)

    def test_nobody_writes_it_by_hand(self):
        with self.assertRaises(AccessError):
            self.double.duplicate_of_id = self.main

    def test_a_duplicate_of_a_duplicate(self):
        third = self._complaint(subject="Once more", user_id=self.user_service.id)
        self._merge(double=third, main=self.double)
        self._merge()
        self.assertEqual(self.main.duplicate_ids, self.double | third)

    def test_a_duplicate_is_no_repeat(self):
        later = self._complaint(subject="Later", user_id=self.user_service.id)
        self.double.sudo().repeat_of_id = self.main
        later.sudo().repeat_of_id = self.double
        self._merge()
        self.assertFalse(self.double.repeat_of_id)
        self.assertEqual(later.repeat_of_id, self.main)

    def test_undone_by_the_head(self):
        before = {c.milestone: c.deadline for c in self.double.sudo().clock_ids}
        self._merge()
        with self.assertRaises(AccessError):
            self.double.with_user(self.user_service).action_restore()
        double = self.double.with_user(self.user_service_supervisor)
        double.action_restore()
        self.assertEqual((double.state, double.duplicate_of_id.id), ("registered", False))
        self.assertFalse(double.cancel_reason)
        after = {c.milestone: c.deadline for c in double.sudo().clock_ids if c.state == "running"}
        self.assertEqual(after["answer"], before["answer"], "nothing gets later by it")
        self.assertFalse(self.main.duplicate_ids)
        reminder = double.sudo().activity_ids.filtered(lambda a: a.customer_reason == "restored")
        self.assertEqual(reminder.user_id, self.user_service)

    def test_only_a_duplicate_is_taken_up_again(self):
        case = self._complaint()
        case.cancel_reason = "A question"
        case.action_cancel()
        with self.assertRaisesRegex(UserError, "Only a duplicate"):
            case.with_user(self.user_service_supervisor).action_restore()
