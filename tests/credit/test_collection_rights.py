from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .collection_case import NOW, CollectionCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionRights(CollectionCase):
    """The account manager works on own customers, the collector on all."""

    def test_what_is_to_collect_is_of_the_company(self):
        self.due(20)
        self.user_credit.company_ids |= self.other_company
        customer = self.customer.with_user(self.user_credit)
        for company, figures in ((self.company, (100, 20)), (self.other_company, (0, 0))):
            partner = customer.with_company(company)
            self.assertEqual((partner.collection_amount, partner.collection_days), figures)

    def test_links_of_customer_and_invoice(self):
        invoice = self.due(20)
        [step] = self.run_job()
        customer = self.customer.with_user(self.user_sales).with_company(self.company)
        self.assertEqual((customer.collection_amount, customer.collection_days), (100, 20))
        self.assertEqual(customer.collection_step_count, 2)
        found = step.search(customer.action_collection_steps()["domain"])
        self.assertIn(step, found)
        self.assertEqual(step.search(invoice.action_collection_steps()["domain"]), step)
        with self.assertRaises(AccessError):
            invoice.with_user(self.plain_user).action_collection_steps()

    def test_account_managers_see_own_customers(self):
        foreign = self.debtor("Somebody else's", user_id=self.other_sales.id)
        self.due(20, partner=foreign)
        self.due(20)
        steps = self.run_job()
        mine = steps.with_user(self.user_sales)._filtered_access("read")
        self.assertEqual(mine.partner_id, self.customer)
        self.assertEqual(steps.with_user(self.user_credit)._filtered_access("write"), steps)

    def test_a_call_on_a_step_of_others_is_refused(self):
        foreign = self.debtor("Somebody else's", user_id=self.other_sales.id)
        self.due(20, partner=foreign)
        [step] = self.run_job()
        with self.assertRaises(AccessError):
            call = (
                self.env["customer.collection.call"]
                .with_user(self.user_sales)
                .create({"step_id": step.id, "result": "refused"})
            )
            call.action_save()
