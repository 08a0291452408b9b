from odoo import api, fields, models

from ..review.usage import Usage

GRADES = Usage(
    model="customer.credit.grade",
    word="grade",
    partner="customer_credit_grade_id",
    apply="_apply_grades",
    groups=("customer_governance.group_credit",),
    independent=True,
    at_once=True,
)


class CustomerScorecard(models.Model):
    """A scorecard of usage credit leads to grades."""

    _inherit = "customer.scorecard"

    usage = fields.Selection(
        selection_add=[("credit", "Credit Grades")], ondelete={"credit": "cascade"}
    )

    @api.model
    def _usages(self):
        """EXTENDS review."""
        return super()._usages() | {"credit": GRADES}


class CustomerScorecardBand(models.Model):
    """The result of a band of a credit scorecard is a grade."""

    _inherit = "customer.scorecard.band"

    grade_id = fields.Many2one("customer.credit.grade", "Grade", index=True, ondelete="restrict")


class CustomerScorecardVeto(models.Model):
    """A veto of a credit scorecard caps the grade."""

    _inherit = "customer.scorecard.veto"

    cap_grade_id = fields.Many2one(
        "customer.credit.grade", "At Most (Grade)", index=True, ondelete="restrict"
    )
