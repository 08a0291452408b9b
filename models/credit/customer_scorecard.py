from odoo import api, fields, models


class CustomerScorecard(models.Model):
    """A scorecard of usage credit leads to grades instead of tiers."""

    _inherit = "customer.scorecard"

    def _result_order(self):
        """EXTENDS review: the grades, the best first."""
        if self.usage != "credit":
            return super()._result_order()
        # sudo: archived grades count, as the present result of a customer
        grades = self.env["customer.credit.grade"].sudo().with_context(active_test=False)
        return tuple(grades.search([]).ids)


class CustomerScorecardBand(models.Model):
    """The result of a band of a credit scorecard is a grade."""

    _inherit = "customer.scorecard.band"

    grade_id = fields.Many2one("customer.credit.grade", "Grade", index=True, ondelete="restrict")

    def _is_credit(self):
        return self.scorecard_id.usage == "credit"

    @api.depends("grade_id.name", "scorecard_id.usage")
    def _compute_summary(self):
        """EXTENDS review: the grade is part of the sentence."""
        return super()._compute_summary()

    def _result_name(self):
        """EXTENDS review: the name of the grade."""
        return (self.grade_id.name or "") if self._is_credit() else super()._result_name()

    def _result_id(self):
        """EXTENDS review: the id of the grade."""
        return self.grade_id.id if self._is_credit() else super()._result_id()


class CustomerScorecardVeto(models.Model):
    """A veto of a credit scorecard caps the grade."""

    _inherit = "customer.scorecard.veto"

    cap_grade_id = fields.Many2one(
        "customer.credit.grade", "At Most (Grade)", index=True, ondelete="restrict"
    )

    def _is_credit(self):
        return self.scorecard_id.usage == "credit"

    @api.depends("cap_grade_id.name", "scorecard_id.usage")
    def _compute_summary(self):
        """EXTENDS review: the grade is part of the sentence."""
        return super()._compute_summary()

    def _cap_name(self):
        """EXTENDS review: the name of the grade."""
        return (self.cap_grade_id.name or "") if self._is_credit() else super()._cap_name()

    def _cap_id(self):
        """EXTENDS review: the id of the grade."""
        return self.cap_grade_id.id if self._is_credit() else super()._cap_id()
