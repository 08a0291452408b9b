from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...models.archive.upload.customer_archive_upload import UploadRefused
from ...models.common.customer_transition_mixin import TransitionRefused
from .archive_case import ArchiveCase

PDF = b"%PDF-1.4 made by a customer"
JPG = b"\xff\xd8\xff\xe0 a picture"


@tagged("post_install", "-at_install")
class TestArchiveUpload(ArchiveCase):
    """A customer is asked for documents, sends them by a link, and somebody takes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract, cls.invoice = (
            cls.env.ref(f"customer_governance.archive_requirement_trade_{name}")
            for name in ("contract", "invoice")
        )
        cls.customer.email = "papers@customer.example.com"
        cls.customer.user_id = cls.user_sales
        cls.archive = cls._dossier(contract_ref="C-77")

    def _upload(self, archive=None, user=None, **vals):
        uploads = self.env["customer.archive.upload"].with_user(user or self.user_sales)
        return uploads.create({"archive_id": (archive or self.archive).id, **vals})

    def _sent(self, **vals):
        upload = self._upload(**vals)
        upload.action_send()
        return upload

    def _receive(self, upload, *documents, token=None, note=""):
        documents = documents or [(self.contract.id, "", [("contract.pdf", PDF)])]
        upload = upload.sudo().with_user(self.env.ref("base.public_user"))
        return upload._receive(token or upload.sudo().link_token, list(documents), note)

    # --- asking -------------------------------------------------------------------------------

    def test_what_is_missing_is_asked_for(self):
        upload = self._upload()
        self.assertIn(self.contract, upload.requirement_ids)
        self.assertTrue(all(upload.requirement_ids.mapped("from_customer")), "no paper of ours")
        self.assertLess(len(upload.requirement_ids), self.archive.missing_count, "no invoice")
        self.assertEqual(upload.subject, "Documents for C-77")
        self.assertEqual(upload.contact_id, self.customer)
        self.assertEqual(upload.expires_on, self.env.company._customer_today() + timedelta(days=14))

    def test_the_mail_has_the_link_and_nobody_else(self):
        upload = self._upload(message="For the new line")
        upload.action_send()
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", upload._name), ("res_id", "=", upload.id)])
        )
        token = upload.sudo().link_token
        self.assertIn(token, mail.body_html)
        self.assertIn("For the new line", mail.body_html)
        self.assertIn(self.contract.name, mail.body_html)
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertNotIn("link_token", upload.fields_get())
        with self.assertRaises(AccessError):
            upload.read(["link_token"])
        self.assertIn("Send the documents here", mail.body_html)
        messages = mail.mail_message_id | upload.message_ids
        self.assertNotIn(token, "".join(messages.mapped("body")), "readers of the record read it")

    def test_a_link_that_did_not_arrive_was_not_sent(self):
        upload = self._sent()
        self.assertTrue(upload.sent_on)
        message = upload.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        message.sudo().notification_ids.write({"notification_status": "bounce"})
        self.assertFalse(upload.sent_on)
        told = upload.sudo().activity_ids.filtered(lambda a: a.customer_reason == "undelivered")
        self.assertEqual(told.user_id, self.user_sales)

    def test_a_new_link_ends_the_old_one(self):
        upload = self._sent()
        old = upload.sudo().link_token
        upload.action_send()
        self.assertFalse(upload._takes_files_by(old))
        self.assertTrue(upload._takes_files_by(upload.sudo().link_token))

    def test_guards_of_sending(self):
        self.customer.email = False
        with self.assertRaisesRegex(TransitionRefused, "no e-mail"):
            self._upload(contact_id=self.customer.id).action_send()
        self.customer.email = "papers@customer.example.com"
        yesterday = self.env.company._customer_today() - timedelta(days=1)
        with self.assertRaisesRegex(TransitionRefused, "last day has passed"):
            self._upload(expires_on=yesterday).action_send()
        with self.assertRaisesRegex(ValidationError, "not a contact of"):
            self._upload(contact_id=self.foreign_customer.id)

    def test_facts_cannot_be_forged(self):
        upload = self._upload(sent_on="2020-01-01")
        self.assertFalse(upload.sent_on)
        with self.assertRaises(UserError):
            upload.write({"sent_on": "2020-01-01"})
        sent = self._sent()
        line = self._receive(sent)
        line = line.with_user(self.user_sales)
        with self.assertRaises(AccessError):
            line.write({"file_names": "other.pdf"})
        with self.assertRaises(AccessError):
            line.write({"attachment_ids": [(5,)]})
        with self.assertRaises(AccessError):
            line.create({"upload_id": sent.id, "name": "x", "received_on": "2020-01-01"})

    # --- the link -----------------------------------------------------------------------------

    def test_last_day_in_the_time_zone_of_the_company(self):
        self.env.company.customer_tz = "Asia/Shanghai"
        with freeze_time("2026-03-02 04:00:00"):
            upload = self._sent(expires_on="2026-03-05")
        self.assertEqual(upload.sudo().link_until, datetime(2026, 3, 5, 16))
        token = upload.sudo().link_token
        with freeze_time("2026-03-05 15:59:59"):
            self.assertTrue(upload._takes_files_by(token))
            upload.invalidate_recordset(["is_expired"])
            self.assertFalse(upload.is_expired)
        with freeze_time("2026-03-05 16:00:00"):
            self.assertFalse(upload._takes_files_by(token))
            upload.invalidate_recordset(["is_expired"])
            self.assertTrue(upload.is_expired)
            with self.assertRaisesRegex(UploadRefused, "link has expired"):
                self._receive(upload)
            upload.expires_on = "2026-03-06"  # longer: the same link opens again
            self.assertTrue(upload._takes_files_by(token))

    def test_closed_and_wrong_links_take_nothing(self):
        upload = self._sent()
        token = upload.sudo().link_token
        for wrong in ("", token[:-1], None, 5, token + "x"):
            self.assertFalse(upload._takes_files_by(wrong), wrong)
        upload.action_close()
        self.assertFalse(upload._takes_files_by(token))
        with self.assertRaises(UploadRefused):
            self._receive(upload, token=token)
        with self.assertRaises(UserError):
            upload.unlink()

    def test_quota_is_for_all_that_came(self):
        upload = self._sent(max_files=2, max_mb=1)
        self._receive(upload, (None, "One", [("1.pdf", PDF)]))
        with self.assertRaisesRegex(
            UploadRefused, "You selected 2 files; this link accepts 1 more"
        ):
            self._receive(upload, (None, "", [("2.pdf", PDF), ("3.pdf", PDF)]))
        with self.assertRaisesRegex(UploadRefused, "accepts 1.0 MB more"):
            self._receive(upload, (None, "", [("2.pdf", PDF + b"x" * 1024 * 1024)]))
        with self.assertRaisesRegex(UploadRefused, "is not accepted"):
            self._receive(upload, (None, "", [("2.exe", PDF)]))
        self._receive(upload, (None, "", [("2.pdf", PDF + b"x" * (1024 * 1024 - 2 * len(PDF)))]))
        self.assertEqual((upload.used_files, upload.used_mb, upload.waiting_count), (2, 1.0, 2))

    def test_what_came(self):
        upload = self._sent()
        lines = self._receive(
            upload,
            (self.contract.id, "ignored", [("c1.jpg", JPG), ("c2.jpg", JPG + b"2")]),
            (None, "Map", [("map.pdf", PDF)]),
            (self.archive_class["loan"].requirement_ids[0].id, "", [("x.pdf", PDF)]),
            note="Second page follows",
        )
        self.assertEqual(lines.mapped("name"), [self.contract.name, "Map", "x.pdf"])
        self.assertEqual(lines.requirement_id, self.contract, "only what was asked for")
        self.assertEqual(lines[0].file_names, "c1.jpg, c2.jpg")
        self.assertEqual(lines[0].size, 2 * len(JPG) + 1)
        self.assertEqual(set(lines.mapped("note")), {"Second page follows"})
        activity = upload.activity_ids
        self.assertEqual(activity.user_id, self.user_sales)
        self._receive(upload)
        self.assertEqual(upload.activity_ids, activity, "one until somebody looked")
        self.assertFalse(self.archive.document_ids.attachment_ids, "not in the dossier yet")

    # --- taking -------------------------------------------------------------------------------

    def test_take_into_a_draft(self):
        upload = self._sent()
        line = self._receive(upload).with_user(self.user_sales)
        file = line.attachment_ids
        before = self.archive.missing_count
        line.action_take()
        document = line.document_id
        self.assertEqual(document.archive_id, self.archive)
        self.assertEqual(document.requirement_id, self.contract)
        self.assertEqual(document.medium, "electronic")
        self.assertEqual(document.attachment_ids, file, "moved, not copied")
        self.assertEqual((file.res_model, file.res_id), (document._name, document.id))
        self.assertFalse(line.attachment_ids)
        self.assertLessEqual(self.archive.missing_count, before)
        self.assertEqual(line.decided_by_id, self.user_sales)
        self.assertFalse(upload.activity_ids)
        with self.assertRaises(TransitionRefused):
            line.action_take()

    def test_take_into_a_registered_dossier_is_a_supplement(self):
        archive = self._registered(contract_ref="C-78")
        upload = self._sent(archive=archive)
        line = self._receive(upload)
        with self.assertRaisesRegex(TransitionRefused, "archivist must add it"):
            line.with_user(self.user_sales).action_take()
        opened = line.with_user(self.user_archivist).action_take()
        supplement = line.supplement_id
        self.assertEqual((opened["res_model"], opened["res_id"]), (supplement._name, supplement.id))
        self.assertEqual((supplement.state, len(supplement.attachment_ids)), ("draft", 1))
        supplement.with_user(self.user_archivist).action_apply()
        self.assertEqual(supplement.document_id.attachment_ids.raw, PDF)

    def test_a_dossier_in_other_hands_takes_nothing(self):
        upload = self._sent()
        line = self._receive(upload).with_user(self.user_sales)
        self.archive.action_submit()
        with self.assertRaisesRegex(TransitionRefused, "sent back to A"):
            line.action_take()
        self.assertEqual(line.state, "received")

    def test_refuse_needs_a_word_and_frees_the_quota(self):
        upload = self._sent(max_files=1)
        line = self._receive(upload).with_user(self.user_sales)
        files = line.attachment_ids
        with self.assertRaisesRegex(TransitionRefused, "enter the reason"):
            line.action_refuse()
        line.reason = "Page 2 cannot be read"
        line.action_refuse()
        self.assertFalse(files.exists())
        self.assertEqual(line.file_names, "contract.pdf")
        self._receive(upload)
        with self.assertRaises(UserError):
            line.reason = "Other"

    # --- rights -------------------------------------------------------------------------------

    def test_only_who_reads_the_dossier(self):
        upload = self._sent()
        line = self._receive(upload)
        self.customer.user_id = False
        self.archive.sudo().role_a_id = self.env.ref("base.user_root")
        for record in (upload, line):
            with self.assertRaises(AccessError):
                record.with_user(self.user_sales).read(["id"])
        with self.assertRaises(AccessError):
            line.attachment_ids.with_user(self.user_sales).read(["raw"])
        with self.assertRaises(AccessError):
            self._upload()

    def test_download_is_logged(self):
        line = self._receive(self._sent())
        self.env.flush_all()
        log = self.env["customer.archive.access"].sudo()
        before = log.search_count([])
        line.attachment_ids.with_user(self.user_sales).read(["raw"])
        entry = log.search([], limit=1)
        self.assertEqual(log.search_count([]), before + 1)
        self.assertEqual((entry.kind, entry.user_id), ("download", self.user_sales))
