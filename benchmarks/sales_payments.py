"""Payments of the loaded sales: each invoice and credit note is settled on its own day.

The file knows no payments. Who wants measures of payment to show a company without arrears takes
these: a payment in the bank journal, its booking and the reconciliation, as Odoo's own wizard
makes them, by one INSERT for each table.
"""

from odoo.tools import SQL

from .common import measured, say
from .sales_sql import STAMPS, insert_like


def create_payments(prefix):
    """Create `bench_payment`: one row for each document that is to be settled."""
    return SQL(
        """
        CREATE TEMP TABLE bench_payment AS
        WITH numbered AS (
            SELECT *, row_number() OVER (
                       PARTITION BY extract(year FROM at) ORDER BY at, invoice
                   ) AS pay_number
              FROM bench_document
             WHERE amount <> 0
        )
        SELECT numbered.*,
               line.id AS receivable_id,
               %(prefix)s || '/' || extract(year FROM at) || '/' AS pay_prefix,
               %(prefix)s || '/' || extract(year FROM at) || '/' || lpad(
                   pay_number::text, greatest(5, length(pay_number::text)), '0'
               ) AS pay_name,
               nextval('account_payment_id_seq')::integer AS payment_id,
               nextval('account_move_id_seq')::integer AS pay_move_id,
               nextval('account_move_line_id_seq')::integer AS bank_line_id,
               nextval('account_move_line_id_seq')::integer AS settled_line_id,
               nextval('account_full_reconcile_id_seq')::integer AS full_id
          FROM numbered
          JOIN account_move_line line
            ON line.move_id = numbered.move_id AND line.display_type = 'payment_term'
         ORDER BY at, invoice
        """,
        prefix=prefix,
    )


# Two kinds: money in for invoices, money out for credit notes.
SOURCES = {
    "in": SQL("bench_payment payment WHERE direction = 1"),
    "out": SQL("bench_payment payment WHERE direction = -1"),
}
MEMO = "coalesce(CASE WHEN direction = 1 THEN name END, invoice)"
PAYMENT_VALUES = STAMPS | {
    "id": "payment_id",
    "move_id": "pay_move_id",
    "name": "pay_name",
    "memo": MEMO,
    "date": "day",
    "partner_id": "partner_id",
    "amount": "amount",
    "amount_company_currency_signed": "total",
}
MOVE_VALUES = STAMPS | {
    "id": "pay_move_id",
    "origin_payment_id": "",
    "name": "pay_name",
    "sequence_prefix": "pay_prefix",
    "sequence_number": "pay_number",
    "ref": MEMO,
    "date": "day",
    "partner_id": "partner_id",
    "commercial_partner_id": "partner_id",
    "invoice_date_due": "day",
    "invoice_partner_display_name": (
        "(SELECT p.name FROM res_partner p WHERE p.id = payment.partner_id)"
    ),
    "amount_total": "amount",
    "amount_total_signed": "amount",
    "amount_total_in_currency_signed": "amount",
}
_LINE = STAMPS | {
    "move_id": "pay_move_id",
    "payment_id": "payment_id",
    "move_name": "pay_name",
    "ref": MEMO,
    "name": f"'Manual Payment: ' || {MEMO}",
    "date": "day",
    "date_maturity": "day",
    "partner_id": "partner_id",
}
BANK_VALUES = _LINE | {
    "id": "bank_line_id",
    "balance": "total",
    "amount_currency": "total",
    "debit": "greatest(0, total)",
    "credit": "greatest(0, -total)",
    "price_subtotal": "total",
    "price_total": "total",
    "amount_residual": "total",
    "amount_residual_currency": "total",
}
SETTLED_VALUES = _LINE | {
    "id": "settled_line_id",
    "balance": "-total",
    "amount_currency": "-total",
    "debit": "greatest(0, -total)",
    "credit": "greatest(0, total)",
    "price_subtotal": "-total",
    "price_total": "-total",
    "full_reconcile_id": "full_id",
    "matching_number": "full_id::text",
}
FULL_VALUES = STAMPS | {"id": "full_id"}
PARTIAL_VALUES = STAMPS | {
    "id": "nextval('account_partial_reconcile_id_seq')",
    "debit_move_id": "CASE WHEN direction = 1 THEN receivable_id ELSE settled_line_id END",
    "credit_move_id": "CASE WHEN direction = 1 THEN settled_line_id ELSE receivable_id END",
    "full_reconcile_id": "full_id",
    "max_date": "day",
    "amount": "amount",
    "debit_amount_currency": "amount",
    "credit_amount_currency": "amount",
}

# The two refer to each other, so one of the references is filled afterwards.
LINK_PAYMENTS = SQL(
    """
    UPDATE account_move move SET origin_payment_id = payment.payment_id
      FROM bench_payment payment WHERE move.id = payment.pay_move_id
    """
)
SETTLE_LINES = SQL(
    """
    UPDATE account_move_line line
       SET amount_residual = 0, amount_residual_currency = 0, reconciled = true,
           full_reconcile_id = payment.full_id, matching_number = payment.full_id::text
      FROM bench_payment payment WHERE line.id = payment.receivable_id
    """
)
SETTLE_MOVES = SQL(
    """
    UPDATE account_move move
       SET amount_residual = 0, amount_residual_signed = 0, payment_state = 'paid'
      FROM bench_payment payment WHERE move.id = payment.move_id
    """
)


def prototypes(env, invoice, read_row):
    """Return {("in" or "out", kind): row} of payments Odoo's wizard makes.

    invoice: a posted invoice, paid and credited here: the caller rolls back;
    read_row: function that returns the database row of a record.
    """
    credit = invoice.copy({"move_type": "out_refund", "invoice_user_id": False})
    credit.action_post()
    result = {}
    for direction, move in (("in", invoice), ("out", credit)):
        wizard = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        payment = wizard.create({})._create_payments()
        env.flush_all()
        settled = payment.move_id.line_ids.filtered("reconciled")
        rows = {
            "payment": payment,
            "move": payment.move_id,
            "bank": payment.move_id.line_ids - settled,
            "settled": settled,
            "full": settled.full_reconcile_id,
            "partial": settled.full_reconcile_id.partial_reconcile_ids,
        }
        for kind, record in rows.items():
            result[direction, kind] = read_row(env, record)
    return result


def insert(env, rows):
    """Settle every staged document; `rows` are those of `prototypes`."""
    journal = env["account.journal"].browse(rows["in", "payment"]["journal_id"])
    with measured("Payments", env):
        env.cr.execute(create_payments("P" + journal.code))
        say(f"{env.cr.rowcount:,} payments")
        for table, kind, values in (
            ("account_move", "move", MOVE_VALUES),
            ("account_payment", "payment", PAYMENT_VALUES),
            ("account_full_reconcile", "full", FULL_VALUES),
            ("account_move_line", "bank", BANK_VALUES),
            ("account_move_line", "settled", SETTLED_VALUES),
            ("account_partial_reconcile", "partial", PARTIAL_VALUES),
        ):
            for direction, source in SOURCES.items():
                env.cr.execute(insert_like(table, rows[direction, kind], values, source))
        for statement in (LINK_PAYMENTS, SETTLE_LINES, SETTLE_MOVES):
            env.cr.execute(statement)
