"""Visits in the figures of customers."""

from odoo.tools import SQL

from .companies import family, in_family_of
from .metrics import PARTNER, MetricsContext, Part
from .tier_breaches import CUSTOMER
from .zones import company_zones, local_day


def metrics(ctx: MetricsContext) -> Part:
    """Last visit held and visits of the last 12 months, up to today."""
    select = SQL(
        """
        SELECT v.partner_id,
               MAX(v.done_date) AS last_visit_date,
               COUNT(*) FILTER (WHERE v.done_date >= %(low)s) AS visit_count_12m
          FROM customer_visit v
         WHERE v.state = 'done'
           AND v.no_contact IS NOT TRUE
           AND v.company_id = ANY(%(company)s)
           AND v.done_date <= %(today)s
           %(only)s
         GROUP BY v.partner_id
        """,
        low=ctx.year.date_from,
        company=family(ctx.company_id),
        today=ctx.today,
        only=ctx.only(SQL("v.partner_id")),
    )
    return Part(("last_visit_date", "visit_count_12m"), select, frozenset(("visit_count_12m",)))


def contacts(ctx: MetricsContext) -> SQL:
    """Events (see `metrics_contact`) of the visits at which somebody was met: noon of their day."""
    return SQL(
        """
        SELECT v.partner_id, 'visit' AS event, v.purpose,
               (v.done_date + time '12:00') AT TIME ZONE %(tz)s AT TIME ZONE 'UTC' AS date,
               'visit:customer.visit,' || v.id AS ref, v.is_late_report IS TRUE AS is_late
          FROM customer_visit v
         WHERE v.state = 'done'
           AND v.no_contact IS NOT TRUE
           AND v.company_id = ANY(%(company)s)
           AND v.done_date <= %(today)s
           %(recent)s
           %(only)s
        """,
        tz=ctx.tz,
        company=family(ctx.company_id),
        today=ctx.today,
        recent=SQL("AND v.reported_at >= %s", ctx.since) if ctx.since else SQL(),
        only=ctx.only(SQL("v.partner_id")),
    )


def surveys(ctx: MetricsContext) -> SQL:
    """Events of the customer being asked how satisfied he is, by an invitation to a survey."""
    return SQL(
        """
        SELECT %(partner)s AS partner_id, 'survey' AS event, NULL AS purpose, i.create_date AS date,
               'survey:survey.user_input,' || i.id AS ref, FALSE AS is_late
          FROM survey_user_input i
          JOIN survey_survey s ON s.id = i.survey_id AND s.customer_satisfaction
          JOIN res_partner p ON p.id = i.partner_id
         WHERE i.test_entry IS NOT TRUE
           AND i.create_date <= %(now)s
           AND (p.company_id IS NULL OR p.company_id = ANY(%(company)s))
           %(recent)s
           %(only)s
        """,
        partner=PARTNER,
        now=ctx.now,
        company=family(ctx.company_id),
        recent=SQL("AND i.create_date >= %s", ctx.since) if ctx.since else SQL(),
        only=ctx.only(PARTNER),
    )


def visit_overdue() -> SQL:
    """A part of `tier_breaches`: no visit within the interval."""
    return _overdue("visit", "visited", SQL("g.visit_interval_days"), SQL("TRUE"))


def meeting_overdue() -> SQL:
    """A part of `tier_breaches`: no key-account meeting within the interval."""
    meeting = SQL("v.purpose = 'meeting'")
    return _overdue("meeting", "met", SQL("g.meeting_interval_days"), meeting)


def survey_overdue() -> SQL:
    """A part of `tier_breaches`: the customer was not asked within the interval, neither by somebody
    nor by an invitation to a survey of customer satisfaction.
    """
    asked = SQL(
        """
        SELECT %s
          FROM survey_user_input i
          JOIN (%s) z ON z.company_id = g.company_id
          JOIN survey_survey s ON s.id = i.survey_id AND s.customer_satisfaction
          JOIN res_partner p ON p.id = i.partner_id
         WHERE p.commercial_partner_id = g.partner_id
           AND i.test_entry IS NOT TRUE
           AND (p.company_id IS NULL OR %s)
        """,
        local_day(SQL("i.create_date"), SQL("z.tz")),
        company_zones(),
        in_family_of(SQL("p.company_id"), SQL("g.company_id")),
    )
    survey = SQL("v.purpose = 'survey'")
    return _overdue("survey", "surveyed", SQL("g.survey_interval_days"), survey, asked)


def _overdue(kind: str, done: str, interval: SQL, condition: SQL, more: SQL | None = None) -> SQL:
    """The last such visit, or without one the day the customer came into the tier, is more than the
    interval ago. Looked up when asked: a visit reported now pays now.

    :param condition: which visits ``v`` count
    :param more: select of further days on which the measure was met
    """
    return SQL(
        """
        SELECT %(customer)s, CASE WHEN d.is_held THEN %(overdue)s ELSE %(never)s END AS kind,
               d.since, g.today - d.since - %(interval)s AS days_over
          FROM graded g
         CROSS JOIN LATERAL (
               SELECT MAX(x.day) IS NOT NULL AS is_held,
                      COALESCE(MAX(x.day), g.tier_since) AS since
                 FROM (SELECT v.done_date AS day
                         FROM customer_visit v
                        WHERE v.partner_id = g.partner_id
                          AND %(family)s
                          AND v.state = 'done'
                          AND v.no_contact IS NOT TRUE
                          AND %(condition)s
                       %(more)s) x
                WHERE x.day <= g.today
               ) d
         WHERE %(interval)s > 0
           AND g.today - d.since > %(interval)s
        """,
        customer=CUSTOMER,
        overdue=f"{kind}_overdue",
        never=f"never_{done}",
        interval=interval,
        condition=condition,
        family=in_family_of(SQL("v.company_id"), SQL("g.company_id")),
        more=SQL("UNION ALL %s", more) if more else SQL(),
    )
