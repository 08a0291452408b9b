from odoo import api, fields, models
from odoo.exceptions import ValidationError

GROUPS = "customer_governance.group_service_supervisor,customer_governance.group_auditor"


class ResPartner(models.Model):
    """A partner as service provider: probation and months."""

    _inherit = "res.partner"

    provider_probation_from = fields.Date(
        "On Probation From",
        company_dependent=True,
        groups=GROUPS,
        help="Months that were over before this day keep their support. Empty: all months up to the last day.",
    )
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

    @api.constrains("provider_probation_from", "provider_probation_until")
    def _check_provider_probation(self):
        for partner in self.sudo():  # sudo: the days are hidden from some, the rule is not
            first, last = partner.provider_probation_from, partner.provider_probation_until
            if first and last and first > last:
                raise ValidationError(
                    self.env._("The probation of %s ends before it begins.", partner.display_name)
                )

    @api.onchange("provider_probation_until")
    def _onchange_provider_probation_until(self):
        """A probation begins today unless another day is entered."""
        if self.provider_probation_until and not self.provider_probation_from:
            self.provider_probation_from = self.env.company._customer_today()

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
