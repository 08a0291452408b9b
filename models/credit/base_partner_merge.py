from odoo import models

from .res_partner_credit import CREDIT_FIELDS, CREDIT_KEY, CREDIT_SENTINEL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging customers: the remaining one keeps its grade and limit; a hold of any one stays."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """EXTENDS base: what a merged customer brings along is judged, as when a customer moves.

        What was ordered below a hold of its own is not: the remaining one gets that hold.

        :raises CreditHeld: the debt would be that of a customer who is not trusted with it
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        owners = {partner: partner.commercial_partner_id for partner in partners}
        brought = {partner: partner._credit_brought() for partner in partners}
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        self.env.invalidate_all()
        remaining = partners.exists()
        if len(remaining) != 1:
            return result
        owner = remaining.commercial_partner_id
        orders, moves = (
            self.env["sale.order"].sudo(),
            self.env["account.move"].sudo(),
        )  # sudo: see there
        for partner in partners - remaining:
            if owners[partner] != owner:
                orders |= brought[partner][0]
                moves |= brought[partner][1]
        remaining._credit_guard_documents(orders, moves)
        return result

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS base: limits of the merged end where the remaining one has its own."""
        # sudo: the credit of the merged customers, whoever merges them
        Limit = self.env["customer.credit.limit"].sudo()
        approved = [("state", "=", "approved")]
        own = Limit.search([("partner_id", "=", dst_partner.id), *approved]).company_id
        others = Limit.search([("partner_id", "in", src_partners.ids), *approved])
        others.filtered(lambda limit: limit.company_id in own)._transition("end")
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _update_values(self, src_partners, dst_partner):
        """EXTENDS base: company dependent values were merged already, company by company."""
        self.env["res.partner"].invalidate_model([*CREDIT_FIELDS, "credit_limit"])
        held = {}
        companies = self.env["res.company"].sudo().search([])  # sudo: values of all companies
        for company in companies:
            for partner in src_partners.sudo().with_company(company):  # sudo: as above
                if partner.customer_credit_hold:
                    held[company] = partner.customer_credit_hold_reason
        guarded = self.with_context(**{CREDIT_KEY: CREDIT_SENTINEL})
        result = super(BasePartnerMergeAutomaticWizard, guarded)._update_values(
            src_partners.with_env(guarded.env), dst_partner.with_env(guarded.env)
        )
        owner = dst_partner.commercial_partner_id
        for company, reason in held.items():
            owner._credit_writing().with_company(company).write(
                {"customer_credit_hold": True, "customer_credit_hold_reason": reason}
            )
        for company in companies:
            owner._sync_native_limit(company)
        return result
