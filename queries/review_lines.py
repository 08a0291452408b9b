"""Statements on the lines of a review that belong to no step of the computation."""

from datetime import date

from odoo.tools import SQL

from ..engine import scoring
from .companies import family
from .review_plan import Result
from .reviews_score import ratio


def population(
    customers: SQL, company_id: int, date_from: date, date_to: date, more: SQL | None = None
) -> SQL:
    """Select the ids of the customers that are scored.

    Prospects and lapsed customers follow the lifecycle: they count only where they bought (a
    posted invoice or credit note) in the period. What they were on its last day counts: a customer
    that lapsed since is scored. Before its first tier it was what that first tier says. A customer of other companies only, without
    business or tier in this one, does not count.

    :param customers: select of ``partner_id`` (:func:`queries.customers.customers`)
    :param more: select of the ids of customers that count whatever their tier and purchases
    """
    return SQL(
        """
        SELECT c.partner_id
          FROM (%(customers)s) c
          JOIN res_partner pp ON pp.id = c.partner_id
     LEFT JOIN (%(changed)s) h ON h.partner_id = c.partner_id
     LEFT JOIN customer_tier t
            ON t.id = COALESCE(h.tier_id, (pp.customer_tier_id ->> %(company_key)s)::int)
         WHERE (COALESCE(t.kind, 'customer') = 'customer'
                OR c.partner_id IN (SELECT m.commercial_partner_id
                                      FROM account_move m
                                     WHERE m.company_id = ANY(%(family)s)
                                       AND m.state = 'posted'
                                       AND m.move_type IN ('out_invoice', 'out_refund')
                                       AND m.invoice_date BETWEEN %(date_from)s AND %(date_to)s)
                OR c.partner_id IN (%(more)s))
           AND (t.id IS NOT NULL
                OR c.partner_id NOT IN (%(others)s)
                OR c.partner_id IN (%(own)s)
                OR c.partner_id IN (%(more)s))
        """,
        customers=customers,
        changed=SQL(
            """
            SELECT DISTINCT ON (partner_id) partner_id,
                   COALESCE(old_tier_id, new_tier_id) AS tier_id
              FROM customer_tier_history
             WHERE company_id = %s AND date > %s
          ORDER BY partner_id, date, id
            """,
            company_id,
            date_to,
        ),
        family=family(company_id),
        company_key=str(company_id),
        date_from=date_from,
        date_to=date_to,
        more=SQL("SELECT NULL::int WHERE FALSE") if more is None else more,
        others=_business(SQL("!= ALL(%s)", family(company_id))),
        own=_business(SQL("= ANY(%s)", family(company_id))),
    )


def _business(company: SQL) -> SQL:
    """Customers with a posted invoice or a confirmed order in the companies of a condition."""
    return SQL(
        """
        SELECT m.commercial_partner_id
          FROM account_move m
         WHERE m.company_id %(company)s AND m.state = 'posted'
               AND m.move_type IN ('out_invoice', 'out_refund')
               AND m.commercial_partner_id IS NOT NULL
         UNION
        SELECT p.commercial_partner_id
          FROM sale_order o
          JOIN res_partner p ON p.id = o.partner_id
         WHERE o.company_id %(company)s AND o.state = 'sale'
               AND p.commercial_partner_id IS NOT NULL
        """,
        company=company,
    )


def count(partners: SQL) -> SQL:
    """Number of rows of a select."""
    return SQL("SELECT count(*) FROM (%s) p", partners)


def update_movements(review_id: int, result: Result, line_ids: list[int] | None = None) -> SQL:
    """Compare the present result with the decision by the order of the results."""
    return SQL(
        """
        UPDATE customer_review_line l
           SET movement = CASE WHEN n.id IS NULL THEN 'none'
                               WHEN p.id IS NULL THEN 'new'
                               WHEN n.id = p.id THEN 'same'
                               WHEN n.sequence < p.sequence THEN 'up'
                               WHEN n.sequence > p.sequence THEN 'down'
                               ELSE 'same' END
          FROM customer_review_line x
     LEFT JOIN %(table)s p ON p.id = x.%(previous)s
     LEFT JOIN %(table)s n ON n.id = x.%(decided)s
         WHERE x.id = l.id AND l.review_id = %(review)s %(only)s
        """,
        table=SQL.identifier(result.table),
        previous=SQL.identifier(result.previous),
        decided=SQL.identifier(result.decided),
        review=review_id,
        only=SQL() if line_ids is None else SQL("AND l.id = ANY(%s)", list(line_ids)),
    )


def update_missing(review_id: int, line_ids: list[int] | None = None) -> SQL:
    """Count the manual indicators that nobody has filled, for each line."""
    return SQL(
        """
        UPDATE customer_review_line l
           SET manual_missing = c.missing
          FROM (SELECT x.id, count(s.id) AS missing
                  FROM customer_review_line x
             LEFT JOIN (customer_review_score s
                        JOIN customer_scorecard_indicator i
                          ON i.id = s.indicator_id AND i.measure = 'manual')
                    ON s.line_id = x.id AND NOT s.has_data
                 WHERE x.review_id = %(review)s %(only)s
              GROUP BY x.id) c
         WHERE c.id = l.id AND l.manual_missing IS DISTINCT FROM c.missing
        """,
        review=review_id,
        only=SQL() if line_ids is None else SQL("AND x.id = ANY(%s)", list(line_ids)),
    )


def applied_moves(review_id: int) -> SQL:
    """Changes the applying of a review made, as columns of :class:`queries.tiers.TierMove`."""
    return SQL(
        """
        SELECT h.id, h.partner_id, h.old_tier_id, h.new_tier_id, h.reason
          FROM customer_tier_history h
          JOIN customer_review_line l ON l.id = h.review_line_id
         WHERE l.review_id = %s
      ORDER BY h.id
        """,
        review_id,
    )


def update_totals(line_ids: list[int]) -> SQL:
    """Score and coverage of some lines from their scores, the twin of ``engine.scoring.total``."""
    return SQL(
        """
        UPDATE customer_review_line l
           SET score = CASE WHEN m.known > 0 THEN %(score)s END,
               coverage = CASE WHEN m.whole > 0 THEN %(coverage)s ELSE 0.00 END
          FROM (SELECT s.line_id, sum(s.max_points) AS whole,
                       COALESCE(sum(s.max_points) FILTER (WHERE s.has_data), 0) AS known,
                       COALESCE(sum(s.points) FILTER (WHERE s.has_data), 0) AS earned
                  FROM customer_review_score s
                 WHERE s.line_id = ANY(%(lines)s)
              GROUP BY s.line_id) m
         WHERE l.id = m.line_id
        """,
        score=ratio(SQL("%s * m.earned", scoring.HUNDRED), SQL("m.known"), scoring.SCORE_DIGITS),
        coverage=ratio(SQL("%s * m.known", scoring.HUNDRED), SQL("m.whole"), scoring.SCORE_DIGITS),
        lines=list(line_ids),
    )


def mark_recompute(partner_ids: list[int]) -> SQL:
    """Mark reviews that are still being worked on and have one of the customers."""
    return SQL(
        """
        UPDATE customer_review r
           SET needs_recompute = TRUE
         WHERE r.state = 'computed'
           AND (SELECT count(*) FROM customer_review_line l
                 WHERE l.review_id = r.id AND l.partner_id = ANY(%s)) > 0
        """,
        list(partner_ids),
    )


def drop_doubles(keep_id: int, partner_ids: list[int]) -> SQL:
    """Keep one line of customers that become one: of the remaining one, else the largest."""
    return SQL(
        """
        DELETE FROM customer_review_line l
         USING (SELECT id, row_number() OVER (
                           PARTITION BY review_id
                           ORDER BY partner_id = %(keep)s DESC, sales DESC NULLS LAST, id) AS place
                  FROM customer_review_line
                 WHERE partner_id = ANY(%(partners)s)) x
         WHERE x.id = l.id AND x.place > 1
        """,
        keep=keep_id,
        partners=list(partner_ids),
    )


def manual_progress(review_ids: list[int]) -> SQL:
    """Manual indicators of reviews: (review_id, filled, all)."""
    return SQL(
        """
        SELECT l.review_id, count(*) FILTER (WHERE s.has_data), count(*)
          FROM customer_review_score s
          JOIN customer_review_line l ON l.id = s.line_id
          JOIN customer_scorecard_indicator i ON i.id = s.indicator_id AND i.measure = 'manual'
         WHERE l.review_id = ANY(%s)
      GROUP BY l.review_id
        """,
        list(review_ids),
    )


def copy_previous(review_id: int, base_review_id: int, result: Result) -> SQL:
    """Take the results customers had before the review that a what-if is compared with."""
    previous = SQL.identifier(result.previous)
    return SQL(
        """
        UPDATE customer_review_line l
           SET %(previous)s = b.%(previous)s
          FROM customer_review_line b
         WHERE l.review_id = %(review)s AND b.review_id = %(base)s AND b.partner_id = l.partner_id
           AND l.%(previous)s IS DISTINCT FROM b.%(previous)s
        """,
        previous=previous,
        review=review_id,
        base=base_review_id,
    )
