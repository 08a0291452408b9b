"""The review line behind a change of tier."""

from odoo import fields, models


class CustomerTierHistory(models.Model):
    """A change that a review decided refers to the line that explains it."""

    _inherit = "customer.tier.history"

    review_line_id = fields.Many2one(
        "customer.review.line",
        "Review Line",
        index="btree_not_null",
        ondelete="set null",
        help="Why: the figures and the decision of the review.",
    )
