from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .credit_case import CreditCase


@tagged("post_install", "-at_install", "cg_tour")
class TestCreditTours(CreditCase, HttpCase):
    """A held order in the browser: asked for, released up to a ceiling, confirmed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # authority by size is another story
        cls.env["tier.definition"].search([("model", "=", "sale.order")]).active = False
        cls.customer.name = "Harbour Panes"
        cls._owed(800)
        cls.order = cls._quotation(350)
        cls.env.flush_all()

    def test_a_hold_a_release_and_its_ceiling(self):
        order = self.order
        self.salesperson.password = "cg_sales"
        self.controller.password = "cg_credit"
        url = f"/odoo/sales/{order.id}"
        with mute_logger("odoo.http"):  # the hold, which is what the tour is about
            self.start_tour(url, "customer_governance_credit_ask", login="cg_sales")
        release = order.credit_release_ids
        self.assertEqual((release.state, release.ceiling), ("submitted", 400))
        self.assertEqual(release.requested_by_id, self.salesperson)
        self.assertEqual((order.state, order.credit_result), ("draft", "held"))
        self.start_tour("/odoo/overdue", "customer_governance_credit_release", login="cg_credit")
        self.assertEqual((release.state, release.approved_by_id), ("approved", self.controller))
        with mute_logger("odoo.http"):
            self.start_tour(url, "customer_governance_credit_confirm", login="cg_sales")
        self.assertEqual((order.state, order.amount_total), ("sale", 400))
        self.assertEqual((release.state, release.used_amount), ("used", 400))

    def test_an_assessment_becomes_a_limit(self):
        """Fourteen clicks from the menu to the limit: two for the menu, twelve here."""
        for day in (10, 20):
            self._pay(self._invoice(self.customer, self._day(-60 - day), 100), self._day(-50 - day))
        self.controller.password = "cg_credit"
        self.head.password = "cg_manager"
        action = self.env.ref("customer_governance.customer_review_action_credit").id
        url = f"/odoo/action-{action}"
        self.start_tour(url, "customer_governance_credit_assess", login="cg_credit")
        review = self.env["customer.review"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((review.state, review.submitted_by_id), ("in_review", self.controller))
        self.start_tour(
            "/odoo/overdue", "customer_governance_credit_assess_approve", login="cg_manager"
        )
        proposal = review.credit_proposal_ids
        self.assertEqual((review.state, proposal.state), ("applied", "approved"))
        self.assertEqual(self.customer.customer_credit_grade_id, proposal.grade_id)
