from odoo import api, models
from odoo.fields import Domain

from .customer_archive_deed import SECURING


class ResPartner(models.Model):
    """Deeds that we hold secure what their customer owes."""

    _inherit = "res.partner"

    @api.model
    def _credit_secured_amounts(self, partners):
        """EXTENDS credit: the deeds we hold, each at its rate, in the company's currency."""
        amounts = dict(super()._credit_secured_amounts(partners))
        company = partners.env.company
        # sudo: how much is secured counts whoever asks; deeds themselves stay closed
        deeds = self.env["customer.archive.deed"].sudo()
        domain = (
            Domain("partner_id", "in", partners.ids)
            & Domain("company_id", "=", company.id)
            & Domain("state", "in", SECURING)
            & (
                Domain("date_until", "=", False)
                | Domain("date_until", ">=", company._customer_today())
            )
        )
        for partner, amount in deeds._read_group(
            domain, ["partner_id"], ["secured_company_amount:sum"]
        ):
            amounts[partner.id] = amounts.get(partner.id, 0) + amount
        return amounts
