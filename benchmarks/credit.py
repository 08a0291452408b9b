"""Exposure of many customers against bare SQL, and what the check adds to a confirmation.

Documents are made in the database and removed again. Limits are those of the specification; a
figure beyond its limit makes the exit code 1.
"""

from unittest.mock import patch

from odoo import Command
from odoo.tools import SQL

from .common import fail, measured, parser, say, table
from .credit_data import BARE, fill

RUNS = 3


def main(env, args):
    """Run the comparison; return 1 when a limit is exceeded."""
    options = _parser().parse_args(args)
    env = env(context=dict(env.context, tracking_disable=True))
    company = env.company
    company.customer_aging_days = 30
    say(f"Making {options.customers} customers with five documents each")
    first = fill(env, company, options.customers)
    rows = [*_exposure(env, company, first, options.customers), *_confirmation(env, first)]
    env.cr.rollback()
    print(table(["Figure", "value", "limit", ""], [_row(*row) for row in rows]))
    failed = [label for label, value, limit in rows if limit is not None and value > limit]
    say("All limits are kept." if not failed else f"Beyond their limits: {', '.join(failed)}")
    return 1 if failed else 0


def _row(label, value, limit):
    ok = limit is None or value <= limit
    return [label, f"{value:,.3f}", "" if limit is None else f"<= {limit:g}", "" if ok else "NO"]


def _exposure(env, company, first, count):
    """Best of some runs each, in turns, so that neither profits from a warmer cache."""
    partners = env["res.partner"].browse(range(first, first + count))
    bare_sql = SQL(BARE, key=str(company.id), company=company.id, first=first)
    ours, bare, queries = [], [], set()
    for _run in range(RUNS):
        with measured("bare SQL", env) as step:
            expected = {row[0]: row for row in env.execute_query(bare_sql)}
        bare.append(step.seconds)
        with measured("exposure", env) as step:
            found = partners._credit_exposures(company)
        ours.append(step.seconds)
        queries.add(step.queries)
    for partner_id, row in found.items():
        if tuple(row)[:10] != expected[partner_id][:10]:
            fail(f"customer {partner_id}: {tuple(row)} is not {expected[partner_id]}")
    yield "exposure of all customers / bare SQL", min(ours) / min(bare), 1.5
    yield "queries of the exposure", max(queries), 5
    yield "seconds of the exposure", min(ours), None


def _confirmation(env, first):
    """Queries and seconds of confirming an order, with the check and without."""
    product = env["product.product"].create({"name": "Pane", "type": "service"})
    customer = env["res.partner"].browse(first)
    customer._credit_writing().customer_credit_grade_id = False  # nothing overdue is looked at
    env["customer.credit.limit"].search([("partner_id", "=", first)]).sudo().amount = 10**6
    results = {}
    order_class = type(env["sale.order"])
    for name in ("warm up", "with the check", "without"):
        order = env["sale.order"].create(
            {
                "partner_id": first,
                "order_line": [Command.create({"product_id": product.id, "price_unit": 1})],
            }
        )
        env.flush_all()
        env.invalidate_all()
        guard = order_class._credit_guard if name != "without" else lambda orders: None
        with (
            patch.object(order_class, "_credit_guard", guard),
            measured(f"confirm {name}", env) as results[name],
        ):
            order.action_confirm()
    added = results["with the check"].queries - results["without"].queries
    yield "queries the check adds to a confirmation", added, 5
    yield "seconds of a confirmation", results["with the check"].seconds, None


def _parser():
    """Return the parser of the command line."""
    result = parser("credit", __doc__)
    result.add_argument(
        "--customers", type=int, default=100_000, help="customers (default: %(default)s)"
    )
    return result
