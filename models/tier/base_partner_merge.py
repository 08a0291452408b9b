from odoo import models

from ...queries import segments as segment_queries
from ...queries import tiers as tier_queries
from .res_partner_tier import GOVERNED_FIELDS, MERGE_SENTINEL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging customers: the remaining one keeps its tier and gets the other histories."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS base: the last moment at which the tiers of all partners are still known."""
        customers = (src_partners | dst_partner).filtered("is_commercial_partner")
        own = set(self.env["res.company"]._customer_companies().ids)
        self.env.flush_all()
        # {(partner id, company id): tier id}
        tiers = {
            (partner_id, company_id): tier_id
            for partner_id, company_id, tier_id in self.env.execute_query(
                tier_queries.tiers_by_company(customers.ids)
            )
            if company_id in own  # branches have what their company has
        }
        names = {partner.id: partner.display_name for partner in src_partners}
        # Core moves rows from partner to partner and knows nothing of our unique indexes.
        self.env.cr.execute(segment_queries.drop_before_merge(src_partners.ids, dst_partner.id))
        self.env.cr.execute(tier_queries.drop_figures(src_partners.ids))
        self.env.invalidate_all()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        if dst_partner.is_commercial_partner:
            self._record_merged_tiers(dst_partner, tiers, names)
        return result

    def _record_merged_tiers(self, dst_partner, tiers, names):
        """Add what the merged customers were to the history of the remaining one.

        The remaining customer keeps its tier in each company; where it had none it takes the
        one of the merged customer with the highest id, as core does with other values.

        :param tiers: {(partner id, company id): tier id}
        :param names: {partner id: name} of the merged partners
        """
        merged = {key: tier for key, tier in tiers.items() if key[0] != dst_partner.id}
        kept = {company: tier for (_owner, company), tier in sorted(merged.items())}
        kept |= {
            company: tier for (owner, company), tier in tiers.items() if owner == dst_partner.id
        }
        # sudo: nobody has the right to write history, it follows from the merge
        companies = self.env["res.company"].sudo().browse(kept)
        days = {company.id: company._customer_today() for company in companies}
        self.env["customer.tier.history"].sudo().create(
            [
                {
                    "partner_id": dst_partner.id,
                    "company_id": company,
                    "old_tier_id": tier,
                    "new_tier_id": kept[company],
                    "date": days[company],
                    "reason": self.env._(
                        "Merged with %(name)s, which had this tier.", name=names[owner]
                    ),
                    "origin": "merge",
                    "merged_from": names[owner],
                    "user_id": self.env.uid,
                }
                for (owner, company), tier in sorted(merged.items())
            ]
        )

    def _update_values(self, src_partners, dst_partner):
        """EXTENDS base: company dependent values were merged already, company by company."""
        self.env["res.partner"].invalidate_model(GOVERNED_FIELDS)
        guarded = self.with_context(customer_merge=MERGE_SENTINEL)
        result = super(BasePartnerMergeAutomaticWizard, guarded)._update_values(
            src_partners.with_env(guarded.env), dst_partner.with_env(guarded.env)
        )
        customers = dst_partner.commercial_partner_id
        # sudo: contacts the user cannot read carry their company's values as well
        members = self.env["res.partner"].sudo().with_context(active_test=False)
        members = members.search([("commercial_partner_id", "in", customers.ids)])
        members._sync_governed_values(customers | members)
        # sudo: figures follow from documents, whoever merges
        self.env["customer.metrics"].sudo()._refresh(customers)
        return result
