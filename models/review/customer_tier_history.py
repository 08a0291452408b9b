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
        help="Explanation: the figures and the decision of the review.",
    )

    def _automatic_words(self):
        """EXTENDS the history: the name of the review where nobody gave a reason of its own."""
        words = super()._automatic_words()
        # sudo: the name of the review and whether a reason was given, not its figures
        for line in self.filtered("review_line_id").sudo():
            decision = line.review_line_id
            if (decision.reason or "").strip() and decision.decided_tier_id == line.new_tier_id:
                continue
            name = decision.review_id.name
            if decision.decided_tier_id == line.new_tier_id:
                text = self.env._("Review %(name)s", name=name)
            else:
                text = self.env._(
                    "Review %(name)s, within the limits of the yearly result", name=name
                )
            words[line.sudo(False)] = text
        return words
