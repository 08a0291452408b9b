from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.archive.dossier.ir_attachment import DOCUMENT
from .archive_case import ArchiveCase


@tagged("post_install", "-at_install")
class TestArchiveFreeze(ArchiveCase):
    """A registered dossier refuses edits on every route, for everybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._dossier()
        cls.document = cls.archive.document_ids[0]
        cls.file = cls._file(cls.document)
        cls.archive.action_submit()
        cls.archive.action_check()
        cls.archive.action_accept()
        cls.draft = cls._dossier()

    def _users(self):
        return self.env.user, self.user_archivist, self.user_sales, self.user_manager

    def _assert_refused(self, records, method, *args):
        for user in self._users():
            with (
                self.subTest(user=user.login, method=method, args=args),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                getattr(records.with_user(user), method)(*args)
                self.env.flush_all()

    def test_fields_of_the_dossier(self):
        for vals in (
            {"title": "Other"},
            {"partner_id": self.foreign_customer.id},
            {"class_id": self.archive_class["basic"].id},
            {"role_b_id": self.user_quality.id},
            {"contract_ref": "X"},
            {"company_id": self.other_company.id},
            {"state": "draft"},
        ):
            self._assert_refused(self.archive, "write", vals)
        self.assertEqual(self.archive.title, "Papers trade")

    def test_number_cannot_be_written_before_either(self):
        with self.assertRaises(AccessError):
            self.draft.with_user(self.user_archivist).name = "2026-TRADE-9999"
        made = self.draft.with_user(self.user_archivist).create(
            {
                "title": "Forged",
                "name": "2026-TRADE-9999",
                "hold": True,
                "class_id": self.archive_class["trade"].id,
                "partner_id": self.customer.id,
            }
        )
        self.assertFalse(made.name)
        self.assertFalse(made.hold)

    def test_documents_through_the_dossier(self):
        for command in (
            (0, 0, {"name": "Slipped in"}),
            (1, self.document.id, {"page_count": 9}),
            (2, self.document.id, 0),
            (3, self.document.id, 0),
            (4, self.draft.document_ids[0].id, 0),
            (5, 0, 0),
            (6, 0, []),
        ):
            self._assert_refused(self.archive, "write", {"document_ids": [command]})

    def test_documents_themselves(self):
        self._assert_refused(self.document, "write", {"page_count": 9})
        self._assert_refused(self.document, "write", {"paper_state": "missing"})
        self._assert_refused(self.document, "write", {"active": False})
        self._assert_refused(self.document, "write", {"archive_id": self.draft.id})
        self._assert_refused(self.document, "unlink")
        self._assert_refused(
            self.env["customer.archive.document"],
            "create",
            {"name": "Slipped in", "archive_id": self.archive.id},
        )
        self._assert_refused(self.draft.document_ids[0], "write", {"archive_id": self.archive.id})
        self._assert_refused(self.document, "write", {"attachment_ids": [(5, 0, 0)]})

    def test_deletion(self):
        self._assert_refused(self.archive, "unlink")
        self.draft.with_user(self.user_archivist).unlink()
        self.assertFalse(self.draft.exists())

    def test_files(self):
        for vals in (
            {"raw": b"changed"},
            {"datas": "Y2hhbmdlZA=="},
            {"name": "other.pdf"},
            {"res_id": self.draft.document_ids[0].id},
            {"res_model": "res.partner", "res_id": self.customer.id},
            {"public": True},
        ):
            self._assert_refused(self.file, "write", vals)
        self._assert_refused(self.file, "unlink")
        slipped = {
            "name": "more.pdf",
            "raw": b"more",
            "res_model": "customer.archive.document",
            "res_id": self.document.id,
        }
        self._assert_refused(self.env["ir.attachment"], "create", slipped)
        loose = (
            self.env["ir.attachment"]
            .with_user(self.user_archivist)
            .create({"name": "loose.pdf", "raw": b"loose"})
        )
        for vals in ({"res_model": "customer.archive.document", "res_id": self.document.id},):
            self._assert_refused(loose, "write", vals)
        half = (
            self.env["ir.attachment"]
            .with_user(self.user_archivist)
            .create({"name": "half.pdf", "raw": b"half", "res_model": "customer.archive.document"})
        )
        self._assert_refused(half, "write", {"res_id": self.document.id})
        self.assertEqual(self.file.raw, b"%PDF-1.4 scan")

    def test_defaults_of_the_context(self):
        """What vals do not name may come from the context."""
        Document = self.env["customer.archive.document"]
        self._assert_refused(
            Document.with_context(default_archive_id=self.archive.id), "create", {"name": "Slipped"}
        )
        files = self.env["ir.attachment"].with_context(
            default_res_model="customer.archive.document", default_res_id=self.document.id
        )
        self._assert_refused(files, "create", {"name": "more.pdf", "raw": b"more"})
        forged = (
            self.env["customer.archive"]
            .with_user(self.user_archivist)
            .with_context(default_name="2026-TRADE-9998", default_hold=True, default_extra_days_a=9)
            .create(
                {
                    "title": "Forged",
                    "class_id": self.archive_class["trade"].id,
                    "partner_id": self.customer.id,
                }
            )
        )
        self.assertFalse(forged.name or forged.hold or forged.extra_days_a)
        shown = (
            self.env["ir.attachment"]
            .with_user(self.user_sales)
            .create(
                {
                    "name": "shown.pdf",
                    "raw": b"shown",
                    "public": True,
                    "res_model": "customer.archive.document",
                    "res_id": self.draft.document_ids[0].id,
                }
            )
        )
        self.assertFalse(shown.public)

    def test_import(self):
        self.env["ir.model.data"].create(
            {
                "name": "frozen_document",
                "module": "__test__",
                "model": "customer.archive.document",
                "res_id": self.document.id,
            }
        )
        result = (
            self.env["customer.archive.document"]
            .with_user(self.user_archivist)
            .load(["id", "name"], [["__test__.frozen_document", "Imported"]])
        )
        self.assertFalse(result["ids"])
        self.assertIn("has been filed", result["messages"][0]["message"])
        self.assertEqual(self.document.name, "Paper 1")

    def test_files_of_others_are_not_taken(self):
        foreign = self.env["ir.attachment"].create(
            {
                "name": "secret.pdf",
                "raw": b"secret",
                "res_model": "res.partner",
                "res_id": self.foreign_customer.id,
            }
        )
        document = self.draft.document_ids[0].with_user(self.user_sales)
        with self.assertRaises(UserError):
            document.write({"attachment_ids": [(4, foreign.id)]})

    def test_files_never_become_public(self):
        document = self.draft.document_ids[0]
        file = self._file(document)
        file.with_user(self.user_sales).write({"public": True})
        self.assertFalse(file.public)
        self.assertEqual((file.res_model, file.res_id), (document._name, document.id))

    def test_files_in_two_steps(self):
        """Neither half of the place says alone that a file goes to a frozen document."""
        half = (
            self.env["ir.attachment"]
            .with_user(self.user_archivist)
            .create({"name": "half.pdf", "raw": b"half", "res_id": self.document.id})
        )
        self._assert_refused(half, "write", {"res_model": "customer.archive.document"})

    def test_a_file_is_not_led_away_from_its_document(self):
        """Moved to a customer while A compiles, it would be free once the dossier is registered."""
        file = self._file(self.draft.document_ids[0]).with_user(self.user_sales)
        elsewhere = {"res_model": "res.partner", "res_id": self.customer.id}
        for vals in (elsewhere, {"res_id": self.document.id}, {"res_model": False}):
            with self.subTest(vals), self.assertRaises(UserError), self.env.cr.savepoint():
                file.write(vals)
        self.assertEqual((file.res_model, file.res_id), (DOCUMENT, self.draft.document_ids[0].id))

    def test_a_file_that_was_led_away_is_the_documents(self):
        """What hangs on a customer from before is frozen and read as the document's."""
        place = {"model": "res.partner", "id": self.customer.id, "file": self.file.id}
        self.env.cr.execute(
            "UPDATE ir_attachment SET res_model = %(model)s, res_id = %(id)s WHERE id = %(file)s",
            place,
        )
        self.env.invalidate_all()
        file = self.file.with_user(self.user_archivist)
        self._assert_refused(file, "write", {"raw": b"other"})
        self._assert_refused(file, "unlink")
        log = self.env["customer.archive.access"]
        about = [("res_model", "=", DOCUMENT), ("kind", "=", "download")]
        before = log.search_count(about)
        file.read(["raw"])
        self.assertEqual(log.search_count(about), before + 1)
        with self.assertRaises(AccessError):
            self.file.with_user(self.plain_user).read(["raw"])

    def test_a_dossier_that_was_sent_back_stays(self):
        self.draft.with_user(self.user_sales).action_submit()
        checker = self.draft.with_user(self.user_service)
        checker.write({"shortfall_ids": [(0, 0, {"name": "Cover sheet"})]})
        checker.action_send_back()
        self.assertEqual(self.draft.state, "draft")
        with self.assertRaises(UserError):
            self.draft.with_user(self.user_archivist).unlink()
