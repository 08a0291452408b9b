from odoo import Command
from odoo.exceptions import ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from ...models.credit.customer_credit_check import CreditHeld
from .credit_case import CreditCase

FORGED_ORDER = {"currency_rate": 1e9, "amount_total": 1, "invoice_status": "invoiced"}
FORGED_LINE = {"price_total": 0.0, "price_subtotal": 0.0, "qty_invoiced": 999}


@tagged("post_install", "-at_install")
class TestCreditForgedFigures(CreditCase):
    """Nobody writes the stored figures the check counts on; core's own flows go on working."""

    def _rpc(self, records, method, *args, user=None, **context):
        records = records.with_user(user or self.seller)
        ids = [records.ids] if records else []
        return call_kw(records, method, [*ids, *args], {"context": context})

    def _figures(self, order):
        order.invalidate_recordset()
        order.order_line.invalidate_recordset()
        return (
            [order[name] for name in sorted(FORGED_ORDER)],
            [order.order_line[name] for name in sorted(FORGED_LINE)],
        )

    def test_figures_stay_what_is_computed(self):
        order = self._quotation(900)
        order.action_confirm()
        before = self._figures(order)
        invoice = self._owed(100, partner=self.foreign_customer)
        links = {"invoice_lines": [Command.link(invoice.invoice_line_ids.id)]}
        self._rpc(order, "write", FORGED_ORDER)
        self._rpc(order.order_line, "write", {**FORGED_LINE, **links, "is_downpayment": True})
        self._rpc(
            order,
            "write",
            {"order_line": [Command.update(order.order_line.id, {**FORGED_LINE, **links})]},
        )
        self.assertEqual(self._figures(order), before)
        self.assertFalse(order.order_line.invoice_lines or order.order_line.is_downpayment)
        self.assertDecision(self._quotation(100.01), "held", "over_limit")

    def test_figures_of_customers_and_invoices_stay_what_is_computed(self):
        """Nobody gets away from a debt by writing whose it is, or how much of it is left."""
        invoice = self._owed(900)
        item = invoice.line_ids.filtered(lambda x: x.account_type == "asset_receivable")
        self.seller.group_ids |= self.env.ref("base.group_partner_manager")
        self.seller.group_ids |= self.env.ref("account.group_account_invoice")
        other = {"commercial_partner_id": self.foreign_customer.id}
        self._rpc(self.customer, "write", other)
        self._rpc(self.contact, "write", other)
        self._rpc(invoice, "write", {**other, "amount_total_signed": 1, "amount_total": 1})
        self._rpc(
            item, "write", {"amount_residual": 0, "reconciled": True, "parent_state": "draft"}
        )
        forged = self._rpc(self.env["res.partner"], "create", [{"name": "New", **other}])
        self.env.invalidate_all()
        self.assertEqual((self.customer | self.contact).commercial_partner_id, self.customer)
        self.assertEqual(self.env["res.partner"].browse(forged).commercial_partner_id.ids, forged)
        self.assertEqual(invoice.commercial_partner_id, self.customer)
        self.assertEqual((invoice.amount_total, invoice.amount_total_signed), (900, 900))
        self.assertEqual((item.amount_residual, item.reconciled), (900, False))
        self.assertDecision(self._quotation(100.01), "held", "over_limit")

    def test_figures_given_at_creation(self):
        line = {"product_id": self.product.id, "price_unit": 1000.01}
        vals = {"partner_id": self.customer.id, "state": "sale"}
        forged = {f"default_{key}": value for key, value in (FORGED_ORDER | FORGED_LINE).items()}
        rate = self.env["ir.model.fields"]._get("sale.order", "currency_rate")
        default = {"field_id": rate.id, "user_id": self.seller.id, "json_value": "1e9"}
        attempts = {
            "values": ({**vals, **FORGED_ORDER}, {**line, **FORGED_LINE}, {}),
            "context": (vals, line, forged),
            "default of the user": (vals, line, {}),
        }
        for name, (order_vals, line_vals, context) in attempts.items():
            with self.subTest(name), self.assertRaises(CreditHeld), self.env.cr.savepoint():
                if name == "default of the user":
                    self._rpc(self.env["ir.default"], "create", default)
                self._rpc(
                    self.env["sale.order"],
                    "create",
                    {**order_vals, "order_line": [Command.create(line_vals)]},
                    **context,
                )

    def test_a_down_payment_hides_nothing(self):
        order = self._quotation(900)
        order.action_confirm()
        line = {"order_id": order.id, "product_id": self.product.id, "is_downpayment": True}
        for vals in ({"price_unit": 5000}, {"product_uom_qty": 0, "qty_delivered": 9}):
            with self.subTest(vals), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._rpc(self.env["sale.order.line"], "create", {**line, **vals})
        self._rpc(
            self.env["sale.order.line"],
            "create",
            {**line, "product_uom_qty": 0, "price_unit": 5000},
        )
        down = order.order_line.filtered("is_downpayment")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._rpc(down, "write", {"product_uom_qty": 1})

    def test_a_forged_total_under_a_ceiling(self):
        order = self._quotation(1500)
        self._release(order, 1100)
        self._rpc(order, "write", {"amount_total": 1})
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            self._rpc(order, "action_confirm")

    def test_forms_invoices_down_payments_and_copies_go_on_working(self):
        """A salesperson with one group goes through core's flows."""
        with Form(self.env["sale.order"].with_user(self.seller)) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.product
                line.price_unit = 400
        order = form.record
        order.action_confirm()
        with Form(order) as form, form.order_line.edit(0) as line:
            line.price_unit = 500
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(self.seller)
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 20})
        )
        self.assertEqual(wizard._create_invoices(order).amount_total, 100)
        self.assertEqual(order._create_invoices(final=True).amount_total, 400)
        self.assertEqual(order.invoice_status, "invoiced")
        copy = order.copy()
        self.assertEqual((copy.amount_total, copy.invoice_status), (500, "no"))
        copy.action_confirm()
        copy._action_cancel()
        copy.action_draft()
        copy.action_confirm()
        self.assertEqual(self.customer.credit_exposure, 1000)
