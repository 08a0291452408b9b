"""Measures of service providers beside the figures of their months: returned orders, volume.

A month counts in the period in which it ends.
"""

from odoo.tools import SQL

from .companies import family, in_family
from .measures import Domain, MeasureContext, local_dates, partners_in


def providers(company_id: int, date_from, date_to) -> SQL:
    """Select the ids of the providers that have a month in a period."""
    return SQL(
        "SELECT DISTINCT pp.provider_id FROM customer_provider_period pp"
        " JOIN res_partner rp ON rp.id = pp.provider_id AND rp.active"
        " WHERE %s AND pp.date_to BETWEEN %s AND %s",
        in_family(SQL("pp.company_id"), company_id),
        date_from,
        date_to,
    )


def both(first: SQL, second: SQL) -> SQL:
    """Select the ids that are in two selects."""
    return SQL("SELECT b.id FROM (%s) b(id) WHERE b.id IN (%s)", first, second)


def _months(ctx: MeasureContext) -> SQL:
    """Select the providers that have a month in the period."""
    return SQL(
        """
        SELECT DISTINCT pp.provider_id AS partner_id
          FROM customer_provider_period pp
         WHERE pp.company_id = ANY(%(company)s) AND %(partners)s
           AND pp.date_to BETWEEN %(date_from)s AND %(date_to)s
        """,
        company=family(ctx.company_id),
        partners=partners_in(ctx, "pp.provider_id"),
        date_from=ctx.date_from,
        date_to=ctx.date_to,
    )


def volume(ctx: MeasureContext) -> SQL:
    """Service volume of the months of the period. Data: one was entered or reported."""
    return SQL(
        """
        SELECT v.provider_id AS partner_id, round(SUM(v.quantity)::numeric, 6) AS value
          FROM customer_provider_volume v
         WHERE v.company_id = ANY(%(company)s) AND %(partners)s
           AND v.date_from BETWEEN %(date_from)s AND %(date_to)s
         GROUP BY v.provider_id
        """,
        company=family(ctx.company_id),
        partners=partners_in(ctx, "v.provider_id"),
        date_from=ctx.date_from,
        date_to=ctx.date_to,
    )


def returned(ctx: MeasureContext) -> SQL:
    """Orders sent back by the provider in the period. Data: it has a month in the period."""
    return SQL(
        """
        SELECT m.partner_id, round(COUNT(d.id)::numeric, 6) AS value
          FROM (%(months)s) m
          LEFT JOIN (customer_complaint_dispatch d
                     JOIN res_partner rp ON rp.id = d.provider_id)
            ON rp.commercial_partner_id = m.partner_id AND d.company_id = ANY(%(company)s)
           AND d.state = 'returned' AND %(in_period)s
         GROUP BY m.partner_id
        """,
        months=_months(ctx),
        company=family(ctx.company_id),
        in_period=local_dates(ctx, "d.returned_at"),
    )


def month_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, Domain]:
    """Return the months that the measures sum up."""
    return "customer.provider.period", [
        ("provider_id", "=", partner_id),
        ("company_id", "child_of", ctx.company_id),
        ("date_to", ">=", ctx.date_from),
        ("date_to", "<=", ctx.date_to),
    ]


def volume_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, Domain]:
    """Return the volumes that `volume` sums up."""
    return "customer.provider.volume", [
        ("provider_id", "=", partner_id),
        ("company_id", "child_of", ctx.company_id),
        ("date_from", ">=", ctx.date_from),
        ("date_from", "<=", ctx.date_to),
    ]


def returned_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, Domain]:
    """Return the orders that `returned` counts."""
    start, end = ctx.utc_bounds()
    return "customer.complaint.dispatch", [
        ("provider_id.commercial_partner_id", "=", partner_id),
        ("company_id", "child_of", ctx.company_id),
        ("state", "=", "returned"),
        ("returned_at", ">=", start),
        ("returned_at", "<", end),
    ]
