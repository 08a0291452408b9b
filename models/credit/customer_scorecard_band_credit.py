from odoo import api, fields, models


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
