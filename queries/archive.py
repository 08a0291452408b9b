"""Checklists of dossiers: one statement for any number of them.

The rules are those of `engine/archive_checklist.py`; the rank of a status is its place in
`STATUSES` there, 0 is the best.
"""

from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

from ..engine.archive_checklist import FULFILLED, STATUSES
from .zones import company_zones, local_day

LAST_GOOD = max(STATUSES.index(name) for name in FULFILLED)


def today(now: datetime) -> SQL:
    """Return the current date of the company whose row of `zones.company_zones` is `zone`."""
    return local_day(SQL("%s", now), SQL("zone.tz"))


def checklist(now: datetime, where: SQL) -> SQL:
    """Select each entry of the checklists of dossiers with its rank.

    :param now: naive UTC; each company has its own today
    :param where: condition on ``a`` (customer_archive)
    Rows of documents that are expected only, not there yet, count for nothing. Pages of a dossier
    that are missing without anybody knowing from which document are an entry of their own, without a
    requirement: such a dossier is not complete. A dossier that was imported as history without its
    contents is not asked for what it may well hold.

    :return: archive_id, partner_id, company_id, class_id, requirement_id, document_id (the best
        one), rank
    """
    day = today(now)
    return SQL(
        """
        (
        SELECT DISTINCT ON (a.id, r.id)
               a.id AS archive_id, a.partner_id, a.company_id, a.class_id,
               r.id AS requirement_id, d.id AS document_id,
               CASE
               WHEN d.id IS NULL OR NOT (
                    (d.medium IN ('paper', 'both') AND d.paper_state IN ('in_place', 'lent'))
                    OR (d.medium IN ('electronic', 'both') AND d.file_count > 0)
               ) THEN %(missing)s
               WHEN d.date_until < %(day)s THEN %(expired)s
               WHEN r.need_valid_until AND d.date_until IS NULL THEN %(undated)s
               WHEN r.need_original AND (d.is_original IS NOT TRUE
                    OR (d.medium = 'both' AND d.paper_state NOT IN ('in_place', 'lent')))
                    THEN %(copy)s
               WHEN r.need_signed AND d.is_signed IS NOT TRUE THEN %(unsigned)s
               WHEN d.pages_missing > 0 AND d.medium IN ('paper', 'both')
                    AND d.paper_state IN ('in_place', 'lent') THEN %(incomplete)s
               WHEN d.date_until <= %(day)s + c.archive_expiry_days THEN %(expiring)s
               ELSE %(ok)s
               END AS rank
          FROM customer_archive a
          JOIN res_company c ON c.id = a.company_id
          JOIN (%(zones)s) zone ON zone.company_id = c.id
          JOIN customer_archive_requirement r
            ON r.class_id = a.class_id
           AND r.active
           AND (r.required_since IS NULL OR r.required_since <= a.date_opened)
          LEFT JOIN customer_archive_document d
            ON d.archive_id = a.id AND d.requirement_id = r.id AND d.active AND d.is_there
         WHERE %(where)s
           AND (a.is_history IS NOT TRUE OR EXISTS (
                SELECT FROM customer_archive_document h WHERE h.archive_id = a.id))
         ORDER BY a.id, r.id, rank, d.id
        )
        UNION ALL
        SELECT a.id, a.partner_id, a.company_id, a.class_id, NULL, NULL, %(incomplete)s
          FROM customer_archive a
         WHERE a.pages_missing > 0 AND %(where)s
        """,
        day=day,
        zones=company_zones(),
        where=where,
        **{name: STATUSES.index(name) for name in STATUSES},
    )


def figures(now: datetime, where: SQL) -> SQL:
    """Select archive_id, number of entries, of entries that are not fulfilled, percent fulfilled.

    Dossiers without a checklist have 0, 0 and 0: `required_count` tells them apart.
    """
    return SQL(
        """
        SELECT a.id AS archive_id,
               COALESCE(f.required_count, 0) AS required_count,
               COALESCE(f.missing_count, 0) AS missing_count,
               COALESCE(
                    ROUND(100.0 * (f.required_count - f.missing_count) / f.required_count, 2), 0
               ) AS completeness
          FROM customer_archive a
          LEFT JOIN (
                SELECT archive_id,
                       COUNT(*)::integer AS required_count,
                       (COUNT(*) FILTER (WHERE rank > %(last_good)s))::integer AS missing_count
                  FROM (%(checklist)s) entry
                 GROUP BY archive_id
               ) f ON f.archive_id = a.id
         WHERE %(where)s
        """,
        last_good=LAST_GOOD,
        checklist=checklist(now, where),
        where=where,
    )


def refresh(now: datetime, where: SQL) -> SQL:
    """Write the figures of dossiers where they changed; returns the ids of these."""
    return SQL(
        """
        UPDATE customer_archive a
           SET required_count = f.required_count,
               missing_count = f.missing_count,
               completeness = f.completeness
          FROM (%s) f
         WHERE f.archive_id = a.id
           AND (a.required_count, a.missing_count, a.completeness)
               IS DISTINCT FROM (f.required_count, f.missing_count, f.completeness)
        RETURNING a.id
        """,
        figures(now, where),
    )


class Owed(NamedTuple):
    """A class that some customers must have a dossier of."""

    class_id: int
    entries: int
    """How many documents a new dossier would miss; 1 where the class has no checklist."""
    tier_ids: list[int]
    company_ids: list[int]
    customers: SQL
    """Subselect of the ids of the customers that count."""


def without_dossier(owed: list[Owed]) -> SQL:
    """Select customers that have no dossier of a class they must have one of.

    :return: class_id, partner_id, company_id, entries
    """
    parts = [
        SQL(
            """
            SELECT %(class_id)s::integer AS class_id, p.id AS partner_id,
                   company.id AS company_id, %(entries)s::integer AS entries
              FROM res_partner p
              JOIN unnest(%(companies)s::integer[]) AS company (id)
                ON p.company_id IS NULL OR p.company_id = company.id
             WHERE p.id IN (%(customers)s)
               AND (p.customer_tier_id->>company.id::text)::integer = ANY(%(tiers)s::integer[])
               AND NOT EXISTS (
                    SELECT 1 FROM customer_archive a
                     WHERE a.partner_id = p.id
                       AND a.company_id = company.id
                       AND a.class_id = %(class_id)s
                       AND a.state != 'disposed'
                   )
            """,
            class_id=one.class_id,
            entries=one.entries,
            companies=one.company_ids,
            tiers=one.tier_ids,
            customers=one.customers,
        )
        for one in owed
    ]
    nobody = SQL(
        "SELECT NULL::integer AS class_id, NULL::integer AS partner_id,"
        " NULL::integer AS company_id, 0 AS entries WHERE FALSE"
    )
    return SQL(" UNION ALL ").join(parts or [nobody])


def radar_classes(archives: SQL, owed: list[Owed]) -> SQL:
    """Select class_id and how many documents are missing in it, for classes with dossiers.

    :param archives: subselect of the ids of the dossiers that count
    """
    return SQL(
        """
        SELECT class_id, SUM(missing)
          FROM (
                SELECT a.class_id, a.missing_count AS missing
                  FROM customer_archive a
                 WHERE a.id IN (%(archives)s)
                 UNION ALL
                SELECT class_id, entries FROM (%(owed)s) nothing
               ) entry
         GROUP BY class_id
        """,
        archives=archives,
        owed=without_dossier(owed),
    )


def radar_customers(
    archives: SQL, owed: list[Owed], only_missing: bool, limit: int, offset: int
) -> SQL:
    """Select a page of customers, those with the most missing documents first.

    :param archives: subselect of the ids of the dossiers that count
    :param owed: the class, where customers without a dossier of it count too
    :return: partner_id, missing, required, company without a dossier, total number of customers
    """
    return SQL(
        """
        SELECT partner_id, SUM(missing), SUM(required), MIN(company_id), COUNT(*) OVER ()
          FROM (
                SELECT a.partner_id, a.missing_count AS missing, a.required_count AS required,
                       NULL::integer AS company_id
                  FROM customer_archive a
                 WHERE a.id IN (%(archives)s)
                 UNION ALL
                SELECT partner_id, entries, entries, company_id FROM (%(owed)s) nothing
               ) entry
         GROUP BY partner_id
        HAVING SUM(required) > 0 %(only)s
         ORDER BY SUM(missing) DESC, partner_id
         LIMIT %(limit)s OFFSET %(offset)s
        """,
        archives=archives,
        owed=without_dossier(owed),
        only=SQL("AND SUM(missing) > 0") if only_missing else SQL(),
        limit=limit,
        offset=offset,
    )


def radar_cells(archives: SQL, partner_ids: list[int], now: datetime) -> SQL:
    """Select for customers and entries: the worst rank, how many are not fulfilled, how many."""
    return SQL(
        """
        SELECT partner_id, requirement_id, MAX(rank),
               COUNT(*) FILTER (WHERE rank > %(last_good)s), COUNT(*)
          FROM (%(checklist)s) entry
         GROUP BY partner_id, requirement_id
        """,
        last_good=LAST_GOOD,
        checklist=checklist(
            now,
            SQL("a.partner_id = ANY(%s) AND a.id IN (%s)", partner_ids, archives),
        ),
    )


def missing_view(now: datetime) -> SQL:
    """Select the rows of `customer.archive.missing`: entries that are not fulfilled."""
    status = SQL(
        "CASE rank %s END",
        SQL(" ").join(SQL("WHEN %s THEN %s", n, name) for n, name in enumerate(STATUSES)),
    )
    return SQL(
        """
        SELECT e.archive_id::bigint * 1048576 + COALESCE(e.requirement_id, 0) AS id,
               e.archive_id, e.partner_id, e.company_id, e.class_id, e.requirement_id,
               e.document_id, %(status)s AS status,
               archive.state, archive.role_a_id, document.date_until
          FROM (%(checklist)s) e
          JOIN customer_archive archive ON archive.id = e.archive_id
          LEFT JOIN customer_archive_document document ON document.id = e.document_id
         WHERE e.rank > %(last_good)s
        """,
        status=status,
        last_good=LAST_GOOD,
        checklist=checklist(now, SQL("a.state != 'disposed' AND a.missing_count > 0")),
    )


def expiring_documents(now: datetime, limit: int, after: int, company_ids) -> SQL:
    """Select ids of documents that end within their company's days, in batches by id.

    :param after: only documents with a higher id
    """
    return SQL(
        """
        SELECT d.id
          FROM customer_archive_document d
          JOIN customer_archive a ON a.id = d.archive_id
          JOIN res_company c ON c.id = a.company_id
          JOIN (%(zones)s) zone ON zone.company_id = c.id
         WHERE d.id > %(after)s
           AND d.active
           AND d.is_there
           AND a.state != 'disposed'
           AND a.company_id = ANY(%(companies)s)
           AND d.date_until <= %(day)s + c.archive_expiry_days
           AND NOT EXISTS (
                -- the next one is there already
                SELECT 1 FROM customer_archive_document later
                 WHERE later.archive_id = d.archive_id
                   AND later.requirement_id = d.requirement_id
                   AND later.active
                   AND later.is_there
                   AND later.date_until > d.date_until
               )
           AND NOT EXISTS (
                SELECT 1 FROM customer_sent s
                 WHERE s.model = 'customer.archive.document'
                   AND s.res_id = d.id
                   AND s.key = 'expiring ' || d.date_until
               )
         ORDER BY d.id
         LIMIT %(limit)s
        """,
        after=after,
        companies=list(company_ids),
        day=today(now),
        zones=company_zones(),
        limit=limit,
    )
