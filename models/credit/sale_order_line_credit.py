from odoo import api, models

from .customer_credit_check import NESTED_KEY, Nested

# Changes of a line that may raise the total of its order.
SIZES = frozenset(
    {
        "product_uom_qty",
        "price_unit",
        "discount",
        "tax_ids",
        "product_id",
        "product_uom_id",
        "order_id",
    }
)


class SaleOrderLine(models.Model):
    """A line that raises a confirmed order is checked like a new order."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "customer.credit.source"]

    def _credit_open_orders(self):
        """Confirmed orders of the lines that no caller judges as a whole."""
        nested = self.env.context.get(NESTED_KEY)
        judged = nested.ids if isinstance(nested, Nested) else ()
        return self.order_id.filtered(lambda o: o.state == "sale" and o.id not in judged)

    @api.model_create_multi
    def create(self, vals_list):
        """A new line of a confirmed order raises it."""
        lines = super().create(vals_list)
        orders = lines.filtered("price_total").order_id & lines._credit_open_orders()
        orders._credit_guard()
        return lines

    def write(self, vals):
        """Check the confirmed orders whose total grew."""
        orders = self._credit_open_orders() if vals.keys() & SIZES else self.order_id.browse()
        before = {order: order._credit_new_amount() for order in orders}
        result = super().write(vals)
        if vals.get("order_id"):
            orders |= self._credit_open_orders()
        grown = orders.filtered(lambda o: o._credit_new_amount() > before.get(o, 0.0))
        grown._credit_guard()
        return result

    def unlink(self):
        """Without a discount the order is larger."""
        orders = self.filtered(lambda line: line.price_total < 0)._credit_open_orders()
        result = super().unlink()
        orders._credit_guard()
        return result
