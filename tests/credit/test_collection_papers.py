from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .collection_case import NOW, TODAY, CollectionCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionPapers(CollectionCase):
    """Letters and the statement: complete without header and footer, in the customer's words."""

    def _paper(self, report, record, user=None):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(user or self.user_credit)
            .with_company(self.company)
            ._render_qweb_html(f"customer_governance.{report}", record.ids)
        )
        return content.decode()

    def test_letter(self):
        invoice = self.due(40, 1234.5, ref="PO 9")
        self.customer.write({"street": "Quay 1", "city": "Harbour", "name": "海港书店"})
        [step] = self.run_job()
        html = self._paper("report_collection_letter", step)
        for text in (
            invoice.name,
            "PO 9",
            "1,234.50",
            "海港书店",
            "Quay 1",
            "Amount due now",
            self.user_credit.name,
            f"M{step.id:06d}",
            "WenQuanYi",
        ):
            self.assertIn(text, html)

    def test_statement_in_figures(self):
        euro = self.env.ref("base.EUR")
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "rate": 0.5,
                "currency_id": euro.id,
                "company_id": self.company.id,
            }
        )
        for days, amount in ((-3, 1), (0, 2), (1, 4), (30, 8), (31, 16), (60, 32), (61, 64)):
            self.due(days, amount)
        self.due(90, 50, currency_id=euro.id)
        self.due(91, 256)
        self.invoice(self.customer, TODAY, [(None, None, 1, 10)], kind="out_refund", due=TODAY)
        self.due(400, 999, company=self.other_company)
        paper = self.customer.with_company(self.company).with_user(self.user_credit)
        statement = paper._customer_statement()
        self.assertEqual(
            [(name, round(amount, 2)) for name, amount in statement["buckets"]],
            [
                ("Not due", -7),
                ("1 to 30 days", 12),
                ("31 to 60 days", 48),
                ("61 to 90 days", 164),
                ("Over 90 days", 256),
            ],
        )
        self.assertEqual(statement["total"], 473)
        self.assertEqual(statement["overdue"], 480)
        self.assertEqual(
            {(money.name, amount) for money, amount in statement["totals"]},
            {("USD", 373), ("EUR", 50)},
        )

    def test_statement_names_currencies_only_where_there_are_several(self):
        self.due(20)
        self.assertNotIn("Total in", self._paper("report_customer_statement", self.customer))
        self.due(20, currency_id=self.env.ref("base.EUR").id)
        self.assertIn("Total in", self._paper("report_customer_statement", self.customer))

    def test_statement_marks_promised_and_disputed_items(self):
        promised, disputed = self.due(20), self.due(10)
        self.env["customer.collection.promise"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": date(2026, 11, 20),
                "amount": 100,
                "currency_id": self.company.currency_id.id,
                "move_ids": [(6, 0, promised.ids)],
            }
        )
        complaint = self.env["customer.complaint"].create(
            {
                "subject": "Broken",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "team_id": False,
                "line_ids": [(0, 0, {"invoice_line_id": disputed.invoice_line_ids[0].id})],
            }
        )
        html = self._paper("report_customer_statement", self.customer)
        for text in (promised.name, "Promised until", "Disputed", complaint.name, "By age"):
            self.assertIn(text, html)

    def test_long_statements_are_one_paper(self):
        for number in range(29):
            self.due(number + 1, 10)
        html = self._paper("report_customer_statement", self.customer)
        self.assertEqual(html.count("Your reference"), 1, "the printer breaks the pages")
        self.assertEqual(html.count("By age"), 1)

    def test_statement_without_items(self):
        self.assertIn("settled", self._paper("report_customer_statement", self.customer))

    def test_statement_is_refused_without_the_right(self):
        self.due(20)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.plain_user)._customer_statement()
        with self.assertRaises(AccessError):
            self.customer.with_user(self.plain_user).action_print_customer_statement()
