"""Due Contacts in the browser: seen, planned, reported and gone from the list."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import GovernanceCase


@tagged("post_install", "-at_install", "cg_tour")
class TestCareTours(GovernanceCase, HttpCase):
    def test_due_contacts(self):
        self.user_sales.password = self.user_sales.login
        self.env["customer.care.interval"].create(
            {
                "partner_id": self.customer.id,
                "days": 14,
                "reason": "New plant",
                "since": fields.Date.subtract(self.company._customer_today(), days=40),
            }
        )
        self.env["customer.metrics"]._refresh(self.customer)
        self.start_tour(
            "/odoo/action-customer_governance.customer_care_due_action",
            "customer_governance_due_contacts",
            login="cg_sales",
        )
        visit = self.env["customer.visit"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(
            (visit.state, visit.way, visit.summary, visit.user_id),
            ("done", "phone", "All is well", self.user_sales),
        )
