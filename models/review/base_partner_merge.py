"""Merging customers that stand in the same review."""

from odoo import models

from ...queries import review_lines


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Lines of the merged customers follow, except where the remaining one has a line already."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS base: core would drop all lines of a customer when one of them collides."""
        ids = [dst_partner.id, *src_partners.ids]
        self.env.flush_all()
        # Open reviews have to be computed again: the figures of the two customers add up.
        self.env.cr.execute(review_lines.mark_recompute(ids))
        self.env.cr.execute(review_lines.drop_doubles(dst_partner.id, ids))
        self.env.invalidate_all(flush=False)
        return super()._update_foreign_keys(src_partners, dst_partner)
