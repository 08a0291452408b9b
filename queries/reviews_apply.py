"""Applying a review: decisions into tiers and history."""

from odoo.tools import SQL

from ..engine import tiering
from .review_plan import ApplyPlan


def within_year(plan: ApplyPlan, result: SQL, year: SQL) -> SQL:
    """The twin of ``engine.tiering.within_year``."""
    if plan.rule == tiering.FREE:
        return result
    order = SQL("%s::int[]", list(plan.order))
    place, base = (SQL("array_position(%s, %s)", order, value) for value in (result, year))
    place = (
        SQL("LEAST(%s, %s)", place, base)
        if plan.rule == tiering.NOT_BELOW
        else SQL(
            "GREATEST(%(base)s - 1, 1, LEAST(%(place)s, %(base)s + 1))", base=base, place=place
        )
    )
    return SQL(
        "CASE WHEN %(result)s = ANY(%(order)s) AND %(year)s = ANY(%(order)s)"
        " THEN (%(order)s)[%(place)s] ELSE %(result)s END",
        result=result,
        year=year,
        order=order,
        place=place,
    )


def _other_results(plan: ApplyPlan) -> SQL:
    """Select (partner_id, is_year, date_to, tier_id): the latest applied result of each customer
    that has a say beside the one of the plan.

    These are results of newer periods; for a year those of its last shorter period; for a shorter
    period the year it lies in. Usually no review is one, and nothing is read.
    """
    newer = SQL("r.date_to > %s", plan.date_to)
    if plan.is_year:
        newer = SQL("(%s OR (r.date_to = %s AND s.period != 'year'))", newer, plan.date_to)
    elif plan.rule != tiering.FREE:
        newer = SQL(
            "(%(newer)s OR (s.period = 'year' AND r.date_to <= %(day)s"
            " AND r.date_to > %(day)s - interval '1 year'))",
            newer=newer,
            day=plan.date_to,
        )
    return SQL(
        """
        SELECT DISTINCT ON (n.partner_id)
               n.partner_id, o.is_year, o.date_to, n.decided_tier_id AS tier_id
          FROM customer_review_line n
          JOIN (SELECT r.id, r.date_to, s.period = 'year' AS is_year
                  FROM customer_review r
                  JOIN customer_scorecard s ON s.id = r.scorecard_id
                 WHERE r.company_id = %(company)s AND r.id != %(review)s AND r.usage = 'tier'
                       AND r.state = 'applied' AND r.kind != 'what_if' AND %(newer)s) o
            ON o.id = n.review_id
         WHERE n.decided_tier_id IS NOT NULL
      ORDER BY n.partner_id, o.date_to DESC, o.is_year, n.id DESC
        """,
        company=plan.company_id,
        review=plan.review_id,
        newer=newer,
    )


def governing(plan: ApplyPlan) -> SQL:
    """Select (line_id, partner_id, tier_id, is_bounded) of the lines with a decision.

    ``tier_id`` is what the customer gets, NULL where the result of a newer period stays. Who became
    lapsed or a prospect after the period by its lifecycle stays that as well. ``is_bounded`` says
    that the year holds the shorter period back.
    """
    own = SQL("l.decided_tier_id")
    if plan.is_year:
        # what the year changes about a shorter period that lies in it
        bounded = within_year(plan, SQL("other.tier_id"), own)
        tier = SQL(
            "CASE WHEN other.tier_id IS NULL THEN %(own)s"
            " WHEN other.is_year OR other.date_to >= %(day)s + interval '1 year' THEN NULL"
            " ELSE NULLIF(%(bounded)s, other.tier_id) END",
            own=own,
            day=plan.date_to,
            bounded=bounded,
        )
        is_bounded = SQL("other.tier_id IS NOT NULL")
    else:
        bounded = within_year(plan, own, SQL("other.tier_id"))
        tier = SQL(
            "CASE WHEN other.tier_id IS NULL THEN %(own)s"
            " WHEN other.date_to > %(day)s THEN NULL ELSE %(bounded)s END",
            own=own,
            day=plan.date_to,
            bounded=bounded,
        )
        is_bounded = SQL("COALESCE(%s != %s, FALSE)", bounded, own)
    return SQL(
        """
        SELECT l.id AS line_id, l.partner_id, l.reason,
               CASE WHEN present.kind != 'customer'
                         AND p.customer_tier_origin ->> %(key)s = 'lifecycle'
                         AND (p.customer_tier_since ->> %(key)s)::date > %(day)s
                    THEN NULL ELSE %(tier)s END AS tier_id,
               %(is_bounded)s AS is_bounded
          FROM customer_review_line l
          JOIN res_partner p ON p.id = l.partner_id
     LEFT JOIN customer_tier present ON present.id = (p.customer_tier_id ->> %(key)s)::int
     LEFT JOIN (%(others)s) other ON other.partner_id = l.partner_id
         WHERE l.review_id = %(review)s
           AND l.decided_tier_id IS NOT NULL
           AND p.active AND p.commercial_partner_id = p.id
        """,
        key=str(plan.company_id),
        day=plan.date_to,
        tier=tier,
        is_bounded=is_bounded,
        others=_other_results(plan),
        review=plan.review_id,
    )


def newer_results(company_id: int, usage: str, review_id: int, date_to, column: str) -> SQL:
    """Select the customers that a review of a newer period gave a result.

    :param column: of the line, where the usage keeps what was decided
    """
    return SQL(
        """
        SELECT DISTINCT n.partner_id
          FROM customer_review_line n
          JOIN customer_review r ON r.id = n.review_id
         WHERE r.company_id = %(company)s AND r.id != %(review)s AND r.usage = %(usage)s
               AND r.state = 'applied' AND r.kind != 'what_if' AND r.date_to > %(day)s
               AND n.%(column)s IS NOT NULL
        """,
        company=company_id,
        review=review_id,
        usage=usage,
        day=date_to,
        column=SQL.identifier(column),
    )


def kept_by_newer(plan: ApplyPlan) -> SQL:
    """Count the customers that keep what a newer period or the lifecycle gave them."""
    return SQL("SELECT count(*) FROM (%s) g WHERE g.tier_id IS NULL", governing(plan))


def apply_tiers(plan: ApplyPlan) -> SQL:
    """Write the decided tiers to customers and their contacts, and one history row a change.

    One statement, so it happens wholly or not at all. Customers who have the tier already, were
    archived or became contacts since, lines without a decision, and those that a newer period
    decided (`governing`), keep theirs. The reason of a line, else that of the plan, goes into the
    history. Gives the number of changed customers.
    """
    return SQL(
        """
        WITH moved AS (
            SELECT g.line_id, g.partner_id, g.tier_id,
                   CASE WHEN g.is_bounded THEN %(bounded_reason)s
                        ELSE COALESCE(NULLIF(g.reason, ''), %(reason)s) END AS reason,
                   (p.customer_tier_id ->> %(company_key)s)::int AS old_tier_id
              FROM (%(governing)s) g
              JOIN res_partner p ON p.id = g.partner_id
             WHERE g.tier_id IS NOT NULL
               AND g.tier_id IS DISTINCT FROM (p.customer_tier_id ->> %(company_key)s)::int
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
        governing=governing(plan),
        company=plan.company_id,
        company_key=str(plan.company_id),
        user=plan.user_id,
        today=plan.today,
        reason=plan.reason,
        bounded_reason=plan.bounded_reason or plan.reason,
    )
