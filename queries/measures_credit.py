"""Measures of the credit assessment that the receivables give."""

from odoo.tools import SQL

from .measures import MeasureContext, partners_in, value_ratio
from .measures_sales import invoices


def overdue_share(ctx: MeasureContext) -> SQL:
    """Overdue amount / open receivable on the last day of the period, 0..1.

    Items and settlements up to that day: later payments do not change a closed period. Data:
    customers with sales in the period or something open at its end; nothing open is 0.
    """
    return SQL(
        """
        WITH items AS (
            SELECT rp.commercial_partner_id AS partner_id,
                   COALESCE(l.date_maturity, l.date) AS due,
                   l.balance - COALESCE(r.settled, 0) AS amount
              FROM account_move_line l
              JOIN account_account a
                ON a.id = l.account_id AND a.account_type = 'asset_receivable'
              JOIN res_partner rp ON rp.id = l.partner_id
         LEFT JOIN (SELECT debit_move_id, sum(amount) AS settled
                      FROM account_partial_reconcile
                     WHERE max_date <= %(end)s
                  GROUP BY debit_move_id) r ON r.debit_move_id = l.id
             WHERE l.company_id = %(company)s AND l.parent_state = 'posted' AND l.balance > 0
                   AND l.date <= %(end)s AND %(partners)s
        ), whole AS (
            SELECT partner_id, sum(amount) AS amount,
                   COALESCE(sum(amount) FILTER (WHERE due < %(end)s), 0) AS overdue
              FROM items WHERE amount > 0 GROUP BY partner_id
        ), buyers AS (
            SELECT DISTINCT m.commercial_partner_id AS partner_id
              FROM account_move m
             WHERE %(invoices)s AND m.invoice_date BETWEEN %(start)s AND %(end)s AND %(buyers)s
        )
        SELECT partner_id, %(value)s AS value FROM whole
         UNION ALL
        SELECT partner_id, 0 FROM buyers
         WHERE partner_id NOT IN (SELECT partner_id FROM whole)
        """,
        company=ctx.company_id,
        start=ctx.date_from,
        end=ctx.date_to,
        partners=partners_in(ctx, "rp.commercial_partner_id"),
        invoices=invoices(ctx),
        buyers=partners_in(ctx, "m.commercial_partner_id"),
        value=value_ratio(SQL("overdue"), SQL("amount")),
    )


def overdue_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Receivable items up to the end of the period."""
    return "account.move.line", [
        ("partner_id.commercial_partner_id", "=", partner_id),
        ("company_id", "=", ctx.company_id),
        ("parent_state", "=", "posted"),
        ("account_id.account_type", "=", "asset_receivable"),
        ("balance", ">", 0),
        ("date", "<=", ctx.date_to),
    ]
