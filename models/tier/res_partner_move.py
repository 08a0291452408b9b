from odoo import api, models
from odoo.exceptions import UserError

from .res_partner_tier import MERGE_SENTINEL


class ResPartner(models.Model):
    """A customer about which something was decided does not become a contact of another one.

    Its tier, its credit and its cases would hang on a contact, or vanish; merging the two takes
    them along.
    """

    _inherit = "res.partner"

    def write(self, vals):
        """EXTENDS base: refuse to make contacts of customers that are governed."""
        if vals.keys() & {"parent_id", "is_company"}:
            self._check_move_below(vals)
        return super().write(vals)

    def _check_move_below(self, vals):
        """:raises UserError: when a write makes a governed customer a contact of another partner"""
        if self.env.context.get("customer_merge") is MERGE_SENTINEL:
            return
        becoming = self.filtered(lambda partner: partner._becomes_contact(vals))
        # sudo: what hangs on a customer counts whoever moves it; only the kinds are named
        for partner in becoming.sudo():
            if kinds := partner._governance_kinds():
                raise UserError(
                    self.env._(
                        "%(customer)s is a customer with %(kinds)s and cannot become a "
                        "contact of another company. Merge the two so that all records are "
                        "transferred.",
                        customer=partner.display_name,
                        kinds=", ".join(kinds),
                    )
                )

    def _becomes_contact(self, vals):
        """Whether a write makes a commercial partner a contact of another one."""
        self.ensure_one()
        if self.commercial_partner_id != self:
            return False
        parent = vals.get("parent_id", self.parent_id.id)
        return bool(parent) and not vals.get("is_company", self.is_company)

    def _governance_kinds(self):
        """Return in words what was decided about a customer or is kept of it; a higher domain adds
        its own.

        A tier that follows from the lifecycle is no decision: a person who turns out to be
        somebody's contact loses it.
        """
        self.ensure_one()
        for company in self.env["res.company"].search([]):
            partner = self.with_company(company)
            if partner.customer_tier_id and partner.customer_tier_origin != "lifecycle":
                return [self.env._("a tier")]
        return []

    @api.model
    def _governance_kind(self, model, domain, words):
        """Return the words in a list where there is such a record, for `_governance_kinds`."""
        records = self.env[model].with_context(active_test=False)
        return [words] if records.search_count(domain, limit=1) else []
