from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Collection of overdue items."""

    _inherit = "res.config.settings"

    collection_mode = fields.Selection(
        related="company_id.collection_mode", readonly=False, required=True
    )
    collection_user_id = fields.Many2one(related="company_id.collection_user_id", readonly=False)
    collection_buckets = fields.Char(
        related="company_id.collection_buckets", readonly=False, required=True
    )
