from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .archive_case import ArchiveCase

REPORT = "odoo.addons.base.models.ir_actions_report.IrActionsReport._render_qweb_pdf"


@tagged("post_install", "-at_install")
class TestArchiveFiling(ArchiveCase):
    """Orders and invoices come into their dossier in one click."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_sales.group_ids += cls.env.ref("sales_team.group_sale_salesman")
        cls.product = cls.env["product.product"].create({"name": "Pump", "list_price": 100})
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "user_id": cls.user_sales.id,
                "client_order_ref": "PO-7",
                "order_line": [(0, 0, {"product_id": cls.product.id})],
            }
        )

    def _file_order(self, content=b"%PDF first"):
        with patch(REPORT, lambda *args, **kwargs: (content, "pdf")):
            action = self.order.with_user(self.user_sales).action_file_in_archive()
        return self.env["customer.archive"].browse(action["res_id"])

    def test_order(self):
        archive = self._file_order()
        self.assertEqual(
            (archive.order_id, archive.partner_id, archive.role_a_id, archive.contract_ref),
            (self.order, self.customer, self.user_sales, "PO-7"),
        )
        document = archive.document_ids
        self.assertEqual(document.attachment_ids.raw, b"%PDF first")
        self.assertEqual(
            document.requirement_id,
            self.env.ref("customer_governance.archive_requirement_trade_contract"),
        )

    def test_again_replaces_the_file(self):
        archive = self._file_order()
        self.assertEqual(self._file_order(b"%PDF second"), archive)
        self.assertEqual(archive.document_ids.attachment_ids.raw, b"%PDF second")

    def test_registered_stays(self):
        archive = self._file_order()
        archive.role_b_id = self.user_service
        archive.action_submit()
        archive.action_check()
        archive.action_accept()
        self.assertEqual(self._file_order(b"%PDF second"), archive)
        self.assertEqual(archive.document_ids.attachment_ids.raw, b"%PDF first")

    def test_needs_the_right(self):
        with self.assertRaises(AccessError):
            self.order.with_user(self.plain_user).action_file_in_archive()
        self.user_auditor.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            self.order.with_user(self.user_auditor).action_file_in_archive()

    def test_invoice_joins_the_dossier_of_its_order(self):
        archive = self._file_order()
        self.product.invoice_policy = "order"
        self.order.action_confirm()
        move = self.order._create_invoices()
        with self.assertRaisesRegex(UserError, "posted"):
            move.action_file_in_archive()
        move.action_post()
        self.user_sales.group_ids += self.env.ref("account.group_account_invoice")
        with patch(REPORT, lambda *args, **kwargs: (b"%PDF invoice", "pdf")):
            action = move.with_user(self.user_sales).action_file_in_archive()
        self.assertEqual(action["res_id"], archive.id)
        self.assertEqual(set(archive.document_ids.mapped("name")), {self.order.name, move.name})

    def test_button_of_the_customer(self):
        archive = self._file_order()
        customer = self.customer.with_user(self.user_sales)
        self.assertEqual((customer.archive_count, customer.archive_missing_count), (1, 3))
        action = customer.action_view_archives()
        self.assertEqual(self.env["customer.archive"].search(action["domain"]), archive)
        self.assertEqual(self.customer.with_user(self.other_sales).archive_count, 0)
