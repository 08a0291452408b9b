"""Measures from receivables: how punctually a customer pays, and how much credit it uses."""

from odoo.tools import SQL

from .companies import family
from .measures import MeasureContext, partners_in, value_ratio
from .measures_sales import invoices


def _invoices_due(ctx: MeasureContext) -> SQL:
    """Invoices due or overdue in the period: (partner_id, move_id, days_late, settled).

    An instalment of a posted invoice counts when it fell due in the period, or before it and was
    still open on its first day. It is late from the day after its due date until the day it was
    settled in full (by payment, credit note or other entry) or, where it is still open, until the
    last day of the period; ``days_late`` is that of the worst instalment, 0 for one paid in time.
    Later payments do not change that, so a closed period keeps its figures.
    """
    return SQL(
        """
        SELECT i.partner_id, i.move_id,
               max(CASE WHEN i.settled <= i.due THEN 0
                        ELSE LEAST(COALESCE(i.settled, %(end)s), %(end)s) - i.due END) AS days_late,
               CASE WHEN NOT bool_or(i.settled IS NULL) THEN max(i.settled) END AS settled
          FROM (SELECT m.commercial_partner_id AS partner_id, m.id AS move_id,
                       COALESCE(l.date_maturity, m.invoice_date) AS due,
                       CASE WHEN l.reconciled THEN COALESCE(r.settled, %(start)s - 1) END AS settled
                  FROM account_move m
                  JOIN account_move_line l ON l.move_id = m.id AND l.balance > 0
                  JOIN account_account a
                    ON a.id = l.account_id AND a.account_type = 'asset_receivable'
             LEFT JOIN (SELECT debit_move_id, max(max_date) AS settled
                          FROM account_partial_reconcile
                         WHERE max_date >= %(start)s
                      GROUP BY debit_move_id) r ON r.debit_move_id = l.id
                 WHERE %(invoices)s AND m.move_type = 'out_invoice' AND %(partners)s) i
         WHERE i.due <= %(end)s
               AND (i.due >= %(start)s OR i.settled IS NULL OR i.settled >= %(start)s)
      GROUP BY i.partner_id, i.move_id
        """,
        start=SQL("%s::date", ctx.date_from),
        end=SQL("%s::date", ctx.date_to),
        invoices=invoices(ctx),
        partners=partners_in(ctx, "m.commercial_partner_id"),
    )


def arrears_count(ctx: MeasureContext) -> SQL:
    """Number of invoices that were overdue on a day of the period, paid late since or not.

    Data: customers with an invoice that was due or overdue in the period (:func:`_invoices_due`).
    """
    return SQL(
        """
        SELECT partner_id, (count(*) FILTER (WHERE days_late > 0))::numeric AS value
          FROM (%s) d GROUP BY partner_id
        """,
        _invoices_due(ctx),
    )


def days_late(ctx: MeasureContext) -> SQL:
    """Average days late of the invoices due or overdue in the period; 0 for one paid in time.

    Data: as :func:`arrears_count`.
    """
    return SQL(
        """
        SELECT partner_id, round(avg(days_late), 6) AS value
          FROM (%s) d GROUP BY partner_id
        """,
        _invoices_due(ctx),
    )


def days_late_paid(ctx: MeasureContext) -> SQL:
    """Average days late of the invoices that were paid in full in the period.

    What nobody pays any more grows older each day: that is a matter of collection, not news of how
    a customer pays.
    """
    return SQL(
        """
        SELECT partner_id, round(avg(days_late), 6) AS value
          FROM (%s) d
         WHERE settled BETWEEN %s AND %s
      GROUP BY partner_id
        """,
        _invoices_due(ctx),
        ctx.date_from,
        ctx.date_to,
    )


def due_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Posted invoices with an instalment due up to the end of the period, not settled before it.

    An instalment settled before the period began is left out where its due date shows it.
    """
    return "account.move.line", [
        ("move_id.commercial_partner_id", "=", partner_id),
        ("move_id.move_type", "=", "out_invoice"),
        ("parent_state", "=", "posted"),
        ("company_id", "child_of", ctx.company_id),
        ("account_id.account_type", "=", "asset_receivable"),
        ("balance", ">", 0),
        ("date_maturity", "<=", ctx.date_to),
        "|",
        ("date_maturity", ">=", ctx.date_from),
        "|",
        ("reconciled", "=", False),
        ("matched_credit_ids.max_date", ">=", ctx.date_from),
    ]


def days_sales_outstanding(ctx: MeasureContext) -> SQL:
    """Receivable on the last day / sales of the period incl. tax x days of the period.

    A credit balance counts as no receivable. Data: customers whose sales of the period are above
    zero.
    """
    return SQL(
        """
        SELECT s.partner_id, %(value)s AS value
          FROM (SELECT m.commercial_partner_id AS partner_id, sum(m.amount_total_signed) AS amount
                  FROM account_move m
                 WHERE %(invoices)s AND m.invoice_date BETWEEN %(start)s AND %(end)s
                       AND %(partners)s
              GROUP BY m.commercial_partner_id) s
     LEFT JOIN (SELECT p.commercial_partner_id AS partner_id, sum(l.balance) AS amount
                  FROM account_move_line l
                  JOIN account_account a
                    ON a.id = l.account_id AND a.account_type = 'asset_receivable'
                  JOIN res_partner p ON p.id = l.partner_id
                 WHERE l.company_id = ANY(%(company)s) AND l.parent_state = 'posted'
                       AND l.date <= %(end)s
              GROUP BY p.commercial_partner_id) r ON r.partner_id = s.partner_id
         WHERE s.amount > 0
        """,
        value=value_ratio(
            SQL("greatest(COALESCE(r.amount, 0), 0) * %s", (ctx.date_to - ctx.date_from).days + 1),
            SQL("s.amount"),
        ),
        invoices=invoices(ctx),
        start=ctx.date_from,
        end=ctx.date_to,
        company=family(ctx.company_id),
        partners=partners_in(ctx, "m.commercial_partner_id"),
    )


def receivable_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Receivable entries up to the end of the period."""
    return "account.move.line", [
        ("partner_id.commercial_partner_id", "=", partner_id),
        ("company_id", "child_of", ctx.company_id),
        ("parent_state", "=", "posted"),
        ("account_id.account_type", "=", "asset_receivable"),
        ("date", "<=", ctx.date_to),
    ]
