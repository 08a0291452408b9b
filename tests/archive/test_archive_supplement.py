from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .archive_case import ArchiveCase


@tagged("post_install", "-at_install")
class TestArchiveSupplement(ArchiveCase):
    """The one way to change a registered dossier, and its log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._registered()

    def _supplement(self, **vals):
        return (
            self.env["customer.archive.supplement"]
            .with_user(self.user_archivist)
            .create({"archive_id": self.archive.id, "reason": "Came by post", **vals})
        )

    def test_add(self):
        requirement = self.env.ref("customer_governance.archive_requirement_trade_invoice")
        before = self.archive.missing_count
        supplement = self._supplement(
            name="Late invoice", requirement_id=requirement.id, page_count=2
        )
        supplement.action_apply()
        document = supplement.document_id
        self.assertEqual(document.number, f"{self.archive.name}-03")
        self.assertEqual((self.archive.page_total, self.archive.missing_count), (8, before - 1))
        self.assertEqual(supplement.applied_by_id, self.user_archivist)
        self.assertIn("Late invoice", supplement.changes)
        self.assertIn("Came by post", self.archive.message_ids[0].body)

    def test_correct(self):
        document = self.archive.document_ids[0]
        values = {name: document[name] for name in ("name", "is_original", "is_signed", "medium")}
        supplement = self._supplement(
            kind="correct", document_id=document.id, page_count=5, **values
        )
        supplement.action_apply()
        self.assertEqual(document.page_count, 5)
        self.assertIn("3 → 5", supplement.changes)
        self.assertEqual(supplement.changes.count("\n"), 0)

    def test_withdraw(self):
        document = self.archive.document_ids[0]
        self._supplement(kind="withdraw", document_id=document.id).action_apply()
        self.assertFalse(document.active)
        self.assertEqual(len(self.archive.document_ids), 1)
        self.archive.sudo()._thawed().write({"hold": True, "hold_reason": "Lawsuit"})
        other = self._supplement(kind="withdraw", document_id=self.archive.document_ids.id)
        with self.assertRaisesRegex(UserError, "legal hold"):
            other.action_apply()

    def test_files_come_along(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.user_archivist)
            .create({"name": "late.pdf", "raw": b"late"})
        )
        supplement = self._supplement(name="Overdue", attachment_ids=[(4, file.id)])
        self.assertEqual(file.res_model, "customer.archive.supplement")
        supplement.action_apply()
        self.assertEqual(
            (file.res_model, file.res_id), ("customer.archive.document", supplement.document_id.id)
        )
        self.assertEqual(supplement.document_id.file_checksums, {str(file.id): file.checksum})
        with self.assertRaises(UserError):
            file.with_user(self.user_archivist).raw = b"other"

    def test_files_of_others_are_not_taken(self):
        foreign = self.env["ir.attachment"].create(
            {
                "name": "x",
                "raw": b"x",
                "res_model": "res.partner",
                "res_id": self.foreign_customer.id,
            }
        )
        with self.assertRaises(UserError):
            self._supplement(name="Occupied", attachment_ids=[(4, foreign.id)])

    def test_the_log_stays(self):
        supplement = self._supplement(name="Overdue")
        supplement.action_apply()
        for vals in ({"reason": "Other"}, {"changes": "x"}, {"state": "draft"}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                supplement.write(vals)
        with self.assertRaises(UserError):
            supplement.unlink()
        with self.assertRaises(UserError):
            supplement.action_apply()

    def test_only_archivists(self):
        with self.assertRaises(AccessError):
            self._supplement(name="Overdue").with_user(self.user_sales).action_apply()
        with self.assertRaises(AccessError):
            self.env["customer.archive.supplement"].with_user(self.user_sales).create(
                {"archive_id": self.archive.id, "reason": "x", "name": "x"}
            )

    def test_only_registered_dossiers(self):
        draft = self._dossier()
        with self.assertRaisesRegex(UserError, "not been filed"):
            self._supplement(archive_id=draft.id, name="x").action_apply()

    def test_changed_file_is_found(self):
        archive = self._dossier()
        document = archive.document_ids[0]
        file = self._file(document)
        archive.action_submit()
        archive.action_check()
        archive.action_accept()
        self.assertEqual(document._changed_files(), [])
        path = file._full_path(file.store_fname)
        with open(path, "rb") as stored:
            content = stored.read()
        self.addCleanup(self._put, path, content)
        self._put(path, b"forged")
        file.invalidate_recordset()
        self.assertEqual(document._changed_files(), ["scan.pdf"])
        action = document.with_user(self.user_archivist).action_verify_files()
        self.assertEqual(action["params"]["type"], "danger")

    @staticmethod
    def _put(path, content):
        with open(path, "wb") as stored:
            stored.write(content)
