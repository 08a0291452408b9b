from odoo import api, models
from odoo.tools import SQL

from ....queries.archive_custody import securing_deeds
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

    def action_credit_secured(self):
        """Open the deeds the secured amount sums up, for those who may read deeds."""
        self.ensure_one()
        self.check_access("read")
        self.env["customer.archive.deed"].check_access("read")
        company = self.env.company
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_governance.customer_archive_deed_action"
            ),
            "name": self.env._("Secured"),
            "context": {"create": False},
            "domain": [
                ("partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("state", "in", SECURING),
                "|",
                ("date_until", "=", False),
                ("date_until", ">=", company._customer_today()),
            ],
        }
