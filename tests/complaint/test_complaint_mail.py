from freezegun import freeze_time
from markupsafe import Markup

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .complaint_case import ComplaintCase

MAIL = """Return-Path: <{sender}>
From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{message_id}@mail.example.com>
{headers}MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b1"

--b1
Content-Type: text/plain; charset="utf-8"

{body}
--b1
Content-Type: text/plain; name="photo.txt"
Content-Disposition: attachment; filename="photo.txt"

content
--b1--
"""

PAGE = """From: {sender}
To: {to}
Subject: Picture
Message-Id: <{message_id}@mail.example.com>
{headers}MIME-Version: 1.0
Content-Type: text/html; charset="utf-8"

{body}
"""


@tagged("post_install", "-at_install")
class TestComplaintMail(ComplaintCase, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"alias_domain_id": cls.mail_alias_domain.id})
        cls.team.write({"alias_name": "cg-hotline", "alias_domain_id": cls.mail_alias_domain.id})
        cls.address = f"cg-hotline@{cls.mail_alias_domain.name}"
        cls.serial = 0

    def _receive(
        self, sender, subject="Valve leaks", headers="", to=None, body="It leaks.", form=MAIL
    ):
        type(self).serial += 1
        cases = self.env["customer.complaint"]
        before = cases.search([])
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(
                False,
                form.format(
                    sender=sender,
                    to=to or self.address,
                    subject=subject,
                    message_id=f"m{self.serial}",
                    headers=headers,
                    body=body,
                ),
            )
        return cases.search([]) - before

    def test_a_known_sender_is_the_customer(self):
        complaint = self._receive("Office <office@harbour.example.com>")
        self.assertEqual(
            (complaint.partner_id, complaint.team_id, complaint.channel_id),
            (self.customer, self.team, self.email),
        )
        self.assertEqual(complaint.subject, "Valve leaks")
        self.assertIn("It leaks.", complaint.description)
        self.assertRegex(complaint.name, r"^C\d{6}-\d{4}$")
        self.assertEqual(complaint.message_ids.attachment_ids.mapped("name"), ["photo.txt"])
        self.assertTrue(complaint.acknowledged_at)

    def test_a_contact_of_the_customer_is_the_contact_person(self):
        ann = self.env["res.partner"].create(
            {"name": "Ann", "email": "ann@harbour.example.com", "parent_id": self.customer.id}
        )
        complaint = self._receive("ann@harbour.example.com")
        self.assertEqual((complaint.partner_id, complaint.contact_id), (self.customer, ann))

    def test_an_unknown_sender_waits_for_a_name(self):
        complaint = self._receive("Stranger <who@elsewhere.example.com>")
        self.assertFalse(complaint.partner_id)
        self.assertIn("who@elsewhere.example.com", complaint.email_from)
        sent = complaint.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        self.assertIn("who@elsewhere.example.com", sent.outgoing_email_to)

    def test_an_employee_who_passes_a_mail_on_is_not_the_customer(self):
        complaint = self._receive(self.user_sales.email)
        self.assertFalse(complaint.partner_id)

    def test_an_answer_joins_the_thread(self):
        complaint = self._receive("office@harbour.example.com")
        sent = complaint.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        new = self._receive(
            "office@harbour.example.com",
            subject="Re: We received",
            headers=f"References: {sent.message_id}\nIn-Reply-To: {sent.message_id}\n",
            body="More about it",
        )
        self.assertFalse(new)
        self.assertTrue(
            any("More about it" in body for body in complaint.message_ids.mapped("body"))
        )
        self.assertFalse(complaint.first_contact_at, "the customer's own mail is no contact by us")

    def test_a_reply_quotes_the_link_without_its_secret(self):
        case = self._answered(user_id=self.user_service.id)
        case.message_subscribe((self.user_service | self.caller).partner_id.ids)
        token, url = case.sudo().visit_ids.link_token, case._callback_url()
        self.assertIn(token, url)
        answer = case.sudo().message_ids.filtered(lambda m: "send it again" in m.body)[:1]
        for form, text in ((MAIL, "No.\n> {}"), (PAGE, '<p>No.</p><a href="{0}">{0}</a>')):
            self._receive(
                "office@harbour.example.com",
                headers=f"References: {answer.message_id}\nIn-Reply-To: {answer.message_id}\n",
                body=text.format(url),
                form=form,
            )
            self.assertIn("No.", case.sudo().message_ids[0].body)
            self.assertIn("/complaint/callback/", case.sudo().message_ids[0].body)
            self.assertTrue(self._new_mails, "followers hear of it")
            self.assertNotIn(token, "".join(self._new_mails.mapped("body_html")))
        self.assertNotIn(token, "".join(case.sudo().message_ids.mapped("body")))

    def test_a_template_with_the_link_in_its_text(self):
        case = self._answered()
        body = Markup('<a href="%s">Answer</a>') % case._callback_url()
        message = case._post_to_customer(body, case._customer_recipients())
        self.assertNotIn(case.sudo().visit_ids.link_token, message.body)
        self.assertIn("<a", message.body)

    def test_a_picture_that_did_not_come_stays_away(self):
        case = self._receive(
            "office@harbour.example.com", body='<p>See <img src="cid:gone"/></p>', form=PAGE
        )
        self.assertIn("cid:", case.description)
        first = case.message_ids.filtered(lambda m: m.message_type == "email")
        self._receive(
            "office@harbour.example.com",
            headers=f"References: {first.message_id}\nIn-Reply-To: {first.message_id}\n",
            body="<p>Thank you</p>",
            form=PAGE,
        )
        self.assertEqual(len(case.message_ids.filtered(lambda m: m.message_type == "email")), 2)
        self.assertIn("See", case.description)

    def test_machines_get_no_acknowledgement(self):
        for robot in ("mailer-daemon@x.example.com", "no-reply@x.example.com"):
            complaint = self._receive(robot)
            self.assertFalse(complaint.acknowledged_at, robot)

    def test_acknowledgement_asks_machines_not_to_answer(self):
        complaint = self._receive("office@harbour.example.com")
        sent = complaint.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        mail = self.env["mail.mail"].sudo().search([("mail_message_id", "in", sent.ids)], limit=1)
        self.assertIn("Auto-Submitted", mail.headers or "")

    def test_a_flood_of_one_address_ends(self):
        self.env["ir.config_parameter"].sudo().set_param("mail.gateway.loop.threshold", 5)
        created = [self._receive("loop@elsewhere.example.com", f"n{n}") for n in range(8)]
        self.assertEqual(sum(map(len, created)), 5)
        acknowledged = [case for case in created if case and case.acknowledged_at]
        self.assertEqual(len(acknowledged), 3)

    def test_a_bounce_creates_nothing(self):
        alias = self.mail_alias_domain
        new = self._receive(
            "MAILER-DAEMON@x.example.com",
            to=alias.bounce_email,
            headers="Content-Description: x\nAuto-Submitted: auto-replied\n",
        )
        self.assertFalse(new)

    def test_a_person_answering_is_the_first_contact(self):
        complaint = self._receive("office@harbour.example.com").with_user(self.user_service)
        with self.mock_mail_gateway():
            complaint.message_post(
                body="Internal", message_type="comment", subtype_xmlid="mail.mt_note"
            )
            self.assertFalse(complaint.first_contact_at)
            complaint.message_post(
                body="To a colleague",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.caller.partner_id.ids,
            )
            self.assertFalse(complaint.first_contact_at)
            complaint.message_post(
                body="Under review",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.customer.ids,
            )
        self.assertTrue(complaint.first_contact_at)

    def test_a_mail_after_the_close_finds_a_reader(self):
        with freeze_time("2026-11-10 09:00:00"):
            complaint = self._closed()
        message = complaint.message_ids[:1]
        self._receive(
            "office@harbour.example.com",
            headers=f"References: {message.message_id}\nIn-Reply-To: {message.message_id}\n",
        )
        self.assertEqual(complaint.state, "closed")
        self.assertTrue(
            complaint.sudo().activity_ids.filtered(
                lambda a: "after the case was closed" in a.summary
            )
        )
