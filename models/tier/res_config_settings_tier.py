from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Lifecycle figures of the current company on the settings page."""

    _inherit = "res.config.settings"

    customer_won_months = fields.Integer(related="company_id.customer_won_months", readonly=False)
    customer_churn_months = fields.Integer(
        related="company_id.customer_churn_months", readonly=False
    )
    customer_loyal_orders = fields.Integer(
        related="company_id.customer_loyal_orders", readonly=False
    )
    customer_loyal_satisfaction = fields.Float(
        related="company_id.customer_loyal_satisfaction", readonly=False
    )
    customer_ask_days = fields.Integer(related="company_id.customer_ask_days", readonly=False)
    customer_cause_days = fields.Integer(related="company_id.customer_cause_days", readonly=False)
    customer_win_back_days = fields.Integer(
        related="company_id.customer_win_back_days", readonly=False
    )
    customer_head_id = fields.Many2one(related="company_id.customer_head_id", readonly=False)
