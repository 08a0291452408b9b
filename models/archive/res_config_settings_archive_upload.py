from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of upload links."""

    _inherit = "res.config.settings"

    archive_upload_days = fields.Integer(related="company_id.archive_upload_days", readonly=False)
    archive_upload_files = fields.Integer(related="company_id.archive_upload_files", readonly=False)
    archive_upload_mb = fields.Integer(related="company_id.archive_upload_mb", readonly=False)
    archive_upload_endings = fields.Char(
        related="company_id.archive_upload_endings", readonly=False
    )
