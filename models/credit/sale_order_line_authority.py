from odoo import api, models

SIZES = frozenset(
    {"product_id", "product_uom_qty", "product_uom_id", "price_unit", "discount", "order_id"}
)


class SaleOrderLine(models.Model):
    """A changed line is another order than the one that was approved."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """A new line voids approvals, or is refused on a confirmed order that outgrows them."""
        lines = super().create(vals_list)
        lines.order_id._authority_changed()
        return lines

    def write(self, vals):
        """The same for a changed one."""
        result = super().write(vals)
        if vals.keys() & SIZES:
            self.order_id._authority_changed()
        return result

    def unlink(self):
        """And for a deleted one: without a discount the order is larger."""
        orders = self.order_id
        result = super().unlink()
        orders._authority_changed()
        return result
