from odoo import api, models


class CustomerComplaintLine(models.Model):
    """An invoice line complained about makes its invoice disputed."""

    _inherit = "customer.complaint.line"

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS complaint: hold the invoices."""
        lines = super().create(vals_list)
        lines._hold_invoices()
        return lines

    def write(self, vals):
        """EXTENDS complaint: hold an invoice that was entered later."""
        res = super().write(vals)
        if "invoice_line_id" in vals:
            self._hold_invoices()
        return res

    def _hold_invoices(self):
        lines = self.filtered("invoice_line_id")
        for complaint, found in lines.grouped("complaint_id").items():
            # sudo: only which invoice it is; service has no right on the accounts
            moves = found.sudo().invoice_line_id.move_id
            self.env["customer.collection.dispute"]._hold(complaint, moves)
