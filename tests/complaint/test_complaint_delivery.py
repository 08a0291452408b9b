from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .sla_case import utc
from .test_complaint_reach import ReachCase


@tagged("post_install", "-at_install")
class TestDelivery(ReachCase, MailCommon):
    """Mails are sent by the queue: Odoo calls them failed until they are, and then they are or not."""

    def setUp(self):
        super().setUp()
        self.case.action_answer()
        self.visit = self.case.sudo().visit_ids
        self.token = self.visit.link_token

    def _send(self, message=None, error=None):
        message = message or self._mail("Sent again.")
        mails = self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])
        self.assertTrue(mails)
        mails.write({"state": "outgoing"})
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_mail"):
            if error:
                self.send_email_mocked.side_effect = error
            mails.send()
        self.env.flush_all()
        self.env.invalidate_all()
        return set(message.sudo().notification_ids.mapped("notification_status"))

    def test_a_mail_on_its_way_is_no_news(self):
        self.assertEqual(self._send(), {"sent"})
        self.assertEqual(self.case.state, "answered")
        self.assertEqual(self.case.sudo().visit_ids, self.visit)
        self.assertTrue(self.visit._check_callback_token(self.token))
        self.assertFalse(self._reminders("undelivered"))
        self.assertNotIn("undo", self.case.sudo().clock_ids.event_ids.mapped("kind"))

    def test_a_mail_that_fails_and_goes_out_after_all(self):
        day = self.visit.planned_date
        self.assertEqual(self._send(error=ValueError("refused")), {"exception"})
        self.assertEqual((self.case.state, self._state("answer")), ("investigating", "running"))
        self.assertEqual(self._reminders("undelivered").user_id, self.user_service)
        self.assertFalse(self.visit._check_callback_token(self.token), "nobody has the answer")
        with freeze_time(utc("2026-10-28 10:00")):
            self.assertEqual(self._send(), {"sent"})
            self.assertEqual((self.case.state, self._state("answer")), ("answered", "met"))
            self.assertTrue(self.visit._check_callback_token(self.token), "the link in the mail")
        self.assertEqual(self.case.sudo().visit_ids, self.visit)
        self.assertGreater(self.visit.planned_date, day)
        self.assertFalse(self._reminders("undelivered"))
        self.assertProved(self.case.clock_ids)

    def test_another_answer_has_another_link(self):
        self._send(error=ValueError("refused"))
        self.case.user_id = self.caller
        self.customer.email = "right@harbour.example.com"
        self.case.with_user(self.caller).action_answer()
        self.assertEqual(self.case.sudo().visit_ids, self.visit)
        self.assertNotEqual(self.visit.link_token, self.token)
        self.assertNotEqual(self.visit.user_id, self.caller, "he handled it")

    def test_a_message_that_tells_no_fact(self):
        message = self.case.message_post(
            body="One thing more",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self._send(message, error=ValueError("refused"))
        self.assertEqual(self.case.state, "answered")
        self.assertTrue(self._reminders("undelivered"))
        self._send()
        self.assertTrue(self._reminders("undelivered"), "another mail")
        self._send(message)
        self.assertFalse(self._reminders("undelivered"))

    def test_a_mark_cannot_come_from_outside(self):
        message = self._mail("Sent again.")
        for mark in (True, {"before": {}, "is_over": False}):
            message.notification_ids.with_context(customer_attempt=mark).write(
                {"notification_status": "exception"}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(self.case.state, "investigating")
