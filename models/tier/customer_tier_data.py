from odoo import fields, models


class CustomerTier(models.Model):
    """What must be on file about customers of the tier."""

    _inherit = "customer.tier"

    required_field_ids = fields.Many2many(
        "customer.data.field",
        "customer_tier_data_field_rel",
        "tier_id",
        "field_id",
        "Required Data",
        help="Data completeness is the percentage of these that are on file. "
        "Empty: what is required by default.",
    )
