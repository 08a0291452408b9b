from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerReviewLine(models.Model):
    """A line of a credit assessment: grades beside the tiers."""

    _inherit = "customer.review.line"

    usage = fields.Selection(related="review_id.usage")
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

    @api.model
    def _decision_fields(self):
        """EXTENDS review: the grade is decided like a tier."""
        return super()._decision_fields() | {"decided_grade_id"}

    @api.depends("decided_grade_id", "proposed_grade_id")
    def _compute_needs_reason(self):
        """EXTENDS review."""
        return super()._compute_needs_reason()

    @api.constrains("decided_tier_id", "decided_grade_id", "reason")
    def _check_reason(self):
        """EXTENDS review: also where a grade is decided."""
        return super()._check_reason()

    def _check_may_decide(self):
        """EXTENDS review: who sells to a customer does not rate its credit."""
        self._check_rates_credit()
        return super()._check_may_decide()

    def _check_rates_credit(self):
        """Raise where the caller is the account manager of a customer that is assessed.

        :raises UserError: naming the customer
        """
        if self.env.su:
            return
        own = self.filtered(
            lambda line: line.usage == "credit" and line.partner_id.sudo().user_id == self.env.user
        )
        if own:
            raise UserError(
                self.env._(
                    "You are the account manager of %s: another user must assess its credit.",
                    own[0].partner_id.display_name,
                )
            )
