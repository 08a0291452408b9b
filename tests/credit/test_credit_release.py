from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .credit_case import CreditCase


@tagged("post_install", "-at_install")
class TestCreditRelease(CreditCase):
    """Releases as records, and who is told when a held order becomes free."""

    def _ask(self, order, ceiling=None, user=None, **vals):
        release = (
            self.env["customer.credit.release"]
            .with_user(user or self.salesperson)
            .create(
                {
                    "order_id": order.id,
                    "ceiling": ceiling or order.amount_total,
                    "reason": "Urgent",
                    **vals,
                }
            )
        )
        release.action_submit()
        return release

    def test_the_requester_learns_that_the_order_is_free(self):
        order = self._quotation(1500)
        release = self._ask(order)
        self.assertEqual(order.credit_waiting_user_id, self.salesperson)
        release.with_user(self.controller).action_approve()
        self.assertFalse(order.credit_waiting_user_id)
        self.assertEqual(order.activity_ids.user_id, self.salesperson)

    def test_waiting_for_a_payment(self):
        invoice = self._owed(900, -30)
        order = self._quotation(500)
        order.with_user(self.salesperson).action_credit_wait()
        order._cron_credit_reevaluate()
        self.assertFalse(order.activity_ids, "still held")
        job = self.env.ref("customer_governance.cron_credit_reevaluate")
        runs = [("cron_id", "=", job.id)]
        before = self.env["ir.cron.trigger"].search_count(runs)
        self._pay(invoice, self.today)
        found = self.env["ir.cron.trigger"].search_count(runs)
        self.assertGreater(found, before, "money that comes in starts the job")
        order._cron_credit_reevaluate()
        self.assertEqual(order.activity_ids.user_id, self.salesperson)
        order._cron_credit_reevaluate()
        self.assertEqual(len(order.activity_ids), 1, "told once")

    def test_waiting_for_a_limit_a_grade_or_the_end_of_a_hold(self):
        changes = {
            "limit": lambda: self._limit(self.customer, 5000),
            "grade": lambda: self.customer.write({"customer_credit_grade_id": self.grades["a"].id}),
        }
        for name, change in changes.items():
            with self.subTest(name):
                self._limit(self.customer, 1000)
                self.customer.customer_credit_grade_id = self.grades["b"]
                order = self._quotation(1500)
                order.credit_waiting_user_id = self.salesperson
                change()
                self.assertEqual(order.activity_ids.user_id, self.salesperson)
        self.customer._set_credit_hold("Court")
        order = self._quotation(1)
        order.credit_waiting_user_id = self.salesperson
        self.customer.with_user(self.controller).action_credit_free()
        self.assertEqual(order.activity_ids.user_id, self.salesperson)

    def test_past_a_block_the_head_approves_as_well(self):
        self._grade(self.customer, "d")
        order = self._quotation(100)
        release = self._ask(order)
        release.with_user(self.controller).action_approve()
        self.assertEqual(release.state, "submitted")
        release.with_user(self.head).action_approve()
        self.assertEqual(release.state, "approved")
        order.with_user(self.salesperson).action_confirm()

    def test_what_comes_from_the_document_is_not_entered(self):
        self._grade(self.customer, "d")
        order = self._quotation(100)
        others = {
            "partner_id": self.foreign_customer.id,
            "currency_id": self._euro().id,
            "company_id": self.other_company.id,
            "user_id": self.controller.id,
        }
        vals = {"order_id": order.id, "ceiling": 100, "reason": "Urgent"}
        Release = self.env["customer.credit.release"].with_user(self.salesperson)
        defaults = {f"default_{name}": value for name, value in others.items()}
        found = call_kw(Release, "create", [{**vals, **others}], {"context": defaults})
        release = Release.browse(found)
        for name, value in others.items():
            with self.subTest(name), self.assertRaises(AccessError):
                call_kw(release, "write", [release.ids, {name: value}], {})
        self.assertEqual(release.partner_id, self.customer)
        self.assertEqual(release.company_id, self.company)
        self.assertEqual(release.currency_id, order.currency_id)
        self.assertEqual(release.user_id, self.salesperson)
        self.assertTrue(release.needs_head)
        release.order_id = self._quotation(100, partner=self.foreign_customer)
        self.assertEqual(release.partner_id, self.foreign_customer)

    def test_without_a_grade_the_setting_of_the_company_blocks(self):
        self.customer._credit_writing().customer_credit_grade_id = False
        release = self._ask(self._quotation(1500))
        self.assertFalse(release.needs_head)
        self.company.customer_credit_action = "block"
        order = self._quotation(1500)
        release = self._ask(order)
        self.assertTrue(release.needs_head)
        release.with_user(self.controller).action_approve()
        self.assertEqual(release.state, "submitted")
        release.with_user(self.head).action_approve()
        self.assertDecision(order, "allowed", "over_limit", "released")

    def test_the_controller_does_not_release_an_own_request(self):
        release = self._ask(self._quotation(1500), user=self.controller)
        with self.assertRaises(UserError):
            release.with_user(self.controller).action_approve()

    def test_what_was_asked_for_stays(self):
        release = self._ask(self._quotation(1500), 1400)
        for vals in (
            {"ceiling": 9999},
            {"valid_until": "2099-01-01"},
            {"approved_by_id": self.head.id},
            {"state": "approved"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                release.write(vals)
        with self.assertRaises(AccessError):
            release.with_user(self.plain_user).write({"ceiling": 9999})

    def test_bad_releases(self):
        order = self._quotation(1500)
        invoice = self._invoice(self.customer, self.today, 1, post=False)
        for vals in (
            {"ceiling": 0},
            {"move_id": invoice.id},
            {"order_id": False},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.env["customer.credit.release"].create(
                    {"order_id": order.id, "ceiling": 1, "reason": "Test", **vals}
                )
        with self.assertRaises(UserError):
            self._ask(order, valid_until=self._day(-1))

    def test_a_release_of_an_invoice(self):
        self._owed(1000)
        invoice = self._invoice(self.customer, self.today, 50, post=False)
        release = self.env["customer.credit.release"].create(
            {"move_id": invoice.id, "ceiling": 50, "reason": "Test"}
        )
        release.action_submit()
        release.action_approve()
        invoice.action_post()
        self.assertEqual((release.state, release.used_amount), ("used", 50))

    def test_the_last_day(self):
        order = self._quotation(1500)
        release = self._release(order, 1500, valid_until=self._day(1))
        with freeze_time(f"{self._day(1)} 12:00:00"):
            self.assertDecision(order, "allowed", "over_limit", "released")
            release._cron_close()
            self.assertEqual(release.state, "approved")
        with freeze_time(f"{self.today + timedelta(days=2)} 12:00:00"):
            self.assertDecision(order, "held", "over_limit", "release_expired")
            for _run in range(2):
                release._cron_close()
                self.assertEqual(release.state, "closed")

    def test_a_customer_signs_a_held_order(self):
        order = self._quotation(1500)
        order.with_user(self.env.ref("base.public_user")).sudo()._validate_order()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.credit_waiting_user_id, self.salesperson)
        notes = order.message_ids.filtered(lambda message: "1,000.00" in (message.body or ""))
        self.assertTrue(notes.subtype_id.internal, "the customer does not read it")

    def test_the_payment_of_a_held_order_is_booked(self):
        order = self._quotation(10000, require_payment=True, prepayment_percent=0.3)
        method = self.env.ref("payment.payment_method_unknown")
        provider = self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "payment_method_ids": [Command.set(method.ids)]}
        )
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": "Held",
                "amount": 3000,
                "currency_id": order.currency_id.id,
                "partner_id": self.customer.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "done",
            }
        )
        booked = []
        # the account the provider pays into is not what this is about
        with patch.object(type(transaction), "_create_payment", lambda tx: booked.append(tx)):
            transaction.with_user(self.env.ref("base.public_user")).sudo()._post_process()
        self.assertEqual(booked, [transaction])
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.credit_waiting_user_id, self.salesperson)
        notes = order.message_ids.filtered(lambda message: "6,000.00" in (message.body or ""))
        self.assertTrue(notes.subtype_id.internal, "the customer does not read it")
        self._limit(self.customer, 7000)
        transaction._check_amount_and_confirm_order()
        self.assertEqual(order.state, "sale")

    def test_a_warning_is_noted_on_the_order(self):
        self._grade(self.customer, "a")
        order = self._quotation(1500)
        order.with_user(self.salesperson).action_confirm()
        self.assertTrue(
            order.message_ids.filtered(lambda message: "500.00" in (message.body or ""))
        )

    def test_several_lines_under_one_ceiling(self):
        order = self._quotation(1500)
        self._release(order, 2000)
        order.action_confirm()
        order.write(
            {"order_line": [Command.create({"product_id": self.product.id, "price_unit": 500})]}
        )
        self.assertEqual(order.amount_total, 2000)
