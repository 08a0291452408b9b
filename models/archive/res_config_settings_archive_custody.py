from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of loans, inventories and disposals."""

    _inherit = "res.config.settings"

    archive_loan_pattern = fields.Char(related="company_id.archive_loan_pattern", readonly=False)
    archive_loan_days = fields.Integer(related="company_id.archive_loan_days", readonly=False)
    archive_loan_remind_days = fields.Integer(
        related="company_id.archive_loan_remind_days", readonly=False
    )
    archive_loan_remind_every = fields.Integer(
        related="company_id.archive_loan_remind_every", readonly=False
    )
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
