"""Automatic segments of all customers of a company, one dimension at a time."""

from odoo.tools import SQL


def _only(column, partner_ids) -> SQL:
    if partner_ids is None:
        return SQL()
    return SQL("AND %s = ANY(%s)", column, list(partner_ids))


def _matches(company_id, dimension_id, exclusive, rules, partner_ids) -> SQL:
    """Customers and the segments their figures put them into: (partner_id, segment_id).

    In an exclusive dimension the first rule wins, and customers somebody pinned in the dimension
    match nothing.

    :param rules: list of (segment id, subselect of partner ids), in the order they are tried
    """
    if not rules:
        return SQL("SELECT NULL::int AS partner_id, NULL::int AS segment_id WHERE FALSE")
    union = SQL(" UNION ALL ").join(
        SQL(
            "SELECT r.id AS partner_id, %s AS segment_id, %s AS rank FROM %s r(id)",
            segment,
            rank,
            rule,
        )
        for rank, (segment, rule) in enumerate(rules)
    )
    pinned = SQL(
        """
        NOT EXISTS (SELECT 1 FROM customer_segment_assignment a
                     WHERE a.partner_id = u.partner_id AND a.company_id = %s
                       AND a.dimension_id = %s AND a.pinned AND (%s OR a.segment_id = u.segment_id))
        """,
        company_id,
        dimension_id,
        exclusive,
    )
    return SQL(
        """
        SELECT %(distinct)s u.partner_id, u.segment_id
          FROM (%(union)s) u
         WHERE %(pinned)s %(only)s
         ORDER BY u.partner_id, u.rank
        """,
        distinct=SQL("DISTINCT ON (u.partner_id)") if exclusive else SQL(),
        union=union,
        pinned=pinned,
        only=_only(SQL("u.partner_id"), partner_ids),
    )


def remove(company_id, dimension_id, exclusive, rules, partner_ids=None, *, today, uid) -> SQL:
    """Delete lines that the rules of a dimension no longer give; what was there is remembered.

    Lines set by hand and not pinned go only when a rule gives the customer another segment of an
    exclusive dimension.

    :return: query of the ids that went
    """
    return SQL(
        """
        WITH match AS MATERIALIZED (%(matches)s),
        gone AS (
            -- EXCEPT sorts or hashes whatever the statistics say: a join planned on fresh tables
            -- took time with the square of the customers
            SELECT a.partner_id, a.segment_id
              FROM customer_segment_assignment a
             WHERE a.company_id = %(company_id)s
               AND a.dimension_id = %(dimension_id)s
               AND NOT a.pinned
               AND (a.origin = 'rule'
                    OR %(exclusive)s AND a.partner_id IN (SELECT partner_id FROM match))
               %(only)s
            EXCEPT
            SELECT partner_id, segment_id FROM match
        ), deleted AS (
            DELETE FROM customer_segment_assignment a
             USING gone
             WHERE a.partner_id = gone.partner_id
               AND a.segment_id = gone.segment_id
               AND a.company_id = %(company_id)s
         RETURNING a.id, a.partner_id, a.segment_id, a.date_from
        ), remembered AS (
            INSERT INTO customer_segment_past (
                        partner_id, company_id, segment_id, date_from, date_to, create_uid,
                        create_date, write_uid, write_date)
            SELECT partner_id, %(company_id)s, segment_id, date_from, %(today)s::date - 1, %(uid)s,
                   now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM deleted WHERE date_from < %(today)s
        )
        SELECT id FROM deleted
        """,
        today=today,
        uid=uid,
        matches=_matches(company_id, dimension_id, exclusive, rules, partner_ids),
        company_id=company_id,
        dimension_id=dimension_id,
        exclusive=exclusive,
        only=_only(SQL("a.partner_id"), partner_ids),
    )


def assign(company_id, dimension_id, exclusive, rules, partner_ids=None, *, today, uid) -> SQL:
    """Insert the lines the rules of a dimension give and that are missing; run after `remove`.

    :return: query of the new ids
    """
    return SQL(
        """
        INSERT INTO customer_segment_assignment (
                    partner_id, company_id, segment_id, dimension_id, exclusive, origin, pinned,
                    date_from, create_uid, create_date, write_uid, write_date)
        SELECT m.partner_id, %(company_id)s, m.segment_id, %(dimension_id)s, %(exclusive)s, 'rule',
               FALSE, %(today)s, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
               now() AT TIME ZONE 'UTC'
          FROM (
                (%(matches)s)
                EXCEPT
                SELECT a.partner_id, a.segment_id
                  FROM customer_segment_assignment a
                 WHERE a.company_id = %(company_id)s AND a.dimension_id = %(dimension_id)s
               ) m
     RETURNING id
        """,
        matches=_matches(company_id, dimension_id, exclusive, rules, partner_ids),
        company_id=company_id,
        dimension_id=dimension_id,
        exclusive=exclusive,
        today=today,
        uid=uid,
    )


def lines_of(company_id) -> SQL:
    """Table of (partner_id, segment_id) of the active segments in a company, in brackets."""
    return SQL(
        """
        (SELECT a.partner_id, a.segment_id
           FROM customer_segment_assignment a
           JOIN customer_segment s ON s.id = a.segment_id AND s.active
          WHERE a.company_id = %s)
        """,
        company_id,
    )


def drop_before_merge(source_ids, target_id) -> SQL:
    """Delete lines of customers about to be merged that the remaining one has no room for.

    The remaining customer's own lines win, then those of the merged customer with the highest id;
    what is left can move to the remaining customer without breaking a unique index.
    """
    return SQL(
        """
        DELETE FROM customer_segment_assignment a
         USING customer_segment_assignment b
         WHERE a.partner_id = ANY(%(sources)s)
           AND b.id != a.id
           AND b.company_id = a.company_id
           AND (b.segment_id = a.segment_id OR a.exclusive AND b.dimension_id = a.dimension_id)
           AND (b.partner_id = %(target)s
                OR b.partner_id = ANY(%(sources)s) AND b.partner_id > a.partner_id)
        """,
        sources=list(source_ids),
        target=target_id,
    )
