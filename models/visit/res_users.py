from odoo import api, models
from odoo.tools import LazyTranslate

from ..common.holdings import Holding

_lt = LazyTranslate(__name__)


class ResUsers(models.Model):
    """Visits that a user has to make."""

    _inherit = "res.users"

    @api.model
    def _customer_holdings(self):
        """EXTENDS common: visits planned, and those whose promised answer is still missing."""
        planned = ("state", "=", "planned")
        promised = ("promised_date", "!=", False)
        return [
            *super()._customer_holdings(),
            Holding(
                "visit",
                _lt("Planned Visits"),
                "customer.visit",
                "user_id",
                (planned,),
                "partner_id",
            ),
            Holding(
                "visit_promise",
                _lt("Answers Promised at Visits"),
                "customer.visit",
                "user_id",
                domain=(("state", "=", "done"), promised, ("promised_kept", "=", False)),
                partner="partner_id",
            ),
        ]
