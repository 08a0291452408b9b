from odoo import api, models


class ResGroups(models.Model):
    """A role that has its own box in the user form bears its name once."""

    _inherit = "res.groups"

    @api.depends_context("lang", "short_display_name")
    def _compute_full_name(self):
        """EXTENDS base: "Customer Governance / Auditor", not "Auditor / Auditor"."""
        super()._compute_full_name()
        if self.env.context.get("short_display_name"):
            return
        for group, full in zip(self, self.sudo(), strict=True):
            privilege = full.privilege_id
            if privilege.category_id and privilege.name == full.name:
                group.full_name = f"{privilege.category_id.name} / {full.name}"
