from datetime import date, datetime
from decimal import Decimal as D

from odoo.tests import tagged

from ...engine.periods import Period
from .documents_case import DocumentsCase


@tagged("-at_install", "post_install")
class TestMeasureRules(DocumentsCase):
    """When there is data, and what happens at the borders, one document at a time."""

    def _value(self, code, customer=None, **values):
        found = self.measured(code, self.context(**values))
        return found.get((customer or self.customers[0]).id)

    def _line(self, amount=100):
        return [(None, None, 1, amount)]

    def test_never_bought_is_no_data(self):
        """A prospect has no value at all, not a zero."""
        for code in (
            "purchase_amount", "purchase_quantity", "sales_share", "fulfilment",
            "cooperation_months", "idle_months", "growth_previous", "growth_last_year",
            "arrears_count", "days_late", "days_sales_outstanding", "exposure_use",
            "satisfaction",
        ):  # fmt: skip
            self.assertEqual(self.measured(code, self.context()), {}, code)

    def test_bought_before_is_zero(self):
        """Who bought before the period has 0 in it, and only idle months."""
        self.invoice(self.customers[0], "2025-03-31", self._line())
        self.assertEqual(self._value("purchase_amount"), 0)
        self.assertEqual(self._value("idle_months"), 3)
        self.assertEqual(self._value("growth_previous"), -1)
        self.assertIsNone(self._value("sales_share"))
        self.assertIsNone(self._value("days_sales_outstanding"))

    def test_bought_later_is_no_data(self):
        """A purchase after the period is not known in it."""
        self.invoice(self.customers[0], "2025-07-01", self._line())
        for code in ("purchase_amount", "idle_months", "cooperation_months", "arrears_count"):
            self.assertIsNone(self._value(code), code)

    def test_first_and_last_day_count(self):
        """Both ends of the period are inside."""
        self.invoice(self.customers[0], "2025-04-01", self._line(1))
        self.invoice(self.customers[0], "2025-06-30", self._line(2))
        self.assertEqual(self._value("purchase_amount"), 3)
        self.assertEqual(self._value("idle_months"), 1)

    def test_only_credit_notes(self):
        """A negative value is data; there is no share of nothing and no month with a purchase."""
        self.invoice(self.customers[0], "2025-05-05", self._line(70), kind="out_refund")
        self.assertEqual(self._value("purchase_amount"), -70)
        self.assertIsNone(self._value("sales_share"))
        self.assertIsNone(self._value("idle_months"))
        self.assertIsNone(self._value("cooperation_months"))
        self.assertIsNone(self._value("days_sales_outstanding"))

    def test_contacts_and_companies(self):
        """A contact's invoice is the customer's; another company's is nobody's here."""
        self.invoice(self.contacts[0], "2025-05-05", self._line(10))
        self.invoice(self.customers[0], "2025-05-05", self._line(99), company=self.other)
        self.assertEqual(self.measured("purchase_amount", self.context()), {
            self.customers[0].id: D(10),
        })  # fmt: skip
        self.assertEqual(self._value("purchase_amount", company=self.other), 99)

    def test_currency_at_document_date(self):
        """EUR at 0.8 in April, at 0.5 in May: 125 and 200 of 100."""
        for day in ("2025-04-30", "2025-05-01"):
            self.invoice(self.customers[0], day, self._line(100), currency_id=self.foreign.id)
        self.assertEqual(self._value("purchase_amount"), 325)

    def test_drafts_and_cancelled(self):
        """Only posted invoices count, and only confirmed orders."""
        move = self.invoice(self.customers[0], "2025-05-05", self._line())
        move.button_draft()
        self.assertIsNone(self._value("purchase_amount"))
        move.button_cancel()
        self.assertIsNone(self._value("purchase_amount"))
        self.order(
            self.customers[0], datetime(2025, 5, 5), [(self.box, self.unit, 5, 5)], state="cancel"
        )
        self.assertIsNone(self._value("fulfilment"))

    def test_midnight_of_the_company(self):
        """An order at 00:00 in Shanghai is one of that day, in UTC it is the day before."""
        lines = [(self.box, self.unit, 10, 5)]
        self.order(self.customers[0], datetime(2025, 3, 31, 15, 59, 59), lines)
        self.assertIsNone(self._value("fulfilment"))
        self.order(self.customers[0], datetime(2025, 3, 31, 16, 0), lines)
        self.assertEqual(self._value("fulfilment"), D("0.5"))
        self.order(self.customers[1], datetime(2025, 6, 30, 15, 59, 59), lines)
        self.order(self.customers[2], datetime(2025, 6, 30, 16, 0), lines)
        self.assertEqual(
            set(self.measured("fulfilment", self.context())), set(self.customers[:2].ids)
        )

    def test_fulfilment_by_invoice(self):
        """Invoiced quantities count where they are more than delivered ones."""
        order = self.order(self.customers[0], datetime(2025, 5, 5), [(self.box, self.dozen, 10, 2)])
        self.assertEqual(self._value("fulfilment"), D("0.2"))
        move = order._create_invoices()
        move.invoice_date = "2025-05-06"
        move.invoice_line_ids.quantity = 4
        self.assertEqual(order.order_line.qty_invoiced, 4)
        self.assertEqual(self._value("fulfilment"), D("0.4"))

    def test_units(self):
        """2 t and 500 kg are 2.5 t; dozens are no tons; no unit: kg and units of the products."""
        customer = self.customers[0]
        self.invoice(
            customer, "2025-05-05",
            [(self.gas, self.ton, 2, 1), (self.gas, self.kg, 500, 1), (self.box, self.dozen, 1, 1)],
        )  # fmt: skip
        self.assertEqual(self._value("purchase_quantity", uom_id=self.ton.id), D("2.5"))
        self.assertEqual(self._value("purchase_quantity", uom_id=self.dozen.id), 1)
        self.assertEqual(self._value("purchase_quantity"), 2512)
        self.invoice(customer, "2025-05-06", [(self.gas, self.ton, 3, 1)], kind="out_refund")
        self.assertEqual(self._value("purchase_quantity", uom_id=self.ton.id), D("-0.5"))

    def test_only_other_units_is_no_data(self):
        """Who bought boxes only has no quantity in tons."""
        self.invoice(self.customers[0], "2025-05-05", [(self.box, self.unit, 1, 1)])
        self.assertIsNone(self._value("purchase_quantity", uom_id=self.ton.id))

    def test_cooperation_by_order_and_invoice(self):
        """The earlier of both; 18 months are full on the same day of the month."""
        self.invoice(self.customers[0], "2024-12-30", self._line())
        self.assertEqual(self._value("cooperation_months"), 6)
        self.order(
            self.customers[0], datetime(2024, 1, 15), [(self.box, self.unit, 1, 0)], state="sale"
        )
        self.assertEqual(self._value("cooperation_months"), 17)
        leap = Period(date(2024, 12, 1), date(2025, 2, 28))
        self.invoice(self.customers[1], "2024-02-29", self._line())
        self.assertEqual(self._value("cooperation_months", self.customers[1], period=leap), 12)

    def test_growth_borders(self):
        """No base is no data; equal is 0; nothing after something is -1."""
        for customer, before, now in zip(
            self.customers, (0, 100, 100, 100), (50, 100, 0, 150), strict=False
        ):
            for day, amount in (("2025-02-01", before), ("2025-05-01", now)):
                if amount:
                    self.invoice(customer, day, self._line(amount))
        found = self.measured("growth_previous", self.context())
        self.assertEqual(
            found,
            {
                self.customers[1].id: D(0),
                self.customers[2].id: D(-1),
                self.customers[3].id: D("0.5"),
            },
        )

    def test_arrears(self):
        """Paid on the due date is in time, a day later is not; unpaid counts from the day after."""
        for customer, due, paid in zip(
            self.customers,
            ("2025-05-10", "2025-05-10", "2025-05-10", "2025-06-30", "2025-03-31", "2025-03-01"),
            ("2025-05-10", "2025-05-11", None, None, "2025-04-01", "2025-03-31"),
            strict=False,
        ):
            move = self.invoice(customer, "2025-03-01", self._line(), due=due)
            if paid:
                self.pay(move, paid)
        ctx = self.context()
        ids = self.customers.ids
        self.assertEqual(
            self.measured("arrears_count", ctx),
            {ids[0]: 0, ids[1]: 1, ids[2]: 1, ids[3]: 0, ids[4]: 1},
        )
        self.assertEqual(
            self.measured("days_late", ctx),
            {ids[0]: 0, ids[1]: 1, ids[2]: 51, ids[3]: 0, ids[4]: 1},
        )

    def test_later_payment_leaves_the_period(self):
        """The figures of a period do not change by what is paid after it."""
        move = self.invoice(self.customers[0], "2025-05-01", self._line(), due="2025-06-20")
        before = self._value("days_late")
        self.pay(move, "2025-08-01")
        self.assertEqual((before, self._value("days_late")), (10, 10))
        later = Period(date(2025, 7, 1), date(2025, 9, 30))
        self.assertEqual(self._value("days_late", period=later), 42)
        closed = Period(date(2025, 10, 1), date(2025, 12, 31))
        self.assertIsNone(self._value("arrears_count", period=closed))

    def test_part_payment_is_not_settled(self):
        """Half of an invoice paid in time leaves it overdue."""
        move = self.invoice(self.customers[0], "2025-05-01", self._line(), due="2025-05-20")
        self.pay(move, "2025-05-10", 50)
        self.assertEqual(self._value("arrears_count"), 1)
        self.pay(move, "2025-05-25", 50)
        self.assertEqual(self._value("days_late"), 5)

    def test_days_sales_outstanding(self):
        """All sales of 91 days open: 91 days; half paid: 45.5; credit balance: 0."""
        move = self.invoice(self.customers[0], "2025-05-01", self._line(200))
        self.assertEqual(self._value("days_sales_outstanding"), 91)
        self.pay(move, "2025-06-30", 100)
        self.assertEqual(self._value("days_sales_outstanding"), D("45.5"))
        self.invoice(self.customers[0], "2025-07-01", self._line(900))
        self.assertEqual(self._value("days_sales_outstanding"), D("45.5"))

    def test_exposure_use(self):
        """Open invoices and orders to invoice of the limit; 0 and empty are no limit."""
        customer = self.customers[0]
        self.invoice(customer, "2025-05-01", self._line(300))
        self.assertIsNone(self._value("exposure_use"))
        customer.with_company(self.company).credit_limit = 1000
        self.assertEqual(self._value("exposure_use"), D("0.3"))
        order = self.order(customer, datetime(2025, 5, 5), [(self.box, self.unit, 20, 0)])
        self.box.invoice_policy = "order"
        order.order_line.invalidate_recordset()
        self.env.add_to_compute(
            order.order_line._fields["untaxed_amount_to_invoice"], order.order_line
        )
        self.assertEqual(self._value("exposure_use"), D("0.5"))
        move = order._create_invoices()
        move.invoice_date = "2025-05-06"
        move.invoice_line_ids.quantity = 5
        move.action_post()
        self.assertEqual(self._value("exposure_use"), D("0.5"))
        customer.with_company(self.company).credit_limit = 0
        self.assertIsNone(self._value("exposure_use"))

    def test_exposure_of_the_default_limit(self):
        """A customer without a limit of its own has the company's default."""
        self.invoice(self.customers[0], "2025-05-01", self._line(300))
        self.env["ir.default"].set("res.partner", "credit_limit", 600, company_id=self.company.id)
        self.assertEqual(self._value("exposure_use"), D("0.5"))
        self.assertIsNone(self._value("exposure_use", company=self.other))

    def test_nature(self):
        """The segment the options follow, the first option's first; of the own company only."""
        dimension = self.env["customer.segment.dimension"].create(
            {"name": "Test nature", "code": "TN", "exclusive": False}
        )
        first, second, third = self.env["customer.segment"].create(
            [
                {"name": name, "code": name, "dimension_id": dimension.id}
                for name in ("n1", "n2", "n3")
            ]
        )
        for customer, segment, company in (
            (self.customers[0], second, self.company),
            (self.customers[0], first, self.company),
            (self.customers[1], second, self.company),
            (self.customers[2], third, self.company),
            (self.customers[3], first, self.other),
        ):
            self.env["customer.segment.assignment"].create(
                {
                    "partner_id": customer.id,
                    "segment_id": segment.id,
                    "company_id": company.id,
                    "reason": "Test",
                }
            )
        ctx = self.context(segment_ids=(first.id, second.id))
        self.assertEqual(
            self.measured("nature", ctx),
            {self.customers[0].id: first.id, self.customers[1].id: second.id},
        )
        self.assertEqual(self.measured("nature", self.context()), {})

    def test_satisfaction(self):
        """Average of answered ratings of contacts in the period; 0 is no answer."""
        model = self.env.ref("base.model_res_partner")
        common = {"res_model_id": model.id, "res_id": self.customers[0].id, "consumed": True}
        for partner, rating, moment, extra in (
            (self.contacts[0], 5, datetime(2025, 4, 1), {}),
            (self.customers[0], 2, datetime(2025, 6, 30, 15, 59), {}),
            (self.customers[0], 1, datetime(2025, 6, 30, 16, 0), {}),
            (self.customers[0], 0, datetime(2025, 5, 1), {}),
            (self.customers[0], 1, datetime(2025, 5, 1), {"consumed": False}),
            (
                self.customers[1],
                4,
                datetime(2025, 5, 1),
                {"rated_partner_id": self._employee(self.company).id},
            ),
            (
                self.customers[1],
                1,
                datetime(2025, 5, 1),
                {"rated_partner_id": self._employee(self.other).id},
            ),
        ):
            self.env["rating.rating"].create(
                {**common, "partner_id": partner.id, "rating": rating, **extra}
            ).write({"rated_on": moment})
        visits = self.env["customer.visit"].create(
            [
                {
                    "partner_id": self.customers[1].id,
                    "company_id": company.id,
                    "user_id": False,
                    "done_date": day,
                    "satisfaction": mark,
                }
                for day, mark, company in (
                    ("2025-04-01", "5", self.company),
                    ("2025-07-01", "1", self.company),
                    ("2025-05-01", "1", self.other),
                )
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_visit SET state = 'done' WHERE id = ANY(%s)", (visits.ids,)
        )
        found = self.measured("satisfaction", self.context())
        self.assertEqual(found, {self.customers[0].id: D("3.5"), self.customers[1].id: D("4.5")})

    def _employee(self, company):
        """Partner of a user of a company."""
        user = self.env["res.users"].create(
            {
                "name": company.name,
                "login": f"rated-{company.id}",
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
            }
        )
        return user.partner_id
