"""Lines of the impact list."""

from odoo import fields, models


class CustomerReviewImpactLine(models.TransientModel):
    """One effect of one downgrade."""

    _name = "customer.review.impact.line"
    _inherit = ["customer.named.mixin"]
    _description = "Effect of a Downgrade"

    impact_id = fields.Many2one(
        "customer.review.impact", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one("customer.review.line", "Review Line", ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer")
    old_tier_id = fields.Many2one("customer.tier", "From")
    new_tier_id = fields.Many2one("customer.tier", "To")
    kind = fields.Char("Area")
    text = fields.Text("Effect")

    def action_open_why(self):
        """Open the sheet of the line."""
        self.ensure_one()
        return self.line_id.action_open_why()
