from odoo.tests import tagged

from .archive_case import ArchiveCase


@tagged("post_install", "-at_install")
class TestArchiveInventoryPaper(ArchiveCase):
    """The inventory in three copies."""

    def _paper(self, archive, lang="en_US"):
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.user_archivist)
            .with_context(lang=lang)
            ._render_qweb_html("customer_governance.report_archive_inventory", archive.ids)
        )
        self.assertEqual(kind, "html")
        return content.decode()

    def test_three_copies(self):
        archive = self._registered("loan", documents=3, title="设备抵押贷款档案")
        html = self._paper(archive)
        for text in ("Copy for A", "Copy for B", "Copy for the archive", "cg sales", "cg service"):
            self.assertEqual(html.count(text), 1 if text.startswith("Copy") else 3)
        for document in archive.document_ids:
            self.assertEqual(html.count(f"{document.number}<"), 3)
        self.assertIn("设备抵押贷款档案", html)
        self.assertEqual(html.count('class="page cg_paper"'), 3, "each copy is a paper of its own")
        # barcodes are in the paper itself: printing asks no other service for them
        self.assertEqual(html.count("data:image/svg+xml;base64,"), 9)
        self.assertNotIn("/report/barcode", html)
