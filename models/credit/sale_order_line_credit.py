from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common.facts import unforged
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
# What the check and the authority count on: computed, or set by the invoice.
FIGURES = frozenset(
    {
        "price_subtotal",
        "price_tax",
        "price_total",
        "qty_invoiced",
        "invoice_lines",
        "invoice_status",
        "untaxed_amount_to_invoice",
    }
)


class SaleOrderLine(models.Model):
    """A line that raises a confirmed order is checked like a new order."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "customer.credit.source"]

    # The invoice makes the link; core leaves it to be edited in developer mode.
    invoice_lines = fields.Many2many(readonly=True)

    @api.constrains("is_downpayment", "product_uom_qty", "price_unit", "discount", "qty_delivered")
    def _check_downpayment(self):
        """A down payment counts with what is on its invoice only: it must not hide an order."""
        for line in self:
            if line.is_downpayment and (line.price_total or line.qty_delivered):
                raise ValidationError(
                    self.env._(
                        "A down payment orders nothing: its quantity is 0. Enter the product on "
                        "another line."
                    )
                )

    @api.model
    def default_get(self, fields):
        """EXTENDS base: figures have no defaults, in the context or of the user."""
        return super().default_get([name for name in fields if name not in FIGURES])

    def _credit_open_orders(self):
        """Confirmed orders of the lines that no caller judges as a whole."""
        nested = self.env.context.get(NESTED_KEY)
        judged = nested.ids if isinstance(nested, Nested) else ()
        return self.order_id.filtered(lambda o: o.state == "sale" and o.id not in judged)

    @api.model_create_multi
    def create(self, vals_list):
        """A new line of a confirmed order raises it."""
        vals_list = [unforged(self, vals, FIGURES) for vals in vals_list]
        lines = super().create(vals_list)
        orders = lines.filtered("price_total").order_id & lines._credit_open_orders()
        orders._credit_guard()
        return lines

    def write(self, vals):
        """Check the confirmed orders whose total grew."""
        vals = unforged(self, vals, FIGURES | {"is_downpayment"})
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
