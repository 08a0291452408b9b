"""Measures and figures of complaints. Repair requests and cancelled cases are no complaints."""

from odoo.tools import SQL

from .companies import family
from .complaint_figures import IS_COMPLAINT
from .figure_rows import complaints
from .measures import Domain, MeasureContext, local_dates
from .metrics import MetricsContext, Part

_OVER = ("closed", "force_closed", "cancelled")


def _customers(ctx: MeasureContext) -> SQL:
    """Select the customers of the context: zero complaints is a figure, not the lack of one."""
    if ctx.partners is not None:
        return SQL("SELECT s.id AS partner_id FROM (%s) s(id)", ctx.partners)
    return SQL(
        "SELECT DISTINCT o.partner_id FROM ("
        " SELECT commercial_partner_id AS partner_id FROM account_move"
        " WHERE company_id = ANY(%(company)s) AND state = 'posted'"
        " AND move_type IN ('out_invoice', 'out_refund')"
        " UNION ALL SELECT partner_id FROM customer_complaint WHERE company_id = ANY(%(company)s)"
        ") o WHERE o.partner_id IS NOT NULL",
        company=family(ctx.company_id),
    )


def _counted(ctx: MeasureContext, condition: SQL) -> SQL:
    return SQL(
        """
        SELECT c.partner_id, round(COALESCE(SUM(k.complaints), 0)::numeric, 6) AS value
          FROM (%(customers)s) c
          LEFT JOIN (%(complaints)s) k
            ON k.partner_id = c.partner_id
           AND k.company_id = ANY(%(company)s)
         GROUP BY c.partner_id
        """,
        customers=_customers(ctx),
        company=family(ctx.company_id),
        complaints=complaints(condition),
    )


def complaint_count(ctx: MeasureContext) -> SQL:
    """Complaints received in the period. Every customer has data: none is zero, not unknown."""
    return _counted(ctx, local_dates(ctx, "k.received_at"))


def complaint_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, Domain]:
    """Return the complaints that `complaint_count` counts."""
    start, end = ctx.utc_bounds()
    return "customer.complaint", [
        ("partner_id", "=", partner_id),
        ("company_id", "child_of", ctx.company_id),
        "|",
        ("kind", "=", "complaint"),
        ("was_complaint", "=", True),
        ("state", "!=", "cancelled"),
        ("received_at", ">=", start),
        ("received_at", "<", end),
    ]


def open_major_count(ctx: MeasureContext) -> SQL:
    """Major complaints received by the end of the period that were not over at its end."""
    _start, end = ctx.utc_bounds()
    return _counted(
        ctx,
        SQL(
            "k.severity = 'major' AND %s AND (k.state NOT IN %s OR k.closed_at >= %s)",
            local_dates(ctx, "k.received_at", open_start=True),
            _OVER,
            end,
        ),
    )


def open_major_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, Domain]:
    """Return the complaints that `open_major_count` counts."""
    _start, end = ctx.utc_bounds()
    return "customer.complaint", [
        ("partner_id", "=", partner_id),
        ("company_id", "child_of", ctx.company_id),
        "|",
        ("kind", "=", "complaint"),
        ("was_complaint", "=", True),
        ("severity", "=", "major"),
        ("state", "!=", "cancelled"),
        ("received_at", "<", end),
        "|",
        ("state", "not in", _OVER),
        ("closed_at", ">=", end),
    ]


def metrics(ctx: MetricsContext) -> Part:
    """Open complaints, and those received in the last 12 months."""
    low, high = ctx.utc_range(ctx.year)
    select = SQL(
        """
        SELECT k.partner_id,
               COUNT(*) FILTER (WHERE k.state NOT IN %(over)s) AS open_complaint_count,
               COUNT(*) FILTER (WHERE k.received_at >= %(low)s AND k.received_at < %(high)s)
                   AS complaint_count_12m
          FROM customer_complaint k
         WHERE k.company_id = ANY(%(company)s)
           AND %(is_complaint)s
           AND k.state != 'cancelled'
           AND k.partner_id IS NOT NULL
           %(only)s
         GROUP BY k.partner_id
        """,
        over=_OVER,
        low=low,
        high=high,
        company=family(ctx.company_id),
        is_complaint=IS_COMPLAINT,
        only=ctx.only(SQL("k.partner_id")),
    )
    columns = ("open_complaint_count", "complaint_count_12m")
    return Part(columns, select, frozenset(columns))
