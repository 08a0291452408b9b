from odoo import fields, models


class CustomerProviderPeriodLine(models.Model):
    """What came in about a provider in a month by hotline, and what the public saw."""

    _name = "customer.provider.period.line"
    _inherit = ["customer.complaint.rates"]
    _description = "Provider Figures by Channel"
    _order = "period_id, scope"
    _rec_name = "scope"

    period_id = fields.Many2one(
        "customer.provider.period", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="period_id.company_id", store=True, index=True)
    provider_id = fields.Many2one(related="period_id.provider_id", store=True, index=True)
    date_from = fields.Date(related="period_id.date_from", store=True, string="Month")
    scope = fields.Selection(
        [("hotline", "Hotline and all others"), ("web", "Web and social media")],
        "Channel",
        required=True,
        readonly=True,
    )

    _scope_uniq = models.Constraint(
        "UNIQUE(period_id, scope)", "A month can have only one line for each channel."
    )
