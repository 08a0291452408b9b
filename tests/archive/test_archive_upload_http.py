import re

from odoo.tests import HttpCase, tagged

from .archive_case import ArchiveCase

PDF = b"%PDF-1.4 made by a customer"


@tagged("post_install", "-at_install")
class TestArchiveUploadHttp(ArchiveCase, HttpCase):
    """The page behind the link, without a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.env.ref("customer_governance.archive_requirement_trade_contract")
        cls.customer.email = "papers@customer.example.com"
        cls.upload = cls.env["customer.archive.upload"].create(
            {"archive_id": cls._dossier(title="Internal title").id, "message": "We need it soon"}
        )
        cls.upload.action_send()
        cls.path = f"/archive/upload/{cls.upload.id}/{cls.upload.link_token}"

    def _post(self, path=None, data=None, files=None):
        return self.url_open(path or self.path, data=data or {"note": ""}, files=files or [])

    def test_the_page_shows_what_is_asked_for_and_writes_nothing(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.contract.name, page.text)
        self.assertIn("We need it soon", page.text)
        self.assertNotIn("Internal title", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertFalse(self.upload.line_ids)

    def test_send_files(self):
        page = self._post(
            data={"note": "Here", "title": "Map"},
            files=[
                (f"files_{self.contract.id}", ("a.pdf", PDF)),
                (f"files_{self.contract.id}", ("scans/b.pdf", PDF + b"2")),
                ("files_other", ("map.pdf", PDF)),
                ("files_999999", ("never asked.pdf", PDF)),
            ],
        )
        self.assertIn("Thank you", page.text)
        self.assertIn("a.pdf, b.pdf", page.text)
        self.env.invalidate_all()
        lines = self.upload.line_ids.sorted("id")
        self.assertEqual(lines.mapped("name"), [self.contract.name, "Map"])
        self.assertEqual(lines[0].attachment_ids.sorted("id").mapped("raw"), [PDF, PDF + b"2"])
        self.assertEqual(lines[0].attachment_ids.mapped("public"), [False, False])

    def test_all_or_none(self):
        page = self._post(
            files=[
                (f"files_{self.contract.id}", ("a.pdf", PDF)),
                ("files_other", ("bad.exe", PDF)),
            ],
        )
        self.assertRegex(page.text, "bad.exe.*is not accepted")
        self.env.invalidate_all()
        self.assertFalse(self.upload.line_ids)
        self.assertIn("Please choose a file", self._post().text)

    def test_refused_ones_say_why(self):
        self._post(files=[(f"files_{self.contract.id}", ("a.pdf", PDF))])
        self.env.invalidate_all()
        self.upload.line_ids.reason = "Not signed"
        self.upload.line_ids.action_refuse()
        self.assertRegex(
            re.sub(r"\s+", " ", self.url_open(self.path).text), "not accepted: <span>Not signed"
        )

    def test_wrong_and_ended_links(self):
        other = f"/archive/upload/{self.upload.id}/{'x' * 43}"
        for path in (other, f"/archive/upload/999999999/{self.upload.link_token}"):
            self.assertEqual(self.url_open(path).status_code, 404)
            self.assertEqual(self._post(path).status_code, 404)
        self.upload.action_close()
        page = self._post(files=[("files_other", ("a.pdf", PDF))])
        self.assertEqual(page.status_code, 404)
        self.assertIn("This link has expired", page.text)

    def test_the_page_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.contract.with_context(lang="zh_CN").name = "合同原件"
        self.upload.contact_id.lang = "zh_CN"
        self.assertIn("合同原件", self.url_open(self.path).text)
