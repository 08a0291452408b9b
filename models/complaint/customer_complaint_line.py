from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerComplaintLine(models.Model):
    """What the complaint is about: product, order or invoice line, and how much of it is bad."""

    _name = "customer.complaint.line"
    _inherit = ["customer.guard.mixin"]
    _description = "Product in Complaint"
    # documents of the customer of the case, see the constraint; service need not open them
    _guard_unread = ("sale_line_id", "invoice_line_id")
    _check_company_auto = True
    _order = "id"

    complaint_id = fields.Many2one(
        "customer.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="complaint_id.partner_id")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        check_company=True,
        index="btree_not_null",
        domain="[('order_id.partner_id', 'child_of', partner_id), ('display_type', '=', False)]",
    )
    invoice_line_id = fields.Many2one(
        "account.move.line",
        "Invoice Line",
        check_company=True,
        index="btree_not_null",
        domain="[('move_id.partner_id', 'child_of', partner_id), ('display_type', '=', 'product'),"
        " ('move_id.move_type', 'in', ('out_invoice', 'out_refund'))]",
    )
    product_id = fields.Many2one(
        "product.product",
        "Product",
        compute="_compute_product",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    description = fields.Char(help="Serial number, delivery, location of the defect.")
    delivery_ref = fields.Char("Delivery", help="Delivery note number.")
    lot = fields.Char("Lot", help="Lot or serial number on the product.")
    production_date = fields.Date("Produced On")
    production_line = fields.Char("Line", help="Production line or machine.")
    production_shift = fields.Char("Shift")
    quantity = fields.Float(
        compute="_compute_product",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
    )
    defective_quantity = fields.Float("Defective", digits="Product Unit")

    @api.depends("sale_line_id", "invoice_line_id")
    def _compute_product(self):
        """The order or invoice line gives product and quantity; by hand they are free."""
        for line in self:
            # sudo: product and quantity are no secret, also of orders that service does not see
            source = (line.sale_line_id or line.invoice_line_id).sudo()
            line.product_id = source.product_id or line.product_id
            if source:
                ordered = "product_uom_qty" if source._name == "sale.order.line" else "quantity"
                line.quantity = source[ordered]
            else:
                line.quantity = line.quantity or 0

    @api.constrains("quantity", "defective_quantity")
    def _check_quantities(self):
        for line in self:
            if line.defective_quantity < 0 or line.quantity < 0:
                raise ValidationError(self.env._("Quantities cannot be negative."))
            if line.quantity and line.defective_quantity > line.quantity:
                raise ValidationError(
                    self.env._("The defective quantity cannot exceed the total quantity.")
                )

    @api.constrains("sale_line_id", "invoice_line_id", "complaint_id")
    def _check_customer(self):
        for line in self:
            customer = line.complaint_id.partner_id
            # sudo: only whose documents they are is compared
            owners = line.sale_line_id.sudo().order_id.partner_id.commercial_partner_id
            owners |= line.invoice_line_id.sudo().move_id.commercial_partner_id
            if customer and owners - customer:
                raise ValidationError(
                    self.env._("The order or invoice belongs to another customer.")
                )
