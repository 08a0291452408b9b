"""The access log: who read what, when and what for, each time in one statement."""

from collections.abc import Iterator
from datetime import datetime

from odoo.tools import SQL

from .zones import company_zones, local_day


def insert_entries(
    table: str,
    ids: list[int],
    *,
    model: str,
    kind: str,
    detail: str | None,
    uid: int,
    now: datetime,
) -> SQL:
    """Insert an entry for each record that was read.

    Dossier, company and the access request that covers the dossier are looked up by the statement
    itself. Records and users that are not there (any more) leave no entry.

    :param table: table of the records: dossiers, or what has an ``archive_id``
    :param now: in UTC; its day in the company's time zone chooses the request in force
    """
    dossier = SQL.identifier("x", "id" if model == "customer.archive" else "archive_id")
    return SQL(
        """
        INSERT INTO customer_archive_access
               (date, user_id, company_id, kind, res_model, res_id, archive_ref, name, detail,
                request_id, purpose, create_uid, create_date, write_uid, write_date)
        SELECT %(now)s, u.id, a.company_id, %(kind)s, %(model)s, x.id, a.id,
               CONCAT_WS(' ', a.name, a.title), %(detail)s, request.id, request.purpose,
               u.id, %(now)s, u.id, %(now)s
          FROM %(table)s x
          JOIN customer_archive a ON a.id = %(dossier)s
          JOIN res_users u ON u.id = %(uid)s
          JOIN res_company c ON c.id = a.company_id
          JOIN (%(zones)s) zone ON zone.company_id = c.id
          LEFT JOIN LATERAL (
            SELECT r.id, r.purpose
              FROM customer_archive_access_request r
             WHERE r.requested_by_id = u.id AND r.state = 'approved' AND %(covers)s
                   AND %(today)s BETWEEN r.date_from AND r.date_to
             ORDER BY r.id DESC
             LIMIT 1
          ) request ON TRUE
         WHERE x.id = ANY(%(ids)s)
        """,
        table=SQL.identifier(table),
        dossier=dossier,
        covers=covers(),
        ids=list(ids),
        model=model,
        kind=kind,
        detail=detail,
        uid=uid,
        now=now,
        today=local_day(SQL("%s", now), SQL("zone.tz")),
        zones=company_zones(),
    )


def append_only() -> Iterator[SQL]:
    """Yield the statements that let the database itself refuse changes of the log."""
    yield SQL(
        """
        CREATE OR REPLACE FUNCTION customer_archive_access_append_only() RETURNS trigger AS $$
        BEGIN
            RAISE EXCEPTION 'The access log is only added to';
        END
        $$ LANGUAGE plpgsql
        """
    )
    yield SQL(
        """
        CREATE OR REPLACE TRIGGER customer_archive_access_append_only
        BEFORE UPDATE OR DELETE ON customer_archive_access
        FOR EACH ROW EXECUTE FUNCTION customer_archive_access_append_only()
        """
    )


def covers() -> SQL:
    """Condition: request ``r`` covers dossier ``a``, by name or by customer and class."""
    return SQL(
        """
        r.company_id = a.company_id
        AND (EXISTS (SELECT 1 FROM customer_archive_access_request_rel rel
                      WHERE rel.request_id = r.id AND rel.archive_id = a.id)
             OR (r.partner_id IS NOT NULL OR r.class_id IS NOT NULL)
                AND (r.partner_id IS NULL OR r.partner_id = a.partner_id)
                AND (r.class_id IS NULL OR r.class_id = a.class_id))
        """
    )
