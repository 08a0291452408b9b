"""Settings of the reviews."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """When work goes into the background and when leaders are reminded."""

    _inherit = "res.config.settings"

    customer_review_four_eyes = fields.Boolean(
        related="company_id.customer_review_four_eyes", readonly=False
    )
    review_background_threshold = fields.Integer(
        "Background from (customers)",
        default=20000,
        config_parameter="customer_governance.background_threshold",
        help="For more customers than this, reviews are computed and applied in the background "
        "with a progress bar.",
    )
    review_reminder_days = fields.Char(
        "Remind After (days)",
        config_parameter="customer_governance.review_reminder_days",
        help="Days after the deadline of a review on which its leader is reminded, separated by "
        "commas, for example 1,7,14. Leave empty to send no reminders.",
    )
    what_if_keep_days = fields.Integer(
        "Keep What-Ifs (days)",
        default=60,
        config_parameter="customer_governance.what_if_keep_days",
        help="Rows of older what-if analyses are deleted; the analyses can be run again.",
    )
    customer_year_rule = fields.Selection(related="company_id.customer_year_rule", readonly=False)
