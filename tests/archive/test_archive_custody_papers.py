from odoo.tests import tagged

from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveCustodyPapers(CustodyCase):
    """Loan slip, handover list, inventory sheet and result: complete, also in Chinese."""

    def _paper(self, report, record, user):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(user)
            .with_company(self.company)
            ._render_qweb_html(f"customer_governance.{report}", record.ids)
        )
        return content.decode()

    def assertShows(self, html, *texts):
        for text in ("WenQuanYi", *texts):
            self.assertIn(text, html)

    def test_loan_slip(self):
        archive = self._registered(title="海港玻璃供货合同")
        loan = self._issued(self.user_sales, archive)
        line = loan.line_ids
        self._count(line, 5, return_note="封面缺失")
        loan.action_return()
        html = self._paper("report_archive_loan", loan, self.user_archivist)
        self.assertShows(
            html,
            loan.name,
            archive.name,
            "海港玻璃供货合同",
            "封面缺失",
            "Annual audit",
            self.user_sales.name,
            self.user_manager.name,
            "Received back by",
        )
        # the borrower prints the own slip too
        self.assertShows(self._paper("report_archive_loan", loan, self.user_sales), loan.name)

    def test_deed_handover_list(self):
        archive = self._registered(partner_id=self.customer.id)
        handover = self._handover(archive, quantity=2, owner_name="海港玻璃有限公司")
        handover.line_ids.write(
            {"receiver_agrees": True, "receiver_quantity": 1, "remark": "公证处"}
        )
        handover.action_receive()
        html = self._paper("report_archive_deed_handover", handover, self.user_deed)
        self.assertShows(
            html,
            handover.name,
            archive.name,
            "LU 2026/7",
            "海港玻璃有限公司",
            "公证处",
            "<strong>no</strong>",
            self.user_deed.name,
        )
        self.assertShows(
            self._paper("report_archive_deed_handover", handover, self.user_sales), handover.name
        )

    def test_inventory_sheet_and_result(self):
        archives = self.env["customer.archive"]
        for n in range(25):
            archives |= self._registered(documents=0, title=f"档案 {n}")
        archives.location_id = self.shelf
        self._safe_deed(archives[0])
        inventory = (
            self.env["customer.archive.inventory"]
            .with_user(self.user_archivist)
            .create({"share": 100})
        )
        inventory.action_plan()
        sheet = self._paper("report_archive_inventory_sheet", inventory, self.user_archivist)
        self.assertShows(sheet, "档案 24", archives[3].name, "Room 1 / Shelf A")
        self.assertEqual(sheet.count("Not found"), 1, "one table, the printer breaks the pages")
        self.assertIn("data:image/svg+xml;base64", sheet, "numbers as barcodes")
        self.assertNotIn("Land use certificate", sheet)
        deeds = self._paper("report_archive_inventory_sheet", inventory, self.user_deed)
        self.assertShows(deeds, "Land use certificate")
        lines = inventory.sudo().line_ids
        lines.write({"result": "found"})
        bad = lines.filtered(lambda line: line.archive_id == archives[7])[:1]
        bad.write({"result": "missing", "note": "已借出？"})
        inventory.action_close()
        result = self._paper("report_archive_inventory_result", inventory, self.user_archivist)
        self.assertShows(result, "96.15 %", "档案 7", "已借出？")
        # the head gets the figures, not the dossiers
        head = self._paper("report_archive_inventory_result", inventory, self.user_manager)
        self.assertShows(head, "96.15 %")
        self.assertNotIn("档案 7", head)

    def test_an_empty_sheet(self):
        inventory = self.env["customer.archive.inventory"].create({"share": 0, "minimum": 0})
        sheet = self._paper("report_archive_inventory_sheet", inventory, self.user_archivist)
        self.assertShows(sheet, inventory.name)
