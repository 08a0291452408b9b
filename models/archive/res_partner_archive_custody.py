from odoo import api, models
from odoo.tools import SQL

from ...queries.archive_custody import securing_deeds
from .customer_archive_deed import SECURING


class ResPartner(models.Model):
    """Deeds that we hold secure what their customer owes."""

    _inherit = "res.partner"

    @api.model
    def _credit_securities(self, company_id, today):
        """EXTENDS credit: the deeds we hold, each at its rate, in the company's currency."""
        return SQL(
            "%s UNION ALL %s",
            super()._credit_securities(company_id, today),
            securing_deeds(company_id, today, SECURING),
        )
