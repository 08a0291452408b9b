from odoo import api, fields, models
from odoo.exceptions import ValidationError

RATED = ("provider_rating_id", "provider_probation_from", "provider_probation_until")

GROUPS = "customer_governance.group_service_supervisor,customer_governance.group_auditor"


class ResPartner(models.Model):
    """A partner as service provider: probation and months."""

    _inherit = "res.partner"

    provider_probation_from = fields.Date(
        "On Probation From",
        company_dependent=True,
        groups=GROUPS,
        help="Months that ended before this day keep their support. Empty: all months up to the "
        "last day.",
    )
    provider_probation_until = fields.Date(
        "On Probation Until",
        company_dependent=True,
        groups=GROUPS,
        help="No support for service providers for the months up to this day.",
    )
    provider_rating_id = fields.Many2one(
        "customer.provider.rating",
        "Provider Rating",
        company_dependent=True,
        readonly=True,
        copy=False,
        groups=GROUPS,
        help="From the last applied review of service providers.",
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
                    self.env._(
                        "The probation period of %s ends before it begins.", partner.display_name
                    )
                )

    @api.onchange("provider_probation_until")
    def _onchange_provider_probation_until(self):
        """A probation begins today unless another day is entered."""
        if self.provider_probation_until and not self.provider_probation_from:
            self.provider_probation_from = self.env.company._customer_today()

    def _rate_provider(self, line, today):
        """Give a provider the rating of a review's line; in the company of the environment.

        :param line: `customer.review.line`, as the system
        """
        self.ensure_one()
        rating, company = line.decided_rating_id, self.env.company._customer_company()
        # sudo: the review was approved; who applies it need not write partners
        provider = self.sudo()
        until = False
        if rating.probation_months:
            until = fields.Date.add(today, months=rating.probation_months)
            running = provider.provider_probation_until
            if not running or running < today:
                provider.provider_probation_from = today
            # a probation that lasts longer already is not shortened
            until = max(until, running or until)
            provider.provider_probation_until = until
        self.env["customer.provider.rating.history"].sudo().create(
            {
                "provider_id": provider.id,
                "company_id": company.id,
                "date": today,
                "old_rating_id": provider.provider_rating_id.id,
                "rating_id": rating.id,
                "review_id": line.review_id.id,
                "score": line.score,
                "probation_until": until,
                "reason": line.reason,
            }
        )
        provider.provider_rating_id = rating

    @api.model
    def _branch_fields(self):
        """EXTENDS the branches: a provider is rated for the company with its branches."""
        return (*super()._branch_fields(), *RATED)

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
