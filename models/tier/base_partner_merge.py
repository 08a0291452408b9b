from odoo import models

from ...queries import tiers as tier_queries
from .res_partner_tier import GOVERNED_FIELDS, MERGE_SENTINEL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging customers: the remaining one keeps its tier and gets the other histories."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS base: the last moment at which the tiers of all partners are still known."""
        customers = (src_partners | dst_partner).filtered("is_commercial_partner")
        self.env["res.partner"].flush_model(GOVERNED_FIELDS)
        # {(partner id, company id): tier id}
        tiers = {
            (partner_id, company_id): tier_id
            for partner_id, company_id, tier_id in self.env.execute_query(
                tier_queries.tiers_by_company(customers.ids)
            )
        }
        names = {partner.id: partner.display_name for partner in src_partners}
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self._record_merged_tiers(dst_partner, tiers, names)
        return result

    def _record_merged_tiers(self, dst_partner, tiers, names):
        """Add what the merged customers were to the history of the remaining one.

        The remaining customer keeps its tier in each company; where it had none it takes the
        one of the merged customer with the highest id, as core does with other values.
        """
        rows = []
        current = {
            company: tier for (owner, company), tier in tiers.items() if owner == dst_partner.id
        }
        for (owner, company), tier in sorted(tiers.items()):
            if owner == dst_partner.id:
                continue
            highest = max(o for (o, c) in tiers if c == company and o != dst_partner.id)
            kept = current.get(company) or tiers[highest, company]
            rows.append((company, tier, kept, names[owner]))
        companies = self.env["res.company"].sudo().browse({row[0] for row in rows})
        # sudo: nobody has the right to write history, it follows from the merge
        self.env["customer.tier.history"].sudo().create(
            [
                {
                    "partner_id": dst_partner.id,
                    "company_id": company.id,
                    "old_tier_id": tier,
                    "new_tier_id": kept,
                    "date": company._customer_today(),
                    "reason": self.env._(
                        "Merged with %(name)s, which was in this tier.", name=name
                    ),
                    "origin": "merge",
                    "user_id": self.env.uid,
                }
                for company_id, tier, kept, name in rows
                for company in companies.filtered(lambda c, wanted=company_id: c.id == wanted)
            ]
        )

    def _update_values(self, src_partners, dst_partner):
        """EXTENDS base: company dependent values were merged already, company by company."""
        self.env["res.partner"].invalidate_model(GOVERNED_FIELDS)
        guarded = self.with_context(customer_merge=MERGE_SENTINEL)
        return super(BasePartnerMergeAutomaticWizard, guarded)._update_values(
            src_partners.with_env(guarded.env), dst_partner.with_env(guarded.env)
        )
