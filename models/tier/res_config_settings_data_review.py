from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Data reviews on the settings page."""

    _inherit = "res.config.settings"

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
