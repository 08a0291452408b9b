"""Applying a review: decisions into tiers and history."""

from odoo.tools import SQL

from .review_plan import ApplyPlan


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
