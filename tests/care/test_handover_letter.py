from odoo.exceptions import AccessError
from odoo.tests import tagged

from .handover_case import HandoverCase


@tagged("post_install", "-at_install")
class TestHandoverLetter(HandoverCase):
    """Customers are told when the leader says so, and only what reached them counts."""

    def test_off_by_default(self):
        handover = self._executed()
        self.assertFalse(handover.letter_ids)

    def test_mailed_in_the_night_once(self):
        self.mine.email = "buyer@example.com"
        handover = self._executed(inform_customers=True)
        letter = handover.sudo().letter_ids
        self.assertEqual((letter.partner_id, letter.user_id), (self.mine, self.first))
        self.assertEqual(letter.state, "waiting")
        self._night()
        self._night()
        self.assertEqual(letter.state, "sent")
        mails = letter.message_ids.filtered(lambda one: self.mine in one.partner_ids)
        self.assertEqual(len(mails), 1)
        self.assertIn(self.first.name, mails.body)
        self.assertIn(self.giver.name, mails.body)

    def test_a_mail_that_fails_is_printed_instead(self):
        self.mine.email = "buyer@example.com"
        letter = self._executed(inform_customers=True).sudo().letter_ids
        self._night()
        message = letter.message_ids.filtered(lambda one: self.mine in one.partner_ids)
        message.notification_ids.write({"notification_status": "bounce"})
        letter._delivery_failed(message, message.notification_ids)
        self.assertEqual((letter.state, letter.told_on), ("print", False))

    def test_without_an_address_it_is_printed(self):
        letter = self._executed(inform_customers=True).sudo().letter_ids
        self._night()
        self.assertEqual(letter.state, "print")
        letter.with_user(self.first).action_told()
        self.assertEqual(letter.state, "posted")
        self.assertTrue(letter.told_on)

    def test_others_do_not_say_it_was_posted(self):
        letter = self._executed(inform_customers=True).sudo().letter_ids
        self._night()
        with self.assertRaises(AccessError):
            letter.with_user(self.giver).action_told()
        with self.assertRaises(AccessError):
            letter.with_user(self.user_manager).write({"state": "sent"})

    def test_words_of_a_stand_in(self):
        handover = self._temporary()
        letter = self.env["customer.handover.letter"].create(
            {
                "handover_id": handover.id,
                "partner_id": self.mine.id,
                "user_id": self.first.id,
            }
        )
        subject, body = letter._letter_text()
        self.assertIn("until", subject)
        self.assertIn("stands in", body)
