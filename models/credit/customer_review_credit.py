from odoo import models

from ...queries.review_plan import Result

GRADES = Result(
    partner="customer_credit_grade_id",
    previous="previous_grade_id",
    computed="computed_grade_id",
    proposed="proposed_grade_id",
    decided="decided_grade_id",
    table="customer_credit_grade",
)


class CustomerReview(models.Model):
    """A credit assessment is a review whose result is a grade; applying it makes proposals."""

    _inherit = "customer.review"

    def _is_credit(self):
        """Whether all of the reviews are credit assessments."""
        return bool(self) and all(review.usage == "credit" for review in self)

    def _result_columns(self):
        """EXTENDS review: the columns of grades."""
        return GRADES if self.usage == "credit" else super()._result_columns()

    def _transition_groups_ok(self, transition):
        """EXTENDS transition mixin: credit control makes its assessments itself."""
        return super()._transition_groups_ok(transition) or (
            self._is_credit() and self.env.user.has_group("customer_governance.group_credit")
        )

    def _may_decide(self):
        """EXTENDS review: credit control decides its assessments."""
        return super()._may_decide() or (
            self._is_credit() and self.env.user.has_group("customer_governance.group_credit")
        )

    def _apply_result(self, plan):
        """EXTENDS review: a grade takes effect through its proposal, when that is approved."""
        if self.usage != "credit":
            return super()._apply_result(plan)
        # sudo: every line of the assessment, whoever applies it
        lines = (
            self.env["customer.review.line"]
            .sudo()
            .search([("review_id", "=", self.id), ("decided_grade_id", "!=", False)])
        )
        gone = self._gone_customers()
        proposals = (
            self.env["customer.credit.proposal"]
            .sudo()
            .create(
                [
                    {
                        "partner_id": line.partner_id.id,
                        "company_id": self.company_id.id,
                        "grade_id": line.decided_grade_id.id,
                        "reason": line.reason or line.reason_text or plan.reason,
                        "review_line_id": line.id,
                        "requested_by_id": self.env.uid,
                    }
                    for line in lines
                    if line.partner_id not in gone
                ]
            )
        )
        if proposals:
            proposals._transition("submit")
            proposals._request_approval()
        # the caller drops the caches, for the usages that write with SQL
        self.env.flush_all()
        return None
