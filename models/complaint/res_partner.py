from odoo import api, fields, models

GROUPS = (
    "customer_governance.group_sales,customer_governance.group_service,"
    "customer_governance.group_quality,customer_governance.group_auditor"
)


class ResPartner(models.Model):
    """Complaints of a customer: count and alert on the card."""

    _inherit = "res.partner"

    customer_complaint_ids = fields.One2many(
        "customer.complaint", "partner_id", "Complaints", groups=GROUPS
    )
    customer_complaint_count = fields.Integer(
        "Number of Complaints", compute="_compute_customer_complaints", groups=GROUPS
    )
    customer_open_complaint_count = fields.Integer(
        "Currently Open Complaints", compute="_compute_customer_complaints", groups=GROUPS
    )
    customer_complaint_alert = fields.Char(
        "Complaint Alert", compute="_compute_customer_complaints", groups=GROUPS
    )

    @api.depends("customer_complaint_ids.state", "customer_complaint_ids.severity")
    def _compute_customer_complaints(self):
        complaints = self.env["customer.complaint"]
        groups = complaints._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids), ("state", "!=", "cancelled")],
            ["partner_id", "state", "severity"],
            ["__count"],
        )
        total, opened, major = {}, {}, {}
        for partner, state, severity, count in groups:
            total[partner] = total.get(partner, 0) + count
            if state in complaints._open_states():
                opened[partner] = opened.get(partner, 0) + count
                if severity == "major":
                    major[partner] = major.get(partner, 0) + count
        for partner in self:
            customer = partner.commercial_partner_id
            partner.customer_complaint_count = total.get(customer, 0)
            partner.customer_open_complaint_count = opened.get(customer, 0)
            partner.customer_complaint_alert = (
                self.env._("Open major complaints: %s", major[customer])
                if major.get(customer)
                else False
            )

    def _governance_kinds(self):
        """EXTENDS the move of customers: cases stay with their customer."""
        return [
            *super()._governance_kinds(),
            *self._governance_kind(
                "customer.complaint", [("partner_id", "=", self.id)], self.env._("complaints")
            ),
        ]

    def _after_tier_change(self, changes):
        """EXTENDS the tiers: open cases follow at once."""
        super()._after_tier_change(changes)
        self.env["customer.complaint"]._follow_tiers(
            [("partner_id", "in", self.ids), ("company_id", "child_of", self.env.company.id)],
            self.env._("The customer's tier was changed."),
        )

    def action_customer_complaints(self):
        """Open the complaints of the customer."""
        self.ensure_one()
        self.env["customer.complaint"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_complaint_action"
        )
        customer = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "=", customer.id)],
            "context": {"default_partner_id": customer.id, "search_default_open": 1},
        }
