from odoo import models
from odoo.exceptions import UserError


class CustomerReviewAppeal(models.Model):
    """Appeals are about tiers; a grade is corrected by the decision or a new assessment."""

    _inherit = "customer.review.appeal"

    def _check_possible(self):
        """EXTENDS review."""
        # sudo: only the usage of the review is read
        if any(appeal.line_id.sudo().review_id.usage == "credit" for appeal in self):
            raise UserError(
                self.env._(
                    "A credit assessment is corrected by a new assessment, not by an appeal."
                )
            )
        return super()._check_possible()
