from odoo import models


class SaleOrder(models.Model):
    """An order makes a prospect a customer and brings a lost one back, at once."""

    _inherit = "sale.order"

    def _action_confirm(self):
        """EXTENDS sale: the lifecycle of customers that had no (recent) order."""
        result = super()._action_confirm()
        if not self.pool.ready:  # data of an installation: dates are set later, the night does it
            return result
        for company, orders in self.grouped(lambda o: o.company_id._customer_company()).items():
            # sudo: the state follows from the order, the salesperson need not have the right
            customers = orders.sudo().partner_id.commercial_partner_id.with_company(company)
            waiting = customers.filtered(
                lambda c: c.customer_lifecycle not in ("won", "retained", "loyal")
            )
            if waiting:
                self.env["customer.metrics"].sudo()._refresh_company(company, waiting)
                self.env["res.partner"]._update_company_lifecycle(company, waiting)
        return result
