from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestHistory(GovernanceCase):
    """The history of our records is evidence: nobody rewrites it, nobody speaks for others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.env["customer.complaint"].create(
            {"subject": "Late", "partner_id": cls.customer.id, "user_id": cls.user_service.id}
        )
        cls.as_service = cls.case.with_user(cls.user_service)

    def _messages(self):
        """Yield (what it is, message) of what a user who writes the case finds in its history."""
        post = self.case.sudo().message_post
        customer = self.customer.id
        own = self.user_service.partner_id.id
        note, comment = "mail.mt_note", "mail.mt_comment"
        yield "the customer's mail", post(body="It leaks", author_id=customer, message_type="email")
        yield "a colleague's note", post(
            body="I called", author_id=self.user_quality.partner_id.id, message_type="comment",
            subtype_xmlid=note,
        )  # fmt: skip
        yield "a fact that was recorded", post(body="Told by phone", author_id=own)
        yield (
            "what the customer was told",
            post(
                body="It is on its way",
                author_id=own,
                message_type="comment",
                subtype_xmlid=comment,
            ),
        )

    def test_what_was_said_stays(self):
        for words, message in self._messages():
            message = message.with_user(self.user_service)
            for change in ({"body": "Forged"}, {"date": "2026-01-01"}, {"author_id": 3}):
                with self.subTest(words, change=change), self.assertRaises(AccessError):
                    message.write(change)
            with self.subTest(words), self.assertRaises(AccessError):
                message.unlink()
            with self.subTest(words, way="chatter"), self.assertRaises(AccessError):
                self.as_service._message_update_content(message.sudo(), body="Forged")
            self.assertNotIn("Forged", message.sudo().body)

    def test_history_of_decisions_on_customers_stays(self):
        message = self.customer.sudo().message_post(body="The credit hold was lifted")
        self.customer.user_id = self.user_sales
        with self.assertRaises(AccessError):
            message.with_user(self.user_sales).unlink()

    def test_an_own_note_is_corrected(self):
        note = self.as_service.message_post(
            body="Calld", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        self.as_service._message_update_content(note.sudo(), body="Called")
        self.assertIn("Called", note.body)
        note.with_user(self.user_service).unlink()
        self.assertFalse(note.exists())

    def test_a_message_is_marked_and_starred(self):
        message = self.case.sudo().message_post(body="It leaks", author_id=self.customer.id)
        message.with_user(self.user_service).toggle_message_starred()
        self.assertTrue(message.with_user(self.user_service).starred)

    def test_people_speak_for_themselves_and_now(self):
        before = datetime(2026, 1, 1)
        own = self.user_service.partner_id
        posted = self.as_service.message_post(
            body="I am satisfied", author_id=self.customer.id, date=before, message_type="comment"
        )
        made = (
            self.env["mail.message"]
            .with_user(self.user_service)
            .with_context(default_date=before, default_author_id=self.customer.id)
            .create({"model": self.case._name, "res_id": self.case.id, "body": "I am satisfied"})
        )
        for message in (posted, made):
            self.assertEqual(message.author_id, own)
            self.assertGreater(message.date, before)

    def test_what_code_says_for_others_is_theirs(self):
        message = self.as_service.sudo().message_post(body="Mail", author_id=self.customer.id)
        self.assertEqual(message.author_id, self.customer)
