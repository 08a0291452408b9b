from odoo import api, models
from odoo.tools import LazyTranslate

from ..common.holdings import Holding

_lt = LazyTranslate(__name__)


class ResUsers(models.Model):
    """Customers of a user, and the questions about them."""

    _inherit = "res.users"

    @api.model
    def _customer_holdings(self):
        """EXTENDS common: customers, their contacts, lost ones whose reason is still asked for."""
        company = ("is_company", "=", True)
        top = ("parent_id", "=", False)
        partner = {"model": "res.partner", "field": "user_id", "partner": "id"}
        return [
            Holding("customer", _lt("Customers"), domain=("|", company, top), **partner),
            Holding(
                "contact",
                _lt("Contacts of Customers"),
                domain=(("is_company", "=", False), ("parent_id", "!=", False)),
                **partner,
            ),
            *super()._customer_holdings(),
            Holding(
                "lifecycle_reason",
                _lt("Lost Customers to Review"),
                "customer.lifecycle.change",
                "responsible_id",
                domain=(("asked", "=", True), ("cause_id", "=", False)),
                partner="partner_id",
                label="",
            ),
            Holding(
                "head",
                _lt("Head of Customer Governance (Setting)"),
                "res.company",
                "customer_head_id",
                company="id",
                with_rights=True,
            ),
        ]
