"""How long dossiers are kept, for all of them in one statement; the same rules as
`engine.retention`."""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL


class Clock(NamedTuple):
    """Today in a company and its time zone."""

    company_id: int
    today: date
    tz: str


class Row(NamedTuple):
    """A row of :func:`retention`, in the order of its columns.

    ``reason`` is the code of `engine.retention.keep_until`.
    """

    id: int
    archive_id: int
    company_id: int
    class_id: int
    partner_id: int
    hold: bool
    event: str | None
    event_date: date | None
    date_until: date | None
    reason: str
    is_due: bool


def some(ids: list[int]) -> SQL:
    """Choose some dossiers."""
    return SQL("a.id = ANY(%s)", list(ids))


REGISTERED = SQL("a.state = 'registered'")


def _clocks(clocks: list[Clock]) -> SQL:
    return SQL(
        "(VALUES %s) AS clock (company_id, today, tz)",
        SQL(", ").join(SQL("(%s, %s::date, %s)", *clock) for clock in clocks),
    )


def _last_transactions(chosen: SQL, clocks: list[Clock]) -> SQL:
    """Select the latest posted entry or confirmed order of customers with such a rule."""
    return SQL(
        """
        SELECT company_id, partner_id, MAX(day) AS day
          FROM (
            SELECT m.company_id, m.commercial_partner_id AS partner_id, m.date AS day
              FROM account_move m
             WHERE m.state = 'posted'
            UNION ALL
            SELECT o.company_id, p.commercial_partner_id,
                   (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE clock.tz)::date
              FROM sale_order o
              JOIN res_partner p ON p.id = o.partner_id
              JOIN %(clocks)s ON clock.company_id = o.company_id
             WHERE o.state = 'sale'
          ) t
         WHERE (company_id, partner_id) IN (
            SELECT a.company_id, a.partner_id
              FROM customer_archive a
              JOIN customer_archive_class c ON c.id = a.class_id
             WHERE c.retention_event = 'last_transaction' AND %(chosen)s)
         GROUP BY company_id, partner_id
        """,
        clocks=_clocks(clocks),
        chosen=chosen,
    )


def retention(clocks: list[Clock], chosen: SQL = REGISTERED) -> SQL:
    """Select a :class:`Row` for each dossier.

    :param clocks: today and time zone of each company; dossiers of others are left out
    :param chosen: condition on ``customer_archive a``
    """
    return SQL(
        """
        WITH transactions AS MATERIALIZED (%(transactions)s),
        facts AS (
            SELECT a.id, a.company_id, a.class_id, a.partner_id, COALESCE(a.hold, FALSE) AS hold,
                   clock.today, COALESCE(c.retention_forever, FALSE) AS forever,
                   c.retention_event AS event, COALESCE(c.retention_years, 0) AS years,
                   c.retention_rounding AS rounding,
                   CASE WHEN c.retention_forever THEN NULL
                        WHEN c.retention_event = 'last_transaction' THEN t.day
                        WHEN c.retention_event = 'contract_end'
                        THEN COALESCE(a.retention_event_date, a.date_end)
                        WHEN c.retention_event = 'case_closed' THEN a.retention_event_date
                   END AS event_date
              FROM customer_archive a
              JOIN %(clocks)s ON clock.company_id = a.company_id
              JOIN customer_archive_class c ON c.id = a.class_id
              LEFT JOIN transactions t
                     ON t.company_id = a.company_id AND t.partner_id = a.partner_id
             WHERE %(chosen)s
        ), ends AS (
            SELECT f.*, (f.event_date + make_interval(years => f.years))::date AS raw
              FROM facts f
        ), rounded AS (
            SELECT e.*,
                   CASE e.rounding
                        WHEN 'year'
                        THEN (date_trunc('year', e.raw) + interval '1 year - 1 day')::date
                        WHEN 'quarter'
                        THEN (date_trunc('quarter', e.raw) + interval '3 months - 1 day')::date
                        ELSE e.raw
                   END AS date_until
              FROM ends e
        )
        SELECT id, id AS archive_id, company_id, class_id, partner_id, hold, event, event_date,
               date_until,
               CASE WHEN forever THEN 'kept_forever'
                    WHEN event IS NULL THEN 'no_retention_rule'
                    WHEN event_date IS NULL THEN 'no_event_date'
                    ELSE 'kept_until'
               END AS reason,
               COALESCE(date_until < today, FALSE) AS is_due
          FROM rounded
        """,
        transactions=_last_transactions(chosen, clocks),
        clocks=_clocks(clocks),
        chosen=chosen,
    )
