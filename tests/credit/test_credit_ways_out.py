"""Each way out that a held document names frees it alone: applied for real, then judged again."""

import random
from contextlib import closing
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...engine import credit_check
from .credit_case import CreditCase

RUNS = 14


@tagged("post_install", "-at_install")
class TestCreditWaysOut(CreditCase):
    """Random customers and documents; what is advised is done by those who may."""

    def _situation(self, rng):
        """Make a customer with debts, a grade, a limit and perhaps a hold; return it and what was done."""
        customer = self._new_customer("Random Debtor")
        code = rng.choice("bbcd")
        told = {"grade": code, "limit": rng.choice((0, 300, 1000, 2000.01))}
        vals = {}
        if rng.random() < 0.25:
            vals["customer_credit_valid_until"] = self._day(-1)
            told["expired"] = True
        self._grade(customer, code, **vals)
        self._limit(customer, told["limit"])
        for name, due_in in (("owed", 30), ("late", -40), ("a little late", -3)):
            if rng.random() < 0.5:
                told[name] = round(rng.uniform(1, 900), 2)
                self._owed(told[name], due_in, partner=customer)
        if rng.random() < 0.4:
            told["ordered"] = round(rng.uniform(1, 600), 2)
            with patch.object(type(self.env["sale.order"]), "_credit_guard", lambda orders: None):
                self._quotation(told["ordered"], partner=customer).action_confirm()
        if rng.random() < 0.2:
            told["advance"] = round(rng.uniform(1, 300), 2)
            self._paid(customer, told["advance"])
        if rng.random() < 0.25:
            told["hold"] = True
            customer._set_credit_hold("Court")
        return customer, told

    def _paid(self, customer, amount, what=()):
        """The customer pays an amount; it is matched with the oldest items, as the bank statement is."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": customer.id,
                "amount": float(amount),
            }
        )
        payment.action_post()
        if not payment.move_id:
            payment._generate_journal_entry()
            payment.move_id.action_post()
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", customer.id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ],
            order="date_maturity, id",
        )
        for line in lines.filtered(lambda line: line.amount_residual > 0) if what else ():
            mine = lines.filtered(lambda one: one.move_id == payment.move_id and not one.reconciled)
            if mine:
                (mine | line).reconcile()

    def _take(self, step, document, customer):
        """Do one step of a way out."""
        values = dict(step.params)
        if step.code in ("pay", "pay_overdue"):
            self._paid(customer, values["amount"], what=("oldest",))
        elif step.code == "prepay":
            self._paid(customer, values["amount"])
        elif step.code == "reduce":
            line = (
                document.order_line if document._name == "sale.order" else document.invoice_line_ids
            )
            line.price_unit = float(Decimal(str(document.amount_total)) - values["by"])
        elif step.code == "assess":
            grade = customer.customer_credit_grade_id.code.lower()
            self._grade(customer, grade, customer_credit_valid_until=self._day(90))
        elif step.code == "ask_lift":
            customer.with_user(self.controller).action_credit_free()
        elif step.code == "ask_release":
            self._release(document, document.amount_total)
        else:
            raise AssertionError(f"nobody knows how to {step.code}")

    def _document(self, rng, customer):
        amount = round(rng.uniform(50, 900), 2)
        if rng.random() < 0.5:
            return self._quotation(amount, partner=customer)
        return self._invoice(customer, self.today, amount, post=False)

    def _go(self, document):
        if document._name == "sale.order":
            document.action_confirm()
        else:
            document.action_post()

    def test_each_way_out_frees_the_document(self):
        rng = random.Random(20261201)
        held, taken = 0, set()
        for run in range(RUNS):
            customer, told = self._situation(rng)
            document = self._document(rng, customer)
            decision = document._credit_check()[document.id]
            if decision.result != credit_check.HELD:
                self._go(document)
                continue
            held += 1
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._go(document)
            for way in decision.ways:
                words = (run, document._name, document.amount_total, told, way)
                with closing(self.env.cr.savepoint()):
                    for step in way:
                        taken.add(step.code)
                        self._take(step, document, customer)
                    self.env.flush_all()
                    self.env.invalidate_all()
                    found = document._credit_check()[document.id]
                    self.assertNotEqual(found.result, credit_check.HELD, (words, found))
                    self._go(document)
                self.env.invalidate_all()
        self.assertGreater(held, RUNS / 3)
        self.assertGreaterEqual(
            taken, {"pay", "pay_overdue", "prepay", "reduce", "ask_release", "ask_lift", "assess"}
        )

    def test_a_limit_raised_a_document_cancelled_or_less_debt_frees_it_too(self):
        other = self._quotation(400)
        other.action_confirm()
        self._owed(500)
        order = self._quotation(100.01)

        ways = {
            "raise": lambda: self._limit(self.customer, 1000.01),
            "unlimited": lambda: self._limit(self.customer, 0, unlimited=True),
            "temporary": lambda: self._limit(
                self.customer, 1000.01, kind="temporary", date_to=self._day(0)
            ),
            "cancel the other": lambda: other._action_cancel(),
            "pay a cent": lambda: self._paid(self.customer, 0.01, what=("oldest",)),
            "credit note": lambda: self._invoice(
                self.customer, self.today, 0.01, kind="out_refund"
            ),
            "hold of nobody": lambda: self._grade(self.customer, "a"),
        }
        for words, way in ways.items():
            with self.subTest(words), closing(self.env.cr.savepoint()):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    order.action_confirm()
                way()
                self.env.flush_all()
                self.env.invalidate_all()
                order.action_confirm()
                self.assertEqual(order.state, "sale")
            self.env.invalidate_all()
