from odoo import models


class CustomerReviewScore(models.Model):
    """Who sells to a customer does not rate its credit."""

    _inherit = "customer.review.score"

    def _check_may_enter(self):
        """EXTENDS review."""
        self.line_id._check_rates_credit()
        return super()._check_may_enter()
