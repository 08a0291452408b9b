"""Made-up sales for benchmarks: a company of its own with customers and two years of documents.

Everything is written set-based, filled as the ORM fills one document of each kind, so the tables
look as if people had worked for two years: skewed customers (few large, many small), orders that
are invoiced in part, credit notes, payments before and after the due date, open invoices.
"""

from datetime import date

from psycopg2.extras import Json

from odoo.fields import Command
from odoo.tools import SQL

from .common import measured, say
from .sales_sql import STAMPS, insert_like

FIRST_DAY = date(2024, 10, 1)
DAYS = 730

# One row a customer: a third of the seed decides how often it buys, another one how much.
CUSTOMERS = """
    CREATE TEMP TABLE made_customer AS
    SELECT i, nextval('res_partner_id_seq')::int AS partner_id, random() AS busy,
           exp(1.4 * (random() + random() + random() - 1.5)) * 900 AS size,
           CASE WHEN random() < 0.03 THEN 0 ELSE 1 + floor(power(random(), 3) * 13)::int END
               AS documents
      FROM generate_series(1, %s) i
"""

# One row an invoice or credit note, with its order and its payment.
DOCUMENTS = """
    CREATE TEMP TABLE made_document AS
    SELECT d.*, greatest(round((size * (0.3 + random()))::numeric, 2), 1) AS amount,
           CASE WHEN refund THEN 'out_refund' ELSE 'out_invoice' END AS move_type,
           CASE WHEN refund THEN -1 ELSE 1 END AS direction,
           nextval('account_move_id_seq')::int AS move_id,
           CASE WHEN NOT refund THEN nextval('sale_order_id_seq')::int END AS order_id,
           nextval('account_move_line_id_seq')::int AS receivable_id,
           nextval('account_move_line_id_seq')::int AS product_line_id,
           CASE WHEN NOT refund THEN nextval('sale_order_line_id_seq')::int END AS order_line_id,
           day + 30 AS due,
           CASE WHEN NOT refund AND random() < 0.85
                THEN day + 30 + floor(random() * 45 - 30)::int END AS paid,
           CASE WHEN random() < 0.2 THEN 1.3 ELSE 1 END AS ordered_for_one
      FROM (SELECT c.i, c.partner_id, c.size, random() < 0.06 AS refund,
                   %(first)s::date + floor(random() * %(days)s)::int AS day,
                   row_number() OVER () AS number
              FROM made_customer c, generate_series(1, c.documents)) d
"""

PAYMENTS = """
    CREATE TEMP TABLE made_payment AS
    SELECT d.move_id AS invoice_id, d.partner_id, d.amount, d.receivable_id, d.paid,
           nextval('account_move_line_id_seq')::int AS line_id, b.move_id
      FROM made_document d
      JOIN (SELECT paid, nextval('account_move_id_seq')::int AS move_id
              FROM (SELECT DISTINCT paid FROM made_document WHERE paid < %(until)s) p) b
           USING (paid)
"""

_DOCUMENT = SQL("made_document d")
_PARTNER_OF = {"partner_id": "d.partner_id"}
ORDER = STAMPS | {
    "id": "d.order_id",
    "name": "'BENCH' || d.order_id",
    "partner_id": "d.partner_id",
    "partner_invoice_id": "d.partner_id",
    "partner_shipping_id": "d.partner_id",
    "date_order": "d.day + time '10:00'",
    "amount_untaxed": "round(d.amount * d.ordered_for_one, 2)",
    "amount_total": "round(d.amount * d.ordered_for_one, 2)",
    "access_token": "",
    "validity_date": "",
}
ORDER_LINE = STAMPS | {
    "id": "d.order_line_id",
    "order_id": "d.order_id",
    "order_partner_id": "d.partner_id",
    "product_uom_qty": "round(d.amount * d.ordered_for_one / 10, 2)",
    "qty_delivered": "round(d.amount / 10, 2)",
    "qty_invoiced": "round(d.amount / 10, 2)",
    "price_unit": "10",
    "price_subtotal": "round(d.amount * d.ordered_for_one, 2)",
    "price_total": "round(d.amount * d.ordered_for_one, 2)",
    "untaxed_amount_invoiced": "d.amount",
    "untaxed_amount_to_invoice": "round(d.amount * (d.ordered_for_one - 1), 2)",
}
MOVE = STAMPS | {
    "id": "d.move_id",
    "name": "'BENCH/' || d.move_id",
    "sequence_prefix": "'BENCH/'",
    "sequence_number": "d.number",
    "payment_reference": "",
    "move_type": "d.move_type",
    "date": "d.day",
    "invoice_date": "d.day",
    "invoice_date_due": "d.due",
    "partner_id": "d.partner_id",
    "commercial_partner_id": "d.partner_id",
    "partner_shipping_id": "d.partner_id",
    "invoice_partner_display_name": "'Bench customer ' || d.i",
    "invoice_origin": "'BENCH' || d.order_id",
    "payment_state": "CASE WHEN p.invoice_id IS NULL THEN 'not_paid' ELSE 'paid' END",
    "amount_untaxed": "d.amount",
    "amount_total": "d.amount",
    "amount_residual": "CASE WHEN p.invoice_id IS NULL THEN d.amount ELSE 0 END",
    "amount_untaxed_signed": "d.direction * d.amount",
    "amount_untaxed_in_currency_signed": "d.direction * d.amount",
    "amount_total_signed": "d.direction * d.amount",
    "amount_total_in_currency_signed": "d.direction * d.amount",
    "amount_residual_signed": (
        "CASE WHEN p.invoice_id IS NULL THEN d.direction * d.amount ELSE 0 END"
    ),
    "access_token": "",
}
_MOVE_LINE = STAMPS | {
    "move_id": "d.move_id",
    "move_name": "'BENCH/' || d.move_id",
    "date": "d.day",
    "invoice_date": "d.day",
    "partner_id": "d.partner_id",
}
PRODUCT_LINE = _MOVE_LINE | {
    "id": "d.product_line_id",
    "quantity": "round(d.amount / 10, 2)",
    "price_unit": "10",
    "price_subtotal": "d.amount",
    "price_total": "d.amount",
    "balance": "-d.direction * d.amount",
    "amount_currency": "-d.direction * d.amount",
    "debit": "greatest(0, -d.direction * d.amount)",
    "credit": "greatest(0, d.direction * d.amount)",
}
_OPEN = "CASE WHEN p.invoice_id IS NULL THEN d.direction * d.amount ELSE 0 END"
RECEIVABLE = _MOVE_LINE | {
    "id": "d.receivable_id",
    "name": "",
    "date_maturity": "d.due",
    "balance": "d.direction * d.amount",
    "amount_currency": "d.direction * d.amount",
    "debit": "greatest(0, d.direction * d.amount)",
    "credit": "greatest(0, -d.direction * d.amount)",
    "amount_residual": _OPEN,
    "amount_residual_currency": _OPEN,
    "reconciled": "p.invoice_id IS NOT NULL",
}
_WITH_PAYMENT = SQL("made_document d LEFT JOIN made_payment p ON p.invoice_id = d.move_id")

BANK_MOVE = STAMPS | {
    "id": "d.move_id",
    "name": "'BENCHPAY/' || d.move_id",
    "sequence_prefix": "'BENCHPAY/'",
    "sequence_number": "d.move_id",
    "date": "d.paid",
    "partner_id": "",
    "commercial_partner_id": "",
}
_BANK_LINE = STAMPS | {
    "move_id": "d.move_id",
    "move_name": "'BENCHPAY/' || d.move_id",
    "date": "d.paid",
    "amount_residual": "0",
    "amount_residual_currency": "0",
}
BANK_DEBIT = _BANK_LINE | {
    "id": "nextval('account_move_line_id_seq')",
    "partner_id": "",
    "balance": "d.amount",
    "amount_currency": "d.amount",
    "debit": "d.amount",
    "credit": "0",
}
BANK_CREDIT = _BANK_LINE | {
    "id": "d.line_id",
    "partner_id": "d.partner_id",
    "balance": "-d.amount",
    "amount_currency": "-d.amount",
    "debit": "0",
    "credit": "d.amount",
    "reconciled": "TRUE",
}

RECONCILE = """
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, company_id, debit_currency_id, credit_currency_id, amount,
        debit_amount_currency, credit_amount_currency, max_date, create_date, write_date)
    SELECT p.receivable_id, p.line_id, %(company)s, %(currency)s, %(currency)s, p.amount, p.amount,
           p.amount, greatest(p.paid, d.day), now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM made_payment p JOIN made_document d ON d.move_id = p.invoice_id
"""
LINK = """
    INSERT INTO sale_order_line_invoice_rel (order_line_id, invoice_line_id)
    SELECT order_line_id, product_line_id FROM made_document WHERE order_id IS NOT NULL
"""
SEGMENTS = """
    INSERT INTO customer_segment_assignment (
        partner_id, company_id, segment_id, dimension_id, exclusive, origin, pinned, date_from,
        create_date, write_date)
    SELECT partner_id, %(company)s, CASE WHEN i %% 3 = 0 THEN %(first)s ELSE %(second)s END,
           %(dimension)s, TRUE, 'manual', TRUE, %(day)s, now() AT TIME ZONE 'UTC',
           now() AT TIME ZONE 'UTC'
      FROM made_customer WHERE i %% 5 < 4
"""


def make_company(env, name, customers):
    """Make a company with so many customers and their documents; return it, committed."""
    with measured(f"{name}: {customers:,} customers and their documents", env, echo=False) as step:
        company = env["res.company"].create({"name": name})
        env.user.company_ids = [Command.link(company.id)]
        env = env(context=dict(env.context, allowed_company_ids=company.ids, tracking_disable=True))
        company = company.with_env(env)
        prototypes = _prototypes(env, company)
        _stage(env, customers)
        _insert(env, company, prototypes)
        _assign_segments(env, company)
        for table in ("customer", "document", "payment"):
            env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(f"made_{table}")))
        env.invalidate_all()
        env.cr.commit()
    say(str(step))
    return company


def _stage(env, customers):
    """Throw the dice: customers, documents and payments in temporary tables."""
    env.cr.execute("SELECT setseed(0.42)")
    env.cr.execute(CUSTOMERS, [customers])
    env.cr.execute(SQL(DOCUMENTS, first=FIRST_DAY, days=DAYS))
    env.cr.execute(SQL(PAYMENTS, until=date.fromordinal(FIRST_DAY.toordinal() + DAYS)))
    for table in ("made_customer", "made_document", "made_payment"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def _insert(env, company, prototypes):
    """Write all rows of all tables."""
    per_day = SQL("(SELECT move_id, paid, sum(amount) AS amount FROM made_payment GROUP BY 1, 2) d")
    orders = SQL("made_document d WHERE d.order_id IS NOT NULL")
    partner = STAMPS | {
        "id": "d.partner_id",
        "commercial_partner_id": "d.partner_id",
        "name": "'Bench customer ' || d.i",
        "complete_name": "'Bench customer ' || d.i",
        "customer_collision_note": "NULL",
    }
    for table, kind, values, source in (
        ("res_partner", "partner", partner, SQL("made_customer d")),
        ("sale_order", "order", ORDER, orders),
        ("sale_order_line", "order_line", ORDER_LINE, orders),
        ("account_move", "move", MOVE, _WITH_PAYMENT),
        ("account_move_line", "product", PRODUCT_LINE, _DOCUMENT),
        ("account_move_line", "receivable", RECEIVABLE, _WITH_PAYMENT),
        ("account_move", "bank", BANK_MOVE, per_day),
        ("account_move_line", "bank_debit", BANK_DEBIT, per_day),
        ("account_move_line", "bank_credit", BANK_CREDIT, SQL("made_payment d")),
    ):
        env.cr.execute(insert_like(table, prototypes[kind], values, source))
        say(f"  {env.cr.rowcount:,} rows of {table} ({kind})")
    env.cr.execute(SQL(RECONCILE, company=company.id, currency=company.currency_id.id))
    env.cr.execute(SQL(LINK))


def _assign_segments(env, company):
    """Give four of five customers a nature."""
    dimension = env.ref("customer_governance.segment_dimension_nature", raise_if_not_found=False)
    segments = dimension and dimension.segment_ids[:2]
    if segments and len(segments) == 2:
        first, second = segments.ids
        env.cr.execute(
            SQL(
                SEGMENTS,
                company=company.id,
                first=first,
                second=second,
                dimension=dimension.id,
                day=FIRST_DAY,
            )
        )
    return segments


def make_ledger(env, company):
    """Make accounts and journals: income, receivable, bank; sales and general."""
    accounts = {
        kind: env["account.account"].create(
            {
                "name": kind,
                "code": code,
                "account_type": kind,
                "reconcile": kind == "asset_receivable",
                "company_ids": [Command.set(company.ids)],
            }
        )
        for code, kind in (
            ("400000", "income"), ("120000", "asset_receivable"), ("100000", "asset_cash"),
        )
    }  # fmt: skip
    journals = {
        kind: env["account.journal"].create(
            {
                "name": f"Bench {kind}",
                "code": kind[:3].upper(),
                "type": kind,
                "company_id": company.id,
                "default_account_id": accounts["income"].id if kind == "sale" else False,
            }
        )
        for kind in ("sale", "general")
    }
    return accounts, journals


def _prototypes(env, company):
    """Make one document of each kind through the ORM, read the rows and roll back."""
    accounts, journals = make_ledger(env, company)
    product = env["product.product"].create(
        {"name": "Bench product", "type": "service", "invoice_policy": "order", "taxes_id": False}
    )
    env.flush_all()
    with env.cr.savepoint() as savepoint:
        partner = env["res.partner"].create(
            {
                "name": "Bench customer",
                "is_company": True,
                "customer_rank": 1,
                "company_id": company.id,
                "property_account_receivable_id": accounts["asset_receivable"].id,
            }
        )
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "user_id": False,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "price_unit": 10,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.write({"state": "sale", "date_order": f"{FIRST_DAY} 10:00:00"})
        order.order_line.qty_delivered = 1
        move = order.with_context(default_journal_id=journals["sale"].id)._create_invoices()
        move.write({"invoice_date": FIRST_DAY, "date": FIRST_DAY, "invoice_user_id": False})
        move.invoice_line_ids.account_id = accounts["income"]
        move.action_post()
        bank = env["account.move"].create(
            {
                "journal_id": journals["general"].id,
                "company_id": company.id,
                "date": FIRST_DAY,
                "line_ids": [
                    Command.create({"account_id": accounts["asset_cash"].id, "debit": 10}),
                    Command.create(
                        {
                            "account_id": accounts["asset_receivable"].id,
                            "credit": 10,
                            "partner_id": partner.id,
                        }
                    ),
                ],
            }
        )
        bank.action_post()
        env.flush_all()
        lines = move.line_ids.grouped("display_type")
        records = {
            "partner": partner,
            "order": order,
            "order_line": order.order_line,
            "move": move,
            "product": lines["product"],
            "receivable": lines["payment_term"],
            "bank": bank,
            "bank_debit": bank.line_ids.filtered("debit"),
            "bank_credit": bank.line_ids.filtered("credit"),
        }
        rows = {kind: _row(env, record) for kind, record in records.items()}
        savepoint.rollback()
    # posting asks to raise the rank of a customer that is gone now
    env.cr.postcommit.clear()
    env.invalidate_all(flush=False)
    return rows


def _row(env, record):
    """Return the database row of one record, {column: value}."""
    env.cr.execute(SQL("SELECT * FROM %s WHERE id = %s", SQL.identifier(record._table), record.id))
    row = env.cr.dictfetchone()
    return {
        column: Json(value) if isinstance(value, (dict, list)) else value
        for column, value in row.items()
    }
