from odoo import fields, models


class CustomerCollectionItem(models.Model):
    """An item that was overdue when a step was planned; a copy that stays as it was."""

    _name = "customer.collection.item"
    _inherit = ["customer.guard.mixin"]
    _description = "Overdue Item of a Step"
    _order = "date_due, id"
    _log_access = False

    step_id = fields.Many2one(
        "customer.collection.step",
        "Collection Step",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(related="step_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="step_id.partner_id")
    move_id = fields.Many2one(
        "account.move", "Accounting Document", index=True, ondelete="set null", readonly=True
    )
    name = fields.Char("Number", readonly=True)
    ref = fields.Char("Reference", readonly=True)
    date = fields.Date("Document Date", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    days = fields.Integer("Days Overdue", readonly=True)
    residual = fields.Monetary("Open Amount", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    residual_company = fields.Monetary(
        "Open in Company Currency", readonly=True, currency_field="company_currency_id"
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    mark = fields.Selection(
        [("chased", "Collected"), ("promised", "Promised"), ("disputed", "Disputed")],
        required=True,
        default="chased",
        readonly=True,
    )

    _order_idx = models.Index("(step_id, date_due)")

    def _compute_display_name(self):
        for item in self:
            item.display_name = item.name or ""
