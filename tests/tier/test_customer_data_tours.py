from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import GovernanceCase


@tagged("post_install", "-at_install", "cg_tour")
class TestCustomerDataTours(GovernanceCase, HttpCase):
    """An account manager in the browser: a colliding customer, a data review."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_sales.password = cls.user_sales.login
        manager_of_contacts = cls.env.ref("base.group_partner_manager")
        cls.user_sales.group_ids = [Command.link(manager_of_contacts.id)]

    def test_colliding_customer(self):
        """The warning, the reason that is asked, the note that stays."""
        self._new_customer("Tour Harbour Glassworks Ltd", user_id=self.other_sales.id)
        self.start_tour("/odoo", "customer_governance_colliding_customer", login="cg_sales")
        created = self.env["res.partner"].search([("name", "=", "Tour Harbor Glassworks Inc.")])
        self.assertEqual(len(created), 1)
        self.assertEqual(created.customer_collision_reason, "The subsidiary in Ningbo")

    def test_data_review(self):
        """From the due list to what is missing, filled in, and the review closed."""
        customer = self._new_customer("Tour Glass Works", user_id=self.user_sales.id)
        customer._set_customer_tier(
            self.env.ref("customer_governance.tier_strategic"), "Test", "manual"
        )
        review = self.env["customer.data.review"].create(
            {"partner_id": customer.id, "deadline": "2026-01-31"}
        )
        self.start_tour("/odoo", "customer_governance_data_review", login="cg_sales")
        self.assertEqual(review.state, "corrected")
        self.assertEqual(customer.customer_legal_representative, "Li Wei")
        self.assertEqual(review.reviewer_id, self.user_sales)
