from odoo import models


class CustomerTier(models.Model):
    """Another priority of a tier orders the open cases anew."""

    _inherit = "customer.tier"

    def write(self, vals):
        """EXTENDS the tier: open cases of its customers follow."""
        result = super().write(vals)
        if "sla_priority" in vals:
            complaints = self.env["customer.complaint"]
            for company in self.env["res.company"]._customer_companies():
                complaints.with_company(company)._follow_tiers(
                    [
                        ("company_id", "child_of", company.id),
                        ("partner_id.customer_tier_id", "in", self.ids),
                    ],
                    self.env._("The priority of the tier was changed."),
                )
        return result
