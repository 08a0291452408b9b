"""Figures of the reviews calculated straight from the file of the real sales, with Python only.

Nothing of the addon is used here: no SQL, no engine. The definitions are those its measures
document. Every function returns {customer: value} of the customers that have data.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .sales_file import read_sales

INVOICE, CREDIT_NOTE = "invoice", "credit note"


def rounded(number, digits):
    """Round a Decimal half away from zero."""
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


class Sales:
    """The documents of the file: (customer, kind, day, quantity, amount) each, day a `date`."""

    def __init__(self, path):
        """Read the file at `path`."""
        rows = defaultdict(lambda: [0, Decimal(0)])
        heads = {}
        for invoice, customer, _code, day, quantity, amount in read_sales(path):
            heads[invoice] = (customer, date.fromisoformat(day))
            rows[invoice][0] += quantity
            rows[invoice][1] += amount
        self.documents = [
            (customer, CREDIT_NOTE if amount < 0 else INVOICE, day, quantity, amount)
            for (customer, day), (quantity, amount) in (
                (heads[invoice], rows[invoice]) for invoice in heads
            )
        ]

    def _between(self, start, end):
        """Yield the documents of the days start..end, both inclusive."""
        return (document for document in self.documents if start <= document[2] <= end)

    def _known(self, end, kinds=(INVOICE, CREDIT_NOTE)):
        """Return the customers with a document of these kinds on or before the day `end`."""
        return {
            customer
            for customer, kind, day, _quantity, _amount in self.documents
            if customer and day <= end and kind in kinds
        }

    def buyers(self, start, end):
        """Return the customers with a document in the period."""
        return {document[0] for document in self._between(start, end) if document[0]}

    def _sum(self, start, end, column):
        """Return {customer: sum of a column} of the period, 0 for those who bought before only."""
        result = dict.fromkeys(self._known(end), Decimal(0))
        for document in self._between(start, end):
            if document[0]:
                result[document[0]] += document[column]
        return result

    def purchase_quantity(self, start, end):
        """Quantity of the lines of the period, credit notes negative."""
        return self._sum(start, end, 3)

    def purchase_amount(self, start, end):
        """Untaxed amount of the period, credit notes negative."""
        return self._sum(start, end, 4)

    def company_sales(self, start, end):
        """Return the amount of all documents of the period, walk-in sales too."""
        return sum((document[4] for document in self._between(start, end)), Decimal(0))

    def sales_share(self, start, end):
        """Percent of the company's sales of the period."""
        whole = self.company_sales(start, end)
        amounts = self.purchase_amount(start, end)
        return {customer: 100 * amount / whole for customer, amount in amounts.items()}

    def abc_share(self, start, end):
        """Percent of the company's sales that larger customers make; 100 without sales.

        Walk-in sales are one of those customers here: they are sales of the company.
        """
        amounts = defaultdict(Decimal)
        for document in self._between(start, end):
            amounts[document[0]] += document[4]
        whole = sum(amounts.values())
        by_amount = defaultdict(list)
        for customer, amount in amounts.items():
            by_amount[amount].append(customer)
        result = dict.fromkeys({document[0] for document in self.documents}, Decimal(100))
        larger = Decimal(0)
        for amount in sorted(by_amount, reverse=True):
            if amount > 0:
                for customer in by_amount[amount]:
                    result[customer] = min(Decimal(100), 100 * larger / whole)
            larger += amount * len(by_amount[amount])
        return result

    def idle_months(self, start, end):
        """Calendar months of the period without an invoice above zero; whole months only."""
        bought = defaultdict(set)
        for customer, kind, day, _quantity, amount in self._between(start, end):
            if kind == INVOICE and amount > 0:
                bought[customer].add((day.year, day.month))
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        return {
            customer: Decimal(months - len(bought[customer]))
            for customer in self._known(end, (INVOICE,))
        }

    def cooperation_months(self, start, end):
        """Full months from the first invoice to the end of a period that ends a month.

        The last day of a month completes every month that began before it.
        """
        del start
        first = {}
        for customer, kind, day, _quantity, _amount in self.documents:
            if customer and kind == INVOICE and day <= end:
                first[customer] = min(first.get(customer, day), day)
        return {
            customer: Decimal((end.year - day.year) * 12 + end.month - day.month)
            for customer, day in first.items()
        }

    def growth_previous(self, start, end):
        """Change of the amount against the quarter before, of customers that bought there."""
        before_end = start - timedelta(days=1)
        before_start = date(before_end.year, before_end.month - 2, 1)
        present, before = defaultdict(Decimal), defaultdict(Decimal)
        for sums, span in ((present, (start, end)), (before, (before_start, before_end))):
            for document in self._between(*span):
                sums[document[0]] += document[4]
        return {
            customer: (present[customer] - amount) / amount
            for customer, amount in before.items()
            if customer and amount > 0
        }


def ranks(values, lowest_first=False):
    """Return {customer: place}: 1 + the number of better customers, so ties share a place."""
    places, result = {}, {}
    for place, value in enumerate(sorted(values.values(), reverse=not lowest_first), start=1):
        places.setdefault(value, place)
    for customer, value in values.items():
        result[customer] = places[value]
    return result


def points_of_range(rows, value):
    """Return the points of the row with the highest `low` that is not above the value.

    rows: (low or None, high or None, points); the top border belongs to the top row.
    """
    lowest = Decimal("-Infinity")
    rows = sorted(rows, key=lambda row: lowest if row[0] is None else row[0])
    result = Decimal(0)
    for index, (low, high, points) in enumerate(rows):
        inside = low is None or value >= low
        if index == len(rows) - 1 and high is not None and value > high:
            inside = False
        if inside:
            result = points
    return result
