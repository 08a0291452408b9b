"""5,000 overdue customers: how long until each has its letter, in the slices that Odoo gives the job.

Customers with one overdue invoice each are written with SQL, then the job of collection runs as Odoo's scheduler
runs it: ten seconds at a time, until it says that it is done. The exit code is 1 when somebody got none, or two,
or when it takes longer than a working day. Each slice is committed: without --db a new database is used.
"""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo import sql_db
from odoo.tools import SQL

from odoo.addons.base.models import ir_cron

from ..models.credit.res_company_collection import ResCompany
from .common import measured, parser, say, table
from .complaints_sla import insert_customers

WORKING_DAY = 8 * 3600
PAUSE = 60  # seconds until the scheduler calls a job again that has not ended, at most
DAYS = 6  # overdue: what the first level asks for


def main(env, args):
    """Run the measurement."""
    options = _parser().parse_args(args)
    env = env(context=dict(env.context, tracking_disable=True))
    company = env.company
    level = env["customer.collection.level"].search(
        [("way", "=", "mail")], order="days_overdue", limit=1
    )
    days = max(DAYS, level.days_overdue + 1)
    with measured(f"{options.customers} customers with an invoice overdue for {days} days", env):
        ids = fill(env, company, options.customers, days)
    env.cr.commit()
    seconds, longest = run(env)
    letters = env.execute_query(
        SQL(
            "SELECT partner_id, count(*) FROM customer_collection_step"
            " WHERE partner_id = ANY(%s) AND state = 'done' AND way = 'mail' GROUP BY 1",
            ids,
        )
    )
    mails = env.execute_query(
        SQL(
            "SELECT rel.res_partner_id, count(*) FROM mail_mail_res_partner_rel rel"
            " WHERE rel.res_partner_id = ANY(%s) GROUP BY 1",
            ids,
        )
    )
    slices = len(seconds)
    wall = sum(seconds) + PAUSE * (slices - 1)
    twice = sum(number > 1 for _partner, number in letters)
    rows = [
        ("customers with a letter", len(letters), f"= {options.customers}", len(letters) == options.customers),
        ("mails in the queue", sum(number for _partner, number in mails), f"= {options.customers}",
         sum(number for _partner, number in mails) == options.customers),
        ("customers with two letters", twice, "= 0", not twice),
        ("slices", slices, "", True),
        ("seconds of work", round(sum(seconds)), "", True),
        ("seconds of the longest slice", round(longest, 1), "", True),
        ("seconds with a minute between slices", round(wall), f"<= {WORKING_DAY}", wall <= WORKING_DAY),
    ]  # fmt: skip
    print(
        table(
            ["Figure", "value", "limit", ""], [[*row[:3], "" if row[3] else "NO"] for row in rows]
        )
    )
    return 0 if all(row[3] for row in rows) else 1


def fill(env, company, count, days):
    """Insert customers with an address and one posted invoice each that is overdue; return their ids."""
    ids = insert_customers(env, count)
    env.cr.execute(
        SQL(
            "UPDATE res_partner SET email = 'pay' || id || '@debtor.example.com', customer_rank = 1,"
            " email_normalized = 'pay' || id || '@debtor.example.com' WHERE id = ANY(%s)",
            ids,
        )
    )
    journal = env["account.journal"].search(
        [("type", "=", "sale"), ("company_id", "=", company.id)], limit=1
    )
    account = env["account.account"].search([("account_type", "=", "asset_receivable")], limit=1)
    due = company._customer_today() - timedelta(days=days)
    keys = {
        "ids": ids, "journal": journal.id, "account": account.id, "due": due,
        "company": company.id, "currency": company.currency_id.id,
    }  # fmt: skip
    for statement in STATEMENTS:
        env.cr.execute(SQL(statement, **keys))
    for name in ("account_move", "account_move_line", "res_partner"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(name)))
    env.invalidate_all()
    return ids


STATEMENTS = (
    """
    INSERT INTO account_move (name, state, move_type, auto_post, date, invoice_date, invoice_date_due,
                              journal_id, currency_id, company_id, partner_id, commercial_partner_id,
                              amount_total, amount_residual, amount_total_signed, amount_residual_signed,
                              payment_state)
    SELECT 'LETTER/' || id, 'posted', 'out_invoice', 'no', %(due)s, %(due)s, %(due)s, %(journal)s,
           %(currency)s, %(company)s, id, id, 100, 100, 100, 100, 'not_paid'
      FROM unnest(%(ids)s) id
    """,
    """
    INSERT INTO account_move_line (move_id, move_name, currency_id, company_currency_id, display_type,
                                   company_id, account_id, journal_id, partner_id, parent_state, date,
                                   date_maturity, name, debit, credit, balance, amount_currency,
                                   amount_residual, amount_residual_currency, reconciled)
    SELECT m.id, m.name, m.currency_id, m.currency_id, 'payment_term', m.company_id, %(account)s,
           m.journal_id, m.partner_id, 'posted', m.date, %(due)s, m.name, 100, 0, 100, 100, 100, 100, FALSE
      FROM account_move m WHERE m.partner_id = ANY(%(ids)s)
    """,
)


def run(env):
    """Run the job as the scheduler does until it is done; return (seconds of each slice, the longest)."""
    cron = env.ref("customer_governance.cron_collection")
    database, registry = env.cr.dbname, env.registry
    seconds, status = [], None
    # the night counts as well: only how long it takes is measured
    with patch.object(ResCompany, "_collection_at_work", lambda company, now: True):
        while status != ir_cron.CompletionStatus.FULLY_DONE:
            begin = time.monotonic()
            with sql_db.db_connect(database).cursor() as cr:
                job = ir_cron.IrCron._acquire_one_job(cr, cron.id, include_not_ready=True)
                status = registry["ir.cron"]._run_job(job)
            seconds.append(time.monotonic() - begin)
            if status == ir_cron.CompletionStatus.FAILED:
                break
            if len(seconds) % 10 == 0:
                say(f"{len(seconds)} slices")
    env.cr.rollback()  # a new snapshot
    env.invalidate_all()
    return seconds, max(seconds)


def _parser():
    result = parser("collection_letters", __doc__)
    result.add_argument(
        "--customers", type=int, default=5000, help="debtors (default: %(default)s)"
    )
    return result
