"""What downgrades would mean, before they are approved."""

from odoo import api, fields, models

# Customers looked at one by one; the largest first.
MAX_CUSTOMERS = 200


class CustomerReviewImpact(models.TransientModel):
    """Impact list of the downgrades of a review: credit limit, SLA, contact plan, open orders."""

    _name = "customer.review.impact"
    _inherit = ["customer.named.mixin"]
    _description = "Impact of Downgrades"

    review_id = fields.Many2one(
        "customer.review", "Review", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many("customer.review.impact.line", "impact_id", "Impact", readonly=True)
    customer_count = fields.Integer("Downgrades", readonly=True)
    is_cut = fields.Boolean("Largest Customers Only", readonly=True)

    @api.model
    def _open(self, review):
        """Build the list of a review and return the action that shows it."""
        review.check_access("read")
        downgrades = self.env["customer.review.line"].search(
            [("review_id", "=", review.id), ("movement", "=", "down")], order="sales desc, id"
        )
        shown = downgrades[:MAX_CUSTOMERS]
        kinds = dict(self.env["res.partner"]._tier_impact_kinds())
        effects = {}
        for tier, lines in shown.grouped("decided_tier_id").items():
            # sudo: the committee sees what a downgrade changes, also figures of domains it cannot
            # open.
            partners = lines.partner_id.sudo().with_company(review.company_id)
            for impact in partners._tier_change_impact(tier):
                effects.setdefault(impact["partner_id"], []).append(
                    (kinds.get(impact["kind"], ""), impact["text"])
                )
        vals = [
            {
                "line_id": line.id,
                "partner_id": line.partner_id.id,
                "old_tier_id": line.previous_tier_id.id,
                "new_tier_id": line.decided_tier_id.id,
                "kind": kind,
                "text": text,
            }
            for line in shown
            for kind, text in effects.get(
                line.partner_id.id, [("", self.env._("Only the name of the tier changes."))]
            )
        ]
        wizard = self.create(
            {
                "review_id": review.id,
                "customer_count": len(downgrades),
                "is_cut": len(downgrades) > len(shown),
                "line_ids": [fields.Command.create(values) for values in vals],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Impact of the downgrades"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
