"""Reading of the real sales with Python only, for the checks: no SQL and nothing of the addon."""

import csv
import gzip
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def read_sales(path):
    """Yield (invoice, customer, code, day, quantity, amount) of each row that is a sale.

    An own reading of the file with Python only, after the rules in the docstring of `load_sales`;
    quantity and amount are negative on credit notes; customer is empty on walk-in sales.
    """
    invoices = defaultdict(list)
    first_sheet, seen = None, set()
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            first_sheet = first_sheet or row["Sheet"]
            if row["Sheet"] == first_sheet:
                seen.add(row["Invoice"])
            elif row["Invoice"] in seen:
                continue
            if row["Invoice"].startswith("A"):
                continue
            invoices[row["Invoice"]].append(row)
    for invoice, rows in invoices.items():
        if not rows[0]["Customer ID"] and all(Decimal(row["Price"]) == 0 for row in rows):
            continue
        day = min(row["InvoiceDate"] for row in rows)[:10]
        for row in rows:
            quantity = int(row["Quantity"])
            amount = (Decimal(row["Price"]) * quantity).quantize(CENT, ROUND_HALF_UP)
            yield invoice, row["Customer ID"], row["StockCode"].upper(), day, quantity, amount
