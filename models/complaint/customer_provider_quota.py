from decimal import Decimal

from odoo import fields, models

from ...engine.provider_period import Band


class CustomerProviderQuota(models.Model):
    """A line of the table: from so many visits a month on, so many complaints and so much support.

    A company with lines of its own uses only those, the others use the lines without company.
    """

    _name = "customer.provider.quota"
    _description = "Complaint Quota of Service Providers"
    _order = "company_id, visits_from"
    _rec_name = "visits_from"

    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: all companies without lines of their own."
    )
    visits_from = fields.Float(
        "Visits From",
        required=True,
        digits=(16, 2),
        help="Average visits a month of the last quarter; the line with the most visits that the"
        " average reaches holds.",
    )
    allowed = fields.Integer(
        "Complaints Allowed", help="Complaints of a month up to which the provider is supported."
    )
    is_unlimited = fields.Boolean("Unlimited", help="Any number of complaints; 0 allows none.")
    amount = fields.Monetary("Support", help="Paid for a month in which all conditions hold.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )

    _visits_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), visits_from)",
        "There is a line for so many visits already.",
    )
    _visits_positive = models.Constraint(
        "CHECK(visits_from >= 0)", "The number of visits cannot be negative."
    )
    _allowed_positive = models.Constraint(
        "CHECK(allowed >= 0)", "The number of complaints cannot be negative."
    )
    _amount_positive = models.Constraint("CHECK(amount >= 0)", "The support cannot be negative.")

    def _compute_display_name(self):
        for line in self:
            line.display_name = line.env._("From %s visits a month", f"{line.visits_from:g}")

    def _bands(self, company, day):
        """Return the engine's table for a company, amounts in its currency at a day."""
        # sudo: the table holds for whoever asks the system to compute
        lines = self.sudo().search([("company_id", "in", (company.id, False))])
        own = lines.filtered("company_id") or lines
        return [
            Band(
                visits_from=Decimal(f"{line.visits_from:.2f}"),
                allowed=line.allowed,
                unlimited=line.is_unlimited,
                amount=Decimal(
                    str(line.currency_id._convert(line.amount, company.currency_id, company, day))
                ),
            )
            for line in own
        ]
