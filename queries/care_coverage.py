"""Months of the contact plan: what was due, paid in time, late, not at all.

The rule is `engine.care_plan.month_result`, here for all customers of a company at once.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from .care_due import Day, Rule, days_off, payments, plans
from .companies import family
from .metrics import MetricsContext


class Month(NamedTuple):
    """A month of a company: its first and last day, and whether it is written for the last time."""

    first: date
    last: date
    is_closed: bool = False


def months(
    ctx: MetricsContext,
    events: list[SQL],
    rules: list[Rule],
    day: Day,
    month: Month,
    late_credit: int,
    target: float,
) -> SQL:
    """Select what came of a month: one row a customer and kind, with `COLUMNS`.

    :param late_credit: percent of a month whose every contact was reported late
    :param target: percent the company aims at, kept with the row
    """
    return SQL(
        """
        WITH plan AS MATERIALIZED (%(plans)s),
        paid AS MATERIALIZED (
            SELECT q.partner_id, q.kind, q.day, BOOL_AND(q.is_late) AS is_late
              FROM (SELECT e.partner_id, e.kind, %(day)s AS day, e.is_late FROM (%(payments)s) e) q
             WHERE q.day <= %(end)s
             GROUP BY q.partner_id, q.kind, q.day
        ),
        held AS (
            SELECT partner_id, kind, day, is_late, TRUE AS is_made, TRUE AS is_paid
              FROM paid WHERE day >= %(first)s
            UNION ALL
            SELECT partner_id, kind, MAX(day), NULL, FALSE, TRUE
              FROM paid WHERE day < %(first)s GROUP BY partner_id, kind
        ),
        points AS (
            SELECT * FROM held
            UNION ALL
            SELECT pl.partner_id, pl.kind, pl.start, NULL, FALSE, FALSE
              FROM plan pl
              LEFT JOIN (SELECT partner_id, kind, MIN(day) AS day FROM held GROUP BY partner_id, kind) h
                     ON h.partner_id = pl.partner_id AND h.kind = pl.kind
             WHERE pl.start <= %(end)s AND (h.day IS NULL OR pl.start < h.day)
        ),
        chain AS (
            SELECT c.*, COALESCE(off.moved, c.raw) AS due
              FROM (
                SELECT pl.partner_id, pl.kind, pl.tier_id, pl.user_id, pl.team_id, o.day, o.is_late,
                       o.is_made,
                       LEAD(o.day) OVER w AS next,
                       CASE WHEN LEAD(o.day) OVER w IS NULL AND pl.manual IS NOT NULL
                                 AND (NOT o.is_paid OR pl.manual_set IS NULL
                                      OR o.day <= pl.manual_set)
                            THEN pl.manual ELSE o.day + pl.interval_days END AS raw
                  FROM plan pl
                  JOIN points o ON o.partner_id = pl.partner_id AND o.kind = pl.kind
                 WHERE pl.interval_days > 0
                WINDOW w AS (PARTITION BY o.partner_id, o.kind ORDER BY o.day)
              ) c
              LEFT JOIN %(off)s AS off(company_id, day, moved) ON off.day = c.raw
        ),
        results AS (
            SELECT partner_id, kind, tier_id, user_id, team_id,
                   BOOL_OR(next IS NULL AND due < %(decided)s) AS is_missed,
                   COALESCE(BOOL_OR(due < next), FALSE) AS is_late,
                   BOOL_OR(is_made) AS is_made,
                   COALESCE(BOOL_AND(is_late) FILTER (WHERE is_made), FALSE) AS is_half,
                   BOOL_OR(next IS NULL AND due <= %(last)s) AS is_open,
                   MAX(due) FILTER (WHERE next IS NULL) AS due_date,
                   MAX(day) FILTER (WHERE is_made) AS paid_date
              FROM chain
             GROUP BY partner_id, kind, tier_id, user_id, team_id
        )
        SELECT %(company)s AS company_id, partner_id, kind, %(first)s::date AS month, tier_id,
               user_id, team_id, due_date, paid_date,
               CASE WHEN is_missed THEN 'missed' WHEN is_late THEN 'late'
                    WHEN is_made THEN 'in_time' ELSE 'open' END AS result,
               CASE WHEN is_missed OR is_late THEN 0
                    WHEN is_made THEN CASE WHEN is_half THEN %(credit)s ELSE 100 END
                    END AS coverage,
               CASE WHEN is_missed OR is_late OR is_made THEN %(target)s::numeric END AS target
          FROM results
         WHERE is_missed OR is_late OR is_made OR is_open
        """,
        plans=plans([day]),
        payments=payments(ctx, events, rules),
        day=ctx.local_date(SQL("e.date")),
        end=min(day.today, month.last),
        decided=min(day.today, date.fromordinal(month.last.toordinal() + 1)),
        first=month.first,
        last=month.last,
        off=days_off([day]),
        company=ctx.company_id,
        credit=late_credit,
        target=target,
    )


COLUMNS = (
    "company_id",
    "partner_id",
    "kind",
    "month",
    "tier_id",
    "user_id",
    "team_id",
    "due_date",
    "paid_date",
    "result",
    "coverage",
    "target",
)


def write_month(select: SQL, company_id: int, month: Month) -> SQL:
    """Write a month that is not closed: rows that are there are overwritten, what is no longer due
    goes.
    """
    names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
    return SQL(
        """
        WITH fresh AS MATERIALIZED (%(select)s),
        gone AS (
            DELETE FROM customer_care_coverage c
             WHERE c.company_id = %(company)s AND c.month = %(month)s AND c.is_closed IS NOT TRUE
               AND NOT EXISTS (SELECT FROM fresh f
                                WHERE f.partner_id = c.partner_id AND f.kind = c.kind)
        )
        INSERT INTO customer_care_coverage (%(names)s, is_closed)
        SELECT %(names)s, %(closed)s FROM fresh
         ORDER BY partner_id, kind -- one order for everybody: two runs at once cannot deadlock
        ON CONFLICT (company_id, month, partner_id, kind) DO UPDATE
           SET %(updates)s, is_closed = EXCLUDED.is_closed
         WHERE customer_care_coverage.is_closed IS NOT TRUE
        """,
        names=names,
        company=company_id,
        month=month.first,
        closed=month.is_closed,
        select=select,
        updates=SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
            for name in COLUMNS[4:]
        ),
    )


def clear_used(company_id: int) -> SQL:
    """Forget the dates set by hand after which the customer was contacted, in a company and its
    branches.
    """
    return SQL(
        """
        UPDATE res_partner p
           SET next_contact_date = p.next_contact_date - used.keys,
               next_contact_reason = p.next_contact_reason - used.keys,
               next_contact_set_on = p.next_contact_set_on - used.keys
          FROM (
            SELECT m.partner_id, ARRAY(SELECT f.id::text FROM res_company f
                                        WHERE f.id = ANY(%(family)s)) AS keys
              FROM customer_metrics m
              JOIN res_partner c ON c.id = m.partner_id
             WHERE m.company_id = %(company)s
               AND c.next_contact_date ? %(key)s
               AND m.care_contact_date > (c.next_contact_set_on->>%(key)s)::date
          ) used
         WHERE p.id = used.partner_id
        """,
        family=family(company_id),
        company=company_id,
        key=str(company_id),
    )
