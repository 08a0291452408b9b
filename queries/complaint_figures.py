"""Figures of complaints: `engine.complaint_figures` in SQL, one row a case, and sums for providers."""

from datetime import date, datetime

from odoo.tools import SQL

from ..engine.complaint_figures import CONTACT_LIMIT, COUNTS, RATES
from ..engine.provider_period import HOTLINE, WEB

#: An order the addressee took on: not returned, and not void before it was accepted.
TAKEN = SQL(
    "(d.state NOT IN ('returned', 'cancelled')"
    " OR d.state = 'cancelled' AND d.accepted_at IS NOT NULL)"
)


def rate(name: str, column) -> SQL:
    """Return a rate of `RATES` in percent with two digits, NULL without a denominator.

    :param column: function that gives the SQL of a count by its name, already summed for a group
    """
    numerator, denominator = RATES[name]
    return SQL(
        "round(100.0 * %s / NULLIF(%s, 0), 2)",
        column(numerator),
        column(denominator),
    )


def case_rows(only: SQL | None = None) -> SQL:
    """Select every complaint with its counts; the names are those of `engine.complaint_figures`.

    ``date`` is the day of receipt in the company's time zone. ``provider_id`` is the provider
    (company) that last took on an order of the case, ``department`` the one of the team that last
    did, else of the case's own team.

    :param only: condition on ``k`` (the complaint)
    """
    return SQL(
        """
        SELECT k.id AS id, k.id AS complaint_id, k.company_id, k.partner_id, k.team_id,
               k.user_id, k.registered_by_id, k.category_id, k.channel_id, k.severity, k.state,
               COALESCE(channel.is_public, FALSE) AS is_web,
               (k.received_at AT TIME ZONE 'UTC'
                    AT TIME ZONE COALESCE(owner.tz, 'UTC'))::date AS date,
               provider.id AS provider_id,
               COALESCE(worker.department, team.department) AS department,
               1 AS received,
               (COALESCE(clock.answer, clock.plan, clock.report) IS NOT DISTINCT FROM 'met')::int
                   AS replied_in_time,
               (k.first_contact_at IS NOT NULL
                   AND k.first_contact_at <= k.received_at + %(contact_limit)s)::int AS contacted,
               COALESCE(call.false_replies, 0)::int AS false_replies,
               COALESCE(k.unreachable, FALSE)::int AS unreachable,
               (NOT COALESCE(k.unreachable, FALSE))::int AS reachable,
               fact.called_back::int AS called_back,
               (fact.called_back AND fact.closed AND clock.close = 'met'
                   AND COALESCE(k.reopen_count, 0) = 0)::int AS closed_first_time,
               fact.closed::int AS closed,
               (NOT COALESCE(k.unreachable, FALSE)
                   AND call.result IS NOT DISTINCT FROM 'satisfied')::int AS satisfied,
               (k.repeat_of_id IS NOT NULL)::int AS repeats,
               (COALESCE(k.reopen_count, 0) > 0)::int AS reopened,
               COALESCE(k.media_exposure, FALSE)::int AS media_cases,
               COALESCE(k.reopen_count, 0) AS reopenings,
               COALESCE(k.return_count, 0) AS returns,
               EXTRACT(EPOCH FROM k.answered_at - k.received_at) / 3600 AS hours_to_answer,
               CASE WHEN k.state = 'closed'
                    THEN EXTRACT(EPOCH FROM k.closed_at - k.received_at) / 86400 END
                   AS days_to_close
          FROM customer_complaint k
          JOIN res_company company ON company.id = k.company_id
          JOIN res_partner owner ON owner.id = company.partner_id
          LEFT JOIN customer_complaint_channel channel ON channel.id = k.channel_id
          LEFT JOIN customer_complaint_team team ON team.id = k.team_id
          LEFT JOIN LATERAL (
               SELECT MAX(result) FILTER (WHERE c.milestone = 'answer') AS answer,
                      MAX(result) FILTER (WHERE c.milestone = 'plan') AS plan,
                      MAX(result) FILTER (WHERE c.milestone = 'report') AS report,
                      MAX(result) FILTER (WHERE c.milestone = 'close') AS close
                 FROM (
                      SELECT milestone,
                             COALESCE(first_state, NULLIF(state, 'dropped')) AS result
                        FROM customer_sla_clock
                       WHERE complaint_id = k.id
                 ) c
          ) clock ON TRUE
          LEFT JOIN LATERAL (
               SELECT COUNT(*) FILTER (WHERE v.verification_result = 'false_reply')
                          AS false_replies,
                      COUNT(*) FILTER (WHERE v.verification_result != 'unreachable') AS reached,
                      (array_agg(v.verification_result ORDER BY
                          COALESCE(v.reported_at, v.create_date) DESC, v.id DESC) FILTER (
                          WHERE v.verification_result != 'unreachable'
                            AND COALESCE(v.reopening, 0) = COALESCE(k.reopen_count, 0)
                      ))[1] AS result
                 FROM customer_visit v
                WHERE v.complaint_id = k.id AND v.purpose = 'verification' AND v.state = 'done'
          ) call ON TRUE
         CROSS JOIN LATERAL (
               SELECT COALESCE(call.reached, 0) > 0 AND clock.close IS NOT NULL AS called_back,
                      k.state = 'closed' AND NOT COALESCE(k.unreachable, FALSE) AS closed
          ) fact
          LEFT JOIN LATERAL (
               SELECT p.commercial_partner_id AS id
                 FROM customer_complaint_dispatch d
                 JOIN res_partner p ON p.id = d.provider_id
                WHERE d.complaint_id = k.id AND %(taken)s
                ORDER BY d.id DESC LIMIT 1
          ) provider ON TRUE
          LEFT JOIN LATERAL (
               SELECT d.department
                 FROM customer_complaint_dispatch d
                WHERE d.complaint_id = k.id AND d.team_id IS NOT NULL AND %(taken)s
                ORDER BY d.id DESC LIMIT 1
          ) worker ON TRUE
         WHERE k.kind = 'complaint' AND k.state != 'cancelled' AND %(only)s
        """,
        contact_limit=CONTACT_LIMIT,
        taken=TAKEN,
        only=only or SQL("TRUE"),
    )


def case_rows_with_rates() -> SQL:
    """Select the cases with the rates of each one, for lists; groups add up the counts instead."""
    rates = (
        SQL("%s AS %s", rate(name, lambda count: SQL.identifier("f", count)), SQL.identifier(name))
        for name in RATES
    )
    return SQL("SELECT f.*, %s FROM (%s) f", SQL(", ").join(rates), case_rows())


def provider_totals(company_id: int, start: datetime, end: datetime) -> SQL:
    """Select (provider, scope, open cases, *`COUNTS`) of the complaints received in a span of time.

    :param start: first instant, naive UTC
    :param end: first instant after it
    """
    sums = SQL(", ").join(SQL("SUM(%s)::int", SQL.identifier("f", name)) for name in COUNTS)
    return SQL(
        """
        SELECT f.provider_id, CASE WHEN f.is_web THEN %(web)s ELSE %(hotline)s END AS scope,
               COUNT(*) FILTER (WHERE f.state NOT IN ('closed', 'force_closed'))::int AS open_cases,
               %(sums)s
          FROM (%(cases)s) f
         WHERE f.provider_id IS NOT NULL
         GROUP BY 1, 2
        """,
        web=WEB,
        hotline=HOTLINE,
        sums=sums,
        cases=case_rows(
            SQL(
                "k.company_id = %s AND k.received_at >= %s AND k.received_at < %s",
                company_id,
                start,
                end,
            )
        ),
    )


def provider_visits(company_id: int, date_from: date, date_to: date) -> SQL:
    """Select (provider, visits held) of the days from one to the other, both included."""
    return SQL(
        """
        SELECT p.commercial_partner_id, COUNT(*)::int
          FROM customer_visit v
          JOIN res_partner p ON p.id = v.provider_id
         WHERE v.company_id = %s AND v.state = 'done' AND v.done_date BETWEEN %s AND %s
         GROUP BY p.commercial_partner_id
        """,
        company_id,
        date_from,
        date_to,
    )


def providers_at_work(company_id: int, start: datetime, end: datetime) -> SQL:
    """Select the providers that got an order in a span of time (see `provider_totals`)."""
    return SQL(
        """
        SELECT DISTINCT p.commercial_partner_id
          FROM customer_complaint_dispatch d
          JOIN res_partner p ON p.id = d.provider_id
         WHERE d.company_id = %s AND d.sent_at >= %s AND d.sent_at < %s
        """,
        company_id,
        start,
        end,
    )
