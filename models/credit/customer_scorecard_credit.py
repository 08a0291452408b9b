from odoo import models


class CustomerScorecard(models.Model):
    """A scorecard of usage credit leads to grades instead of tiers."""

    _inherit = "customer.scorecard"

    def _result_order(self):
        """EXTENDS review: the grades, the best first."""
        if self.usage != "credit":
            return super()._result_order()
        # sudo: archived grades count, as the present result of a customer
        grades = self.env["customer.credit.grade"].sudo().with_context(active_test=False)
        return tuple(grades.search([]).ids)
