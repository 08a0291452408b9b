from odoo import fields, models


class CustomerReviewLine(models.Model):
    """A line of a provider review: ratings beside the tiers."""

    _inherit = "customer.review.line"

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
