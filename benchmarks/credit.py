"""Exposure of many customers against bare SQL, and what the check adds to a confirmation.

Documents are made in the database and removed again. Limits are those of the specification; a
figure beyond its limit makes the exit code 1. The ratio is one of processor time (this process and
its PostgreSQL backend): what else the machine does at the moment is in the wall clock, not in it.

--compare oca installs OCA's account_financial_risk from PyPI into a folder of its own for this run
and asks both for the same customers.
"""

import time
from pathlib import Path
from unittest.mock import patch

from odoo import Command
from odoo.tools import SQL

from . import credit_oca
from .common import fail, measured, parser, say, table
from .credit_data import BARE, fill

RUNS = 4
TICKS = 100  # a second of /proc/PID/stat


def main(env, args):
    """Run the comparison; return 1 when a limit is exceeded."""
    options = _parser().parse_args(args)
    if options.compare:
        env = credit_oca.install(env)
    env = env(context=dict(env.context, tracking_disable=True))
    company = env.company
    company.customer_aging_days = 30
    say(f"Making {options.customers} customers with six documents each")
    first = fill(env, company, options.customers)
    rows = [*_exposure(env, company, first, options.customers)]
    if options.compare:
        credit_oca.compare(env, company, first, options.customers)
    rows += _confirmation(env, first)
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
    last = first + count - 1
    bare_sql = SQL(BARE, key=str(company.id), company=company.id, first=first, last=last)
    steps = {"bare SQL": [], "exposure": []}
    for _run in range(RUNS):
        for name, times in steps.items():
            before = _processor(env)
            with measured(name, env) as step:
                if name == "exposure":
                    found = partners._credit_exposures(company)
                else:
                    expected = {row[0]: row for row in env.execute_query(bare_sql)}
            times.append((_processor(env) - before, step.seconds, step.queries))
    for partner_id, row in found.items():
        if not _equal(row, expected[partner_id]):
            fail(f"customer {partner_id}: {tuple(row)} is not {expected[partner_id]}")
    if len(found) != len(expected):
        fail(f"{len(found)} customers instead of {len(expected)}")
    best = {
        name: [min(values) for values in zip(*times, strict=True)] for name, times in steps.items()
    }
    ours, bare = best["exposure"], best["bare SQL"]
    yield "exposure of all customers / bare SQL", ours[0] / bare[0], 1.5
    yield "the same by the wall clock", ours[1] / bare[1], None
    yield "processor seconds of the exposure", ours[0], None
    yield "seconds of the exposure", ours[1], None
    yield "queries of the exposure", max(queries for _cpu, _wall, queries in steps["exposure"]), 5


def _equal(row, other):
    """Whether all figures are the same; sums of fractions may differ in the last digit."""
    return len(row) == len(other) and all(
        a == b or isinstance(a, float) and abs(a - b) < 1e-6
        for a, b in zip(row, other, strict=True)
    )


def _processor(env):
    """Processor seconds of this process and of its backend; by the clock if it runs elsewhere."""
    [(pid,)] = env.execute_query(SQL("SELECT pg_backend_pid()"))
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return time.perf_counter()
    return time.process_time() + (int(words[11]) + int(words[12])) / TICKS


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
    result.add_argument("--compare", choices=["oca"], help="another addon, for the same customers")
    return result
