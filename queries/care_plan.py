"""What the planning job writes and sends: visits of the next days, and the weekly lists."""

from datetime import date, datetime

from odoo.tools import SQL

from .companies import family


def lock_company(company_id: int) -> SQL:
    """Try to take the company's planning until the end of the transaction; yields one boolean."""
    return SQL("SELECT pg_try_advisory_xact_lock(hashtext('customer_care'), %s)", company_id)


def plan_visits(
    due: SQL,
    company_id: int,
    until: date,
    first_day: date,
    names: dict[str, str],
    uid: int,
    now: datetime,
) -> SQL:
    """Plan the visits and meetings that fall due until a day; returns the ids.

    Once for each due contact: whoever cancels a planned visit is not overruled by the next night. A
    customer who has such a visit planned already gets no second one. A visit belongs to the company, or
    to the branch that its visitor works in.

    :param due: table of `care_due.due_rows`
    :param first_day: working day to which what is overdue is planned
    :param names: {kind: what the visit is called, in the language of the company}
    """
    return SQL(
        """
        WITH wanted AS MATERIALIZED (
            SELECT x.partner_id, x.kind, x.user_id, x.due_date, home.cid AS company_id,
                   'care:' || x.company_id || ':' || x.kind || ':' || x.since AS key
              FROM (%(due)s) x
              JOIN (SELECT DISTINCT ON (r.user_id) r.user_id, r.cid
                      FROM res_company_users_rel r
                     WHERE r.cid = ANY(%(family)s)
                     ORDER BY r.user_id, r.cid != %(company)s, r.cid) home
                ON home.user_id = x.user_id
             WHERE x.company_id = %(company)s
               AND x.kind IN ('visit', 'meeting')
               AND x.due_date <= %(until)s
               AND x.next_visit_id IS NULL
               AND x.since IS NOT NULL
        ), fresh AS (
            INSERT INTO customer_sent (model, res_id, key, create_date)
            SELECT 'res.partner', partner_id, key, %(now)s FROM wanted ORDER BY partner_id, key
                ON CONFLICT (model, res_id, key) DO NOTHING
            RETURNING res_id, key
        )
        INSERT INTO customer_visit (
            partner_id, company_id, user_id, way, purpose, state, planned_date, name, is_late_report,
            create_uid, write_uid, create_date, write_date)
        SELECT w.partner_id, w.company_id, w.user_id, 'onsite',
               CASE w.kind WHEN 'meeting' THEN 'meeting' ELSE 'care' END, 'planned',
               GREATEST(w.due_date, %(first_day)s),
               CASE w.kind WHEN 'meeting' THEN %(meeting)s ELSE %(visit)s END || ' – ' || p.name,
               FALSE, %(uid)s, %(uid)s, %(now)s, %(now)s
          FROM wanted w
          JOIN fresh f ON f.res_id = w.partner_id AND f.key = w.key
          JOIN res_partner p ON p.id = w.partner_id
         -- a meeting is a visit: who gets one needs no second
         WHERE w.kind = 'meeting'
            OR NOT EXISTS (SELECT FROM wanted o JOIN fresh g ON g.res_id = o.partner_id AND g.key = o.key
                            WHERE o.partner_id = w.partner_id AND o.kind = 'meeting')
        RETURNING id
        """,
        due=due,
        company=company_id,
        family=family(company_id),
        until=until,
        first_day=first_day,
        meeting=names["meeting"],
        visit=names["visit"],
        uid=uid,
        now=now,
    )


def _lists(
    due: SQL, reader: SQL, source: SQL, condition: SQL, after: int, readers: int, listed: int
):
    return SQL(
        """
        SELECT reader_id, total, overdue, partner_id, kind, due_date, days_over, user_id
          FROM (
            SELECT q.*, COUNT(*) OVER w AS total,
                   COUNT(*) FILTER (WHERE q.days_over > 0) OVER w AS overdue,
                   DENSE_RANK() OVER (ORDER BY q.reader_id) AS turn,
                   ROW_NUMBER() OVER (PARTITION BY q.reader_id
                                      ORDER BY q.days_over DESC, q.revenue_12m DESC NULLS LAST, q.id)
                       AS place
              FROM (SELECT x.*, %(reader)s AS reader_id
                      FROM (%(due)s) x %(source)s
                     WHERE %(condition)s) q
             WHERE q.reader_id > %(after)s
            WINDOW w AS (PARTITION BY q.reader_id)
          ) ranked
         WHERE turn <= %(readers)s AND place <= %(listed)s
         ORDER BY reader_id, place
        """,
        reader=reader,
        due=due,
        source=source,
        condition=condition,
        after=after,
        readers=readers,
        listed=listed,
    )


def due_lists(due: SQL, company_id: int, until: date, after: int, readers: int, listed: int) -> SQL:
    """Rows (reader_id, total, overdue, partner_id, kind, due_date, days_over, user_id): the first
    `listed` contacts due until a day of the next `readers` users, most overdue and most valuable first.

    :param after: id of the last user who had his list
    """
    condition = SQL("x.company_id = %s AND x.due_date <= %s", company_id, until)
    return _lists(due, SQL("x.user_id"), SQL(), condition, after, readers, listed)


def missed_lists(due: SQL, company_id: int, after: int, readers: int, listed: int) -> SQL:
    """The same for team leaders: what is overdue in the team, apart from the leader's own."""
    condition = SQL(
        "x.company_id = %s AND x.days_over > 0 AND x.user_id IS DISTINCT FROM t.user_id", company_id
    )
    team = SQL("JOIN crm_team t ON t.id = x.team_id")
    return _lists(due, SQL("t.user_id"), team, condition, after, readers, listed)
