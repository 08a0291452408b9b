from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of visits and complaints."""

    _inherit = "res.config.settings"

    visit_report_days = fields.Integer(related="company_id.visit_report_days", readonly=False)
    complaint_number_pattern = fields.Char(
        related="company_id.complaint_number_pattern", readonly=False, required=True
    )
    complaint_repeat_days = fields.Integer(
        related="company_id.complaint_repeat_days", readonly=False
    )
    complaint_max_returns = fields.Integer(
        related="company_id.complaint_max_returns", readonly=False
    )
    complaint_similarity = fields.Float(related="company_id.complaint_similarity", readonly=False)
    complaint_link_days = fields.Integer(related="company_id.complaint_link_days", readonly=False)
    complaint_reopen_days = fields.Integer(
        related="company_id.complaint_reopen_days", readonly=False
    )
    complaint_progress_days = fields.Integer(
        related="company_id.complaint_progress_days", readonly=False
    )
    complaint_signoff = fields.Selection(
        related="company_id.complaint_signoff", readonly=False, required=True
    )
    complaint_cutoff_days = fields.Integer(
        related="company_id.complaint_cutoff_days", readonly=False
    )
    complaint_contact_hours = fields.Integer(
        related="company_id.complaint_contact_hours", readonly=False
    )
    complaint_callback_attempts = fields.Integer(
        related="company_id.complaint_callback_attempts", readonly=False
    )
    complaint_escalation_months = fields.Integer(
        related="company_id.complaint_escalation_months", readonly=False
    )
    complaint_manager_id = fields.Many2one(
        related="company_id.complaint_manager_id", readonly=False
    )
