from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging customers: one open episode remains, the one that got furthest."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS base: core knows nothing of our unique index and would drop the episodes."""
        # sudo: collection of the merged customers goes on, whoever merges them
        episodes = self.env["customer.collection.episode"].sudo()
        found = episodes.search(
            [("partner_id", "in", (src_partners | dst_partner).ids), ("date_to", "=", False)]
        )
        for company, opened in found.grouped("company_id").items():
            # the furthest, so that the merged customer gets no lower level again
            furthest = opened.sorted(
                lambda e: (
                    max(e.step_ids.mapped("level_days"), default=0),
                    e.partner_id == dst_partner,
                    e.id,
                )
            )[-1]
            ended = opened - furthest
            ended.write(
                {
                    "date_to": company._customer_today(),
                    "next_date": False,
                    "explanation": [{"code": "merged"}],
                }
            )
            steps = ended.step_ids.filtered(lambda step: step.state == "planned")
            if steps:
                steps._transition("cancel")
        return super()._update_foreign_keys(src_partners, dst_partner)
