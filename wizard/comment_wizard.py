from odoo import models
from odoo.exceptions import AccessError


class CommentWizard(models.TransientModel):
    """The comment of an approval or rejection."""

    _inherit = "comment.wizard"

    def add_comment(self):
        """EXTENDS base_tier_validation: only an approver whose turn it is, then the transition."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        if not isinstance(record, self.env.registry["customer.approval.mixin"]):
            return super().add_comment()
        record._check_approval_turn()
        if any(
            row.model != self.res_model or row.res_id != self.res_id for row in self.review_ids
        ) or self.review_ids.filtered(lambda row: self.env.user not in row.reviewer_ids):
            raise AccessError(self.env._("You are not an approver of these documents."))
        wizard = self.with_env(record._approving().env)
        res = super(CommentWizard, wizard).add_comment()
        record._after_decision()
        return res
