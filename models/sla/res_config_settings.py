from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of deadlines."""

    _inherit = "res.config.settings"

    sla_cutoff = fields.Float(related="company_id.sla_cutoff", readonly=False)
    sla_warn_percent = fields.Float(related="company_id.sla_warn_percent", readonly=False)
    sla_pause_days = fields.Integer(related="company_id.sla_pause_days", readonly=False)
    sla_calendar_id = fields.Many2one(
        related="company_id.resource_calendar_id",
        string="Working Hours for Deadlines",
        readonly=False,
    )
