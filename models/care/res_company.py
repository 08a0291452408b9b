from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..common.customer_domain import CustomerDomain, Setup, SetupLine

_lt = LazyTranslate(__name__)


class ResCompany(models.Model):
    """Rules of customer care that differ from company to company."""

    _inherit = "res.company"

    care_enabled = fields.Boolean(
        "Use Customer Care",
        help="Contacts that are due, occasions, surveys and handovers are managed in this company.",
    )

    # --- what to fill in before care is switched on, and whom it concerns
    def _customer_setup(self, key):
        """EXTENDS common."""
        if key != "care":
            return super()._customer_setup(key)
        return Setup(self._care_setup_what(), self._care_setup_fill(), self._care_setup_today())

    def _care_setup_what(self):
        """Return what care will do, one sentence each."""
        return self._care_handover_what()

    def _care_handover_what(self):
        """Return what staff handovers do, one sentence each."""
        _ = self.env._
        return [
            _(
                "When someone leaves or is away, a handover lists everything they hold, asks the "
                "receivers and moves all of it at once; a temporary one comes back by itself."
            ),
            _(
                "Archiving a user who still holds something shows what it is and offers the handover."
            ),
        ]

    def _care_setup_fill(self):
        """Return what to fill in first."""
        return self._care_handover_fill()

    def _care_handover_fill(self):
        """Return who leads handovers beside the head: leaders of sales teams."""
        # sudo: figures for who switches it on
        partners = self.env["res.partner"].sudo()
        people = partners._read_group(
            [("user_id.active", "=", True), ("company_id", "in", (False, self.id))], ["user_id"]
        )
        led = all(user.sale_team_id.user_id for [user] in people)
        return [
            SetupLine(
                "team_leaders",
                self.env._("Account managers belong to a sales team with a leader"),
                self._customer_link("sales_team.crm_team_action_config"),
                led,
            )
        ]

    def _care_setup_today(self):
        """Return whom care concerns today."""
        return self._care_handover_today()

    def _care_handover_today(self):
        """Return what people hold who are no longer there."""
        # sudo: figures for who switches it on
        rows = self.env["customer.holding"].sudo()
        held = rows.search([("company_id", "in", (False, self.id))])
        return [
            SetupLine(
                "held_by_inactive",
                self.env._("Customers, cases and tasks held by inactive users"),
                self._customer_link("customer_governance.customer_holding_action"),
                count=sum(held.mapped("record_count")),
            )
        ]

    @api.model
    def _customer_domains(self):
        domains = super()._customer_domains()
        domains["care"] = CustomerDomain(
            name=_lt("Customer Care"),
            field="care_enabled",
            group="customer_governance.group_use_care",
            icon="fa-heart-o",
        )
        return domains
