from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Invoices are filed in the customer's dossier."""

    _inherit = "account.move"

    customer_archive_enabled = fields.Boolean(
        related="company_id.archive_enabled", string="Uses Archives", groups="base.group_user"
    )

    def action_file_in_archive(self):
        """File the PDF of the invoice in the transaction dossier of its order, and open it."""
        self.ensure_one()
        self.check_access("read")
        Archive = self.env["customer.archive"]
        Archive.check_access("create")
        if not self.is_sale_document() or self.state != "posted":
            raise UserError(self.env._("Only posted customer invoices can be filed."))
        # sudo: the order of the invoice may be a colleague's
        orders = self.sudo().line_ids.sale_line_ids.order_id
        archive = Archive._file_document(
            self,
            self.partner_id.commercial_partner_id,
            self.name,
            self.env.ref("customer_governance.archive_requirement_trade_invoice"),
            self._archive_pdf,
            order=orders[:1] or None,
        )
        return archive._action_open()

    def _archive_pdf(self):
        """Return the PDF that was sent, or a new one."""
        # sudo: the file of an invoice the caller reads
        sent = self.sudo().invoice_pdf_report_id
        if sent:
            return sent.raw
        return self.env["ir.actions.report"]._render_qweb_pdf("account.account_invoices", self.ids)[
            0
        ]
