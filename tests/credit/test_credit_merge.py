from odoo.tests import tagged

from ...models.credit.customer_credit_check import CreditHeld
from .credit_case import CreditCase


@tagged("post_install", "-at_install")
class TestCreditMerge(CreditCase):
    """Two customers become one: its credit is the remaining one's, a hold of any one stays."""

    def test_merge(self):
        other = self._new_customer("Harbour Glass Ltd")
        self._grade(other, "a")
        self._limit(other, 9000)
        other._set_credit_hold("Court")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | other).ids, self.customer, extra_checks=False)
        self.env.invalidate_all()
        customer = self.customer
        self.assertEqual(customer.customer_credit_grade_id, self.grades["b"])
        self.assertEqual((customer.credit_limit, customer.credit_limit_amount), (1000, 1000))
        self.assertEqual(
            (customer.customer_credit_hold, customer.customer_credit_hold_reason), (True, "Court")
        )
        states = dict.fromkeys(customer.customer_credit_limit_ids.mapped("state"))
        self.assertEqual(set(states), {"approved", "ended"})

    def test_the_limit_of_the_merged_one_where_there_was_none(self):
        other = self._new_customer("No Credit Yet")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | other).ids, other, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual((other.credit_limit, other.credit_limit_amount), (1000, 1000))
        self.assertEqual(other.customer_credit_grade_id, self.grades["b"])

    # -- what comes along is judged --------------------------------------------------------------

    def _merge(self, other, into=None):
        into = into or self.customer
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((into | other).ids, into, extra_checks=False)

    def _refused(self, other, into=None):
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            self._merge(other, into)
        self.env.invalidate_all()
        self.assertTrue(other.exists())

    def test_orders_of_the_merged_one_are_judged_by_the_limit_of_the_remaining_one(self):
        other = self._new_customer("Harbour Glass Ltd")
        order = self._quotation(1000.01, partner=other)
        order.action_confirm()
        self._refused(other)
        self.assertEqual(order.partner_id, other)
        self._limit(self.customer, 2000)
        self._merge(other)
        self.assertEqual((order.partner_id, order.state), (self.customer, "sale"))
        self.assertEqual(self.customer.credit_exposure, 1000.01)

    def test_what_fits_exactly_is_merged(self):
        other = self._new_customer("Harbour Glass Ltd")
        self._quotation(1000, partner=other).action_confirm()
        self._merge(other)
        self.assertEqual(self.customer.credit_exposure, 1000)

    def test_nobody_brings_orders_below_a_hold_by_a_merge(self):
        other = self._new_customer("Harbour Glass Ltd")
        self._quotation(1, partner=other).action_confirm()
        self.customer._set_credit_hold("Court")
        self._refused(other)

    def test_open_invoices_of_the_merged_one_count(self):
        other = self._new_customer("Harbour Glass Ltd")
        self._owed(600)
        self._owed(400.01, partner=other)
        self._refused(other)

    def test_what_was_ordered_below_a_hold_of_its_own_comes_along_with_the_hold(self):
        other = self._new_customer("Harbour Glass Ltd")
        order = self._quotation(1000.01, partner=other)
        order.action_confirm()
        other._set_credit_hold("Court")
        self._merge(other)
        self.assertEqual(order.partner_id, self.customer)
        self.assertTrue(self.customer.customer_credit_hold)

    def test_two_contacts_of_one_customer_are_merged_whatever_it_owes(self):
        twin = self.env["res.partner"].create({"name": "Buyer 2", "parent_id": self.customer.id})
        self._quotation(900, partner=twin).action_confirm()
        self.customer._set_credit_hold("Court")
        self._merge(twin, self.contact)
        self.assertFalse(twin.exists())
