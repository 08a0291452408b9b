from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.credit.customer_credit_check import CreditHeld
from .credit_case import CreditCase


@tagged("post_install", "-at_install")
class TestCreditReparent(CreditCase):
    """Nobody sheds a hold, a grade or a case by moving the customer below another partner."""

    @classmethod
    def setUpClass(cls):
        """A clerk who may edit every contact."""
        super().setUpClass()
        cls.clerk = cls._new_user("clerk", "base.group_user")
        cls.clerk.group_ids |= cls.env.ref("base.group_partner_manager")
        cls.other = cls._new_customer("Any Other")
        cls.bad = cls._new_customer("Bad Payer")

    def _move(self):
        self.bad.with_user(self.clerk).write({"is_company": False, "parent_id": self.other.id})
        self.env.flush_all()

    def test_what_was_decided_stays_where_it_is(self):
        complaint = {"subject": "x", "partner_id": self.bad.id}
        for what, prepare in (
            ("credit hold", lambda: self.bad._set_credit_hold("does not pay")),
            ("credit grade", lambda: self._grade(self.bad, "d")),
            ("credit limit", lambda: self._limit(self.bad, 100)),
            ("complaints", lambda: self.env["customer.complaint"].create(complaint)),
        ):
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                prepare()
                with self.assertRaisesRegex(UserError, what), self.env.cr.savepoint():
                    self._move()
                self.assertEqual(self.bad.commercial_partner_id, self.bad)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_who_has_nothing_moves(self):
        self._move()
        self.assertEqual(self.bad.commercial_partner_id, self.other)

    def test_a_merge_takes_everything_along(self):
        self.bad._set_credit_hold("does not pay")
        case = self.env["customer.complaint"].create({"subject": "x", "partner_id": self.bad.id})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.bad | self.other).ids, dst_partner=self.other, extra_checks=False)
        self.assertTrue(self.other.customer_credit_hold)
        self.assertEqual(case.partner_id, self.other)

    def test_a_contact_that_leaves_takes_the_hold_along(self):
        self._grade(self.customer, "d")
        self.customer._set_credit_hold("does not pay")
        self.contact.with_user(self.clerk).parent_id = False
        self.assertTrue(self.contact.customer_credit_hold)
        self.assertFalse(self.contact.customer_credit_grade_id)
        self.assertDecision(self._quotation(1, partner=self.contact), "held", "blocked")

    def test_what_a_contact_ordered_outside_is_judged_when_it_comes_back(self):
        contact = self.contact.with_user(self.clerk)
        contact.parent_id = False
        self._quotation(1000.01, partner=self.contact).action_confirm()
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            contact.parent_id = self.customer
        self.env.invalidate_all()
        self._limit(self.customer, 2000)
        contact.parent_id = self.customer
        self.assertEqual(self.customer.credit_exposure, 1000.01)

    def test_nobody_brings_orders_below_a_hold(self):
        order = self._quotation(1, partner=self.other)
        order.action_confirm()
        self.customer._set_credit_hold("does not pay")
        other = self.other.with_user(self.clerk)
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            other.write({"is_company": False, "parent_id": self.customer.id})

    def test_open_invoices_are_judged_by_what_is_open(self):
        self._owed(600)
        self._owed(400.01, partner=self.other)
        move = {"is_company": False, "parent_id": self.customer.id}
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            self.other.with_user(self.clerk).write(move)
        self.env.invalidate_all()
        self._owed(400, partner=self.bad)
        self.bad.with_user(self.clerk).write(move)
        self.assertEqual(self.customer.credit_exposure, 1000)
