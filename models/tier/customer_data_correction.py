from odoo import fields, models


class CustomerDataCorrection(models.Model):
    """A value that changed while a data review was due, old and new as people read them."""

    _name = "customer.data.correction"
    _inherit = ["customer.guard.mixin"]
    _description = "Data Correction"
    _order = "id"
    _rec_name = "label"

    review_id = fields.Many2one(
        "customer.data.review", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    label = fields.Char("Data", required=True, readonly=True)
    old_value = fields.Char("Before", readonly=True)
    new_value = fields.Char("After", readonly=True)
    user_id = fields.Many2one("res.users", "Changed By", readonly=True)
    date = fields.Datetime("Changed On", readonly=True, default=fields.Datetime.now)
