from odoo import api, models

from ...queries import tiers as tier_queries
from .res_partner_tier import GOVERNED_FIELDS


class ResPartner(models.Model):
    """What was decided about a customer holds in a company and in all its branches.

    Odoo keeps such values for each company, branches apart. Whoever writes one, wherever, writes it
    for the company with its branches: what is read in a branch, in lists and filters too, is then
    the same without anybody asking which company it is.
    """

    _inherit = "res.partner"

    @api.model
    def _branch_fields(self):
        """Return the values that branches share with their company; a higher domain adds its own."""
        return GOVERNED_FIELDS

    def write(self, vals):
        """EXTENDS base: values of the company are those of its branches."""
        result = super().write(vals)
        if names := vals.keys() & set(self._branch_fields()):
            self._spread_to_branches(names)
        return result

    def _spread_to_branches(self, names):
        """Copy values of the current company to all companies that are one with it."""
        company = self.env.company
        if not self or not (company.parent_id or company.sudo().child_ids):
            return
        # sudo: branches the user does not work in have the values as well
        family = company.sudo().search([("id", "child_of", company.sudo().root_id.id)])
        names = sorted(names)
        self.flush_recordset(names)
        others = (family - company).ids
        self.env.cr.execute(tier_queries.spread(names, company.id, others, self.ids))
        self.invalidate_recordset(names, flush=False)
