from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Money that settles an item may free orders of its customer."""

    _name = "account.partial.reconcile"
    _inherit = ["account.partial.reconcile", "customer.credit.source"]

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS account: orders that wait for money are looked at again."""
        partials = super().create(vals_list)
        items = partials.debit_move_id
        items.partner_id._credit_ledger_changed(items.company_id)
        return partials
