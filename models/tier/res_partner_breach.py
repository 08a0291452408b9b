from odoo import api, fields, models
from odoo.fields import Domain

READERS = ",".join(
    f"customer_governance.group_{name}"
    for name in (
        "sales",
        "service",
        "quality",
        "credit",
        "committee",
        "manager",
        "auditor",
    )
)


class ResPartner(models.Model):
    """Which measures of its tier a customer does not get."""

    _inherit = "res.partner"

    has_tier_breach = fields.Boolean(
        "Measures Not Met",
        compute="_compute_tier_breaches",
        search="_search_has_tier_breach",
        groups=READERS,
    )
    tier_breach_text = fields.Text(
        "Measures Not Met in Words", compute="_compute_tier_breaches", groups=READERS
    )

    @api.depends("commercial_partner_id", "customer_tier_id", "user_id", "customer_team_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_tier_breaches(self):
        """One query for all; the rows the user may see."""
        rows = self.env["customer.tier.breach"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ]
        )
        by_partner = rows.grouped("partner_id")
        for partner in self:
            found = by_partner.get(partner.commercial_partner_id._origin, rows.browse())
            partner.has_tier_breach = bool(found)
            partner.tier_breach_text = "\n".join(found.mapped("reason")) or False

    def _search_has_tier_breach(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = self.env["customer.tier.breach"]._search([("company_id", "=", self.env.company.id)])
        domain = Domain("commercial_partner_id", "in", rows.subselect("partner_id"))
        return domain if True in value else ~domain
