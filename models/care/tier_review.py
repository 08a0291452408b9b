from odoo import models


class TierReview(models.Model):
    """Waiting approvals that change hands."""

    _inherit = "tier.review"

    def _handed_over(self, passing):
        """Say whose turn it is now."""
        self.env.add_to_compute(self._fields["todo_by"], self)
