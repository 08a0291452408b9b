from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of the archive."""

    _inherit = "res.config.settings"

    archive_days_a = fields.Integer(related="company_id.archive_days_a", readonly=False)
    archive_days_b = fields.Integer(related="company_id.archive_days_b", readonly=False)
    archive_expiry_days = fields.Integer(related="company_id.archive_expiry_days", readonly=False)
    archive_service_days = fields.Integer(related="company_id.archive_service_days", readonly=False)
    archive_director_ids = fields.Many2many(
        related="company_id.archive_director_ids", readonly=False
    )
    archive_deputy_ids = fields.Many2many(related="company_id.archive_deputy_ids", readonly=False)
    archive_signature_required = fields.Boolean(
        related="company_id.archive_signature_required", readonly=False
    )

    # --- settings of loans, inventories and disposals
    archive_loan_pattern = fields.Char(related="company_id.archive_loan_pattern", readonly=False)
    archive_loan_days = fields.Integer(related="company_id.archive_loan_days", readonly=False)
    archive_loan_remind_days = fields.Integer(
        related="company_id.archive_loan_remind_days", readonly=False
    )
    archive_loan_remind_every = fields.Integer(
        related="company_id.archive_loan_remind_every", readonly=False
    )
    archive_waiting_days = fields.Integer(related="company_id.archive_waiting_days", readonly=False)
    archive_inventory_months = fields.Integer(
        related="company_id.archive_inventory_months", readonly=False
    )
    archive_inventory_share = fields.Float(
        related="company_id.archive_inventory_share", readonly=False
    )
    archive_inventory_minimum = fields.Integer(
        related="company_id.archive_inventory_minimum", readonly=False
    )
    archive_disposal_pattern = fields.Char(
        related="company_id.archive_disposal_pattern", readonly=False
    )

    # --- settings of upload links
    archive_upload_days = fields.Integer(related="company_id.archive_upload_days", readonly=False)
    archive_upload_files = fields.Integer(related="company_id.archive_upload_files", readonly=False)
    archive_upload_mb = fields.Integer(related="company_id.archive_upload_mb", readonly=False)
    archive_upload_endings = fields.Char(
        related="company_id.archive_upload_endings", readonly=False
    )
