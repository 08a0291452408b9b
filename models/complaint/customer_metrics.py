from odoo import api, fields, models

from ...queries import measures_complaint, satisfaction


class CustomerMetrics(models.Model):
    """Complaints in the figures of a customer."""

    _inherit = "customer.metrics"

    open_complaint_count = fields.Integer("Open Complaints", readonly=True)
    complaint_count_12m = fields.Integer("Complaints (12 months)", readonly=True)

    @api.model
    def _metrics_parts(self, ctx):
        """EXTENDS the figures with complaints."""
        return [*super()._metrics_parts(ctx), measures_complaint.metrics(ctx)]

    @api.model
    def _satisfaction_sources(self, ctx):
        """EXTENDS the figures: the result of a call-back is an answer."""
        return [*super()._satisfaction_sources(ctx), satisfaction.callbacks(ctx)]
