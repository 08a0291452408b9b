from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of the archive."""

    _inherit = "res.config.settings"

    archive_days_a = fields.Integer(related="company_id.archive_days_a", readonly=False)
    archive_days_b = fields.Integer(related="company_id.archive_days_b", readonly=False)
    archive_expiry_days = fields.Integer(related="company_id.archive_expiry_days", readonly=False)
    archive_signature_required = fields.Boolean(
        related="company_id.archive_signature_required", readonly=False
    )
