from odoo import api, fields, models

from ...queries import satisfaction, visits


class CustomerMetrics(models.Model):
    """Visits in the figures of a customer."""

    _inherit = "customer.metrics"

    last_visit_date = fields.Date(
        "Last Visit", readonly=True, help="Most recent visit, regardless of method and purpose."
    )
    visit_count_12m = fields.Integer("Visits (12 months)", readonly=True)

    @api.model
    def _metrics_parts(self, ctx):
        """EXTENDS the figures with visits."""
        return [*super()._metrics_parts(ctx), visits.metrics(ctx)]

    @api.model
    def _contact_events(self, ctx):
        """EXTENDS the figures: a visit is a contact."""
        return [*super()._contact_events(ctx), visits.contacts(ctx)]

    @api.model
    def _satisfaction_sources(self, ctx):
        """EXTENDS the figures: the report of a visit says how satisfied the customer is."""
        return [*super()._satisfaction_sources(ctx), satisfaction.visits(ctx)]
