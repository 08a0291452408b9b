"""Settings of the reviews."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """When work goes into the background and when leaders are reminded."""

    _inherit = "res.config.settings"

    review_background_threshold = fields.Integer(
        "Background from (customers)",
        default=20000,
        config_parameter="customer_governance.background_threshold",
        help="Computing and applying reviews of more customers runs in the background with a "
        "progress bar.",
    )
    review_reminder_days = fields.Char(
        "Remind after (days)",
        default="1,7,14",
        config_parameter="customer_governance.review_reminder_days",
        help="Days after the deadline of a review at which its leader is reminded, separated by "
        "commas.",
    )
    what_if_keep_days = fields.Integer(
        "Keep What-Ifs (days)",
        default=60,
        config_parameter="customer_governance.what_if_keep_days",
        help="Rows of older what-ifs are deleted; they can be run again.",
    )
