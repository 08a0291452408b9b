"""Measures from what is known of a customer: how satisfied it is, and of which nature."""

from odoo.tools import SQL

from .measures import MeasureContext, local_dates, partners_in
from .satisfaction import visit_domain


def satisfaction(ctx: MeasureContext, sources) -> SQL:
    """Average of what the customer answered in the period, 1..5: ratings, visits, call-backs,
    surveys.

    Data: customers with an answer in the period.

    :param sources: function context -> selects of answers (see :mod:`.satisfaction`)
    """
    return SQL(
        """
        SELECT a.partner_id, round(avg(a.value), 6) AS value
          FROM (%(answers)s) a
         WHERE %(dates)s
      GROUP BY a.partner_id
        """,
        answers=SQL(" UNION ALL ").join(sources(ctx)),
        dates=local_dates(ctx, "a.at"),
    )


def satisfaction_sources(ctx: MeasureContext, partner_id: int) -> list[tuple[str, list]]:
    """Visits, ratings and surveys of the period."""
    start, end = ctx.utc_bounds()
    ours = ("partner_id.commercial_partner_id", "=", partner_id)
    visits = [ours, ("company_id", "child_of", ctx.company_id)]
    return [
        ("customer.visit", [*visits, *visit_domain(ctx.date_from, ctx.date_to)]),
        (
            "rating.rating",
            [
                ours,
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
            ],
        ),
        (
            "survey.user_input",
            [
                ours,
                ("survey_id.customer_satisfaction", "=", True),
                ("state", "=", "done"),
                ("end_datetime", ">=", start),
                ("end_datetime", "<", end),
            ],
        ),
    ]


def nature(ctx: MeasureContext) -> SQL:
    """Segment (its id) among those the indicator's options follow, the first option's first.

    As it was on the last day of the period. Of a customer that was classified for the first time
    later, the first classification counts: nothing else is known of it.
    Data: customers with an assignment to one of these segments.
    """
    return SQL(
        """
        SELECT DISTINCT ON (s.partner_id) s.partner_id, s.segment_id::numeric AS value
          FROM (SELECT a.partner_id, a.segment_id, a.date_from, a.date_from <= %(end)s AS covers
                  FROM customer_segment_assignment a
                 WHERE a.company_id = %(company)s AND a.segment_id = ANY(%(segments)s)
                   AND %(partners)s
                 UNION ALL
                SELECT p.partner_id, p.segment_id, p.date_from,
                       p.date_from <= %(end)s AND p.date_to >= %(end)s
                  FROM customer_segment_past p
                 WHERE p.company_id = %(company)s AND p.segment_id = ANY(%(segments)s)
                   AND p.date_to >= %(end)s AND %(past_partners)s) s
         WHERE s.covers
            OR NOT EXISTS (SELECT 1 FROM customer_segment_past o
                            WHERE o.partner_id = s.partner_id AND o.company_id = %(company)s
                              AND o.segment_id = ANY(%(segments)s) AND o.date_from <= %(end)s)
      ORDER BY s.partner_id, s.covers DESC, CASE WHEN NOT s.covers THEN s.date_from END,
               array_position(%(segments)s::int[], s.segment_id)
        """,
        company=ctx.company_id,
        end=SQL("%s::date", ctx.date_to),
        segments=list(ctx.segment_ids),
        partners=partners_in(ctx, "a.partner_id"),
        past_partners=partners_in(ctx, "p.partner_id"),
    )


def nature_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Assignments to these segments."""
    return "customer.segment.assignment", [
        ("partner_id", "=", partner_id),
        ("company_id", "=", ctx.company_id),
        ("segment_id", "in", list(ctx.segment_ids)),
    ]
