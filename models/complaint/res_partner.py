from odoo import api, fields, models
from odoo.fields import Domain

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
    is_service_provider = fields.Boolean(
        compute="_compute_is_service_provider",
        search="_search_is_service_provider",
        help="Has had a dispatch from us, or is a contact of a company that has.",
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

    @api.depends_context("allowed_company_ids")
    def _compute_is_service_provider(self):
        providers = self.filtered_domain(self._search_is_service_provider("in", [True]))
        for partner in self:
            partner.is_service_provider = partner in providers

    @api.model
    def _search_is_service_provider(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = {bool(flag) for flag in value}
        if wanted == {True, False}:
            return Domain.TRUE
        companies = self._service_provider_companies()
        return Domain("commercial_partner_id", "in" if True in wanted else "not in", companies)

    @api.model
    def _service_provider_companies(self):
        """Return the companies that have worked for the companies of the user, as a query."""
        # sudo: who works for us is no secret to those who send work
        orders = self.env["customer.complaint.dispatch"].sudo()
        sent = orders._search(
            Domain("provider_id", "!=", False) & Domain("company_id", "in", self.env.companies.ids)
        )
        contacts = self.sudo().with_context(active_test=False)
        found = contacts._search(Domain("id", "in", sent.subselect("provider_id")))
        return found.subselect("commercial_partner_id")

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
