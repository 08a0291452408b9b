from urllib.parse import urlsplit

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .portal_case import PortalCase


def path(url):
    """Return an address without its host."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@tagged("post_install", "-at_install")
class TestComplaintPages(PortalCase, HttpCase):
    """The customer follows the case: by the link in the mail, or behind the login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._complaint(subject="Pump leaks")
        cls.url = f"/my/complaints/{cls.case.id}"

    def _secret(self, case=None):
        return (case or self.case).sudo()._portal_ensure_token()

    def test_the_link_shows_the_case_and_nothing_more(self):
        self.authenticate(None, None)
        page = self.url_open(f"{self.url}?access_token={self._secret()}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Pump leaks", page.text)
        self.assertNotIn("<textarea", page.text, "who writes logs in or replies")
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")

    def test_wrong_expired_and_revoked_links_show_nothing(self):
        self.authenticate(None, None)
        secret = self._secret()
        other = self._complaint(subject="Other")
        for url in (
            f"{self.url}?access_token=wrong",
            f"{self.url}?access_token={self._secret(other)}",
            self.url,
        ):
            self.assertIn("/web/login", self.url_open(url).url, url)
        self.case.with_user(self.user_service).action_revoke_portal_link()
        self.assertIn("/web/login", self.url_open(f"{self.url}?access_token={secret}").url)
        secret = self._secret()
        self.assertIn("Pump leaks", self.url_open(f"{self.url}?access_token={secret}").text)
        self.case.sudo()._write_facts({"state": "closed", "closed_at": "2020-01-01 00:00:00"})
        self.assertIn("/web/login", self.url_open(f"{self.url}?access_token={secret}").url)
        thread = self.env["customer.complaint"]._get_thread_with_access(self.case.id, token=secret)
        self.assertFalse(thread.with_user(self.portal_users["provider"]).has_access("read"))

    def test_the_link_posts_nothing(self):
        self.authenticate(None, None)
        secret = self._secret()
        params = {
            "thread_model": "customer.complaint",
            "thread_id": self.case.id,
            "post_data": {
                "body": "By the link",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
            },
            "token": secret,
        }
        with mute_logger("odoo.http"):
            answer = self.url_open(
                "/mail/message/post",
                json={"jsonrpc": "2.0", "method": "call", "id": 1, "params": params},
            )
            message = self.case.sudo().message_post(body="Ours", subtype_xmlid="mail.mt_comment")
            reaction = {"message_id": message.id, "content": "x", "action": "add", "token": secret}
            reacted = self.url_open(
                "/mail/message/reaction",
                json={"jsonrpc": "2.0", "method": "call", "id": 1, "params": reaction},
            )
        self.assertIn("error", answer.json())
        self.assertIn("error", reacted.json())
        self.assertNotIn("By the link", "".join(self.case.sudo().message_ids.mapped("body")))
        cases = self.env["customer.complaint"].with_user(self.env.ref("base.public_user"))
        self.assertTrue(cases._get_thread_with_access(self.case.id, token=secret))
        self.assertFalse(cases._get_thread_with_access(self.case.id, mode="write", token=secret))

    def test_the_secret_is_not_for_users(self):
        case = self.case.with_user(self.user_service_supervisor)
        self.assertNotIn("access_token", case.fields_get())
        self.assertNotIn(self._secret(), str(case.read()))
        for user in (self.user_service_supervisor, self.plain_user):
            with self.assertRaises(AccessError):
                self.case.with_user(user).get_portal_url()

    def test_the_button_of_a_mail_leads_to_the_case(self):
        view = f"/mail/view?model=customer.complaint&res_id={self.case.id}"
        self._login("customer")
        self.assertIn(self.url, self.url_open(view).url)
        self._login("provider")
        self.assertEqual(self.url_open(view).status_code, 404)
        self.authenticate(None, None)
        page = self.url_open(f"{view}&access_token={self._secret()}")
        self.assertIn(self.url, page.url)
        self.assertIn("Pump leaks", page.text)

    def test_state_date_answer_messages_and_files(self):
        case = self.case
        self._login("customer")
        page = self.url_open(self.url).text
        self.assertIn("Received", page)
        promises = dict(case.sudo()._portal_promises())
        self.assertTrue(promises["You will receive our answer by"])
        for what, when in promises.items():
            self.assertIn(what, page)
            self.assertIn(when, page)
        for text in ("First word", "Second word"):
            case.message_post(
                body=text,
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.customer.ids,
                attachments=[(f"{text}.txt", text.encode())],
            )
        case.message_post(body="Among us", subtype_xmlid="mail.mt_note")
        case.action_investigate()
        case.answer = "<p>The seal was worn.</p>"
        case.action_answer()
        page = self.url_open(self.url).text
        for text in ("First word", "Second word", "The seal was worn.", "Second word.txt"):
            self.assertIn(text, page)
        self.assertNotIn("Among us", page)
        self.assertNotIn("You will receive our answer by", page)
        self.assertIn("Answered", page)

    def test_words_of_the_house_stay_in_the_house(self):
        self.case.sudo()._write_facts({"state": "force_closed"})
        self._login("customer")
        for url in (self.url, "/my/complaints"):
            page = self.url_open(url).text
            self.assertNotIn("force", page.split("<main", 1)[1].lower().replace("enforce", ""))

    def test_a_form_that_comes_back_keeps_what_was_typed(self):
        self._login("customer")
        page = self._post(
            "/my/complaints/new",
            subject="Fan",
            description=" ",
            safety_relevant="1",
            kind="repair",
            phone="123",
        ).text
        self.assertRegex(page, r'name="safety_relevant"[^>]*checked')
        self.assertIn('value="Fan"', page)
        page = self._post(
            f"{self.url}/message",
            page=self.url,
            message="It smokes",
            files=[("files", ("run.exe", b"MZ"))],
        ).text
        self.assertIn("is not accepted", page)
        self.assertIn("It smokes</textarea>", page)


@tagged("post_install", "-at_install")
class TestComplaintMails(PortalCase, MailCommon, HttpCase):
    """Mails to customer and provider: link, language, sender, thread."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.env.company.write({"alias_domain_id": cls.mail_alias_domain.id})
        cls.team.write({"alias_name": "cg-pages", "alias_domain_id": cls.mail_alias_domain.id})
        cls.address = f"cg-pages@{cls.mail_alias_domain.name}"

    def test_mails_to_the_customer_come_from_the_team_and_lead_to_the_case(self):
        case = self._complaint(subject="Pump leaks")
        with self.mock_mail_gateway():
            case.message_post(
                body="We come tomorrow",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.customer.ids,
            )
            case.sudo()._send_acknowledgement()
        sent = [m for m in self._mails if self.customer.email in str(m["email_to"])]
        self.assertEqual(len(sent), 2)
        for mail in sent:
            self.assertIn(self.address, mail["email_from"])
            self.assertIn(self.address, mail["reply_to"])
            self.assertIn("access_token=", mail["body"])
            self.assertNotIn("Dear customer", mail["body"])
        messages = case.sudo().message_ids
        self.assertFalse(
            [m for m in messages if "access_token" in (m.body or "")], "no secret here"
        )

    def test_a_letter_about_more_time_stays_in_the_thread(self):
        case = self._complaint(subject="Pump leaks")
        clock = case.sudo().clock_ids.filtered(lambda c: c.milestone == "answer")
        extension = self.env["customer.sla.extension"].with_user(self.user_service).create(
            {"complaint_id": case.id, "clock_id": clock.id, "amount": 2, "reason": "Laboratory"}
        )  # fmt: skip
        extension.action_submit()
        with self.mock_mail_gateway():
            extension.with_user(self.user_service_supervisor).action_approve()
        [mail] = [m for m in self._mails if self.customer.email in str(m["email_to"])]
        self.assertIn(self.address, mail["reply_to"])
        self.assertIn("access_token=", mail["body"])

    def test_the_order_is_mailed_once_in_the_language_of_the_provider(self):
        self.provider.lang = "de_DE"
        self.portal_users["provider"].partner_id.write(
            {"lang": "de_DE", "email": self.provider.email}
        )
        with self.mock_mail_gateway():
            order = self._order()
        sent = [m for m in self._mails if self.provider.email in str(m["email_to"])]
        self.assertEqual(len(sent), 1, "one address, one mail")
        [mail] = sent
        for text in (order.name, "Seal it", "Harbour Glass", "+49 40 777", "access_token="):
            self.assertIn(text, mail["body"])
        message = order.sudo().message_ids.filtered(lambda m: order.name in (m.subject or ""))
        self.assertEqual(len(message), 1)
        deadlines = order.sudo().with_context(lang="de_DE")._portal_deadlines()
        self.assertTrue(deadlines)
        for _what, when in deadlines:
            self.assertIn(when, mail["body"])
        self.assertNotIn(self.customer.email, str([m["email_to"] for m in self._mails]))

    def test_the_answer_from_a_public_page_has_a_sender(self):
        case = self._answered(subject="Pump leaks")
        visit = case.visit_ids
        link = path(case._callback_url())
        self.authenticate(None, None)
        self._post(link, result="not_solved", comment="Still leaks", confirmed="1")
        self.assertEqual(visit.state, "done")
        messages = self.env["mail.message"].sudo().search(
            [
                "|",
                "&", ("model", "=", "customer.complaint"), ("res_id", "=", case.id),
                "&", ("model", "=", "customer.visit"), ("res_id", "=", visit.id),
            ]
        )  # fmt: skip
        self.assertTrue(messages)
        public = self.env.ref("base.public_partner")
        self.assertNotIn(public, messages.author_id)
        self.assertTrue(all(messages.mapped("email_from")))


@tagged("post_install", "-at_install")
class TestProviderPage(PortalCase, HttpCase):
    """The provider works on an order from its page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order()
        cls.url = f"/my/dispatches/{cls.order.id}"

    def test_everything_that_is_needed_is_on_the_page(self):
        self._login("provider")
        page = self.url_open(self.url).text
        for text in (
            "Seal it",
            "leak.png",
            "+49 40 777",
            "office@harbour.example.com",
            "Accept by",
        ):
            self.assertIn(text, page)
        self.assertNotIn("inside.txt", page)
        for _what, when in self.order.sudo()._portal_deadlines():
            self.assertIn(when, page)
        files = self.order.sudo()._portal_customer_files()
        self.assertEqual(files.mapped("name"), ["leak.png"])
        answer = self.url_open(f"{self.url}/file/{files.id}")
        self.assertEqual(answer.content, files.raw)
        inside = self.env["ir.attachment"].search([("name", "=", "inside.txt")], limit=1)
        self.assertEqual(self.url_open(f"{self.url}/file/{inside.id}").status_code, 404)
        self._login("customer")
        self.assertEqual(self.url_open(f"{self.url}/file/{files.id}").status_code, 404)

    def test_files_progress_and_the_own_result(self):
        self._login("provider")
        self._post(f"{self.url}/accept", page=self.url)
        picture = ("files", ("seal.png", b"\x89PNG\r\n\x1a\nseal"))
        page = self._post(f"{self.url}/files", page=self.url, files=[picture], text="The seal").text
        self.assertIn("seal.png", page)
        self.assertEqual(
            self.order.sudo()._portal_messages().attachment_ids.mapped("name"), ["seal.png"]
        )
        page = self._post(
            f"{self.url}/done", page=self.url, cause="Worn out", measure="Changed", parts="Seal 7"
        ).text
        self.assertIn("Worn out</textarea>", page, "what was typed stays")
        self._post(
            f"{self.url}/done",
            page=self.url,
            cause="Worn out",
            measure="Changed",
            parts="Seal 7",
            product_fault="no",
        )
        page = self.url_open(self.url).text
        self.assertIn("Your result", page)
        for text in ("Worn out", "Changed", "Seal 7"):
            self.assertIn(text, page)

    def test_the_link_shows_the_order_only(self):
        self.authenticate(None, None)
        secret = self.order.sudo()._portal_ensure_token()
        page = self.url_open(f"{self.url}?access_token={secret}").text
        self.assertIn("Seal it", page)
        self.assertNotIn('<form method="post" action="/my/dispatches', page)
        team_order = self._dispatch(self._complaint())
        secret = team_order.sudo()._portal_ensure_token()
        page = self.url_open(f"/my/dispatches/{team_order.id}?access_token={secret}")
        self.assertIn("/web/login", page.url, "an order to a team has no page")
