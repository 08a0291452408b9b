from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..common import as_installed
from ..credit.collection_case import CollectionCase

DOCUMENTS = ("sale.order", "sale.order.line", "account.move", "account.move.line")


@tagged("post_install", "-at_install")
class TestFreshNight(CollectionCase):
    """As installed, with customers that owe money: a night of jobs tells nobody and changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        as_installed(cls.env)
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        today = fields.Date.today()
        cls.product = cls.env["product.product"].create(
            {"name": "Gas", "type": "service", "invoice_policy": "order"}
        )
        cls.debtors = cls.env["res.partner"]
        for number, days in enumerate((7, 40, 400), start=1):
            debtor = cls.debtor(
                f"Fresh {number}", email=f"fresh{number}@x.example.com", user_id=cls.user_sales.id
            )
            cls.due(days, amount=1000 * number, partner=debtor, today=today)
            debtor.with_company(cls.company).credit_limit = 10
            cls.debtors |= debtor
        cls.company.write({"account_use_credit_limit": True})
        # a customer that was lost, which the lifecycle sees
        order = cls._order(cls.debtors[2])
        order.action_confirm()
        order.date_order = fields.Datetime.now() - timedelta(days=500)

    @classmethod
    def _order(cls, partner):
        return (
            cls.env["sale.order"]
            .with_company(cls.company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "user_id": cls.user_sales.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "product_uom_qty": 900,
                                "price_unit": 5000,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
            )
        )

    def _jobs(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "customer_governance"), ("model", "=", "ir.cron")]
        )
        return self.env["ir.cron"].browse(data.mapped("res_id"))

    def _documents(self):
        """Return all stored values of orders, invoices and their lines."""
        self.env.flush_all()
        found = {}
        for model in DOCUMENTS:
            records = self.env[model].search([("company_id", "=", self.company.id)], order="id")
            names = [
                name
                for name, field in records._fields.items()
                if field.store and field.type not in ("one2many", "binary") and name != "write_date"
            ]
            found[model] = records.read(names, load=None)
        return found

    def test_a_night_of_jobs(self):
        jobs = self._jobs()
        self.assertGreater(len(jobs), 10)
        before = self._documents()
        counted = ("mail.mail", "mail.activity", "mail.notification", "customer.visit")
        counts = {model: self.env[model].search_count([]) for model in counted}
        reviews = self.env["customer.review"].search_count([])
        for _night in range(2):
            for job in jobs:
                job.ir_actions_server_id.run()
        self.env.invalidate_all()
        self.assertEqual(self._documents(), before)
        self.assertEqual({m: self.env[m].search_count([]) for m in counted}, counts)
        self.assertEqual(self.env["customer.review"].search_count([]), reviews)
        for model in (
            "customer.collection.step",
            "customer.collection.episode",
            "customer.data.review",
        ):
            self.assertFalse(
                self.env[model].search([("partner_id", "in", self.debtors.ids)]), model
            )
        sent = self.env["mail.message"].search(
            [("partner_ids", "in", self.debtors.ids), ("model", "!=", "sale.order")]
        )
        self.assertFalse(sent)
        self.assertEqual(
            self.debtors.with_company(self.company).mapped("credit_limit"), [10, 10, 10]
        )

    def test_the_jobs_did_what_is_on(self):
        for job in self._jobs():
            job.ir_actions_server_id.run()
        customers = self.debtors.with_company(self.company)
        self.env.invalidate_all()
        self.assertTrue(all(customers.mapped("customer_tier_id")), "tiers are on")

    def test_no_document_is_blocked(self):
        salesman = self.user_sales
        salesman.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        order = self._order(self.debtors[1]).with_user(salesman)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        invoice = self.due(0, amount=1, partner=self.debtors[1], today=fields.Date.today())
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(order.sudo().review_ids)
