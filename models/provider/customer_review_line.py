from odoo import api, fields, models


class CustomerReviewLine(models.Model):
    """A line of a provider review: ratings beside the tiers."""

    _inherit = "customer.review.line"

    usage = fields.Selection(related="review_id.usage")
    previous_rating_id = fields.Many2one(
        "customer.provider.rating", "Previous Rating", readonly=True, ondelete="restrict"
    )
    computed_rating_id = fields.Many2one(
        "customer.provider.rating", "Band (Rating)", readonly=True, ondelete="restrict"
    )
    proposed_rating_id = fields.Many2one(
        "customer.provider.rating", "Proposed Rating", readonly=True, ondelete="restrict"
    )
    decided_rating_id = fields.Many2one(
        "customer.provider.rating",
        "Decided Rating",
        ondelete="restrict",
        help="Follows the proposal unless someone decides otherwise.",
    )

    @api.model
    def _decision_fields(self):
        """EXTENDS review: the rating is decided like a tier."""
        return super()._decision_fields() | {"decided_rating_id"}

    @api.depends("decided_rating_id", "proposed_rating_id")
    def _compute_needs_reason(self):
        """EXTENDS review."""
        return super()._compute_needs_reason()

    @api.constrains("decided_tier_id", "decided_rating_id", "reason")
    def _check_reason(self):
        """EXTENDS review: also where a rating is decided."""
        return super()._check_reason()
