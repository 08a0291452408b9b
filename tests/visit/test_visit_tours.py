"""A visit is reported in the browser: what is missing is asked for, all five marks are there."""

from odoo.tests import HttpCase, tagged

from ..common import GovernanceCase


@tagged("post_install", "-at_install", "cg_tour")
class TestVisitTours(GovernanceCase, HttpCase):
    def test_report_a_visit(self):
        self.user_sales.password = self.user_sales.login
        visit = self.env["customer.visit"].create(
            {"partner_id": self.customer.id, "user_id": self.user_sales.id}
        )
        self.start_tour(
            f"/odoo/action-customer_governance.customer_visit_action/{visit.id}",
            "customer_governance_visit_report",
            login="cg_sales",
        )
        self.assertEqual((visit.state, visit.satisfaction), ("done", "5"))
