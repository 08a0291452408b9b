"""Applying a review: decisions into tiers and history; and reading what a what-if would change."""

from odoo.tools import SQL

from .review_plan import TIERS, ApplyPlan, Result


def lock_review(review_id: int) -> SQL:
    """Lock the review against a second applying; gives its state as it is in the database."""
    return SQL("SELECT state FROM customer_review WHERE id = %s FOR UPDATE", review_id)


def apply_tiers(plan: ApplyPlan) -> SQL:
    """Write the decided tiers to customers and their contacts, and one history row a change.

    One statement, so it happens wholly or not at all. Customers who have the tier already, were
    archived or became contacts since, and lines without a decision, keep theirs. The reason of a
    line, else that of the plan, goes into the history. Gives the number of changed customers.
    """
    return SQL(
        """
        WITH moved AS (
            SELECT l.id AS line_id, l.partner_id, l.decided_tier_id AS tier_id,
                   COALESCE(NULLIF(l.reason, ''), %(reason)s) AS reason,
                   (p.customer_tier_id ->> %(company_key)s)::int AS old_tier_id
              FROM customer_review_line l
              JOIN res_partner p ON p.id = l.partner_id
             WHERE l.review_id = %(review)s
               AND l.decided_tier_id IS NOT NULL
               AND p.active AND p.commercial_partner_id = p.id
               AND l.decided_tier_id
                   IS DISTINCT FROM (p.customer_tier_id ->> %(company_key)s)::int
        ), updated AS (
            UPDATE res_partner p
               SET customer_tier_id = COALESCE(p.customer_tier_id, '{}')
                       || jsonb_build_object(%(company_key)s, m.tier_id),
                   customer_tier_since = COALESCE(p.customer_tier_since, '{}')
                       || jsonb_build_object(%(company_key)s, %(today)s::text),
                   customer_tier_origin = COALESCE(p.customer_tier_origin, '{}')
                       || jsonb_build_object(%(company_key)s, 'review'),
                   write_uid = %(user)s, write_date = now() AT TIME ZONE 'UTC'
              FROM moved m
             WHERE p.commercial_partner_id = m.partner_id
        ), written AS (
            INSERT INTO customer_tier_history (
                       partner_id, company_id, old_tier_id, new_tier_id, date, reason, origin,
                       user_id, review_line_id, create_uid, create_date, write_uid, write_date)
            SELECT m.partner_id, %(company)s, m.old_tier_id, m.tier_id, %(today)s, m.reason,
                   'review', %(user)s, m.line_id, %(user)s, now() AT TIME ZONE 'UTC', %(user)s,
                   now() AT TIME ZONE 'UTC'
              FROM moved m
         RETURNING 1
        )
        SELECT count(*) FROM written
        """,
        review=plan.review_id,
        company=plan.company_id,
        company_key=str(plan.company_id),
        user=plan.user_id,
        today=plan.today,
        reason=plan.reason,
    )


def _base_result(base_review_id: int | None, result: Result) -> tuple[SQL, SQL]:
    """Expression and join of the result a what-if is compared with.

    With a base review: its decision, else its proposal. Without: the result the customer had.
    """
    if base_review_id is None:
        return SQL("l.%s", SQL.identifier(result.previous)), SQL()
    expression = SQL(
        "COALESCE(b.%s, b.%s)", SQL.identifier(result.decided), SQL.identifier(result.proposed)
    )
    join = SQL(
        """
        FULL JOIN (SELECT * FROM customer_review_line WHERE review_id = %s) b
               ON b.partner_id = l.partner_id
        """,
        base_review_id,
    )
    return expression, join


def simulation_matrix(review_id: int, base_review_id: int | None, result: Result = TIERS) -> SQL:
    """Count customers by result before and result of a what-if: (from_id, to_id, customers).

    None is "no result". Customers only one of both reviews has are counted with None on the other
    side.
    """
    before, join = _base_result(base_review_id, result)
    return SQL(
        """
        SELECT %(before)s AS from_id, l.%(proposed)s AS to_id, count(*) AS customers
          FROM (SELECT * FROM customer_review_line WHERE review_id = %(review)s) l %(join)s
      GROUP BY 1, 2
      ORDER BY 3 DESC, 1, 2
        """,
        before=before,
        proposed=SQL.identifier(result.proposed),
        review=review_id,
        join=join,
    )


def simulation_moves(
    review_id: int,
    base_review_id: int | None,
    result: Result = TIERS,
    limit: int | None = None,
    offset: int = 0,
) -> SQL:
    """Customers a what-if moves, the largest first.

    Columns: partner_id, from_id, to_id, line_id, base_line_id, score, base_score, sales,
    explanation of the what-if, explanation of the base.
    """
    before, join = _base_result(base_review_id, result)
    if base_review_id is None:
        base = SQL("NULL::int, l.score, NULL::numeric, l.sales, l.explanation, NULL::jsonb")
        partner = SQL("l.partner_id")
    else:
        base = SQL(
            "b.id, l.score, b.score, COALESCE(l.sales, b.sales), l.explanation, b.explanation"
        )
        partner = SQL("COALESCE(l.partner_id, b.partner_id)")
    return SQL(
        """
        SELECT %(partner)s AS partner_id, %(before)s AS from_id, l.%(proposed)s AS to_id,
               l.id AS line_id, %(base)s
          FROM (SELECT * FROM customer_review_line WHERE review_id = %(review)s) l %(join)s
         WHERE %(before)s IS DISTINCT FROM l.%(proposed)s
      ORDER BY 8 DESC NULLS LAST, 1
         LIMIT %(limit)s OFFSET %(offset)s
        """,
        partner=partner,
        before=before,
        proposed=SQL.identifier(result.proposed),
        base=base,
        review=review_id,
        join=join,
        limit=limit,
        offset=offset,
    )
