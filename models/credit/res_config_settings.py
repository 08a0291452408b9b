from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of the credit check."""

    _inherit = "res.config.settings"

    customer_credit_action = fields.Selection(
        related="company_id.customer_credit_action", readonly=False
    )
    customer_credit_user_id = fields.Many2one(
        related="company_id.customer_credit_user_id", readonly=False
    )
    customer_aging_days = fields.Integer(related="company_id.customer_aging_days", readonly=False)
    customer_release_days = fields.Integer(
        related="company_id.customer_release_days", readonly=False
    )
    customer_contract_days = fields.Integer(
        related="company_id.customer_contract_days", readonly=False
    )
    customer_near_limit = fields.Float(related="company_id.customer_near_limit", readonly=False)
    customer_assess_days = fields.Integer(related="company_id.customer_assess_days", readonly=False)
    customer_worse_days = fields.Integer(related="company_id.customer_worse_days", readonly=False)

    # --- collection of overdue items
    collection_mode = fields.Selection(
        related="company_id.collection_mode", readonly=False, required=True
    )
    collection_user_id = fields.Many2one(related="company_id.collection_user_id", readonly=False)
    collection_buckets = fields.Char(
        related="company_id.collection_buckets", readonly=False, required=True
    )
