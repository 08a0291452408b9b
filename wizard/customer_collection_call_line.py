from odoo import fields, models


class CustomerCollectionCallLine(models.TransientModel):
    """An overdue item that a promise or a dispute may be about."""

    _name = "customer.collection.call.line"
    _inherit = ["customer.named.mixin"]
    _description = "Item of a Collection Call"

    call_id = fields.Many2one("customer.collection.call", required=True, ondelete="cascade")
    item_key = fields.Integer(help="The receivable journal item; its amount is looked up.")
    chosen = fields.Boolean()
    name = fields.Char("Number", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    days = fields.Integer("Days Overdue", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    residual = fields.Monetary("Open Amount", readonly=True)
    residual_company = fields.Float(readonly=True)
    mark = fields.Selection(
        [("chased", "Collected"), ("promised", "Promised"), ("disputed", "Disputed")],
        readonly=True,
    )
