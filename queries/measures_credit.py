"""Measures of the credit assessment that the receivables give."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from odoo.tools import SQL

from .companies import family
from .credit_exposure import Exposure, ExposureContext, exposures
from .credit_securities import secured_amounts
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
             WHERE l.company_id = ANY(%(company)s) AND l.parent_state = 'posted' AND l.balance > 0
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
        company=family(ctx.company_id),
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
        ("company_id", "child_of", ctx.company_id),
        ("parent_state", "=", "posted"),
        ("account_id.account_type", "=", "asset_receivable"),
        ("balance", ">", 0),
        ("date", "<=", ctx.date_to),
    ]


def exposure_use(ctx: MeasureContext, securities: Callable[[int, date], SQL]) -> SQL:
    """Exposure / (limit in force + securities), as they are today; 0..n.

    Exposure is that of the credit check: open items less credits, draft invoices and orders not
    yet invoiced. The limit is the entry of the journal that counts today, without one Odoo's own
    ``credit_limit`` or the company's default of it. A credit balance uses nothing.
    Data: customers with a limit above zero (Odoo's 0 is "no limit set"), not unlimited ones.

    :param securities: gives the select of (partner_id, amount) of a company on a day
    """
    today = datetime.now(ZoneInfo(ctx.tz)).date()
    context = ExposureContext(
        company_id=ctx.company_id,
        today=today,
        native=True,
        default_limit=_default_limit(ctx),
    )
    return SQL(
        """
        SELECT e.partner_id, %(value)s AS value
          FROM (%(exposures)s) AS e(%(columns)s)
     LEFT JOIN (%(secured)s) s ON s.partner_id = e.partner_id
         WHERE e.limit_amount > 0 AND NOT e.unlimited
        """,
        value=value_ratio(
            SQL(
                """greatest(e.not_due + e.overdue_1 + e.overdue_2 + e.overdue_3 + e.overdue_4
                            + e.credits + e.drafts + e.orders, 0)"""
            ),
            SQL("e.limit_amount + COALESCE(s.amount, 0)"),
        ),
        exposures=exposures(context, ctx.partners),
        secured=secured_amounts(securities(ctx.company_id, today)),
        columns=SQL(", ").join(map(SQL.identifier, Exposure._fields)),
    )


def _default_limit(ctx: MeasureContext) -> SQL:
    """Credit limit of customers that have none of their own: the default set in the settings."""
    return SQL(
        """
        (SELECT d.json_value::numeric
           FROM ir_default d
           JOIN ir_model_fields f ON f.id = d.field_id
          WHERE f.model = 'res.partner' AND f.name = 'credit_limit'
                AND d.user_id IS NULL AND d.condition IS NULL
                AND (d.company_id = %s OR d.company_id IS NULL)
       ORDER BY d.company_id NULLS LAST LIMIT 1)
        """,
        ctx.company_id,
    )


def exposure_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Open receivable entries of today."""
    return "account.move.line", [
        ("partner_id.commercial_partner_id", "=", partner_id),
        ("company_id", "child_of", ctx.company_id),
        ("parent_state", "=", "posted"),
        ("account_id.account_type", "=", "asset_receivable"),
        ("reconciled", "=", False),
    ]
