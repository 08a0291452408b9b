"""Measures from what is known of a customer: how satisfied it is, and of which nature."""

from odoo.tools import SQL

from .measures import MeasureContext, local_dates, partners_in


def satisfaction(ctx: MeasureContext) -> SQL:
    """Average of the ratings the customer's contacts gave in the period, 1..5.

    A rating has no company: it counts for the company of the rated employee's user, or, where no
    employee is rated, for every company that may see the customer.
    Data: customers with an answered rating of at least 1 in the period.
    """
    return SQL(
        """
        SELECT p.commercial_partner_id AS partner_id, round(avg(r.rating)::numeric, 6) AS value
          FROM (SELECT rating.*, COALESCE(rating.rated_on, rating.write_date) AS answered
                  FROM rating_rating rating) r
          JOIN res_partner p ON p.id = r.partner_id
         WHERE r.consumed AND r.rating >= 1 AND %(dates)s AND %(partners)s
               AND CASE WHEN r.rated_partner_id IN (SELECT partner_id FROM res_users)
                        THEN EXISTS (SELECT 1 FROM res_users u
                                      WHERE u.partner_id = r.rated_partner_id
                                            AND u.company_id = %(company)s)
                        ELSE p.company_id IS NULL OR p.company_id = %(company)s END
      GROUP BY p.commercial_partner_id
        """,
        dates=local_dates(ctx, "r.answered"),
        partners=partners_in(ctx, "p.commercial_partner_id"),
        company=ctx.company_id,
    )


def satisfaction_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Answered ratings of the period."""
    start, end = ctx.utc_bounds()
    return "rating.rating", [
        ("partner_id.commercial_partner_id", "=", partner_id),
        ("consumed", "=", True),
        ("rating", ">=", 1),
        "|",
        "&",
        ("rated_on", ">=", start),
        ("rated_on", "<", end),
        "&",
        ("rated_on", "=", False),
        "&",
        ("write_date", ">=", start),
        ("write_date", "<", end),
    ]


def nature(ctx: MeasureContext) -> SQL:
    """Segment (its id) among those the indicator's options follow, the first option's first.

    It is the assignment of today, also in a review of a past period.
    Data: customers with an assignment to one of these segments.
    """
    return SQL(
        """
        SELECT DISTINCT ON (s.partner_id) s.partner_id, s.segment_id::numeric AS value
          FROM customer_segment_assignment s
         WHERE s.company_id = %(company)s AND s.segment_id = ANY(%(segments)s) AND %(partners)s
      ORDER BY s.partner_id, array_position(%(segments)s::int[], s.segment_id)
        """,
        company=ctx.company_id,
        segments=list(ctx.segment_ids),
        partners=partners_in(ctx, "s.partner_id"),
    )


def nature_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Assignments to these segments."""
    return "customer.segment.assignment", [
        ("partner_id", "=", partner_id),
        ("company_id", "=", ctx.company_id),
        ("segment_id", "in", list(ctx.segment_ids)),
    ]
