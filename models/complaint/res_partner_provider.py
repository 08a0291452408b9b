from odoo import fields, models

GROUPS = "customer_governance.group_service_supervisor,customer_governance.group_auditor"


class ResPartner(models.Model):
    """A partner as service provider: probation and months."""

    _inherit = "res.partner"

    provider_probation_until = fields.Date(
        "On Probation Until",
        company_dependent=True,
        groups=GROUPS,
        help="No support for service providers in the months up to this day.",
    )
    provider_period_ids = fields.One2many(
        "customer.provider.period", "provider_id", "Provider Months", groups=GROUPS
    )
    provider_period_count = fields.Integer(compute="_compute_provider_period_count", groups=GROUPS)

    def _compute_provider_period_count(self):
        counts = dict(
            self.env["customer.provider.period"]._read_group(
                [("provider_id", "in", self.commercial_partner_id.ids)],
                ["provider_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.provider_period_count = counts.get(partner.commercial_partner_id, 0)

    def action_provider_periods(self):
        """Open the months of the service provider."""
        self.ensure_one()
        self.env["customer.provider.period"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_provider_period_action"
        )
        return {
            **action,
            "domain": [("provider_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }
