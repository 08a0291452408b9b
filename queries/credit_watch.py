"""Customers to keep an eye on, found at the moment of the question (no job)."""

from dataclasses import dataclass
from datetime import timedelta

from odoo.tools import SQL

from . import measures_payment
from .credit_exposure import ExposureContext, exposures
from .credit_securities import secured_amounts
from .measures import MeasureContext

# Part of a row's id that is left for the kinds: id = (company, partner) * MAX_KINDS + kind.
MAX_KINDS = 16
PARTNERS = 100_000_000
WORSE_WINDOW = 90


@dataclass(frozen=True)
class WatchContext:
    """Borders of one company; ``near`` is a percentage of limit and security.

    ``secured`` selects (partner_id, amount) of the securities.
    """

    exposure: ExposureContext
    secured: SQL
    near: float
    assess_days: int
    worse_days: int
    tz: str = "UTC"


def watched(contexts: list[WatchContext]) -> SQL:
    """Select id, partner_id, company_id, user_id, kind, figure, since of all companies."""
    if not contexts:
        return SQL(
            """
            SELECT NULL::bigint AS id, NULL::integer AS partner_id, NULL::integer AS company_id,
                   NULL::integer AS user_id, NULL::varchar AS kind, NULL::numeric AS figure,
                   NULL::date AS since
             WHERE FALSE
            """
        )
    return SQL(" UNION ALL ").join(_company(ctx) for ctx in contexts)


def kinds(rows: SQL) -> SQL:
    """Select partner_id, kind of the rows that `watched` selects."""
    return SQL("SELECT partner_id, kind FROM (%s) w", rows)


def _company(ctx: WatchContext) -> SQL:
    company, today = ctx.exposure.company_id, ctx.exposure.today
    soon = today + timedelta(days=ctx.assess_days)
    return SQL(
        """
        SELECT (%(company)s::bigint * %(partners)s + w.partner_id) * %(kinds)s + w.place AS id,
               w.partner_id, %(company)s AS company_id, p.user_id, w.kind, w.figure, w.since
          FROM (
            WITH e AS (%(exposure)s)
            SELECT e.id AS partner_id, 1 AS place, 'on_hold' AS kind, NULL::numeric AS figure,
                   NULL::date AS since
              FROM e WHERE e.is_blocked
             UNION ALL
            SELECT e.id, 2, CASE WHEN e.used > e.cover THEN 'over_limit' ELSE 'near_limit' END,
                   round(100 * e.used / NULLIF(e.cover, 0), 2), NULL
              FROM e
             WHERE NOT e.unlimited AND e.used > 0 AND e.used >= e.cover * %(near)s / 100.0
             UNION ALL
            SELECT e.id, 3, CASE WHEN e.valid_until < %(today)s THEN 'expired' ELSE 'expiring' END,
                   e.valid_until - %(today)s::date, e.valid_until
              FROM e WHERE e.valid_until <= %(soon)s
             UNION ALL
            SELECT n.partner_id, 4, 'worse', round(n.value - b.value, 2), NULL
              FROM (%(now)s) n JOIN (%(before)s) b ON b.partner_id = n.partner_id
             WHERE n.value - b.value >= %(worse)s
          ) w
          JOIN res_partner p ON p.id = w.partner_id AND p.active
        """,
        company=company,
        partners=PARTNERS,
        kinds=MAX_KINDS,
        near=ctx.near,
        today=today,
        soon=soon,
        worse=ctx.worse_days,
        exposure=_figures(ctx),
        now=measures_payment.days_late_paid(_window(ctx, 0)),
        before=measures_payment.days_late_paid(_window(ctx, WORSE_WINDOW)),
    )


def _window(ctx: WatchContext, back: int) -> MeasureContext:
    end = ctx.exposure.today - timedelta(days=back)
    return MeasureContext(
        company_id=ctx.exposure.company_id,
        date_from=end - timedelta(days=WORSE_WINDOW - 1),
        date_to=end,
        tz=ctx.tz,
    )


def _figures(ctx: WatchContext) -> SQL:
    """The columns of the exposure the watch list needs, by name; ``cover`` is limit and security."""
    return SQL(
        """
        SELECT x.id, x.not_due + x.o1 + x.o2 + x.o3 + x.o4 + x.credits + x.drafts + x.orders
                   AS used, x.limit_amount + COALESCE(s.amount, 0) AS cover, x.unlimited,
               x.valid_until, x.is_blocked
          FROM (%s) x(id, not_due, o1, o2, o3, o4, overdue_days, credits, drafts, orders,
                      limit_amount, unlimited, limit_id, grade_id, valid_until, is_blocked,
                      action, grace_days, prepayment_only, limit_origin)
     LEFT JOIN (%s) s ON s.partner_id = x.id
        """,
        exposures(ctx.exposure),
        secured_amounts(ctx.secured),
    )
