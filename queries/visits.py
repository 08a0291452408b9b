"""Visits in the figures of customers."""

from odoo.tools import SQL

from .metrics import MetricsContext, Part
from .tier_breaches import CUSTOMER


def metrics(ctx: MetricsContext) -> Part:
    """Last visit held and visits of the last 12 months, up to today."""
    select = SQL(
        """
        SELECT v.partner_id,
               MAX(v.done_date) AS last_visit_date,
               COUNT(*) FILTER (WHERE v.done_date >= %(low)s) AS visit_count_12m
          FROM customer_visit v
         WHERE v.state = 'done'
           AND v.no_contact IS NOT TRUE
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


def contacts(ctx: MetricsContext) -> SQL:
    """(partner_id, instant) of the visits at which somebody was met: noon of their day."""
    return SQL(
        """
        SELECT v.partner_id,
               (v.done_date + time '12:00') AT TIME ZONE %(tz)s AT TIME ZONE 'UTC' AS date
          FROM customer_visit v
         WHERE v.state = 'done'
           AND v.no_contact IS NOT TRUE
           AND v.company_id = %(company)s
           AND v.done_date <= %(today)s
           %(only)s
        """,
        tz=ctx.tz,
        company=ctx.company_id,
        today=ctx.today,
        only=ctx.only(SQL("v.partner_id")),
    )


def visit_overdue() -> SQL:
    """A part of `tier_breaches`: the last visit, or without one the day the customer came into the
    tier, is more than the interval ago. Looked up when asked: a visit reported now pays now.
    """
    return SQL(
        """
        SELECT %s, CASE WHEN d.is_held THEN 'visit_overdue' ELSE 'never_visited' END AS kind,
               d.since, g.today - d.since - g.visit_interval_days AS days_over
          FROM graded g
         CROSS JOIN LATERAL (
               SELECT MAX(v.done_date) IS NOT NULL AS is_held,
                      COALESCE(MAX(v.done_date), g.tier_since) AS since
                 FROM customer_visit v
                WHERE v.partner_id = g.partner_id
                  AND v.company_id = g.company_id
                  AND v.state = 'done'
                  AND v.no_contact IS NOT TRUE
                  AND v.done_date <= g.today
               ) d
         WHERE g.visit_interval_days > 0
           AND g.today - d.since > g.visit_interval_days
        """,
        CUSTOMER,
    )
