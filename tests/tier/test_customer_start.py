"""A customer that an account manager creates is looked after and in a tier at once."""

from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestCustomerStart(GovernanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env.ref("base.group_partner_manager")
        for user in (cls.user_sales, cls.user_service, cls.user_manager):
            user.group_ids = [Command.link(partners.id)]
        cls.potential = cls.env.ref("customer_governance.tier_potential")

    def _create(self, user, context=None, **vals):
        Partner = self.env["res.partner"].with_user(user).with_context(**(context or {}))
        return Partner.create({"name": "Lakeside Ceramics", "is_company": True, **vals})

    def test_the_creator_is_the_account_manager(self):
        customer = self._create(self.user_sales)
        self.assertEqual(customer.user_id, self.user_sales)
        self.assertEqual(customer.customer_lifecycle, "prospect")
        self.assertEqual(customer.customer_tier_id, self.potential)

    def test_the_form_says_so_before_it_is_saved(self):
        with Form(self.env["res.partner"].with_user(self.user_sales)) as form:
            form.name = "Lakeside Ceramics"
            self.assertEqual(form.user_id, self.user_sales)
            form.user_id = self.env["res.users"]
        self.assertFalse(form.record.user_id, "emptied by hand it stays empty")

    def test_somebody_elses_customer(self):
        self.assertEqual(
            self._create(self.user_sales, user_id=self.other_sales.id).user_id, self.other_sales
        )
        self.assertFalse(self._create(self.user_sales, {"import_file": True}).user_id)
        supplier = {"res_partner_search_mode": "supplier"}
        self.assertFalse(self._create(self.user_sales, supplier).user_id)
        self.assertFalse(self._create(self.user_manager).user_id)

    def test_who_is_no_account_manager(self):
        """A customer is a customer for everybody: the tier comes at once, the manager does not."""
        customer = self._create(self.user_service, {"res_partner_search_mode": "customer"})
        self.assertFalse(customer.user_id)
        self.assertEqual(customer.customer_tier_id, self.potential)

    def test_a_contact_carries_the_values_of_its_company(self):
        customer = self._create(self.user_sales)
        contact = self._create(self.user_sales, parent_id=customer.id, is_company=False)
        self.assertEqual(contact.user_id, self.user_sales, "the company's")
        self.assertEqual(contact.customer_tier_id, self.potential)

    def test_partners_of_users_and_companies_are_no_customers(self):
        company = self.env["res.company"].create({"name": "Third Company"})
        self.assertFalse(company.partner_id.customer_tier_id)
        self.assertFalse(self.user_credit.partner_id.customer_tier_id)
