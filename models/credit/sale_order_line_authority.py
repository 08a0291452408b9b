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
        orders = lines.order_id
        orders._authority_changed(orders.filtered(lambda o: o.state == "sale").ids)
        return lines

    def write(self, vals):
        """The same for a changed one."""
        if not vals.keys() & SIZES:
            return super().write(vals)
        before = self._authority_sizes()
        result = super().write(vals)
        orders = self.order_id
        orders._authority_changed(orders._authority_grown(before))
        return result

    def unlink(self):
        """And for a deleted one: without a discount the order is larger."""
        orders, before = self.order_id, self._authority_sizes()
        result = super().unlink()
        orders._authority_changed(orders._authority_grown(before))
        return result

    def _authority_sizes(self):
        """Return {confirmed order of the lines: its size}."""
        return {
            order: order._authority_size()
            for order in self.order_id.filtered(lambda o: o.state == "sale")
        }
