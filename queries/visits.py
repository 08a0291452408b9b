"""Visits in the figures of customers."""

from odoo.tools import SQL

from .metrics import MetricsContext, Part


def metrics(ctx: MetricsContext) -> Part:
    """Last visit held and visits of the last 12 months, up to today."""
    select = SQL(
        """
        SELECT v.partner_id,
               MAX(v.done_date) AS last_visit_date,
               COUNT(*) FILTER (WHERE v.done_date >= %(low)s) AS visit_count_12m
          FROM customer_visit v
         WHERE v.state = 'done'
           AND v.company_id = %(company)s
           AND v.done_date <= %(today)s
           %(only)s
         GROUP BY v.partner_id
        """,
        low=ctx.year.date_from,
        company=ctx.company_id,
        today=ctx.today,
        only=ctx.only(SQL("v.partner_id")),
    )
    return Part(("last_visit_date", "visit_count_12m"), select, frozenset(("visit_count_12m",)))
