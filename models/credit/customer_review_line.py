from odoo import fields, models


class CustomerReviewLine(models.Model):
    """A line of a credit assessment: grades beside the tiers."""

    _inherit = "customer.review.line"

    previous_grade_id = fields.Many2one(
        "customer.credit.grade", "Previous Grade", readonly=True, ondelete="restrict"
    )
    computed_grade_id = fields.Many2one(
        "customer.credit.grade", "Band (Grade)", readonly=True, ondelete="restrict"
    )
    proposed_grade_id = fields.Many2one(
        "customer.credit.grade", "Proposed Grade", readonly=True, ondelete="restrict"
    )
    decided_grade_id = fields.Many2one(
        "customer.credit.grade",
        "Decided Grade",
        ondelete="restrict",
        help="Follows the proposal unless someone decides otherwise.",
    )
    credit_proposal_ids = fields.One2many(
        "customer.credit.proposal",
        "review_line_id",
        "Credit Proposals",
        groups="customer_governance.group_credit,customer_governance.group_auditor",
    )
