"""Measures and grades over 2,466 receivables of 100 customers against a plain calculation.

The file (`receivables_ibm.csv.gz`) is written into the ledger as posted and paid invoices. For each
half year of its calendar the average days late, the overdue share and the days sales outstanding
of every customer must equal those of a loop over the rows of the file; so must the grades of an
assessment in which credit control chooses the manual points by a rule. Nothing is kept.
"""

import json
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

from odoo.tools import SQL

from ..queries.measures import MeasureContext
from .common import fail, measured, parser, say
from .replay_receivables import DATA, DATA_FOLDER, read

BANDS = ((80, "A"), (65, "B"), (50, "C"), (0, "D"))
CENT = Decimal("0.01")


def main(env, args):
    """Compare; exit code 1 when a figure or a grade differs."""
    options = parser("check_receivables", __doc__)
    options.add_argument("--data", default=DATA_FOLDER, help="folder of the data")
    path = Path(options.parse_args(args).data) / DATA
    if not path.exists():
        fail(f"{path} is missing")
    rows = [{**row, "amount": _money(row["amount"])} for row in read(path, 0)]
    env = env(context=dict(env.context, tracking_disable=True))
    partners = _load(env, rows)
    say(f"{len(rows)} invoices of {len(partners)} customers are in the ledger")
    periods = [
        (date(year, first, 1), date(year, first + 5, 30 if first == 1 else 31))
        for year in range(rows[0]["date"].year - 1, rows[0]["date"].year + 3)
        for first in (1, 7)
    ]
    differing = 0
    for period in periods:
        figures = plain_figures(rows, *period)
        if figures:
            differing += _compare(env, partners, period, figures)
    busiest = max(periods, key=lambda p: sum(p[0] <= row["date"] <= p[1] for row in rows))
    differing += _assess(env, partners, busiest, plain_figures(rows, *busiest))
    env.cr.rollback()
    say("All figures are equal." if not differing else f"{differing} figures differ")
    return 1 if differing else 0


def _money(value):
    return Decimal(str(value)).quantize(CENT)


def plain_figures(rows, start, end):
    """Return {customer: {measure: value}} of a period, row by row."""
    by_customer = defaultdict(list)
    for row in rows:
        by_customer[row["customer"]].append(row)
    result = {}
    for customer, own in by_customer.items():
        figures = {}
        late = [
            max((min(row["settled"], end) - row["due"]).days, 0)
            for row in own
            if row["due"] <= end and (row["due"] >= start or row["settled"] >= start)
        ]
        if late:
            figures["days_late"] = Decimal(sum(late)) / len(late)
        open_now = [row for row in own if row["date"] <= end < row["settled"]]
        owed = sum(row["amount"] for row in open_now)
        bought = sum(row["amount"] for row in own if start <= row["date"] <= end)
        if open_now:
            overdue = sum(row["amount"] for row in open_now if row["due"] < end)
            figures["overdue_share"] = Decimal(overdue) / owed
        elif bought:
            figures["overdue_share"] = Decimal(0)
        if bought:
            days = (end - start).days + 1
            figures["days_sales_outstanding"] = Decimal(owed) * days / bought
        if figures:
            result[customer] = figures
    return result


def _compare(env, partners, period, wanted):
    """Print and count the values of a period that differ."""
    registry = env["customer.measure"]._measures()
    plan = MeasureContext(
        env.company.id,
        *period,
        partners=SQL("SELECT unnest(%s::int[])", [partner.id for partner in partners.values()]),
    )
    differing = 0
    for code in ("days_late", "overdue_share", "days_sales_outstanding"):
        found = dict(env.execute_query(registry[code].select(plan)))
        expected = {
            partners[customer].id: values[code]
            for customer, values in wanted.items()
            if code in values
        }
        wrong = expected.keys() ^ found.keys() | {
            key for key in expected.keys() & found.keys()
            if abs(Decimal(str(found[key])) - expected[key]) > Decimal("0.000001")
        }  # fmt: skip
        say(f"{period[0]} .. {period[1]} {code}: {len(expected)} customers, {len(wrong)} differ")
        differing += len(wrong)
    return differing


def _assess(env, partners, period, figures):
    """Assess all customers; count those whose grade is not that of the plain calculation."""
    scorecard = env.ref("customer_governance.scorecard_credit")
    review = env["customer.review"].create(
        {
            "name": "Receivables",
            "scorecard_id": scorecard.id,
            "date_from": period[0],
            "date_to": period[1],
            "company_id": env.company.id,
        }
    )
    with measured("assessment of all customers", env):
        review.action_compute()
    lines = {line.partner_id: line for line in review.line_ids}
    manual = [i for i in scorecard.indicator_ids if i.measure == "manual"]
    customers = sorted(partners)
    number = {partners[customer]: place for place, customer in enumerate(customers)}
    chosen, scores = Counter(), defaultdict(env["customer.review.score"].browse)
    for score in review.line_ids.score_ids:
        partner, choices = score.line_id.partner_id, score.indicator_id.choice_ids
        if partner in number and score.indicator_id in manual:
            choice = choices[number[partner] % len(choices)]
            scores[choice] |= score
            chosen[partner] += choice.points
    for choice, some in scores.items():
        some.choice_id = choice
    review.action_compute()
    grades, differing = Counter(), 0
    for customer, partner in partners.items():
        points = Decimal(str(chosen[partner]))
        weight = sum(indicator.max_points for indicator in manual)
        for indicator in scorecard.indicator_ids - env["customer.scorecard.indicator"].union(
            *manual
        ):
            value = figures.get(customer, {}).get(indicator.measure)
            if value is not None:
                points += _points(indicator, value)
                weight += indicator.max_points
        score = points * 100 / Decimal(str(weight))
        wanted = next(grade for least, grade in BANDS if score >= least)
        line = lines[partner]
        found = line.proposed_grade_id.code
        grades[found] += 1
        if found != wanted:
            say(f"{customer}: {found} ({line.score}) instead of {wanted} ({score:.4f})")
            differing += 1
    say(f"grades: {dict(sorted(grades.items(), key=str))}")
    return differing


def _points(indicator, value):
    for step in indicator.range_ids:
        if (step.is_lowest or value >= Decimal(str(step.value_from))) and (
            step.is_highest or value < Decimal(str(step.value_to))
        ):
            return Decimal(str(step.points))
    return Decimal(0)


def _load(env, rows):
    """Write the rows as posted invoices with their payments; return {customer: partner}."""
    names = sorted({row["customer"] for row in rows})
    partners = env["res.partner"].create(
        [{"name": name, "is_company": True, "customer_rank": 1} for name in names]
    )
    ids = dict(zip(names, partners.ids, strict=True))
    journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
    account = env["account.account"].search([("account_type", "=", "asset_receivable")], limit=1)
    data = [
        {
            "ref": row["number"],
            "partner": ids[row["customer"]],
            "amount": str(row["amount"]),
            **{key: row[key].isoformat() for key in ("date", "due", "settled")},
        }
        for row in rows
    ]
    env.flush_all()
    env.cr.execute(
        SQL(
            LOAD,
            rows=json.dumps(data),
            journal=journal.id,
            account=account.id,
            company=env.company.id,
            currency=env.company.currency_id.id,
        )
    )
    env.invalidate_all()
    return dict(zip(names, partners, strict=True))


LOAD = """
    WITH file AS (
        SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb)
            AS x(ref varchar, partner int, amount numeric, date date, due date, settled date)
    ), moves AS (
        INSERT INTO account_move (name, ref, state, move_type, auto_post, date, invoice_date,
                                  journal_id, currency_id, company_id, partner_id,
                                  commercial_partner_id, amount_total_signed,
                                  amount_untaxed_signed)
        SELECT k.kind || ' ' || f.ref, f.ref, 'posted', k.kind, 'no',
               CASE k.kind WHEN 'entry' THEN f.settled ELSE f.date END,
               CASE k.kind WHEN 'entry' THEN NULL ELSE f.date END, %(journal)s, %(currency)s,
               %(company)s, f.partner, f.partner, f.amount, f.amount
          FROM file f, unnest(ARRAY['out_invoice', 'entry']) AS k(kind)
     RETURNING id, ref, move_type, date, partner_id
    ), lines AS (
        INSERT INTO account_move_line (move_id, currency_id, display_type, company_id, account_id,
                                       partner_id, parent_state, date, date_maturity, balance,
                                       amount_residual, reconciled)
        SELECT m.id, %(currency)s, 'payment_term', %(company)s, %(account)s, m.partner_id,
               'posted', m.date, CASE m.move_type WHEN 'entry' THEN m.date ELSE f.due END,
               CASE m.move_type WHEN 'entry' THEN -f.amount ELSE f.amount END, 0, TRUE
          FROM moves m JOIN file f ON f.ref = m.ref
     RETURNING id, move_id
    )
    INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, amount,
                                           debit_amount_currency, credit_amount_currency,
                                           max_date, company_id)
    SELECT debit.id, credit.id, f.amount, f.amount, f.amount, f.settled, %(company)s
      FROM file f
      JOIN moves i ON i.ref = f.ref AND i.move_type = 'out_invoice'
      JOIN lines debit ON debit.move_id = i.id
      JOIN moves p ON p.ref = f.ref AND p.move_type = 'entry'
      JOIN lines credit ON credit.move_id = p.id
"""
