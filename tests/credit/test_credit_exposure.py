import random
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ...engine import credit_limits
from ...models.credit.customer_credit_check import CreditHeld
from ...queries import credit_exposure
from ...queries.measures import MeasureContext
from .credit_case import CreditCase

NAMES = ("not_due", "overdue_1", "overdue_2", "overdue_3", "overdue_4")


@tagged("post_install", "-at_install")
class TestCreditExposure(CreditCase):
    """What customers owe: the statement against the documents read one by one."""

    def test_buckets_at_their_borders(self):
        for due_in, amount in (
            (0, 1),
            (-1, 2),
            (-30, 4),
            (-31, 8),
            (-60, 16),
            (-61, 32),
            (-90, 64),
            (-91, 128),
        ):
            self._owed(amount, due_in)
        row = self.customer._credit_exposures(self.company)[self.customer.id]
        self.assertEqual([getattr(row, name) for name in NAMES], [1, 6, 24, 96, 128])
        self.assertEqual((row.overdue, row.overdue_days), (254, 91))
        partner = self.customer
        self.assertEqual((partner.credit_exposure, partner.credit_overdue_amount), (255, 254))
        self.assertEqual((partner.credit_available, partner.credit_use), (745, 25.5))

    def test_the_buckets_open_their_very_records(self):
        self._quotation(20).action_confirm()
        for due_in in (5, -1, -31, -61, -91):
            self._owed(10 - due_in, due_in)
        self._owed(7, -200, partner=self.contact)
        self._owed(1000, -200, partner=self.foreign_customer)
        self._invoice(self.customer, self.today, 40, kind="out_refund")
        self._invoice(self.customer, self.today, 30, post=False)
        partner = self.customer.with_user(self.head)
        self.head.group_ids |= self.env.ref("account.group_account_readonly")
        for bucket in (*NAMES, "overdue", "credits"):
            action = getattr(partner, f"action_credit_{bucket}")()
            items = self.env[action["res_model"]].search(action["domain"])
            figure = partner[f"credit_{bucket}_amount"]
            self.assertTrue(figure, bucket)
            self.assertAlmostEqual(sum(items.mapped("amount_residual")), figure, msg=bucket)
        action = partner.action_credit_drafts()
        moves = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(moves.mapped("amount_total_signed")), partner.credit_drafts_amount)
        action = partner.action_credit_orders()
        orders = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(orders.mapped("amount_total")), partner.credit_orders_amount)

    def _subsidiary(self):
        """A company of its own below the customer: it owes for itself."""
        return self.env["res.partner"].create(
            {"name": "Subsidiary", "is_company": True, "parent_id": self.customer.id}
        )

    def test_a_subsidiary_is_not_among_the_parents_documents(self):
        subsidiary = self._subsidiary()
        theirs = self._owed(500, -20, partner=subsidiary)
        self._invoice(subsidiary, self.today, 30, post=False)
        ours = self._owed(10, -5)
        partner = self.customer.with_user(self.user_auditor)
        self.user_auditor.group_ids |= self.env.ref("account.group_account_readonly")
        action = partner.action_credit_overdue()
        items = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(items.move_id, ours)
        self.assertFalse(self.env["account.move"].search(partner.action_credit_drafts()["domain"]))
        order = self._quotation(5000)
        for overdue_only in (True, False):
            names = order._credit_open_names(self.company, overdue_only)
            self.assertEqual(names, ours.name, theirs.name)

    def test_items_without_a_due_date_are_due_on_their_date(self):
        account = self.customer.property_account_receivable_id
        other = self.env["account.account"].search([("account_type", "=", "income")], limit=1)
        entries = self.env["account.move"].create(
            [
                {
                    "date": self._day(days),
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": account.id,
                                "partner_id": self.customer.id,
                                "debit": 70 - days,
                            }
                        ),
                        Command.create({"account_id": other.id, "credit": 70 - days}),
                    ],
                }
                for days in (0, -10, -40, -95)
            ]
        )
        entries.action_post()
        items = entries.line_ids.filtered(lambda x: x.account_id == account)
        items.date_maturity = False
        partner = self.customer.with_user(self.user_credit)
        for bucket, amount in (
            ("not_due", 70),
            ("overdue_1", 80),
            ("overdue_2", 110),
            ("overdue_4", 165),
            ("overdue", 355),
        ):
            self.assertEqual(partner[f"credit_{bucket}_amount"], amount, bucket)
            action = getattr(partner, f"action_credit_{bucket}")()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(sum(found.mapped("amount_residual")), amount, bucket)

    def test_delivered_more_than_ordered_and_partly_invoiced(self):
        product = self.env["product.product"].create(
            {
                "name": "Delivered",
                "type": "service",
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
            }
        )
        order = self._quotation(0)
        order.order_line.unlink()
        order.order_line = [
            Command.create({"product_id": product.id, "product_uom_qty": 10, "price_unit": 5})
        ]
        order.action_confirm()
        self.assertEqual(self.customer.credit_orders_amount, 50)
        order.order_line.qty_delivered = 12
        self.env.invalidate_all()
        self.assertEqual(self.customer.credit_orders_amount, 60)
        order._create_invoices()
        self.env.invalidate_all()
        self.assertEqual(self.customer.credit_orders_amount, 0)
        self.assertEqual(self.customer.credit_exposure, 60)

    def test_delivered_and_never_ordered(self):
        """Delivery or expense lines that come after the order: with tax and discount."""
        order = self._quotation(20)
        order.action_confirm()
        taxes = self.env["account.tax"].create(
            [
                {"name": "Fifth", "amount": 20, "price_include_override": "tax_excluded"},
                {"name": "Inside", "amount": 10, "price_include_override": "tax_included"},
            ]
        )
        line = {"product_id": self.product.id, "product_uom_qty": 0, "price_unit": 5}
        order.order_line = [Command.create({**line, "qty_delivered": 10})]
        for tax, discount, amount in ((taxes[:0], 0, 50), (taxes[0], 0, 60), (taxes[1], 10, 45)):
            order.order_line[1].write({"tax_ids": [Command.set(tax.ids)], "discount": discount})
            self.assertFalse(order.order_line[1].price_total)
            rows = self.customer._credit_exposures(self.company)
            self.assertAlmostEqual(rows[self.customer.id].orders, 20 + amount, 2)

    def test_a_down_payment_is_not_counted_twice(self):
        order = self._quotation(800)
        order.action_confirm()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 300})
        )
        invoice = wizard._create_invoices(order)
        self.env.invalidate_all()
        self.assertEqual(self.customer.credit_exposure, 800)
        invoice.action_post()
        self._pay(invoice, self.today)
        self.env.invalidate_all()
        self.assertEqual(self.customer.credit_exposure, 500)

    def test_what_was_credited_is_not_open_any_more(self):
        """Nobody has to cancel the order; an invoice in its place is judged by itself."""
        order = self._quotation(800)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.env.invalidate_all()
        self.assertEqual(self.customer.credit_exposure, 800)
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = reversal.create({"reason": "returned", "journal_id": invoice.journal_id.id})
        credit = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        self.env.invalidate_all()
        self.assertEqual(self.customer.credit_exposure, 800, "a draft credits nothing")
        credit.action_post()
        (invoice | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
        self.env.invalidate_all()
        self.assertEqual(order.order_line.customer_credited_quantity, 1)
        self.assertEqual((self.customer.credit_exposure, order.state), (0, "sale"))
        self._quotation(1000).action_confirm()
        again = order._create_invoices()
        with self.assertRaises(CreditHeld), self.env.cr.savepoint():
            again.action_post()

    def test_a_replaced_invoice_is_taken_off_once(self):
        """Of ten, four invoiced, credited and invoiced again: six are open, also in SQL."""
        self._limit(self.customer, 5000)
        order = self._quotation(100)
        order.order_line.product_uom_qty = 10
        order.order_line.price_unit = 100  # the quantity took that of the product
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 4
        invoice.action_post()
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = reversal.create({"reason": "address", "journal_id": invoice.journal_id.id})
        again = self.env["account.move"].browse(wizard.modify_moves()["res_id"])
        self.assertEqual((again.state, order.order_line.qty_invoiced), ("draft", 4))

        def figures():
            self.env.invalidate_all()
            partner = self.customer
            return partner.credit_orders_amount, partner.credit_exposure

        self.assertEqual(figures(), (600, 1000))
        self.env.flush_all()
        rows = self.env.execute_query(credit_exposure.invoice_amounts(again.ids))
        self.assertEqual(rows, [(again.id, 400)], "it is judged by itself")
        again.action_post()
        self.assertEqual(figures(), (600, 1000))
        line = order.order_line
        self.assertEqual(line.customer_credited_quantity, 0)
        for state, quantity in (("draft", 0), ("cancel", 4), ("draft", 0)):
            again.button_draft() if state == "draft" else again.button_cancel()
            self.assertEqual(line.customer_credited_quantity, quantity, state)
            self.env.flush_all()
            self.env.cr.execute(credit_exposure.fill_credited())
            self.env.invalidate_all()
            self.assertEqual(line.customer_credited_quantity, quantity, f"SQL {state}")

    # --- in one transaction -------------------------------------------------------------------

    def test_the_figures_follow_the_documents(self):
        """No old figure is read after an order or an entry changed in the same transaction."""
        partner = self.customer.with_user(self.user_credit)

        def exposure():
            return (partner.credit_exposure, partner.credit_available)

        self.assertEqual(exposure(), (0, 1000))
        order = self._quotation(200)
        order.action_confirm()
        self.assertEqual(exposure(), (200, 800))
        order.order_line.price_unit = 400
        self.assertEqual(exposure(), (400, 600))
        order._action_cancel()
        self.assertEqual(exposure(), (0, 1000))
        invoice = self._invoice(self.customer, self.today, 300, post=False)
        self.assertEqual((partner.credit_drafts_amount, *exposure()), (300, 300, 700))
        invoice.action_post()
        self.assertEqual((partner.credit_not_due_amount, *exposure()), (300, 300, 700))
        self._pay(invoice, self.today)
        self.assertEqual(exposure(), (0, 1000))
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(
            (partner.credit_not_due_amount, partner.credit_credits_amount), (300, -300)
        )

    # --- against the documents ----------------------------------------------------------------

    def _slow(self, partner, company):
        """Exposure of a customer, from its documents one by one."""
        today = company._customer_today()
        days = company.customer_aging_days
        figures = dict.fromkeys((*NAMES, "credits", "drafts", "orders"), 0.0)
        contacts = self.env["res.partner"].search([("id", "child_of", partner.id)])
        items = self.env["account.move.line"].search(
            [("partner_id", "in", contacts.ids), ("company_id", "=", company.id)]
        )
        for item in items:
            if item.account_type != "asset_receivable" or item.parent_state != "posted":
                continue
            if item.amount_residual < 0:
                figures["credits"] += item.amount_residual
                continue
            late = (today - (item.date_maturity or item.date)).days
            place = 0 if late <= 0 else min((late - 1) // days + 1, 4)
            figures[NAMES[place]] += item.amount_residual
        for move in self.env["account.move"].search([("partner_id", "in", contacts.ids)]):
            if move.company_id == company and move.state == "draft":
                if move.move_type in ("out_invoice", "out_receipt"):
                    figures["drafts"] += move.amount_total_signed
        for order in self.env["sale.order"].search([("partner_invoice_id", "in", contacts.ids)]):
            if order.company_id == company and order.state == "sale":
                open_amount = 0
                for line in order.order_line:
                    quantity = max(line.product_uom_qty, line.qty_delivered) - line.qty_invoiced
                    price = line.price_reduce_taxinc
                    if not line.product_uom_qty:
                        reduced = line.price_unit * (1 - line.discount / 100)
                        price = line.tax_ids.compute_all(reduced)["total_included"]
                    open_amount += price * max(quantity, 0)
                figures["orders"] += max(open_amount, 0) / (order.currency_rate or 1)
        return figures

    def _random_documents(self, rng, partners, company):
        for _number in range(12):
            partner = rng.choice(partners)
            day = self.today - timedelta(days=rng.randint(0, 150))
            kind = rng.choice(["out_invoice"] * 4 + ["out_refund"])
            move = self._invoice(
                partner,
                day,
                rng.randint(1, 500),
                kind=kind,
                company=company,
                post=rng.random() < 0.8,
                invoice_date_due=day + timedelta(days=rng.randint(0, 90)),
                invoice_payment_term_id=False,
            )
            if move.state == "posted" and kind == "out_invoice" and rng.random() < 0.4:
                self._pay(move, self.today, rng.choice([None, move.amount_total / 2]))
        tax = self.env["account.tax"].with_company(company)
        tax = tax.create({"name": "Fifth", "amount": 20, "company_id": company.id})
        for _number in range(6):
            order = self._quotation(
                rng.randint(1, 300), partner=rng.choice(partners), company=company
            )
            order.order_line.product_uom_qty = rng.randint(1, 5)
            if rng.random() < 0.8:
                order.action_confirm()
                if rng.random() < 0.4:  # delivered, never ordered
                    order.order_line = [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 0,
                                "qty_delivered": rng.randint(0, 5),
                                "price_unit": rng.randint(1, 100),
                                "discount": rng.choice([0, 10]),
                                "tax_ids": [Command.set(rng.choice([[], tax.ids]))],
                            }
                        )
                    ]
                if rng.random() < 0.5:
                    order._create_invoices()

    def test_random_documents(self):
        rng = random.Random(20261122)
        other = self._second_company()
        owners = self.env["res.partner"].create(
            [{"name": f"Random {n}", "is_company": True} for n in range(4)]
        )
        contacts = self.env["res.partner"].create(
            [{"name": f"Contact {n}", "parent_id": owner.id} for n, owner in enumerate(owners)]
        )
        for company in (self.company, other):
            self._random_documents(rng, list(owners | contacts), company)
        self.env.invalidate_all()
        for company in (self.company, other):
            rows = owners._credit_exposures(company)
            for owner in owners:
                for name, amount in self._slow(owner, company).items():
                    found = getattr(rows[owner.id], name)
                    self.assertAlmostEqual(found, amount, 2, f"{company.name} {owner.name} {name}")

    def test_random_limits(self):
        rng = random.Random(1)
        days = [self._day(n) for n in range(-3, 4)]
        for _number in range(40):
            kind = rng.choice(["permanent", "temporary"])
            first = rng.choice(days)
            self.env["customer.credit.limit"].create(
                {
                    "partner_id": self.foreign_customer.id,
                    "kind": kind,
                    "amount": rng.randint(0, 9),
                    "date_from": first,
                    "date_to": max(first, rng.choice(days)) if kind == "temporary" else False,
                    "reason": "Test",
                }
            )
        entries = self.foreign_customer.customer_credit_limit_ids
        self.env.cr.execute(
            "UPDATE customer_credit_limit SET state = 'approved' WHERE id IN %s AND id %% 3 != 0",
            [tuple(entries.ids)],
        )
        self.env.invalidate_all()
        approved = [
            credit_limits.Entry(
                x.id,
                credit_limits.Limit(x.amount),
                x.date_from,
                x.date_to or None,
                x.kind == "temporary",
            )
            for x in entries
            if x.state == "approved"
        ]
        for day in [self._day(-4), *days, self._day(9)]:
            expected = credit_limits.in_force(approved, day)
            rows = self.env.execute_query(credit_exposure.limits_in_force(self.company.id, day))
            found = {row[1]: row[0] for row in rows}.get(self.foreign_customer.id)
            self.assertEqual(found, expected.key if expected else None, day)

    # --- number of queries --------------------------------------------------------------------

    def _count(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_customers(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}", "is_company": True} for n in range(60)]
        )
        for partner in partners[::7]:
            self._owed(10, partner=partner)
        fields = ["credit_exposure", "credit_available", "credit_overdue_amount"]
        partners.read(fields)  # warm up
        few = self._count(lambda: partners[:2].read(fields))
        many = self._count(lambda: partners.read(fields))
        self.assertEqual(few, many)

    def test_confirming_costs_at_most_five_queries_more(self):
        free = self.env["res.partner"].create({"name": "Free", "is_company": True})
        self._grade(free, "b")
        self._limit(free, 1000)
        counts = {}
        for name in ("warm up", "checked", "unchecked"):
            order = self._quotation(1, partner=free)
            if name == "unchecked":
                self.patch(type(order), "_credit_guard", lambda orders: None)
            counts[name] = self._count(order.action_confirm)
        self.assertLessEqual(counts["checked"] - counts["unchecked"], 5, counts)

    def test_the_measure_uses_the_limit_in_force(self):
        """The journal counts, temporary limits too; unlimited customers have no value."""
        plan = MeasureContext(self.company.id, self._day(-90), self.today)
        select = self.env["customer.measure"]._measures()["exposure_use"].select

        def value():
            self.env.flush_all()
            return dict(self.env.execute_query(select(plan))).get(self.customer.id)

        self._owed(300)
        self._invoice(self.customer, self.today, 100, post=False)
        self.assertEqual(value(), 0.4)
        self._limit(self.customer, 4000, kind="temporary", date_to=self._day(1))
        self.assertEqual(value(), 0.1)
        self._limit(self.customer, 0, kind="temporary", unlimited=True, date_to=self._day(1))
        self.assertIsNone(value())
