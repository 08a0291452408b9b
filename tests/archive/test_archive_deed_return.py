from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...queries.measures import MeasureContext
from ..credit.credit_case import CreditCase
from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveDeedReturn(CustodyCase, CreditCase):
    """A deed goes back to the customer only when what the customer owes stays covered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._registered("loan", partner_id=cls.customer.id)
        cls.archive.class_id.reader_group_ids |= cls.env.ref(
            "customer_governance.group_sales"
        ) | cls.env.ref("customer_governance.group_service")
        cls.deed = cls._safe_deed(cls.archive)
        cls.deed.write({"valuation": 1000, "rate": 50})

    @classmethod
    def _day(cls, days):
        return CreditCase._day.__func__(cls, days)

    def _give_back(self, **vals):
        return self._move(self.deed, "out", "customer", received_by="Mrs. Lee", **vals)

    def test_exactly_at_the_limit(self):
        """Limit 1,000: with 1,000 owed it goes back, with 1,000.01 it stays."""
        self._owed(1000)
        self._give_back()
        self.assertEqual(
            (self.deed.state, self.deed.returned_to, self.deed.location_id.id),
            ("returned", "Mrs. Lee", False),
        )

    def test_one_past_the_limit(self):
        self._owed(1000.01)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self._give_back()
        self.assertIn("0.01", str(caught.exception))
        self.assertEqual(self.deed.state, "in_safe")

    def test_another_deed_covers_the_rest(self):
        self._owed(1250)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._give_back()
        second = self._safe_deed(self.archive)
        second.write({"valuation": 500, "rate": 50})
        self._give_back()
        self.assertEqual(self.deed.state, "returned")

    def test_without_a_limit_only_who_owes_nothing(self):
        self.env["customer.credit.limit"].search(
            [("partner_id", "=", self.customer.id)]
        )._transition("end")
        self._owed(1)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._give_back()

    def test_a_hold(self):
        self._owed(1)
        self.customer.with_user(self.user_credit)._set_credit_hold("Court")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._give_back()

    def test_nothing_owed_goes_back_whatever_is_wrong(self):
        self.customer.with_user(self.user_credit)._set_credit_hold("Court")
        self._give_back()
        self.assertEqual(self.deed.state, "returned")

    def test_a_deed_that_is_lent_secures_nothing(self):
        self._owed(1200)
        self.assertEqual(self.customer.credit_secured_amount, 500)
        loan = self._loan(self.user_deed, self.deed, kind="deeds", borrower_id=self.user_credit.id)
        loan.action_request()
        loan.with_user(self.user_manager).action_approve()
        loan.action_take_deeds_out()
        self.deed.open_move_id.with_user(self.second_custodian).action_confirm(1)
        loan.action_issue()
        self.assertEqual(self.deed.state, "lent")
        self.assertEqual((self.customer.credit_secured_amount, self.customer.credit_use), (0, 120))

    def _watched(self):
        self.env.invalidate_all()
        rows = self.env["customer.credit.watch"].with_user(self.user_credit)
        return rows.search([("partner_id", "=", self.customer.id)])

    def test_securities_count_on_the_watch_list(self):
        """Limit 1,000 and 500 secured: 1,199 is less than 80 % of it, as on the form."""
        self._owed(1199)
        self.assertFalse(self._watched())
        self._owed(1)
        self.assertEqual((self._watched().kind, self._watched().figure), ("near_limit", 80))
        self._owed(300.01)
        self.assertEqual(self._watched().kind, "over_limit")
        self.deed.valuation = 1600
        self.assertEqual(self._watched().kind, "near_limit")
        self.assertAlmostEqual(self._watched().figure, self.customer.credit_use, 2)

    def test_securities_count_in_the_measure(self):
        self._owed(900)
        plan = MeasureContext(self.company.id, self._day(-90), self.today)
        select = self.env["customer.measure"]._measures()["exposure_use"].select
        self.env.flush_all()
        values = dict(self.env.execute_query(select(plan)))
        self.assertEqual(float(values[self.customer.id]), 0.6)

    def test_looked_at_again_when_the_witness_confirms(self):
        move = self._give_back(confirm=False)
        self._owed(1000.01)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            move.with_user(self.second_custodian).action_confirm(1)
        self.assertEqual(self.deed.state, "in_safe")

    def test_who_receives_it_is_on_record(self):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._move(self.deed, "out", "customer")

    def test_a_new_security_frees_a_held_order_and_its_loss_does_not(self):
        order = self._quotation(1400).with_user(self.salesperson)
        self.assertDecision(order, "allowed")
        self.deed.action_miss()
        self.assertDecision(order, "held", "over_limit")
        with patch.object(
            type(self.env["res.partner"]), "_credit_changed", autospec=True
        ) as changed:
            self._move(self.deed, "in", "keep")
        self.assertTrue(changed.called)
        self.assertDecision(order, "allowed")
        self.assertEqual(order.order_line.mapped("price_unit"), [1400])
        order.order_line = [Command.create({"product_id": self.product.id, "price_unit": 101})]
        self.assertDecision(order, "held", "over_limit")
