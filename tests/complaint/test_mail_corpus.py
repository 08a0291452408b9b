import logging

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .complaint_case import ComplaintCase
from .mail_corpus import CORPUS

_logger = logging.getLogger(__name__)


def _table(rows):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


@tagged("post_install", "-at_install")
class TestMailCorpus(ComplaintCase, MailCommon):
    """What becomes of mails as they come: see `mail_corpus`. The table is in the log at INFO."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.mail_alias_domain
        cls.env.company.write({"alias_domain_id": cls.domain.id})
        cls.team.write({"alias_name": "cg-hotline", "alias_domain_id": cls.domain.id})
        cls.other_team = cls.team.copy(
            {
                "name": "Spare parts",
                "alias_name": "cg-parts",
                "alias_domain_id": cls.domain.id,
                "user_id": cls.caller.id,
                "member_ids": False,
            }
        )
        cls.env["res.partner"].create(
            {
                "name": "Buyer of the other company",
                "email": "b@other.example.com",
                "company_id": cls.other_company.id,
            }
        )
        cls.case = cls._complaint(user_id=cls.user_service.id)
        cls.case.sudo()._send_acknowledgement()
        cls.env.flush_all()
        cls.ack = cls.case.sudo().message_ids.filtered(lambda m: m.message_type == "auto_comment")
        cls.words = {
            "@HOTLINE@": f"cg-hotline@{cls.domain.name}",
            "@OTHER@": f"cg-parts@{cls.domain.name}",
            "@BOUNCE@": cls.domain.bounce_email,
            "@CATCHALL@": cls.domain.catchall_email,
            "@REF@": cls.ack.message_id,
            "@NUMBER@": cls.case.name,
        }
        cls.names = {
            cls.user_service: "handler",
            cls.user_service_supervisor: "leader",
            cls.user_sales: "sales",
            cls.caller: "parts",
        }

    def _receive(self, number, mail):
        data = mail.raw
        for word, value in {**self.words, "@ID@": f"corpus-{number}"}.items():
            data = data.replace(word.encode(), value.encode())
        self.env["mail.thread"].message_process(False, data)
        self.env.flush_all()
        self.env.invalidate_all()

    def _told(self, last_activity, last_message):
        """Return who of us has a new activity or was notified of a new message."""
        activities = self.env["mail.activity"].sudo().search([("id", ">", last_activity)])
        messages = self.env["mail.message"].sudo().search([("id", ">", last_message)])
        users = activities.user_id | messages.notified_partner_ids.user_ids
        return {self.names.get(user, user.login) for user in users if not user.share}

    def _became(self, last_case, last_message):
        case = self.env["customer.complaint"].sudo().search([("id", ">", last_case)])
        messages = self.env["mail.message"].sudo().search([("id", ">", last_message)])
        note = self.env.ref("mail.mt_note")
        if case:
            return "case" if len(case) == 1 else f"{len(case)} cases", case
        own = messages.filtered(
            lambda m: (
                (m.model, m.res_id) == (self.case._name, self.case.id)
                and "corpus-" in (m.message_id or "")
            )
        )
        if own:
            return "note" if own.subtype_id == note else "message", case
        if messages.filtered(lambda m: m.model == self.team._name):
            return "team", case
        if "bounce" in self.ack.notification_ids.mapped("notification_status"):
            return "bounce", case
        return "ignored", case

    def _last(self, model):
        every = self.env[model].sudo().with_context(active_test=False)
        return every.search([], order="id desc", limit=1).id or 0

    def test_what_each_mail_becomes(self):
        self.assertGreaterEqual(len(CORPUS), 60)
        rows = [("Mail", "became", "told", "customer", "answered")]
        for number, mail in enumerate(CORPUS):
            with self.subTest(mail.name), self.mock_mail_gateway(), mute_logger(
                "odoo.addons.mail.models.mail_thread", "odoo.sql_db"
            ):  # fmt: skip
                savepoint = self.env.cr.savepoint(flush=True)
                try:
                    last = [
                        self._last(model)
                        for model in ("customer.complaint", "mail.message", "mail.activity")
                    ]
                    self._receive(number, mail)
                    becomes, case = self._became(last[0], last[1])
                    told = self._told(last[2], last[1])
                    rows.append(self._row(mail, becomes, told, case))
                    self.assertEqual(becomes, mail.becomes)
                    self.assertEqual(told, set(mail.told))
                    self._check_case(mail, case)
                    self._check_facts(mail)
                finally:
                    self.env.clear()
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

        _logger.info("Mail corpus, %s messages:\n%s", len(CORPUS), _table(rows))

    def _row(self, mail, becomes, told, case):
        known = ("yes" if case.partner_id else "no") if case else ""
        answered = ("yes" if case.acknowledged_at else "no") if case else ""
        return mail.name, becomes, ", ".join(sorted(told)) or "-", known, answered

    def _check_case(self, mail, case):
        if mail.customer is not None:
            self.assertEqual(case.partner_id, self.customer if mail.customer else case.partner_id)
            self.assertEqual(bool(case.partner_id), mail.customer)
        if mail.answered is not None:
            self.assertEqual(bool(case.acknowledged_at), mail.answered)
        if case:
            self.assertLessEqual(len(case.subject), 260)
            self.assertNotRegex(case.subject, r"[\x00-\x1f\u202e]")
            self.assertLess(len(case.description or ""), 250_000)
            self.assertLessEqual(abs((case.message_ids[-1].date - case.create_date).days), 1)
        if mail.holds:
            held = (case.subject, case.description or "", case.email_from or "")
            self.assertIn(mail.holds, " ".join(held))

    def _check_facts(self, mail):
        """No mail is a contact by us; only a bounce takes a fact back."""
        self.assertFalse(self.case.first_contact_at)
        self.assertEqual(bool(self.case.acknowledged_at), mail.becomes != "bounce")
        clock = self.case.sudo().clock_ids.filtered(lambda c: c.milestone == "acknowledge")
        self.assertEqual(clock.state, "running" if mail.becomes == "bounce" else "met")
