from odoo import models


class PaymentTransaction(models.Model):
    """Money of a customer is booked, whatever the credit check says about the order."""

    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """EXTENDS sale: a held order stays a quotation, its salesperson is told."""
        confirmed = self.env["sale.order"]
        for transaction in self:
            with transaction.sale_order_ids._credit_kept():
                confirmed |= super(
                    PaymentTransaction, transaction
                )._check_amount_and_confirm_order()
        return confirmed
