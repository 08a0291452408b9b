"""Every route that gives the contents of dossiers, with the access log counted before and after."""

import base64
import io
import json

from pypdf import PdfWriter

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged

from .test_archive_access import AccessLogCase

SECRET = b"words that nobody searches for"
FILES = {"attachment_ids": {"fields": {"datas": {}}}}
CONTENTS = {"title": {}, "document_ids": {"fields": {"name": {}, "number": {}}}}
ROW = {"title": {}, "state": {}}

# name: (method, arguments of the dossiers' ids, entries for one dossier, entries for two)
DOSSIER_ROUTES = {
    "read": ("read", lambda ids: [ids, ["title"]], 1, 2),
    "form": ("web_read", lambda ids: [ids, CONTENTS], 1, 2),
    "form of a row": ("web_read", lambda ids: [ids, ROW], 1, 0),
    "first look at a form": ("onchange", lambda ids: [ids[:1], {}, [], CONTENTS], 1, 1),
    "saving nothing": ("web_save", lambda ids: [ids[:1], {}, CONTENTS], 1, 1),
    "all fields of a list": ("search_read", lambda ids: [[("id", "in", ids)]], 1, 2),
    "row of a list": ("search_read", lambda ids: [[("id", "in", ids)], ["title"]], 0, 0),
    "list with contents": ("web_search_read", lambda ids: [[("id", "in", ids)], CONTENTS], 1, 2),
    "list": ("web_search_read", lambda ids: [[("id", "in", ids)], ROW], 0, 0),
    "search with contents": (
        "web_name_search",
        lambda ids: ["", CONTENTS, [("id", "in", ids)]],
        1,
        2,
    ),
    "search": (
        "web_name_search",
        lambda ids: ["", {"display_name": {}}, [("id", "in", ids)]],
        0,
        0,
    ),
    "groups": ("formatted_read_group", lambda ids: [[("id", "in", ids)], ["state"]], 0, 0),
    "export": ("export_data", lambda ids: [ids, ["title"]], 1, 2),
}


@tagged("post_install", "-at_install")
class TestArchiveRoutes(AccessLogCase):
    """What delivers the contents is logged or closed, of one record and of many."""

    def setUp(self):
        super().setUp()
        self.reader = self.user_archivist
        self.reader.group_ids |= self.env.ref("base.group_allow_export")

    def _counted(self, action):
        """Return how many entries the log has more after `action`."""
        Log = self.env["customer.archive.access"]
        before = Log.search_count([])
        action()
        self.env.invalidate_all()
        return Log.search_count([]) - before

    def _call(self, model, method, arguments, **kwargs):
        return call_kw(self.env[model].with_user(self.reader), method, arguments, kwargs)

    def test_dossiers(self):
        both = [self.archive.id, self.draft.id]
        for words, (method, arguments, one, two) in DOSSIER_ROUTES.items():
            for ids, expected in ((both[:1], one), (both, two)):
                with self.subTest(words, records=len(ids)):
                    found = self._counted(
                        lambda method=method, arguments=arguments, ids=ids: self._call(
                            "customer.archive", method, arguments(ids)
                        )
                    )
                    self.assertEqual(found, expected)

    def test_groups_that_are_unfolded(self):
        found = self._counted(
            lambda: self._call(
                "customer.archive",
                "web_read_group",
                [[("id", "in", [self.archive.id, self.draft.id])], ["company_id"]],
                auto_unfold=True,
                unfold_read_specification=CONTENTS,
            )
        )
        self.assertEqual(found, 2)

    def test_as_a_part_of_another_form(self):
        spec = {"archive_ids": {"fields": CONTENTS}}
        customer = self.archive.partner_id
        number = len(customer.with_user(self.reader).archive_ids)
        found = self._counted(lambda: self._call("res.partner", "web_read", [customer.ids, spec]))
        self.assertEqual(found, number)

    def test_files(self):
        document = self.draft.document_ids[0]
        for words, model, method, arguments in (
            ("read", "ir.attachment", "read", [self.file.ids, ["datas"]]),
            ("search", "ir.attachment", "search_read", [[("id", "=", self.file.id)], ["raw"]]),
            ("form", "ir.attachment", "web_read", [self.file.ids, {"datas": {}}]),
            ("export", "ir.attachment", "export_data", [self.file.ids, ["datas"]]),
            ("picture of it", "ir.attachment", "read", [self.file.ids, ["thumbnail"]]),
            ("copy", "ir.attachment", "copy", [self.file.ids, {"res_model": False, "res_id": 0}]),
            ("list", document._name, "web_search_read", [[("id", "=", document.id)], FILES]),
        ):
            with self.subTest(words):
                found = self._counted(lambda call=(model, method, arguments): self._call(*call))
                self.assertGreaterEqual(found, 1)

    def test_contents_are_not_grouped_or_searched(self):
        self.file.raw = SECRET
        other = self._file(self.draft.document_ids[-1], name="note.txt")
        other.write({"raw": SECRET, "mimetype": "text/plain"})
        self.assertFalse((self.file | other).filtered("index_content"))
        domain = [("id", "in", (self.file | other).ids)]
        for method, arguments, kwargs in (
            ("formatted_read_group", [domain, ["index_content"]], {}),
            ("formatted_read_group", [domain, ["name"], ["index_content:array_agg"]], {}),
            ("formatted_read_grouping_sets", [domain, [["index_content"]]], {}),
            ("web_read_group", [domain, ["index_content"]], {}),
        ):
            with self.subTest(method, groups=arguments[1]), self.assertRaises(AccessError):
                self._call("ir.attachment", method, arguments, **kwargs)
        self.assertFalse(
            self.env["ir.attachment"].search_count([*domain, ("index_content", "ilike", "nobody")])
        )

    def test_by_mail(self):
        customer = self.archive.partner_id
        # who writes to customers edits them
        editor = self.env.ref("base.group_partner_manager")
        self.reader.group_ids |= editor
        self.user_deed.group_ids |= editor
        post = {"body": "See", "attachment_ids": self.file.ids}
        found = self._counted(
            lambda: customer.with_user(self.reader).message_post(**post, message_type="comment")
        )
        self.assertEqual(found, 1)
        with self.assertRaises(AccessError):
            customer.with_user(self.user_deed).message_post(**post, message_type="comment")

    def test_the_web_client_s_own_lists_are_no_opening(self):
        """A column that is no column for the log would fill it with everybody's lists."""
        for model in self.env["customer.archive.access"]._logged_models():
            Model = self.env[model].with_user(self.user_auditor)
            views = Model.get_views([(False, "list")])
            names = set(views["models"][model]["fields"])
            spec = {
                name: {"fields": {"display_name": {}}} if field.relational else {}
                for name, field in Model._fields.items()
                if name in names and f'name="{name}"' in views["views"]["list"]["arch"]
            }
            with self.subTest(model):
                self.assertFalse(Model._delivers_contents(spec))


@tagged("post_install", "-at_install")
class TestArchiveRoutesHttp(AccessLogCase, HttpCase):
    """The routes of Odoo's controllers."""

    def setUp(self):
        super().setUp()
        self.user_sales.password = "cg-password"

    def _logged(self, url, **values):
        """Open an address as the salesperson; return (entries of the log more, answer)."""
        before = len(self._entries(self.draft))
        answer = self.url_open(url, **values)
        self.env.invalidate_all()
        return len(self._entries(self.draft)) - before, answer

    def _pdf(self):
        """Return a file with one empty page."""
        page = io.BytesIO()
        writer = PdfWriter()
        writer.add_blank_page(100, 100)
        writer.write(page)
        return self._file(self.draft.document_ids[-1], name="page.pdf", content=page.getvalue())

    def test_what_mail_and_web_offer_besides(self):
        """Archives of several files, first pages, exports and papers."""
        file = self._pdf()
        self.authenticate("cg_sales", "cg-password")
        self.user_sales.group_ids |= self.env.ref("base.group_allow_export")
        data = json.dumps(
            {
                "model": "customer.archive",
                "fields": [{"name": "title", "label": "Title", "type": "char"}],
                "ids": self.draft.ids,
                "domain": [],
                "import_compat": False,
                "groupby": [],
                "context": {},
            }
        )
        report = self.env["ir.actions.report"].search(
            [("model", "=", "customer.archive"), ("report_type", "=", "qweb-pdf")], limit=1
        )
        paper = report.report_name
        token = http.Request.csrf_token(self)
        for words, url, values in (
            ("first page", f"/mail/attachment/pdf_first_page/{file.id}", {}),
            (
                "archive",
                "/mail/attachment/zip",
                {"data": {"file_ids": str(file.id), "zip_name": "x.zip", "csrf_token": token}},
            ),
            ("CSV", "/web/export/csv", {"data": {"data": data, "csrf_token": token}}),
            ("XLSX", "/web/export/xlsx", {"data": {"data": data, "csrf_token": token}}),
            ("paper", f"/report/html/{paper}/{self.draft.id}", {}),
        ):
            with self.subTest(words):
                found, answer = self._logged(url, **values)
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(found, 1)

    def test_files_do_not_become_other_documents(self):
        """Odoo makes orders and invoices of files that are dropped on their lists."""
        file = self._pdf()
        self.user_sales.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        orders = self.env["sale.order"].with_user(self.user_sales)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            orders.create_document_from_attachment(file.ids)
        self.assertEqual(file.res_model, "customer.archive.document")

    def test_downloads(self):
        image = base64.b64decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        )
        picture = self._file(self.draft.document_ids[-1], name="plan.png")
        picture.write({"raw": image, "mimetype": "image/png"})
        self.authenticate("cg_sales", "cg-password")
        for url in (
            f"/web/content/{self.file.id}",
            f"/web/content/ir.attachment/{self.file.id}/raw",
            f"/web/image/{picture.id}",
            f"/web/image/ir.attachment/{picture.id}/raw",
        ):
            with self.subTest(url):
                found, answer = self._logged(url)
                self.assertEqual((answer.status_code, found), (200, 1))
