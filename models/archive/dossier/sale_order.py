from odoo import fields, models


class SaleOrder(models.Model):
    """Orders are filed in the customer's dossier."""

    _inherit = "sale.order"

    customer_archive_enabled = fields.Boolean(
        related="company_id.archive_enabled", string="Uses Archives", groups="base.group_user"
    )

    def action_file_in_archive(self):
        """File the PDF of the order as the contract of its transaction dossier, and open it."""
        self.ensure_one()
        self.check_access("read")
        Archive = self.env["customer.archive"]
        Archive.check_access("create")
        archive = Archive._file_document(
            self,
            self.partner_id.commercial_partner_id,
            self.name,
            self.env.ref("customer_governance.archive_requirement_trade_contract"),
            lambda: self.env["ir.actions.report"]._render_qweb_pdf(
                "sale.action_report_saleorder", self.ids
            )[0],
            order=self,
        )
        return archive._action_open()
