from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of customer care."""

    _inherit = "res.config.settings"

    care_plan_visits = fields.Boolean(related="company_id.care_plan_visits", readonly=False)
    care_plan_days = fields.Integer(related="company_id.care_plan_days", readonly=False)
    care_send_lists = fields.Boolean(related="company_id.care_send_lists", readonly=False)
    care_list_weekday = fields.Selection(related="company_id.care_list_weekday", readonly=False)
    care_late_credit = fields.Integer(related="company_id.care_late_credit", readonly=False)
    care_close_days = fields.Integer(related="company_id.care_close_days", readonly=False)
    care_target = fields.Float(related="company_id.care_target", readonly=False)
