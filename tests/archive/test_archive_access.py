"""The access log, by every route by which a dossier is read."""

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.sql_db import db_connect
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..common import switch_on
from .archive_rights_case import ArchiveRightsCase

SPEC = {"title": {}, "document_ids": {"fields": {"name": {}}}}


class AccessLogCase(ArchiveRightsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._registered("basic")
        draft = cls._dossier("basic")
        cls.file = cls._file(draft.document_ids[0], name="licence.pdf")
        cls.draft = draft

    def _entries(self, *records):
        ids = [record.id for record in records]
        return self.env["customer.archive.access"].search(
            [("archive_ref", "in", ids)] if ids else [], order="id"
        )


@tagged("post_install", "-at_install")
class TestArchiveAccess(AccessLogCase):
    """Opening, printing and exporting leave an entry; nobody changes the log."""

    def test_opening_the_form(self):
        self.archive.with_user(self.user_sales).web_read(SPEC)
        entry = self._entries(self.archive)
        self.assertEqual(len(entry), 1, "the parts of the form are no opening of their own")
        self.assertEqual((entry.kind, entry.user_id), ("open", self.user_sales))
        self.assertEqual((entry.res_model, entry.res_id), (self.archive._name, self.archive.id))
        self.assertEqual(entry.name, self.archive.display_name)
        self.assertEqual(entry.company_id, self.company)

    def test_opening_a_document(self):
        self.archive.document_ids[0].with_user(self.user_sales).web_read({"name": {}})
        entry = self._entries(self.archive)
        self.assertEqual(entry.res_model, "customer.archive.document")
        self.assertEqual(entry.archive_ref, self.archive.id)

    def test_read_by_rpc(self):
        both = (self.archive | self.draft).with_user(self.user_sales)
        both.read(["title"])
        self.assertEqual(self._entries(self.archive, self.draft).mapped("kind"), ["open", "open"])

    def test_lists_and_saving_are_no_opening(self):
        Archive = self.env["customer.archive"].with_user(self.user_sales)
        Archive.web_search_read([("id", "=", self.archive.id)], {"title": {}})
        Archive.web_read_group(
            [("id", "=", self.archive.id)],
            ["state"],
            auto_unfold=True,
            unfold_read_specification={"title": {}},
        )
        Archive.web_name_search("Papers", {"title": {}, "display_name": {}})
        Archive.browse(self.draft.id).web_save({"title": "Other"}, SPEC)
        self.assertFalse(self._entries(self.archive, self.draft))

    def test_lists_are_served_over_rpc(self):
        """An override that loses `@api.model` breaks every list of the web client."""
        wanted = [("id", "=", self.archive.id)]
        Archive = self.env["customer.archive"].with_user(self.user_sales)
        for method, arguments in (
            ("web_search_read", [wanted, {"title": {}}]),
            ("web_read_group", [wanted, ["state"]]),
            ("web_name_search", [self.archive.name, {"title": {}}]),
        ):
            with self.subTest(method):
                self.assertTrue(call_kw(Archive, method, arguments, {}))
        self.assertFalse(self._entries(self.archive))

    def test_export(self):
        self.user_archivist.group_ids |= self.env.ref("base.group_allow_export")
        both = (self.archive | self.draft).with_user(self.user_archivist)
        both.export_data(["name", "title"])
        entries = self._entries(self.archive, self.draft)
        self.assertEqual(entries.mapped("kind"), ["export", "export"])

    def test_one_insert_for_any_number(self):
        archives = self.archive | self.draft

        def count(records):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.user_sales)._note_access("export")
            return self.env.cr.sql_log_count - before

        self.assertEqual([count(archives[:1]), count(archives)], [1, 1])

    def test_content_in_a_list_or_in_another_form(self):
        document = self.draft.document_ids[0]
        content = {"attachment_ids": {"fields": {"datas": {}}}}
        Document = document.browse().with_user(self.user_sales)
        Document.web_search_read([("id", "=", document.id)], content)
        Document.browse(self.draft.document_ids.ids).web_read(content)
        kinds = self._entries(self.draft).mapped("kind")
        self.assertEqual(kinds.count("download"), 2)
        self.assertEqual(kinds.count("open"), 3, "of one document, then of both")

    def test_content_by_export_and_copy(self):
        self.user_sales.group_ids |= self.env.ref("base.group_allow_export")
        file = self.file.with_user(self.user_sales)
        file.export_data(["name"])
        self.assertFalse(self._entries(self.draft))
        file.export_data(["datas"])
        file.copy({"res_model": False, "res_id": False})
        self.assertEqual(self._entries(self.draft).mapped("kind"), ["download"] * 2)

    def test_export_that_begins_at_the_customer(self):
        self.user_archivist.group_ids |= self.env.ref("base.group_allow_export")
        customer = self.archive.partner_id.with_user(self.user_archivist)
        customer.export_data(["name", "archive_ids/title"])
        entries = self._entries(self.archive, self.draft)
        self.assertEqual(entries.mapped("kind"), ["export", "export"])

    def test_opening_a_supplement(self):
        supplement = self.env["customer.archive.supplement"].create(
            {"archive_id": self.archive.id, "name": "Annex", "reason": "It came later"}
        )
        supplement.with_user(self.user_archivist).web_read({"name": {}})
        entry = self._entries(self.archive)
        self.assertEqual((entry.kind, entry.res_model), ("open", supplement._name))

    def test_content_by_rpc(self):
        file = self.file.with_user(self.user_sales)
        file.read(["name"])
        file.with_context(bin_size=True).read(["datas"])
        self.assertFalse(self._entries(self.draft))
        file.read(["datas"])
        self.env["ir.attachment"].with_user(self.user_sales).search_read(
            [("id", "=", file.id)], ["raw"]
        )
        entries = self._entries(self.draft)
        self.assertEqual(entries.mapped("kind"), ["download"] * 2)
        self.assertEqual(set(entries.mapped("detail")), {"licence.pdf"})

    def test_printing(self):
        self.env["ir.ui.view"].create(
            {
                "name": "Test paper",
                "key": "customer_governance.test_archive_paper",
                "type": "qweb",
                "arch": '<div><t t-foreach="docs" t-as="doc" t-out="doc.title" /></div>',
            }
        )
        report = self.env["ir.actions.report"].create(
            {
                "name": "Test paper",
                "model": "customer.archive",
                "report_name": "customer_governance.test_archive_paper",
                "report_type": "qweb-html",
            }
        )
        self.env["ir.actions.report"].with_user(self.user_sales)._render_qweb_html(
            report.report_name, self.archive.ids
        )
        entry = self._entries(self.archive)
        self.assertEqual((entry.kind, entry.detail), ("print", "Test paper"))

    def test_who_may_not_read_leaves_no_entry(self):
        with self.assertRaises(AccessError):
            self.archive.with_user(self.other_sales).web_read(SPEC)
        self.assertFalse(self._entries(self.archive))

    def test_nobody_changes_the_log(self):
        self.archive.with_user(self.user_sales).web_read(SPEC)
        entry = self._entries(self.archive)
        for user in (self.user_manager, self.user_auditor, self.user_archivist, self.env.user):
            for method, *args in (("write", {"kind": "print"}), ("unlink",)):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(entry.with_user(user), method)(*args)
            with self.assertRaises(AccessError):
                entry.with_user(user).sudo().unlink()
        with self.assertRaises(AccessError):
            self.env["customer.archive.access"].with_user(self.user_manager).create(
                {"kind": "open", "res_model": "x"}
            )
        self.assertEqual(entry.with_user(self.user_auditor).kind, "open")
        for user in (self.user_manager, self.user_archivist, self.user_sales):
            with self.assertRaises(AccessError):
                entry.with_user(user).read(["name"])

    def test_the_database_refuses_too(self):
        self.archive.with_user(self.user_sales).web_read(SPEC)
        entry = self._entries(self.archive)
        for statement in (
            SQL("UPDATE customer_archive_access SET kind = 'print' WHERE id = %s", entry.id),
            SQL("DELETE FROM customer_archive_access WHERE id = %s", entry.id),
        ):
            with (
                self.assertRaisesRegex(Exception, "only added to"),
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self.env.cr.execute(statement)


@tagged("post_install", "-at_install")
class TestArchiveAccessHttp(AccessLogCase, HttpCase):
    """Downloads by the routes of Odoo."""

    def test_download(self):
        self.user_sales.password = self.other_sales.password = "cg-password"
        url = f"/web/content/{self.file.id}?download=true"
        self.authenticate("cg_sales2", "cg-password")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertFalse(self._entries(self.draft))
        self.authenticate("cg_sales", "cg-password")
        self.assertEqual(self.url_open(url).content, b"%PDF-1.4 scan")
        entry = self._entries(self.draft)
        self.assertEqual((entry.kind, entry.user_id), ("download", self.user_sales))
        self.assertEqual(entry.detail, "licence.pdf")


@tagged("post_install", "-at_install")
class TestArchiveAccessRollback(TransactionCase):
    """In real transactions: what was read stays in the log when the reader rolls back."""

    def test_rollback(self):
        db = db_connect(self.env.cr.dbname)
        with db.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            switch_on(env)
            user = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "name": "reader",
                        "login": "cg_log_reader",
                        "group_ids": [(6, 0, env.ref("customer_governance.group_archivist").ids)],
                    }
                )
            )
            customer = env["res.partner"].create({"name": "Log", "is_company": True})
            archive = env["customer.archive"].create(
                {
                    "title": "Log",
                    "class_id": env.ref("customer_governance.archive_class_basic").id,
                    "partner_id": customer.id,
                }
            )
        try:
            for end in ("rollback", "commit"):
                with db.cursor() as cr:
                    reader = api.Environment(cr, user.id, {})["customer.archive"]
                    reader.browse(archive.id).web_read({"title": {}})
                    getattr(cr, end)()
            with db.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                entries = env["customer.archive.access"].search([("user_id", "=", user.id)])
                self.assertEqual(len(entries), 2, "once for each reading")
        finally:
            with db.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["customer.archive"].browse(archive.id).unlink()
                env["res.partner"].browse(customer.id).unlink()
                # the log keeps its user
                env["res.users"].browse(user.id).write(
                    {"active": False, "login": f"gone_{user.id}"}
                )
