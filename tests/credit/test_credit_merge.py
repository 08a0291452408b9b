from odoo.tests import tagged

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
