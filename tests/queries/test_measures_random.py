from datetime import date
from decimal import Decimal as D

from odoo.tests import tagged

from ...engine import periods, scoring
from .documents_case import DocumentsCase


def six(number):
    """Round like a stored value."""
    return scoring.rounded(number, 6)


@tagged("-at_install", "post_install")
class TestMeasuresOnRandomDocuments(DocumentsCase):
    """Each measure against a slow reader of the same records, in both companies."""

    @classmethod
    def setUpClass(cls):
        """Make the documents once."""
        super().setUpClass()
        cls.make_random_documents()

    def _contexts(self, **values):
        for company in (self.company, self.other):
            for period in (
                self.period,
                periods.Period(date(2025, 1, 1), date(2025, 12, 31)),
                periods.Period(date(2024, 5, 6), date(2024, 8, 5)),
            ):
                yield company, period, self.context(company, period, **values)

    def _compare(self, code, expected_of, **values):
        """Compare a measure with ``expected_of(company, period)``, a dict by customer."""
        some = False
        for company, period, ctx in self._contexts(**values):
            expected = {
                customer.id: six(D(str(value)) if isinstance(value, float) else D(value))
                for customer, value in expected_of(company, period).items()
            }
            self.assertEqual(self.measured(code, ctx), expected, (code, company.name, period))
            some = some or bool(expected)
        self.assertTrue(some, "documents of the test must give data")

    def _amount(self, moves, period):
        """Untaxed amount in company currency, from the ledger lines."""
        lines = moves.filtered(
            lambda move: period.date_from <= move.invoice_date <= period.date_to
        ).invoice_line_ids
        return -sum((D(str(round(line.balance, 2))) for line in lines), D(0))

    def _amounts(self, company, period):
        return {
            customer: self._amount(moves, period)
            for customer, moves in self.moves(company).items()
            if min(moves.mapped("invoice_date")) <= period.date_to
        }

    def test_purchase_amount(self):
        """Sum of the ledger lines of contacts and company, 0 for earlier buyers."""
        self._compare("purchase_amount", self._amounts)

    def test_sales_share(self):
        """Share of the sum over all customers of the company."""

        def share(company, period):
            amounts = self._amounts(company, period)
            whole = sum(amounts.values(), D(0))
            if whole <= 0:
                return {}
            return {c: scoring.quotient(100 * v, whole, 6) for c, v in amounts.items()}

        self._compare("sales_share", share)

    def _quantities(self, unit=None):
        def quantity(company, period):
            found = {}
            for customer, moves in self.moves(company).items():
                for line in moves.filtered(
                    lambda move: move.invoice_date <= period.date_to
                ).invoice_line_ids:
                    target = unit or line.product_id.uom_id
                    if not line.product_uom_id._has_common_reference(target):
                        continue
                    found.setdefault(customer, 0.0)
                    if line.move_id.invoice_date >= period.date_from:
                        amount = line.product_uom_id._compute_quantity(
                            line.quantity, target, round=False
                        )
                        sign = -1 if line.move_id.move_type == "out_refund" else 1
                        found[customer] += sign * amount
            return {customer: round(value, 6) for customer, value in found.items()}

        return quantity

    def test_purchase_quantity(self):
        """In each product's unit, and in tons, where boxes do not count."""
        self._compare("purchase_quantity", self._quantities())
        self._compare("purchase_quantity", self._quantities(self.ton), uom_id=self.ton.id)

    def test_fulfilment(self):
        """Invoiced or delivered of ordered, by the local day of the order."""

        def fulfilment(company, period):
            found = {}
            for customer, orders in self.orders(company).items():
                done = ordered = D(0)
                for order, day in orders:
                    if not period.date_from <= day <= period.date_to:
                        continue
                    for line in order.order_line.filtered(lambda line: line.product_uom_qty > 0):
                        factor = D(str(line.product_uom_id.factor / line.product_id.uom_id.factor))
                        ordered += D(str(line.product_uom_qty)) * factor
                        done += D(str(max(line.qty_invoiced, line.qty_delivered))) * factor
                if ordered:
                    found[customer] = scoring.quotient(done, ordered, 6)
            return found

        self._compare("fulfilment", fulfilment)

    def test_cooperation_months(self):
        """Full months since the first order or invoice."""

        def months(company, period):
            first = {}
            for customer, orders in self.orders(company).items():
                first.setdefault(customer, []).extend(day for _order, day in orders)
            for customer, moves in self.moves(company, ("out_invoice",)).items():
                first.setdefault(customer, []).extend(moves.mapped("invoice_date"))
            return {
                customer: periods.full_months(min(days), period.date_to)
                for customer, days in first.items()
                if min(days) <= period.date_to
            }

        self._compare("cooperation_months", months)

    def test_idle_months(self):
        """Months of the period, counted from its first day, without an invoice."""

        def idle(company, period):
            starts = [period.date_from]
            while starts[-1] <= period.date_to:
                starts.append(periods.add_months(period.date_from, len(starts)))
            found = {}
            for customer, moves in self.moves(company, ("out_invoice",)).items():
                days = moves.mapped("invoice_date")
                if min(days) > period.date_to:
                    continue
                found[customer] = sum(
                    not any(start <= day < end and day <= period.date_to for day in days)
                    for start, end in zip(starts, starts[1:], strict=False)
                )
            return found

        self._compare("idle_months", idle)

    def test_growth(self):
        """Against the period before and the same one a year earlier."""
        for code, base_of in (
            ("growth_previous", periods.previous),
            ("growth_last_year", periods.last_year),
        ):

            def growth(company, period, base_of=base_of):
                base = base_of(period)
                found = {}
                for customer, moves in self.moves(company).items():
                    before = self._amount(moves, base)
                    if before > 0:
                        change = self._amount(moves, period) - before
                        found[customer] = scoring.quotient(change, before, 6)
                return found

            self._compare(code, growth)

    def _late(self, company, period):
        """Days late of each invoice that was due or overdue in the period, by customer."""
        found = {}
        for customer, moves in self.moves(company, ("out_invoice",)).items():
            for move in moves:
                line = move.line_ids.filtered(
                    lambda line: line.account_id.account_type == "asset_receivable"
                )
                due = line.date_maturity
                settled = (
                    max(line.matched_credit_ids.mapped("max_date")) if line.reconciled else None
                )
                if due > period.date_to:
                    continue
                if due < period.date_from and settled and settled < period.date_from:
                    continue
                until = min(settled or period.date_to, period.date_to)
                found.setdefault(customer, []).append(max((until - due).days, 0))
        return found

    def test_arrears_count(self):
        """Invoices overdue on some day of the period."""
        self._compare(
            "arrears_count",
            lambda company, period: {
                customer: sum(days > 0 for days in late)
                for customer, late in self._late(company, period).items()
            },
        )

    def test_days_late(self):
        """Average over the invoices due or overdue."""
        self._compare(
            "days_late",
            lambda company, period: {
                customer: scoring.quotient(D(sum(late)), D(len(late)), 6)
                for customer, late in self._late(company, period).items()
            },
        )

    def test_days_sales_outstanding(self):
        """Balance of the receivable account on the last day over the sales."""

        def outstanding(company, period):
            found = {}
            for customer, moves in self.moves(company).items():
                inside = moves.filtered(
                    lambda move: period.date_from <= move.invoice_date <= period.date_to
                )
                sales = D(str(round(sum(inside.mapped("amount_total_signed")), 2)))
                entries = self.env["account.move.line"].search(
                    [
                        ("partner_id", "child_of", customer.id),
                        ("company_id", "=", company.id),
                        ("parent_state", "=", "posted"),
                        ("account_id.account_type", "=", "asset_receivable"),
                        ("date", "<=", period.date_to),
                    ]
                )
                balance = max(D(str(round(sum(entries.mapped("balance")), 2))), D(0))
                if sales > 0:
                    found[customer] = scoring.quotient(balance * period.days, sales, 6)
            return found

        self._compare("days_sales_outstanding", outstanding)

    def test_population_limits_the_result(self):
        """Only customers of the population are in a result."""
        for code in ("purchase_amount", "cooperation_months", "arrears_count", "fulfilment"):
            everybody = self.measured(code, self.context())
            few = self.measured(code, self.context(partners=self.customers[:2]))
            expected = {k: v for k, v in everybody.items() if k in self.customers[:2].ids}
            self.assertEqual(few, expected)

    def test_sources_hold_the_documents(self):
        """The source documents of a customer add up to its value."""
        measures = self.env["customer.measure"]._measures()
        ctx = self.context()
        for customer, value in self.measured("purchase_amount", ctx).items():
            model, domain = measures["purchase_amount"].sources(ctx, customer)
            found = self.env[model].search(domain)
            self.assertAlmostEqual(sum(found.mapped("amount_untaxed_signed")), float(value), 2)
        for code, measure in measures.items():
            sources = measure.sources(self.context(segment_ids=(1,)), self.customers[0].id)
            for model, domain in [sources] if isinstance(sources, tuple) else sources:
                if model in self.env:
                    self.env[model].search(domain)
                self.assertTrue(domain, code)
        late = self.measured("arrears_count", ctx)
        for customer, value in late.items():
            model, domain = measures["arrears_count"].sources(ctx, customer)
            self.assertGreaterEqual(len(self.env[model].search(domain).move_id), value)
