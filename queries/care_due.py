"""The contact plan as a debt list: what paid last, when the next one is due.

Figures of the night (`customer_metrics.care_*`) and what happened since then, so that a contact
logged now pays now. `engine/care_plan.py` says the same for one customer.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from .companies import family, in_family_of
from .metrics import PARTNER, MetricsContext, Part
from .metrics_contact import held

# Order is part of the ids of rows: append only.
KINDS = ("contact", "visit", "meeting", "survey")
# What a row's id leaves room for: id = metrics id * MAX_KINDS + number of the kind.
MAX_KINDS = 8


class Rule(NamedTuple):
    """What pays a kind: an event and, of visits, a purpose (None: any)."""

    kind: str
    event: str
    purpose: str | None = None


class Day(NamedTuple):
    """A company with care, its day and its days off with the next working day of each.

    has_figures: the figures of the night were made by the rules of today.
    """

    company_id: int
    today: date
    has_figures: bool
    days_off: list[tuple[date, date]]


def document_meetings(ctx: MetricsContext, model: str, select: SQL) -> SQL:
    """Events (see `metrics_contact.contacts`) of meetings that belong to a document of the customer.

    :param select: (res_id, partner_id) of the documents of the model
    """
    return SQL(
        """
        SELECT %(partner)s AS partner_id, 'meeting' AS event, NULL AS purpose, e.stop AS date,
               'meeting:calendar.event,' || e.id AS ref, FALSE AS is_late
          FROM calendar_event e
          JOIN (%(documents)s) d ON d.res_id = e.res_id
          JOIN res_partner p ON p.id = d.partner_id
         WHERE e.res_model = %(model)s
           AND %(held)s
           %(only)s
        """,
        partner=PARTNER,
        documents=select,
        model=model,
        held=held(ctx),
        only=ctx.only(PARTNER),
    )


def complaint_documents(ctx: MetricsContext) -> SQL:
    """Select (res_id, partner_id) of the complaints of the company."""
    return SQL(
        "SELECT id AS res_id, partner_id FROM customer_complaint"
        " WHERE partner_id IS NOT NULL AND company_id = ANY(%s)",
        family(ctx.company_id),
    )


def kinds_paid(event: SQL, purpose: SQL, rules: list[Rule]) -> SQL:
    """Array of the kinds that an event pays, of visits with a purpose.

    An array and not a table to join: the planner takes a join by two texts for next to nothing and
    then loops over all that joins the result.
    """
    cases = []
    for name in sorted({rule.event for rule in rules}):
        mine = [rule for rule in rules if rule.event == name]
        always = {rule.kind for rule in mine if rule.purpose is None}
        for wanted in sorted({rule.purpose for rule in mine if rule.purpose}):
            kinds = always | {rule.kind for rule in mine if rule.purpose == wanted}
            cases.append(
                SQL("WHEN %s = %s AND %s = %s THEN %s", event, name, purpose, wanted, sorted(kinds))
            )
        if always:
            cases.append(SQL("WHEN %s = %s THEN %s", event, name, sorted(always)))
    if not cases:
        return SQL("NULL::text[]")
    return SQL("CASE %s END::text[]", SQL(" ").join(cases))


def payments(ctx: MetricsContext, events: list[SQL], rules: list[Rule]) -> SQL:
    """Select (partner_id, kind, date, ref, is_late) of all that pays.

    :param events: selects of contacts, see `metrics_contact.contacts`
    """
    used = {rule.event for rule in rules}
    return SQL(
        """
        SELECT e.partner_id, r.kind, e.date, e.ref, e.is_late
          FROM (%(events)s) e
         CROSS JOIN LATERAL unnest(%(kinds)s) AS r(kind)
         WHERE e.event = ANY(%(used)s)
        """,
        events=SQL(" UNION ALL ").join(events),
        kinds=kinds_paid(SQL("e.event"), SQL("e.purpose"), rules),
        used=sorted(used),
    )


def figures(ctx: MetricsContext, events: list[SQL], rules: list[Rule]) -> Part:
    """The last contact and, for each kind, the day and the record that paid last."""
    columns = [("last_contact_date", "contact", "date")]
    for kind in KINDS:
        columns += [(f"care_{kind}_date", kind, "date"), (f"care_{kind}_ref", kind, "ref")]
    parts = []
    for name, kind, what in columns:
        kept = SQL("FILTER (WHERE e.kind = %s)", kind)
        day = ctx.local_date(SQL("MAX(e.date) %s", kept))
        ref = SQL("(ARRAY_AGG(e.ref ORDER BY e.date DESC, e.ref DESC) %s)[1]", kept)
        parts.append(SQL("%s AS %s", day if what == "date" else ref, SQL.identifier(name)))
    select = SQL(
        "SELECT e.partner_id, %s FROM (%s) e GROUP BY e.partner_id",
        SQL(", ").join(parts),
        payments(ctx, events, rules),
    )
    return Part(tuple(name for name, _kind, _what in columns), select)


def recent(contexts: list[tuple[MetricsContext, list[SQL]]], rules: list[Rule]) -> SQL:
    """Select (company_id, partner_id, kind, day, ref): the last payment since the figures.

    :param contexts: (context with `since`, events) of each company
    """
    if not contexts:
        return SQL(
            "SELECT 0 AS company_id, 0 AS partner_id, NULL AS kind, NULL::date AS day, NULL AS ref"
            " WHERE FALSE"
        )
    return SQL(" UNION ALL ").join(
        SQL(
            """
            SELECT %(company)s AS company_id, e.partner_id, e.kind, %(day)s AS day,
                   (ARRAY_AGG(e.ref ORDER BY e.date DESC, e.ref DESC))[1] AS ref
              FROM (%(payments)s) e
             GROUP BY e.partner_id, e.kind
            """,
            company=ctx.company_id,
            day=ctx.local_date(SQL("MAX(e.date)")),
            payments=payments(ctx, events, rules),
        )
        for ctx, events in contexts
    )


def days_off(days: list[Day]) -> SQL:
    """Table off(company_id, day, moved) of days off with the next working day."""
    rows = [(day.company_id, off, moved) for day in days for off, moved in day.days_off]
    return SQL(
        "unnest(%s::int[], %s::date[], %s::date[])",
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
    )


def plans(days: list[Day]) -> SQL:
    """Select what is planned: one row a customer, company and kind, whether or not it is due.

    Columns: metrics_id, partner_id, company_id, today, tier_id, user_id, team_id, number, kind,
    interval_days, is_own, start, manual, manual_set, day and ref (what paid last, as of the night).
    Left out: what is not planned, and customers not to be contacted for this.
    """
    return SQL(
        """
        SELECT m.id AS metrics_id, m.partner_id, m.company_id, d.today, t.id AS tier_id,
               COALESCE(u.id, team.user_id) AS user_id,
               COALESCE(team.id, u.sale_team_id) AS team_id,
               k.number, k.kind, COALESCE(i.days, k.tier_days, 0) AS interval_days,
               i.id IS NOT NULL AS is_own,
               COALESCE((p.customer_tier_since->>m.company_id::text)::date, i.since) AS start,
               CASE WHEN k.kind = 'contact'
                    THEN (p.next_contact_date->>m.company_id::text)::date END AS manual,
               CASE WHEN k.kind = 'contact'
                    THEN (p.next_contact_set_on->>m.company_id::text)::date END AS manual_set,
               CASE WHEN d.known THEN k.day END AS day,
               CASE WHEN d.known THEN k.ref END AS ref, m.revenue_12m, m.currency_id
          FROM customer_metrics m
          JOIN (VALUES %(days)s) AS d(company_id, today, known) ON d.company_id = m.company_id
          JOIN res_partner p ON p.id = m.partner_id AND p.active
          LEFT JOIN customer_tier t ON t.id = (p.customer_tier_id->>m.company_id::text)::int
          LEFT JOIN res_users u ON u.id = p.user_id AND u.active
          LEFT JOIN crm_team team ON team.id = (p.customer_team_id->>m.company_id::text)::int
         CROSS JOIN LATERAL (VALUES
               ('contact', 0, t.contact_interval_days, m.care_contact_date, m.care_contact_ref),
               ('visit', 1, t.visit_interval_days, m.care_visit_date, m.care_visit_ref),
               ('meeting', 2, t.meeting_interval_days, m.care_meeting_date, m.care_meeting_ref),
               ('survey', 3, t.survey_interval_days, m.care_survey_date, m.care_survey_ref)
               ) AS k(kind, number, tier_days, day, ref)
          LEFT JOIN customer_care_interval i
                 ON i.partner_id = m.partner_id AND i.company_id = m.company_id AND i.kind = k.kind
                AND (i.last_day IS NULL OR i.last_day >= d.today)
         WHERE (COALESCE(i.days, k.tier_days, 0) > 0
                OR k.kind = 'contact' AND p.next_contact_date->>m.company_id::text IS NOT NULL)
           AND NOT EXISTS (
                SELECT FROM customer_care_block b
                 WHERE b.partner_id = m.partner_id AND b.company_id = m.company_id
                   AND (b.last_day IS NULL OR b.last_day >= d.today)
                   AND b.purpose IN ('all', CASE k.kind WHEN 'survey' THEN 'survey' ELSE 'care' END)
               )
        """,
        days=SQL(", ").join(
            SQL("(%s, %s::date, %s)", day.company_id, day.today, day.has_figures) for day in days
        ),
    )


def next_visit(column: SQL, rules: list[Rule]) -> SQL:
    """Value of the next planned visit that will pay the row ``x``; none: NULL.

    A subselect and no join: of a page it is looked up after the sort, for the rows that are shown.
    """
    return SQL(
        """
        (SELECT %(column)s
           FROM customer_visit v
          WHERE v.partner_id = x.partner_id
            AND v.state = 'planned'
            AND x.kind = ANY(%(kinds)s)
            AND %(family)s
          ORDER BY v.planned_date, v.id
          LIMIT 1)
        """,
        column=column,
        kinds=kinds_paid(SQL("'visit'"), SQL("v.purpose"), rules),
        family=in_family_of(SQL("v.company_id"), SQL("x.company_id")),
    )


def due_rows(days: list[Day], contexts, rules: list[Rule]) -> SQL:
    """Table of what is due: what `customer.care.due` shows.

    :param contexts: see `recent`
    """
    if not days:
        days = [Day(0, date(1970, 1, 1), False, [])]
    return SQL(
        """
        SELECT x.metrics_id * %(max_kinds)s + x.number AS id, x.partner_id, x.company_id, x.kind,
               x.tier_id, x.user_id, x.team_id, x.interval_days,
               CASE WHEN x.by_hand THEN 'manual' WHEN x.is_own THEN 'own' ELSE 'tier' END AS origin,
               x.last_date, x.last_ref, x.since, x.due_date, x.plan_date,
               x.today - x.due_date AS days_over,
               CASE WHEN x.due_date < x.today THEN '1_overdue'
                    WHEN x.due_date < date_trunc('week', x.today)::date + 7 THEN '2_this_week'
                    WHEN x.due_date < date_trunc('week', x.today)::date + 14 THEN '3_next_week'
                    ELSE '4_later' END AS bucket,
               x.revenue_12m, x.currency_id, %(visit_date)s AS next_visit_date,
               %(visit_id)s AS next_visit_id
          FROM (
            SELECT c.*, COALESCE(off.moved, c.raw_date) AS due_date
              FROM (
                SELECT b.*,
                       b.manual IS NOT NULL
                           AND (b.last_date IS NULL OR b.manual_set IS NULL
                                OR b.last_date <= b.manual_set) AS by_hand,
                       CASE WHEN b.interval_days > 0
                            THEN b.since + b.interval_days END AS plan_date,
                       CASE WHEN b.manual IS NOT NULL
                                 AND (b.last_date IS NULL OR b.manual_set IS NULL
                                      OR b.last_date <= b.manual_set) THEN b.manual
                            WHEN b.interval_days > 0 THEN b.since + b.interval_days
                            END AS raw_date
                  FROM (
                    SELECT pl.*, GREATEST(pl.day, r.day) AS last_date,
                           CASE WHEN r.day >= pl.day OR pl.day IS NULL THEN r.ref
                                ELSE pl.ref END AS last_ref,
                           COALESCE(GREATEST(pl.day, r.day), pl.start) AS since
                      FROM (%(plans)s) pl
                      LEFT JOIN (%(recent)s) r
                             ON r.company_id = pl.company_id AND r.partner_id = pl.partner_id
                            AND r.kind = pl.kind
                  ) b
              ) c
              LEFT JOIN %(off)s AS off(company_id, day, moved)
                     ON off.company_id = c.company_id AND off.day = c.raw_date
             WHERE c.raw_date IS NOT NULL
          ) x
        """,
        max_kinds=MAX_KINDS,
        plans=plans(days),
        recent=recent(contexts, rules),
        off=days_off(days),
        visit_date=next_visit(SQL("v.planned_date"), rules),
        visit_id=next_visit(SQL("v.id"), rules),
    )


def last_message() -> SQL:
    """Id of the last message there is; one number."""
    return SQL("SELECT COALESCE(MAX(id), 0) FROM mail_message")


def counts(due: SQL) -> SQL:
    """One row (customers, contacts overdue, contacts without a responsible) of what is due."""
    return SQL(
        """
        SELECT COUNT(DISTINCT x.partner_id), COUNT(*) FILTER (WHERE x.days_over > 0),
               COUNT(*) FILTER (WHERE x.user_id IS NULL)
          FROM (%s) x
        """,
        due,
    )


def breaches(due: SQL) -> SQL:
    """A part of `tier_breaches` with several rows a customer: every contact that is overdue."""
    return SQL(
        """
        SELECT x.id / %(room)s AS metrics_id, x.partner_id, x.company_id, x.tier_id, x.user_id,
               CASE WHEN x.last_date IS NOT NULL THEN x.kind || '_overdue'
                    ELSE 'never_' || CASE x.kind WHEN 'contact' THEN 'contacted'
                                                 WHEN 'visit' THEN 'visited'
                                                 WHEN 'meeting' THEN 'met'
                                                 ELSE 'surveyed' END END AS kind,
               x.since, x.days_over, mod(x.id, %(room)s) AS number
          FROM (%(due)s) x
         WHERE x.days_over > 0 AND x.tier_id IS NOT NULL
        """,
        room=MAX_KINDS,
        due=due,
    )
