from contextlib import nullcontext
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ...models.credit.customer_credit_check import CreditHeld
from .credit_case import FORGED, CreditCase


@tagged("post_install", "-at_install")
class TestCreditGuard(CreditCase):
    """Parts of documents, currencies, words: what the table of the other file does not say."""

    # --- changes of confirmed orders ----------------------------------------------------------

    def _confirmed(self, price=900):
        order = self._quotation(price)
        order.action_confirm()
        return order

    def test_raising_a_confirmed_order(self):
        order = self._confirmed(900).with_user(self.seller).with_context(**FORGED)
        line = order.order_line
        changes = {
            "quantity": lambda: line.write({"product_uom_qty": 2, "price_unit": 900}),
            "price": lambda: line.write({"price_unit": 1000.01}),
            "line through the order": lambda: order.write(
                {"order_line": [Command.create({"product_id": self.product.id, "price_unit": 101})]}
            ),
            "line of its own": lambda: line.create(
                {"order_id": order.id, "product_id": self.product.id, "price_unit": 101}
            ),
        }
        for name, change in changes.items():
            with (
                self.subTest(name),
                self.assertRaises(CreditHeld),
                self.env.cr.savepoint(),
            ):
                change()
        line.price_unit = 1000  # exactly the limit
        self._owed(5000)
        line.price_unit = 800  # less is always possible
        self.assertEqual(order.amount_total, 800)

    def test_a_change_that_is_neutral_at_its_end_is_not_judged_half_way(self):
        order = self._confirmed(1000)
        order.write(
            {
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": 600}),
                    Command.update(order.order_line.id, {"price_unit": 400}),
                ]
            }
        )
        self.assertEqual(order.amount_total, 1000)

    def test_a_discount_taken_away(self):
        order = self._confirmed(1000)
        order.write(
            {"order_line": [Command.create({"product_id": self.product.id, "price_unit": -200})]}
        )
        self._owed(200)
        discount = order.order_line.filtered(lambda line: line.price_unit < 0)
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            discount.write({"product_uom_qty": 0})

    def test_terms_and_unlocking_look_again(self):
        order = self._confirmed(100)
        order.action_lock()
        self._owed(1, -8)
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            order.with_user(self.seller).action_unlock()
        order = self._quotation(1)
        self.customer._credit_writing().customer_credit_grade_id = self.grades["a"]
        order.action_confirm()
        self.customer._credit_writing().customer_credit_grade_id = self.grades["b"]
        term = self.env.ref("account.account_payment_term_45days")
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            order.payment_term_id = term

    def test_an_order_born_confirmed(self):
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            self._quotation(1000.01, state="sale")
        self.assertEqual(self._quotation(1000, state="sale").state, "sale")

    def test_two_orders_that_exceed_only_together(self):
        orders = self._quotation(600) | self._quotation(600)
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            orders.action_confirm()
        orders[0].action_confirm()
        self.assertDecision(orders[1], "held", "over_limit")

    # --- currencies, companies ----------------------------------------------------------------

    def test_an_order_in_another_currency_counts_at_its_own_rate(self):
        euro = self._euro()
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        order = self._quotation(500, pricelist_id=pricelist.id)
        order.order_line.price_unit = 500
        self.assertDecision(order, "allowed")
        order.order_line.price_unit = 500.01
        self.assertDecision(order, "held", "over_limit")

    def test_each_company_has_its_own_credit(self):
        other = self._second_company()
        self.assertDecision(self._quotation(5000, company=other), "allowed")
        self._limit(self.customer, 10, company=other)
        self._grade(self.customer, "b", company=other)
        self.assertDecision(self._quotation(11, company=other), "held", "over_limit")
        self.assertDecision(self._quotation(11), "allowed")

    def test_a_contact_uses_the_credit_of_its_company(self):
        self._owed(950)
        self.assertDecision(self._quotation(51, partner=self.contact), "held", "over_limit")

    def test_a_blocked_customer_with_another_invoice_address(self):
        payer = self.env["res.partner"].create({"name": "Payer", "is_company": True})
        order = self._quotation(1, partner_invoice_id=payer.id)
        self.assertDecision(order, "allowed")
        self.customer._set_credit_hold("Court")
        self.env.invalidate_all()
        self.assertDecision(order, "held", "blocked")
        self.assertIn("Court", order.with_user(self.salesperson).partner_credit_warning)
        seller = order.with_user(self.seller)
        with self.assertRaises(CreditHeld) as caught, self.env.cr.savepoint():
            call_kw(seller, "action_confirm", [order.ids], {"context": FORGED})
        self.assertIn("Court", str(caught.exception))
        order.credit_waiting_user_id = self.salesperson
        self.customer.with_user(self.controller).action_credit_free()
        self.assertFalse(order.credit_waiting_user_id, "told when the hold ends")
        call_kw(seller, "action_confirm", [order.ids], {"context": FORGED})
        self.customer._set_credit_hold("Court")
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            call_kw(seller.order_line, "write", [seller.order_line.ids, {"price_unit": 2}], {})

    def test_grade_d_with_another_invoice_address(self):
        payer = self.env["res.partner"].create({"name": "Payer", "is_company": True})
        self._grade(self.customer, "d")
        order = self._quotation(1, partner_invoice_id=payer.id)
        self.assertDecision(order, "held", "prepayment")
        release = self.env["customer.credit.release"].create(
            {"order_id": order.id, "ceiling": 1, "reason": "Test"}
        )
        self.assertTrue(release.needs_head)
        self._grade(payer, "b")
        self.assertDecision(order, "allowed")

    # --- invoices -----------------------------------------------------------------------------

    def test_invoice_without_an_order(self):
        accountant = self._new_user("clerk", "account.group_account_invoice")
        self._owed(900)
        fits = self._invoice(self.customer, self.today, 100, post=False)
        self.assertDecision(fits, "allowed")
        fits.with_user(accountant).with_context(**FORGED).action_post()
        past = self._invoice(self.customer, self.today, 0.01, post=False)
        for change in (lambda m: m.action_post(), lambda m: m.write({"state": "posted"})):
            with self.assertRaises(CreditHeld), self.env.cr.savepoint():
                change(past.with_user(accountant).with_context(**FORGED))
        self._invoice(self.customer, self.today, 500, kind="out_refund")

    def test_the_invoice_of_an_order_adds_nothing(self):
        order = self._confirmed(1000)
        self._owed(0.01, -100, partner=self.env["res.partner"].create({"name": "Else"}))
        self.customer._set_credit_hold("Test")
        invoice = order._create_invoices()
        self.assertDecision(invoice, "allowed")
        invoice.action_post()
        self.assertEqual(self.customer.credit_exposure, 1000)

    def test_more_on_the_invoice_than_ordered(self):
        invoice = self._confirmed(1000)._create_invoices()
        invoice.invoice_line_ids.price_unit = 1000.01
        self.assertDecision(invoice, "held", "over_limit")

    def test_several_invoices_at_once_are_judged_one_by_one(self):
        clerk = self._new_user("clerk", "account.group_account_invoice")
        self._owed(900)
        large, other = (
            self._invoice(self.customer, self.today, amount, post=False) for amount in (500, 700)
        )
        self._release(large, 500)
        for moves in (large + other, other + large):
            with (
                self.subTest(moves.mapped("amount_total")),
                self.assertRaises(CreditHeld) as caught,
                self.env.cr.savepoint(),
            ):
                call_kw(moves.with_user(clerk), "action_post", [moves.ids], {"context": FORGED})
            self.assertEqual(str(caught.exception).count("this document"), 1)
            self.assertIn("700.00", str(caught.exception))
        other.unlink()
        small = self._invoice(self.customer, self.today, 100, post=False)
        both = (small + large).with_user(clerk)
        call_kw(both, "action_post", [both.ids], {"context": FORGED})
        self.assertEqual(self.customer.credit_exposure, 1500)

    def test_invoices_of_one_order_and_one_without_at_once(self):
        order = self._confirmed(900)
        order.order_line.product_uom_qty = 2
        order.order_line.price_unit = 450
        parts = self.env["account.move"]
        for _part in range(2):
            part = order._create_invoices()
            part.invoice_line_ids.quantity = 1
            parts |= part
        alone = self._invoice(self.customer, self.today, 100.01, post=False)
        decisions = (parts[0] + alone + parts[1])._credit_check()
        self.assertEqual(
            [decisions[move.id].result for move in (parts[0], alone, parts[1])],
            ["allowed", "held", "allowed"],
        )
        [(_company, _moves, _rows, amounts)] = (parts + alone)._credit_parts()
        self.assertEqual([amounts[move.id] for move in parts + alone], [0, 0, 100.01])

    # --- releases -----------------------------------------------------------------------------

    def test_release_with_a_ceiling(self):
        order = self._quotation(1500)
        release = self._release(order, 1500)
        self.assertDecision(order, "allowed", "over_limit", "released")
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((release.state, release.used_amount), ("used", 1500))
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            order.order_line.price_unit = 1500.01
        other = order.copy()
        self.assertDecision(other, "held", "over_limit")

    def test_a_release_is_for_its_customer_and_currency(self):
        order = self._quotation(1500)
        self._release(order, 1500)
        self.assertDecision(order, "allowed", "over_limit", "released")
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": self._euro().id}
        )
        seller = order.with_user(self.seller)
        with self.env.cr.savepoint() as savepoint:
            call_kw(seller, "write", [order.ids, {"pricelist_id": pricelist.id}], {})
            self.assertEqual((order.amount_total, order.currency_id.name), (1500, "EUR"))
            with self.assertRaises(CreditHeld):
                call_kw(seller, "action_confirm", [order.ids], {})
            savepoint.close(rollback=True)
        self.env.invalidate_all()
        self._grade(self.foreign_customer, "d")
        call_kw(seller, "write", [order.ids, {"partner_id": self.foreign_customer.id}], {})
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            call_kw(seller, "action_confirm", [order.ids], {})
        call_kw(seller, "write", [order.ids, {"partner_id": self.customer.id}], {})
        call_kw(seller, "action_confirm", [order.ids], {})

    def test_a_release_ends_with_the_order(self):
        order = self._quotation(1500)
        release = self._release(order, 1500)
        order.action_confirm()
        order._action_cancel()
        order.action_draft()
        self.assertEqual(release.state, "closed")
        self.assertDecision(order, "held", "over_limit")

    def test_an_unapproved_release_is_none(self):
        order = self._quotation(1500)
        release = (
            self.env["customer.credit.release"]
            .with_user(self.salesperson)
            .create({"order_id": order.id, "ceiling": 1500, "reason": "Test"})
        )
        release.action_submit()
        self.assertDecision(order, "held", "over_limit")
        with self.assertRaises(AccessError):
            release.with_user(self.salesperson).action_approve()
        release.with_user(self.controller).action_approve()
        self.assertDecision(order, "allowed", "over_limit", "released")

    def test_the_message_explains_itself(self):
        invoice = self._owed(800, -5)
        with self.assertRaises(CreditHeld) as caught, self.env.cr.savepoint():
            self._quotation(350).with_user(self.salesperson).action_confirm()
        text = str(caught.exception)
        for part in ("1,000.00", "800.00", "5 days", "350.00", "150.00", "200.00", invoice.name):
            self.assertIn(part, text)
        self.assertRegex(text, r"pay .*150.00 \(.*\); or reduce .*200.00; or request a release")

    def test_a_warning_says_that_it_is_one(self):
        self._grade(self.customer, "a")
        self._owed(900)
        text = self._quotation(350).partner_credit_warning
        self.assertIn("only a warning", text)

    def test_steps_that_are_needed_together(self):
        late = self._owed(300, -12)
        self._owed(650)
        text = self._quotation(400).partner_credit_warning
        self.assertRegex(text, rf"pay .*300.00 \({late.name}\) and pay .*50.00")

    def test_the_customer_does_not_read_the_hint(self):
        self._owed(800)
        order = self._quotation(350)
        portal = self._new_users({"portal": "base.group_portal"})["portal"]
        portal.partner_id.parent_id = self.customer
        order.message_subscribe(portal.partner_id.ids)
        order = order.with_user(portal)
        self.assertFalse(order.read(["partner_credit_warning"])[0]["partner_credit_warning"])
        with self.assertRaises(AccessError):
            order.read(["credit_result"])

    def test_the_hint_of_an_invoice(self):
        self._owed(800)
        self.assertFalse(self.company.account_use_credit_limit)
        invoice = self._invoice(self.customer, self.today, 350, post=False)
        self.assertIn("150.00", invoice.partner_credit_warning)

    def test_the_hint_of_the_quotation_says_the_same(self):
        self._owed(800)
        order = self._quotation(350).with_user(self.salesperson)
        self.assertIn("150.00", order.partner_credit_warning)
        self.assertEqual(order.credit_result, "held")
        self.assertFalse(self._quotation(200).partner_credit_warning)

    def test_terms_and_trust_are_decided_like_the_limit(self):
        terms = self.env["account.payment.term"].search([], limit=1)
        editor = self.env.ref("base.group_partner_manager")
        for user in (self.user_sales, self.user_committee, self.user_credit):
            user.group_ids |= editor
            for vals in ({"property_payment_term_id": terms.id}, {"trust": "good"}):
                with self.subTest(user.login, vals=vals), self.assertRaises(AccessError):
                    self.customer.with_user(user).write(vals)
        partners = self.env["res.partner"].with_user(self.user_sales)
        with self.assertRaises(AccessError):
            partners.create({"name": "New", "trust": "good"})
        # what a form sends of a new customer, and what a contact has of its company
        partners.create({"name": "New", **partners.default_get(["trust"])})
        partners.create({"name": "Buyer", "parent_id": self.customer.id})
        self.company.credit_enabled = False
        self.customer.with_user(self.user_sales).trust = "good"

    def test_queries_of_a_confirmation(self):
        """The check adds at most five queries to a confirmation."""
        counts = []
        for guard in (None, None, lambda orders: None):  # the first fills the caches
            order = self._quotation(1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with patch.object(type(order), "_credit_guard", guard) if guard else nullcontext():
                order.action_confirm()
                self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[2], 5)
