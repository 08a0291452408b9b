from odoo import api, fields, models


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
