from odoo import api, fields, models

from ...queries import tiers as tier_queries

# {what Odoo uses: (what the tier wrote there, what the tier grants)}
TERMS = {
    "specific_property_product_pricelist": ("customer_tier_pricelist_id", "pricelist_id"),
    "property_payment_term_id": ("customer_tier_payment_term_id", "payment_term_id"),
}
MARKS = frozenset(mark for mark, _grant in TERMS.values())
# In the context of our own changes of the marks: an object cannot come over RPC.
TERMS_KEY = "customer_tier_terms"
TERMS_SENTINEL = object()


class ResPartner(models.Model):
    """Prices and payment terms that the tier grants.

    They are written where the customer has none of its own, and taken back when the tier goes. What
    the tier wrote is remembered beside it: a value that somebody set is the customer's own and stays.
    """

    _inherit = "res.partner"

    customer_tier_pricelist_id = fields.Many2one(
        "product.pricelist",
        "Pricelist of the Tier",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    customer_tier_payment_term_id = fields.Many2one(
        "account.payment.term",
        "Payment Terms of the Tier",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS base: nobody but the tier grants anything."""
        return super().create(
            [{key: v for key, v in vals.items() if key not in MARKS} for vals in vals_list]
        )

    def write(self, vals):
        """EXTENDS base: a value that is set is the customer's own from now on."""
        if self.env.context.get(TERMS_KEY) is TERMS_SENTINEL:
            return super().write(vals)
        result = super().write({key: v for key, v in vals.items() if key not in MARKS})
        for name in vals.keys() & TERMS.keys():
            mark = TERMS[name][0]
            # sudo: the mark follows, whoever may set the value
            granted = self.sudo().filtered(mark)
            if granted:
                granted.with_context(**{TERMS_KEY: TERMS_SENTINEL}).write({mark: False})
        return result

    def _after_tier_change(self, changes):
        """EXTENDS the tiers: grant what the new tier grants, take back what the old one did."""
        super()._after_tier_change(changes)
        company = self.env.company._customer_company()
        # sudo: branches the user does not work in have the same terms
        family = company.sudo().search([("id", "child_of", company.id)])
        names = [name for source, (mark, _grant) in TERMS.items() for name in (source, mark)]
        self.env["res.partner"].flush_model([*names, "customer_tier_id", "commercial_partner_id"])
        self.env["customer.tier"].flush_model([grant for _mark, grant in TERMS.values()])
        for source, (mark, grant) in TERMS.items():
            for place in family:
                self.env.cr.execute(
                    tier_queries.grant_terms(source, mark, grant, self.ids, company.id, place.id)
                )
        self.env["res.partner"].invalidate_model(
            [*names, "property_product_pricelist"], flush=False
        )

    def _tier_terms_impact(self, new_tier):
        """Prices and payment terms that change with the tier: [(kind, text)]."""
        self.ensure_one()
        # sudo: names of the terms, for who may change the tier
        company = self.env.company._customer_company()
        partner, tier = self.sudo().with_company(company), new_tier.sudo().with_company(company)
        found = []
        for source, (mark, grant) in TERMS.items():
            # the default of the company is no value of the customer's own
            default = partner._fields[source].get_company_dependent_fallback(partner)
            before, after = partner[source], tier[grant] or default
            if before == after or before not in (default, partner[mark]):
                continue
            found.append(
                (
                    "terms",
                    self.env._(
                        "%(what)s: %(old)s → %(new)s",
                        what=tier._fields[grant]._description_string(self.env),
                        old=before.display_name or self.env._("none"),
                        new=after.display_name or self.env._("none"),
                    ),
                )
            )
        return found
