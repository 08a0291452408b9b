from odoo import api, fields, models

READERS = ",".join(
    f"customer_governance.group_{role}"
    for role in ("sales", "service", "credit", "archivist", "auditor")
)


class ResPartner(models.Model):
    """Dossiers of a customer."""

    _inherit = "res.partner"

    archive_ids = fields.One2many("customer.archive", "partner_id", "Dossiers", groups=READERS)
    archive_count = fields.Integer(
        "Number of Dossiers", compute="_compute_archive_count", groups=READERS
    )
    archive_missing_count = fields.Integer(
        "Missing Documents", compute="_compute_archive_count", groups=READERS
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_archive_count(self):
        """Only dossiers the user may read."""
        customers = self.commercial_partner_id
        counts = {
            partner.id: (count, missing)
            for partner, count, missing in self.env["customer.archive"]._read_group(
                [("partner_id", "in", customers.ids), ("state", "!=", "disposed")],
                ["partner_id"],
                ["__count", "missing_count:sum"],
            )
        }
        for partner in self:
            count, missing = counts.get(partner.commercial_partner_id.id, (0, 0))
            partner.archive_count, partner.archive_missing_count = count, missing

    def _governance_kinds(self):
        """EXTENDS the move of customers: dossiers stay with their customer."""
        return [
            *super()._governance_kinds(),
            *self._governance_kind(
                "customer.archive",
                [("partner_id", "=", self.id), ("state", "!=", "disposed")],
                self.env._("dossiers"),
            ),
        ]

    def action_view_archives(self):
        """Open the dossiers of the customer."""
        self.ensure_one()
        self.env["customer.archive"].check_access("read")
        customer = self.commercial_partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dossiers of %s", customer.name),
            "res_model": "customer.archive",
            "view_mode": "list,kanban,form",
            "domain": [("partner_id", "=", customer.id)],
            "context": {"default_partner_id": customer.id},
        }
