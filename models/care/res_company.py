from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..common.customer_domain import CustomerDomain, Setup

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
        return []

    def _care_setup_today(self):
        """Return whom care concerns today."""
        return []

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
