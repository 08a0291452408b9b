"""Custody of dossiers: what is where, what an inventory knows of each dossier, its lines."""

from odoo.tools import SQL

from .companies import in_family

HELD = ("in_safe", "lent", "missing")


def location_fill(location_ids) -> SQL:
    """Select (location id, places taken) of locations with all that is inside them.

    A place is taken by a dossier whose home it is, also while it is lent, and by a deed.
    Dossiers that were disposed of and deeds that were returned left their place.
    """
    return SQL(
        """
        SELECT top.id, COUNT(kept.location_id)
          FROM customer_archive_location top
          JOIN customer_archive_location inner_one ON inner_one.parent_path LIKE top.parent_path || '%%'
          JOIN (
                SELECT location_id FROM customer_archive
                 WHERE location_id IS NOT NULL AND state <> 'disposed'
                 UNION ALL
                SELECT location_id FROM customer_archive_deed
                 WHERE location_id IS NOT NULL AND state IN %s
               ) kept ON kept.location_id = inner_one.id
         WHERE top.id = ANY(%s)
         GROUP BY top.id
        """,
        HELD,
        list(location_ids),
    )


def sampling_facts(company_id, location_path, today) -> SQL:
    """Select what `engine.archive_sampling.Item` asks of each registered dossier with a place.

    Columns: id, risk of the class, loans since the last count, late ones among them, last count
    was bad, day of the last count. Documents that were lent alone count for their dossier.

    :param location_path: parent path of the part of the archive, empty for all of it
    """
    return SQL(
        """
        WITH counts AS (
            SELECT DISTINCT ON (l.archive_id) l.archive_id, i.date AS counted_on,
                   l.result IN ('missing', 'damaged', 'misplaced') AS bad
              FROM customer_archive_inventory_line l
              JOIN customer_archive_inventory i ON i.id = l.inventory_id
             WHERE i.company_id = %(company)s AND i.state = 'done' AND l.archive_id IS NOT NULL
               AND l.deed_id IS NULL AND l.result <> 'open'
             ORDER BY l.archive_id, i.date DESC, l.id DESC
        ), loans AS (
            SELECT ll.dossier_id, COUNT(DISTINCT ll.loan_id) AS times,
                   BOOL_OR(COALESCE(ll.returned_on, %(today)s) > n.date_due) AS late
              FROM customer_archive_loan_line ll
              JOIN customer_archive_loan n ON n.id = ll.loan_id
              LEFT JOIN counts c ON c.archive_id = ll.dossier_id
             WHERE ll.company_id = %(company)s AND ll.state IN ('issued', 'returned')
               AND ll.deed_id IS NULL AND ll.dossier_id IS NOT NULL
               AND (c.counted_on IS NULL OR COALESCE(ll.returned_on, %(today)s) >= c.counted_on)
             GROUP BY ll.dossier_id
        )
        SELECT a.id, k.custody_risk, COALESCE(n.times, 0), COALESCE(n.late, FALSE),
               COALESCE(c.bad, FALSE), c.counted_on
          FROM customer_archive a
          JOIN customer_archive_class k ON k.id = a.class_id
          LEFT JOIN customer_archive_location p ON p.id = a.location_id
          LEFT JOIN counts c ON c.archive_id = a.id
          LEFT JOIN loans n ON n.dossier_id = a.id
         WHERE a.company_id = %(company)s AND a.state = 'registered'
           AND (%(path)s = '' OR p.parent_path LIKE %(path)s || '%%')
        """,
        company=company_id,
        today=today,
        path=location_path or "",
    )


def insert_dossier_lines(inventory_id, company_id, chosen, user_id) -> SQL:
    """Insert a line for each chosen dossier; its place and customer are copied as they are now.

    :param chosen: list of (dossier id, points, reasons as text)
    """
    ids, points, reasons = zip(*chosen, strict=True)
    return SQL(
        """
        INSERT INTO customer_archive_inventory_line
               (inventory_id, company_id, kind, archive_id, partner_id, location_id, location_name,
                name, code, points, reasons, result, page_expected, was_lent, create_uid, write_uid, create_date,
                write_date)
        SELECT %(inventory)s, %(company)s, 'archive', a.id, a.partner_id, a.location_id,
               p.complete_name, CONCAT_WS(' ', a.name, a.title), a.name, x.points, x.reasons::jsonb, 'open', a.page_there,
               EXISTS (SELECT FROM customer_archive_loan_line l
                        WHERE l.dossier_id = a.id AND l.state = 'issued' AND l.kind = 'archive'),
               %(user)s, %(user)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
          FROM UNNEST(%(ids)s::int[], %(points)s::int[], %(reasons)s::text[])
               AS x(id, points, reasons)
          JOIN customer_archive a ON a.id = x.id
          LEFT JOIN customer_archive_location p ON p.id = a.location_id
        """,
        inventory=inventory_id,
        company=company_id,
        user=user_id,
        ids=list(ids),
        points=list(points),
        reasons=list(reasons),
    )


def insert_deed_lines(inventory_id, company_id, location_path, user_id) -> SQL:
    """Insert a line for every deed that should be in a safe or is lent: deeds are counted all."""
    return SQL(
        """
        INSERT INTO customer_archive_inventory_line
               (inventory_id, company_id, kind, archive_id, deed_id, partner_id, location_id,
                location_name, name, code, points, reasons, result, page_expected, was_lent, create_uid, write_uid,
                create_date, write_date)
        SELECT %(inventory)s, %(company)s, 'deed', d.archive_id, d.id, d.partner_id,
               d.location_id, p.complete_name, CONCAT_WS(' ', d.number, d.name), d.number, 0, '[]'::jsonb, 'open',
               d.quantity_there, d.state = 'lent', %(user)s, %(user)s, NOW() AT TIME ZONE 'UTC',
               NOW() AT TIME ZONE 'UTC'
          FROM customer_archive_deed d
          JOIN customer_archive_location p ON p.id = d.location_id
         WHERE d.company_id = %(company)s AND d.state IN ('in_safe', 'lent')
           AND p.parent_path LIKE %(path)s || '%%'
        """,
        inventory=inventory_id,
        company=company_id,
        user=user_id,
        path=location_path or "",
    )


def securing_deeds(company_id, today, states) -> SQL:
    """Select (partner_id, amount) of the deeds that secure customers of a company on a day."""
    return SQL(
        """
        SELECT d.partner_id, d.secured_company_amount
          FROM customer_archive_deed d
         WHERE %s AND d.active AND d.state IN %s
               AND (d.date_until IS NULL OR d.date_until >= %s)
        """,
        in_family(SQL("d.company_id"), company_id),
        tuple(states),
        today,
    )
