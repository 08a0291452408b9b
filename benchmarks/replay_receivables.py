"""Replay real receivables day by day through the collection job; each step comes exactly once.

The file (`receivables_ibm.csv.gz`, 2,466 invoices of 100 customers) has the due date and the day of
settlement of each invoice, and which were disputed. Invoices are posted, disputed ones are held by
an open complaint, each payment is posted on its day, and the job runs twice on every working day,
except on the days of downtimes that are drawn by lot. The steps must equal, customer by customer
and day by day, those of a plain loop over the file.

Posting goes through Odoo, 0.3 s an invoice: --customers 10 replays the first ten. Nothing is kept:
the work is rolled back.
"""

import csv
import gzip
import random
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from pathlib import Path

from freezegun import freeze_time

from odoo.fields import Command

from .common import fail, measured, parser, say

DATA_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA = "receivables_ibm.csv.gz"
DAY = timedelta(days=1)
WEEKDAYS = 5
NOON = time(10)
LEVELS = (5, 15, 30, 60, 90)


def main(env, args):
    """Replay the receivables; exit code 1 when a step differs."""
    options = parser("replay_receivables", __doc__)
    options.add_argument("--data", default=DATA_FOLDER, help="folder of the data")
    options.add_argument("--customers", type=int, default=0, help="only the first N (0: all)")
    options.add_argument("--seed", type=int, default=1, help="of the downtimes")
    options = options.parse_args(args)
    path = Path(options.data) / DATA
    if not path.exists():
        fail(f"{path} is missing")
    invoices = read(path, options.customers)
    days = run_days(invoices, random.Random(options.seed))
    wanted = expected(invoices, days)
    replay = Replay(env, invoices)
    with measured("replay", env):
        replay.run(days)
    found = replay.steps()
    env.cr.rollback()
    say(f"{len(invoices)} invoices, {len(days)} days with a run, {len(wanted)} steps expected")
    say(f"by level and state: {dict(Counter((days, state) for _c, _d, days, state in wanted))}")
    for step in sorted(wanted ^ found):
        say(f"{'missing' if step in wanted else 'too many'}: {step}")
    return 1 if wanted != found or replay.doubles else 0


def read(path, limit):
    """Return the invoices as dicts: customer, number, due, settled, amount, disputed."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    customers = sorted({row["customerID"] for row in rows})[: limit or None]
    return [
        {
            "customer": row["customerID"],
            "number": row["invoiceNumber"],
            "date": date.fromisoformat(row["InvoiceDate"]),
            "due": date.fromisoformat(row["DueDate"]),
            "settled": date.fromisoformat(row["SettledDate"]),
            "amount": float(row["InvoiceAmount"]),
            "disputed": row["Disputed"] == "Yes",
        }
        for row in rows
        if row["customerID"] in customers
    ]


def run_days(invoices, lot):
    """Return the working days on which the job runs: now and then it is down for up to 12 days."""
    day = min(row["due"] for row in invoices)
    last = max(row["settled"] for row in invoices) + 7 * DAY
    days = []
    while day <= last:
        if lot.random() < 0.03:  # noqa: PLR2004
            day += lot.randrange(2, 13) * DAY
        if day.weekday() < WEEKDAYS:
            days.append(day)
        day += DAY
    return days


def expected(invoices, days):
    """Return the steps that a plain loop finds: {(customer, day, level, skipped or not)}."""
    by_customer = defaultdict(list)
    for row in invoices:
        by_customer[row["customer"]].append(row)
    steps = set()
    for customer, rows in by_customer.items():
        reached = 0
        for day in days:
            overdue = [row for row in rows if row["due"] < day < row["settled"]]
            if not overdue:
                reached = 0
                continue
            free = [row["due"] for row in overdue if not row["disputed"]]
            late = (day - min(free)).days if free else 0
            new = [level for level in LEVELS if reached < level <= late]
            for level in new:
                steps.add((customer, day, level, level != new[-1]))
                reached = level
    return steps


class Replay:
    """A company with the invoices of the file."""

    def __init__(self, env, invoices):
        """Prepare company, ledger, customers; no other company collects."""
        context = {"tracking_disable": True, "mail_notrack": True, "mail_create_nolog": True}
        env["res.company"].search([]).collection_mode = "off"
        self.company = env["res.company"].create({"name": "Replay", "collection_mode": "send"})
        self.env = env(context={**env.context, **context, "allowed_company_ids": self.company.ids})
        self.company.customer_tz = self.company.resource_calendar_id.tz = "UTC"
        self.accounts = {
            kind: self.env["account.account"].create(
                {
                    "name": kind,
                    "code": code,
                    "account_type": kind,
                    "reconcile": kind == "asset_receivable",
                    "company_ids": [Command.set(self.company.ids)],
                }
            )
            for code, kind in (
                ("400000", "income"),
                ("120000", "asset_receivable"),
                ("100000", "asset_current"),
            )
        }
        self.journals = {
            kind: self.env["account.journal"].create(
                {"name": kind, "code": kind[:3].upper(), "type": kind}
            )
            for kind in ("sale", "general")
        }
        self.doubles = 0
        self.customers, self.due_to = {}, defaultdict(list)
        for row in invoices:
            self.due_to[row["settled"]].append((row, self._invoice(row)))
        say(f"{len(invoices)} invoices are posted")

    def _customer(self, name):
        if name not in self.customers:
            customer = self.env["res.partner"].create(
                {"name": name, "is_company": True, "email": f"{name}@example.com".lower()}
            )
            customer.property_account_receivable_id = self.accounts["asset_receivable"]
            self.customers[name] = customer
        return self.customers[name]

    def _invoice(self, row):
        customer = self._customer(row["customer"])
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "journal_id": self.journals["sale"].id,
                "invoice_date": row["date"],
                "invoice_date_due": row["due"],
                "invoice_payment_term_id": False,
                "ref": row["number"],
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": row["number"],
                            "price_unit": row["amount"],
                            "account_id": self.accounts["income"].id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        if row["disputed"]:
            self.env["customer.complaint"].create(
                {
                    "subject": row["number"],
                    "partner_id": customer.id,
                    "team_id": False,
                    "line_ids": [Command.create({"invoice_line_id": move.invoice_line_ids.id})],
                }
            )
        return move

    def _pay(self, row, move):
        entry = self.env["account.move"].create(
            {
                "journal_id": self.journals["general"].id,
                "date": row["settled"],
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.accounts[kind].id,
                            "balance": amount,
                            "partner_id": move.partner_id.id,
                        }
                    )
                    for kind, amount in (
                        ("asset_current", row["amount"]),
                        ("asset_receivable", -row["amount"]),
                    )
                ],
            }
        )
        entry.action_post()
        lines = (move | entry).line_ids
        lines.filtered(lambda x: x.account_id == self.accounts["asset_receivable"]).reconcile()

    def run(self, days):
        """Post the payments up to each day, run the job twice; the second run finds nothing."""
        job = self.env["customer.collection.step"]
        payments = sorted(self.due_to)
        for number, day in enumerate(days):
            while payments and payments[0] <= day:
                for row, move in self.due_to[payments.pop(0)]:
                    self._pay(row, move)
            with freeze_time(datetime.combine(day, NOON)):
                job._cron_collect()
                count = job.search_count([])
                job._cron_collect()
                self.doubles += job.search_count([]) - count
            if number % 50 == 0:
                say(f"{day}: {count} steps")
                self.env.flush_all()
                self.env.invalidate_all()

    def steps(self):
        """Return the steps of the job in the shape of `expected`."""
        steps = self.env["customer.collection.step"].search([("company_id", "=", self.company.id)])
        return {
            (step.partner_id.name, step.date, step.level_days, step.state == "skipped")
            for step in steps
        }
