"""Customers with grades and limits, orders and invoices for the tests of credit."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command

from ..tier.metrics_case import MetricsCase

# What somebody may try in the context of a call.
FORGED = {
    "skip_credit_check": True,
    "customer_credit_nested": True,
    "customer_credit_write": True,
    "customer_transition": True,
    "skip_validation_check": True,
    "tracking_disable": True,
}


class CreditCase(MetricsCase):
    """`cls.customer` has grade B and a limit of 1,000; `cls.today` is the company's date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._customer_today()
        cls.grades = {x: cls.env.ref(f"customer_governance.grade_{x}") for x in "abcd"}
        cls.controller = cls.user_credit
        cls.head = cls.user_manager
        cls.salesperson = cls.user_sales
        cls.salesperson.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.seller = cls._new_user("seller", "sales_team.group_sale_salesman_all_leads")
        cls._grade(cls.customer, "b")
        cls._limit(cls.customer, 1000)
        cls.contact = cls.env["res.partner"].create({"name": "Buyer", "parent_id": cls.customer.id})

    @classmethod
    def _day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def _grade(cls, partner, code, company=None, **vals):
        """Give a grade as an approved proposal does, without its limit."""
        company = company or cls.company
        partner.with_company(company)._credit_writing().write(
            {"customer_credit_grade_id": cls.grades[code].id, **vals}
        )

    @classmethod
    def _limit(cls, partner, amount, company=None, **vals):
        """Enter a limit and approve it as the system."""
        company = company or cls.company
        limit = cls.env["customer.credit.limit"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "amount": amount,
                "date_from": cls.today,
                "reason": "Test",
                **vals,
            }
        )
        limit.action_submit()
        limit.action_approve()
        return limit

    @classmethod
    def _quotation(cls, price=100, partner=None, company=None, **vals):
        company = company or cls.company
        return (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": (partner or cls.customer).id,
                    "company_id": company.id,
                    "user_id": cls.salesperson.id,
                    "order_line": [
                        Command.create({"product_id": cls.product.id, "price_unit": price})
                    ],
                    **vals,
                }
            )
        )

    @classmethod
    def _owed(cls, amount, due_in=30, partner=None, company=None, **vals):
        """Post an invoice that is due in so many days (negative: overdue), whatever the limit."""
        due = cls._day(due_in)
        with cls._unchecked():
            return cls._invoice(
                partner or cls.customer,
                min(due, cls.today),
                amount,
                company=company,
                invoice_date_due=due,
                invoice_payment_term_id=False,
                **vals,
            )

    @classmethod
    def _unchecked(cls):
        """Debts of before the limit: what the tests start from is not what they check."""
        moves = type(cls.env["account.move"])
        return patch.object(moves, "_credit_judged", lambda self: self.browse())

    @classmethod
    def _release(cls, document, ceiling, **vals):
        """An approved release of an order or invoice."""
        release = cls.env["customer.credit.release"].create(
            {
                cls.env["customer.credit.release"]._document_field(document._name): document.id,
                "ceiling": ceiling,
                "valid_until": cls.today,
                "reason": "Test",
                **vals,
            }
        )
        release.action_submit()
        release.action_approve()
        return release

    def assertDecision(self, document, result, *codes):
        """Check what the credit check says about a document."""
        decision = document._credit_check()[document.id]
        self.assertEqual((decision.result, decision.codes), (result, codes))
        return decision

    def _advance(self, amount):
        """The customer pays before anything was invoiced."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": amount,
            }
        )
        payment.action_post()
        if not payment.move_id:
            payment._generate_journal_entry()
            payment.move_id.action_post()
        return payment

    def _euro(self):
        """The euro, worth two of the company's currency."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.filtered(lambda r: r.company_id == self.company).unlink()
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "rate": 0.5,
                "currency_id": euro.id,
                "company_id": self.company.id,
            }
        )
        return euro
