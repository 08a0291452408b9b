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
    customer_ask_losses = fields.Boolean(related="company_id.customer_ask_losses", readonly=False)
    customer_ask_revenue = fields.Monetary(
        related="company_id.customer_ask_revenue", readonly=False
    )
    customer_ask_most = fields.Integer(related="company_id.customer_ask_most", readonly=False)
    customer_announce_key_data = fields.Boolean(
        related="company_id.customer_announce_key_data", readonly=False
    )
    customer_cause_days = fields.Integer(related="company_id.customer_cause_days", readonly=False)
    customer_win_back_days = fields.Integer(
        related="company_id.customer_win_back_days", readonly=False
    )
    customer_dedicated_max = fields.Integer(
        related="company_id.customer_dedicated_max", readonly=False
    )
    customer_tz = fields.Selection(related="company_id.customer_tz", readonly=False)
    customer_head_id = fields.Many2one(related="company_id.customer_head_id", readonly=False)

    # --- data reviews on the settings page
    customer_data_review_months = fields.Integer(
        related="company_id.customer_data_review_months", readonly=False
    )
    customer_data_review_days = fields.Integer(
        related="company_id.customer_data_review_days", readonly=False
    )
    customer_data_review_escalation_days = fields.Integer(
        related="company_id.customer_data_review_escalation_days", readonly=False
    )
    customer_nightly_at = fields.Datetime(related="company_id.customer_nightly_at")
    customer_nightly_error = fields.Text(related="company_id.customer_nightly_error")
    customer_free_mail_domains = fields.Char(
        "Free E-mail Providers", config_parameter="customer_governance.free_mail_domains"
    )
