"""Measures of the reviews that the archive gives."""

from odoo.tools import SQL

from .measures import MeasureContext, partners_in, value_ratio


def archive_completeness(ctx: MeasureContext) -> SQL:
    """Required documents that are there / required documents, 0..1, as they stand today.

    Dossiers opened up to the last day of the period, not disposed of. Data: customers whose
    dossiers have a checklist.
    """
    return SQL(
        """
        SELECT a.partner_id, %(value)s AS value
          FROM customer_archive a
         WHERE a.company_id = %(company)s AND a.date_opened <= %(end)s AND a.state != 'disposed'
               AND %(partners)s
         GROUP BY a.partner_id
        HAVING SUM(a.required_count) > 0
        """,
        company=ctx.company_id,
        end=ctx.date_to,
        partners=partners_in(ctx, "a.partner_id"),
        value=value_ratio(
            SQL("SUM(a.required_count - a.missing_count)"), SQL("SUM(a.required_count)")
        ),
    )


def archive_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """The dossiers behind it."""
    return "customer.archive", [
        ("partner_id", "=", partner_id),
        ("company_id", "=", ctx.company_id),
        ("date_opened", "<=", ctx.date_to),
        ("state", "!=", "disposed"),
        ("required_count", ">", 0),
    ]
