from decimal import Decimal

from odoo import fields, models

from ...engine.provider_period import Band


class CustomerProviderQuota(models.Model):
    """A line of the table: from so much volume a month on, so many complaints and so much support.

    A company with lines of its own uses only those, the others use the lines without company.
    """

    _name = "customer.provider.quota"
    _inherit = ["customer.guard.mixin"]
    _description = "Complaint Quota of Service Providers"
    _order = "company_id, volume_from"
    _rec_name = "volume_from"

    active = fields.Boolean("In Force", default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for all companies without lines of their own."
    )
    volume_from = fields.Float(
        "Volume From",
        required=True,
        digits=(16, 2),
        help="Average service volume (jobs, vehicles) per month in the last quarter; the highest "
        "line reached by the average applies.",
    )
    allowed = fields.Integer(
        "Complaints Allowed",
        help="Maximum number of complaints per month for which the provider receives support.",
    )
    is_unlimited = fields.Boolean(
        "Unlimited", help="No limit on complaints; a limit of 0 allows none."
    )
    amount = fields.Monetary("Support", help="Paid for a month in which all conditions are met.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )

    _volume_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), volume_from) WHERE active",
        "There is already a line for this volume.",
    )
    _volume_positive = models.Constraint("CHECK(volume_from >= 0)", "A volume cannot be negative.")
    _allowed_positive = models.Constraint(
        "CHECK(allowed >= 0)", "The number of complaints cannot be negative."
    )
    _amount_positive = models.Constraint("CHECK(amount >= 0)", "The support cannot be negative.")

    def _compute_display_name(self):
        for line in self:
            line.display_name = line.env._("From a volume of %s per month", f"{line.volume_from:g}")

    def _bands(self, company, day):
        """Return the engine's table for a company, amounts in its currency at a day."""
        # sudo: the table holds for whoever asks the system to compute
        lines = self.sudo().search([("company_id", "in", (company.id, False))])
        own = lines.filtered("company_id") or lines
        return [
            Band(
                volume_from=Decimal(f"{line.volume_from:.2f}"),
                allowed=line.allowed,
                unlimited=line.is_unlimited,
                amount=Decimal(
                    str(line.currency_id._convert(line.amount, company.currency_id, company, day))
                ),
            )
            for line in own
        ]
