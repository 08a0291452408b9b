from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.sql import column_exists

from ...queries import credit_exposure
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
        "customer_credited_quantity",
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

    customer_credited_quantity = fields.Float(
        "Credited Quantity",
        digits="Product Unit",
        compute="_compute_customer_credited_quantity",
        store=True,
        readonly=True,
        copy=False,
        help="Invoiced and credited without being invoiced again: no longer open.",
    )

    def _auto_init(self):
        """EXTENDS base: fill the column at once where there are many orders already."""
        cr = self.env.cr
        if not column_exists(cr, self._table, "customer_credited_quantity"):
            cr.execute(credit_exposure.add_credited_column())
            cr.execute(credit_exposure.fill_credited())
        return super()._auto_init()

    @api.depends(
        "product_uom_qty",
        "product_uom_id",
        "invoice_lines.move_id.state",
        "invoice_lines.quantity",
        "invoice_lines.product_uom_id",
    )
    def _compute_customer_credited_quantity(self):
        """Quantity on credit notes; of lines that give something back they are the invoice.

        An invoice after the credit note makes up for it and lowers what is open by itself: both
        together would take it off twice. `queries.credit_exposure` says the same in SQL.
        """
        for line in self:
            total = 0.0
            lines = line.invoice_lines.filtered(
                lambda x: x.quantity > 0 and x.move_id.state != "cancel"
            )
            invoices = lines.move_id.filtered(lambda m: m.move_type == "out_invoice")
            # one that is not saved yet is the latest
            last = max((move._origin.id or float("inf") for move in invoices), default=0)
            for credit in lines if line.product_uom_qty >= 0 else ():
                move = credit.move_id
                if move.move_type == "out_refund" and (move._origin.id or float("inf")) >= last:
                    total += credit.product_uom_id._compute_quantity(
                        credit.quantity, line.product_uom_id, round=False
                    )
            line.customer_credited_quantity = total

    @api.constrains("is_downpayment", "product_uom_qty", "price_unit", "discount", "qty_delivered")
    def _check_downpayment(self):
        """A down payment counts with what is on its invoice only: it must not hide an order."""
        for line in self.filtered(lambda x: x.company_id._customer_uses("credit")):
            if line.is_downpayment and (line.price_total or line.qty_delivered):
                raise ValidationError(
                    self.env._(
                        "A down payment line does not order anything: its quantity is 0. "
                        "Enter the product on another line."
                    )
                )

    @api.model
    def default_get(self, fields):
        """EXTENDS base: figures have no defaults, in the context or of the user."""
        if self.env["sale.order"]._credit_protects_figures():
            fields = [name for name in fields if name not in FIGURES]
        return super().default_get(fields)

    def _credit_open_orders(self):
        """Confirmed orders of the lines that no caller judges as a whole."""
        nested = self.env.context.get(NESTED_KEY)
        judged = nested.ids if isinstance(nested, Nested) else ()
        return self.order_id.filtered(lambda o: o.state == "sale" and o.id not in judged)

    @api.model_create_multi
    def create(self, vals_list):
        """A new line of a confirmed order raises it."""
        if self.env["sale.order"]._credit_protects_figures():
            vals_list = [unforged(self, vals, FIGURES) for vals in vals_list]
        lines = super().create(vals_list)
        orders = lines.filtered("price_total").order_id & lines._credit_open_orders()
        orders._credit_guard()
        return lines

    def write(self, vals):
        """Check the confirmed orders whose total grew."""
        if self.env["sale.order"]._credit_protects_figures():
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
