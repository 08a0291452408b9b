from odoo import api, fields, models

GROUPS = (
    "customer_governance.group_sales,customer_governance.group_service,"
    "customer_governance.group_auditor"
)


class ResPartner(models.Model):
    """Visits of a customer."""

    _inherit = "res.partner"

    customer_visit_ids = fields.One2many("customer.visit", "partner_id", "Visits", groups=GROUPS)
    customer_visit_count = fields.Integer(
        "Number of Visits", compute="_compute_customer_visit_count", groups=GROUPS
    )

    @api.depends("customer_visit_ids")
    def _compute_customer_visit_count(self):
        counts = dict(
            self.env["customer.visit"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.customer_visit_count = counts.get(partner.commercial_partner_id, 0)

    def action_customer_visits(self):
        """Open the visits of the customer."""
        self.ensure_one()
        self.env["customer.visit"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_visit_action"
        )
        customer = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "=", customer.id)],
            "context": {"default_partner_id": customer.id, "default_contact_id": self.id},
        }
