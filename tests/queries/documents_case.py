"""Random sales of two companies, and the figures a reader of the records would work out by hand."""

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo.fields import Command
from odoo.tests import TransactionCase
from odoo.tools import SQL

from ...engine import periods
from ...queries.measures import MeasureContext


class DocumentsCase(TransactionCase):
    """Two companies with a currency each, customers with contacts, invoices, orders, payments."""

    seed = 1
    tz = "Asia/Shanghai"
    period = periods.Period(date(2025, 4, 1), date(2025, 6, 30))

    @classmethod
    def setUpClass(cls):
        """Make the ledger by hand: a chart of accounts takes longer than all documents."""
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.random = random.Random(cls.seed)
        cls.company = cls._make_company("North", "USD")
        cls.other = cls._make_company("South", "EUR")
        cls.env.user.write(
            {"company_ids": [Command.link(cls.company.id), Command.link(cls.other.id)]}
        )
        cls.ledger = {company: cls._make_ledger(company) for company in (cls.company, cls.other)}
        foreign = cls.env.ref("base.EUR")
        foreign.active = True
        for day, rate in (("2024-01-01", 0.8), ("2025-05-01", 0.5)):
            cls.env["res.currency.rate"].create(
                {
                    "name": day,
                    "rate": rate,
                    "currency_id": foreign.id,
                    "company_id": cls.company.id,
                }
            )
        cls.foreign = foreign
        cls._make_products()
        cls._make_customers()

    @classmethod
    def _make_company(cls, name, currency):
        currency = cls.env.ref(f"base.{currency}")
        currency.active = True
        company = cls.env["res.company"].create({"name": name, "currency_id": currency.id})
        company.customer_tz = cls.tz
        return company

    @classmethod
    def _make_ledger(cls, company):
        """Accounts and journals of a company: income, receivable, clearing; sales and general."""
        env = cls.env(context=dict(cls.env.context, allowed_company_ids=company.ids))
        accounts = {}
        for code, kind in (
            ("400000", "income"),
            ("120000", "asset_receivable"),
            ("100000", "asset_current"),
        ):
            accounts[kind] = env["account.account"].create(
                {
                    "name": kind,
                    "code": code,
                    "account_type": kind,
                    "reconcile": kind == "asset_receivable",
                    "company_ids": [Command.set(company.ids)],
                }
            )
        journals = {
            kind: env["account.journal"].create(
                {
                    "name": kind,
                    "code": kind[:3].upper(),
                    "type": kind,
                    "company_id": company.id,
                    "default_account_id": accounts["income"].id if kind == "sale" else False,
                }
            )
            for kind in ("sale", "general")
        }
        return env, accounts, journals

    @classmethod
    def _make_products(cls):
        cls.kg, cls.ton = cls.env.ref("uom.product_uom_kgm"), cls.env.ref("uom.product_uom_ton")
        cls.unit, cls.dozen = (
            cls.env.ref("uom.product_uom_unit"),
            cls.env.ref("uom.product_uom_dozen"),
        )
        Product = cls.env["product.product"]
        cls.gas = Product.create({"name": "Gas", "type": "service", "uom_id": cls.kg.id})
        cls.box = Product.create({"name": "Box", "type": "service", "uom_id": cls.unit.id})

    @classmethod
    def _make_customers(cls):
        Partner = cls.env["res.partner"]
        cls.customers = Partner.create([{"name": f"C{i}", "is_company": True} for i in range(7)])
        receivables = {
            company: accounts["asset_receivable"]
            for company, (_env, accounts, _journals) in cls.ledger.items()
        }
        for company, account in receivables.items():
            cls.customers.with_company(company).property_account_receivable_id = account
        cls.contacts = Partner.create(
            [{"name": f"Contact of {c.name}", "parent_id": c.id} for c in cls.customers[:3]]
        )

    # --- documents ----------------------------------------------------------------------------

    @classmethod
    def invoice(cls, partner, day, lines, *, company=None, kind="out_invoice", due=None, **vals):
        """Post an invoice; ``lines`` are (product, unit, quantity, price)."""
        company = company or cls.company
        env, accounts, journals = cls.ledger[company]
        move = env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": partner.id,
                "journal_id": journals["sale"].id,
                "company_id": company.id,
                "date": day,
                "invoice_date": day,
                "invoice_date_due": due or day,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id if product else False,
                            "name": "Line",
                            "product_uom_id": uom.id if uom else False,
                            "quantity": quantity,
                            "price_unit": price,
                            "account_id": accounts["income"].id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product, uom, quantity, price in lines
                ],
                **vals,
            }
        )
        if move.state == "draft" and not vals.get("state"):
            move.action_post()
        return move

    @classmethod
    def pay(cls, move, day, amount=None):
        """Settle an invoice, or a part of it, by an entry of that day."""
        env, accounts, journals = cls.ledger[move.company_id]
        receivable = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        amount = abs(move.amount_total_signed) if amount is None else amount
        entry = env["account.move"].create(
            {
                "journal_id": journals["general"].id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": accounts["asset_current"].id,
                            "debit": amount,
                            "partner_id": move.partner_id.id,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": accounts["asset_receivable"].id,
                            "credit": amount,
                            "partner_id": move.commercial_partner_id.id,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        line = entry.line_ids.filtered(lambda line: line.credit)
        (receivable + line).reconcile()
        return entry

    @classmethod
    def order(cls, partner, moment, lines, *, company=None, state="sale", **vals):
        """Make an order at a moment in UTC; ``lines`` are (product, unit, quantity, delivered)."""
        company = company or cls.company
        env = cls.ledger[company][0]
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_id": uom.id,
                            "product_uom_qty": quantity,
                            "qty_delivered": delivered,
                            "price_unit": 10,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product, uom, quantity, delivered in lines
                ],
                **vals,
            }
        )
        order.write({"state": state, "date_order": moment})
        return order

    @classmethod
    def random_day(cls, start=date(2024, 1, 1), end=date(2025, 9, 30)):
        """Return a day; one in five is on a border of a month."""
        day = start + timedelta(days=cls.random.randrange((end - start).days + 1))
        if cls.random.random() < 0.2:
            day = day.replace(day=1) - timedelta(days=cls.random.randrange(2))
        return day

    @classmethod
    def random_moment(cls):
        """Return a moment in UTC; half of them within an hour of local midnight."""
        local = datetime.combine(cls.random_day(), time.min, ZoneInfo(cls.tz))
        minutes = cls.random.choice((-1, 0, 59, 600, 1439))
        moment = local.astimezone(timezone.utc) + timedelta(minutes=minutes)
        return moment.replace(tzinfo=None)

    @classmethod
    def make_random_documents(cls, count=45):
        """Make invoices, credit notes, payments, drafts, cancelled ones and orders of both."""
        pick = cls.random.choice
        buyers = [*cls.customers[:6], *cls.contacts]
        goods = [(cls.gas, cls.kg), (cls.gas, cls.ton), (cls.box, cls.unit), (cls.box, cls.dozen)]
        for _number in range(count):
            company = cls.other if cls.random.random() < 0.2 else cls.company
            day = cls.random_day()
            lines = [
                (*pick(goods), cls.random.randrange(1, 50), cls.random.randrange(100, 9999) / 100)
                for _line in range(cls.random.randrange(1, 3))
            ]
            kind = "out_refund" if cls.random.random() < 0.25 else "out_invoice"
            vals = {}
            if company == cls.company and cls.random.random() < 0.25:
                vals["currency_id"] = cls.foreign.id
            move = cls.invoice(
                pick(buyers), day, lines, company=company, kind=kind,
                due=day + timedelta(days=pick((0, 30, 45))), **vals,
            )  # fmt: skip
            fate = cls.random.random()
            if fate < 0.1:
                move.button_draft()
                if fate < 0.05:
                    move.button_cancel()
            elif kind == "out_invoice" and fate < 0.7:
                cls.pay(move, day + timedelta(days=pick((0, 29, 30, 31, 60, 120))))
            elif kind == "out_invoice" and fate < 0.75:
                cls.pay(move, day, abs(move.amount_total_signed) / 2)
        for _number in range(count // 2):
            lines = []
            for _line in range(cls.random.randrange(1, 3)):
                quantity = pick((0, 5, 12, 40, -3))
                lines.append((*pick(goods), quantity, pick((0, 5, 100))))
            company = cls.other if cls.random.random() < 0.2 else cls.company
            cls.order(
                pick(buyers), cls.random_moment(), lines, company=company,
                state=pick(("sale", "sale", "sale", "cancel", "draft")),
            )  # fmt: skip
        cls.env.flush_all()

    # --- reading ------------------------------------------------------------------------------

    def context(self, company=None, period=None, partners=None, **values):
        """Context of a measure over the customers of the test."""
        period = period or self.period
        customers = self.customers if partners is None else partners
        return MeasureContext(
            company_id=(company or self.company).id,
            date_from=period.date_from,
            date_to=period.date_to,
            tz=self.tz,
            partners=SQL("SELECT id FROM res_partner WHERE id = ANY(%s)", customers.ids),
            **values,
        )

    def measured(self, code, ctx):
        """Value of a measure by customer, as the database gives it."""
        self.env.flush_all()
        measure = self.env["customer.measure"]._measures()[code]
        # as text: Odoo reads numeric columns as floats
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, value::text, pg_typeof(value)::text FROM (%s) m",
                measure.select(ctx),
            )
        )
        found = {partner_id: Decimal(value) for partner_id, value, _type in rows}
        self.assertEqual(len(rows), len(found), "one row a customer")
        self.assertLessEqual({row[2] for row in rows}, {"numeric"})
        return found

    def moves(self, company, kinds=("out_invoice", "out_refund")):
        """Posted moves by customer."""
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "posted"),
                ("move_type", "in", kinds),
                ("partner_id.commercial_partner_id", "in", self.customers.ids),
            ]
        )
        found = defaultdict(lambda: self.env["account.move"])
        for move in moves:
            found[move.partner_id.commercial_partner_id] |= move
        return found

    def orders(self, company):
        """Confirmed orders by customer with their local day."""
        zone = ZoneInfo(self.tz)
        found = defaultdict(list)
        for order in self.env["sale.order"].search(
            [("company_id", "=", company.id), ("state", "=", "sale")]
        ):
            day = order.date_order.replace(tzinfo=timezone.utc).astimezone(zone).date()
            found[order.partner_id.commercial_partner_id].append((order, day))
        return found
