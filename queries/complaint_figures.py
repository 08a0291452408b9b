"""Figures of complaints: `engine.complaint_figures` in SQL, one row a case, and sums for providers."""

from datetime import date, datetime

from odoo.tools import SQL

from ..engine.complaint_figures import COUNTS, RATES
from ..engine.provider_period import HOTLINE, WEB
from .zones import company_zones, local_day

#: An order the addressee took on: not returned, and not void before it was accepted.
TAKEN = SQL(
    "(d.state NOT IN ('returned', 'cancelled')"
    " OR d.state = 'cancelled' AND d.accepted_at IS NOT NULL)"
)

#: A complaint, also one that became a repair request after the intake. What was imported from the time
#: before the system has no clocks and no call-backs: it is in no figure.
IS_COMPLAINT = SQL("((k.kind = 'complaint' OR k.was_complaint) AND k.is_history IS NOT TRUE)")
#: A repair request from the start: its figures are its own.
IS_REPAIR = SQL("(k.kind = 'repair' AND k.was_complaint IS NOT TRUE AND k.is_history IS NOT TRUE)")
#: What a case carried over keeps of the month of its receipt: everything but counts and times.
KEPT = (
    "complaint_id",
    "company_id",
    "partner_id",
    "team_id",
    "user_id",
    "registered_by_id",
    "category_id",
    "channel_id",
    "severity",
    "state",
    "is_web",
    "provider_id",
    "department",
)
#: Other counts of a case, beside `COUNTS`; they stay in the month of the receipt.
OTHERS = ("provider_replied", "provider_contacted", "reopenings", "returns")
MEANS = ("hours_to_answer", "days_to_close")


def receipts() -> SQL:
    """Select the first and the last receipt of a case."""
    return SQL("SELECT MIN(received_at), MAX(received_at) FROM customer_complaint")


def cutoff_rows(rows) -> SQL:
    """Return (company_id, month, ends_at) as a table.

    :param rows: the same as tuples; `ends_at` is the first instant after the cut-off, naive UTC
    """
    companies, months, ends = ([row[n] for row in rows] for n in range(3))
    return SQL(
        "SELECT * FROM unnest(%s::int[], %s::date[], %s::timestamp[])"
        " AS cutoff (company_id, month, ends_at)",
        companies,
        months,
        ends,
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


def case_rows(cutoffs, only: SQL | None = None, which: SQL = IS_COMPLAINT) -> SQL:
    """Select every complaint with its counts; the names are those of `engine.complaint_figures`.

    ``date`` is the day of receipt in the company's time zone. ``provider_id`` is the provider
    (company) that first took on an order of the case: it stays responsible when another one takes
    over. ``department`` is the one of the team that last did, else of the case's own team.
    ``provider_replied`` and ``provider_contacted`` say that the first result and the first contact of
    that order came in time; without a promise to the provider, that of the case counts.

    :param cutoffs: rows of `cutoff_rows`
    :param only: condition on ``k`` (the complaint)
    :param which: which cases, `IS_COMPLAINT` or `IS_REPAIR`
    """
    return SQL(
        """
        SELECT k.id AS id, k.id AS complaint_id, k.company_id, k.partner_id, k.team_id,
               k.user_id, k.registered_by_id, k.category_id, k.channel_id, k.severity, k.state,
               COALESCE(channel.is_public, FALSE) AS is_web,
               %(day)s AS date,
               provider.id AS provider_id,
               COALESCE(worker.department, team.department) AS department,
               1 AS received,
               (COALESCE(clock.answer, clock.plan, clock.report) IS NOT DISTINCT FROM 'met')::int
                   AS replied_in_time,
               CASE WHEN provider.result_due IS NOT NULL
                    THEN COALESCE(provider.first_result_at <= provider.result_due, FALSE)
                    ELSE clock.first_result IS NOT DISTINCT FROM 'met'
                END::int AS provider_replied,
               CASE WHEN provider.contact_due IS NOT NULL
                    THEN COALESCE(provider.first_contact_at <= provider.contact_due, FALSE)
                    ELSE fact.contacted
                END::int AS provider_contacted,
               fact.contacted::int AS contacted,
               COALESCE(call.false_replies, 0)::int AS false_replies,
               COALESCE(k.unreachable, FALSE)::int AS unreachable,
               (NOT COALESCE(k.unreachable, FALSE))::int AS reachable,
               fact.called_back::int AS called_back,
               (fact.called_back AND fact.closed AND clock.close = 'met'
                   AND COALESCE(k.reopen_count, 0) = 0)::int AS closed_first_time,
               (fact.closed
                   AND COALESCE(k.closed_at < cutoff.ends_at, cutoff.ends_at IS NULL))::int
                   AS closed,
               (NOT COALESCE(k.unreachable, FALSE)
                   AND call.result IS NOT DISTINCT FROM 'satisfied')::int AS satisfied,
               (k.repeat_of_id IS NOT NULL)::int AS repeats,
               (COALESCE(k.reopen_count, 0) > 0)::int AS reopened,
               COALESCE(k.media_exposure, FALSE)::int AS media_cases,
               (NOT COALESCE(k.unreachable, FALSE))::int AS to_close,
               0 AS carried,
               COALESCE(k.reopen_count, 0) AS reopenings,
               COALESCE(k.return_count, 0) AS returns,
               EXTRACT(EPOCH FROM k.answered_at - k.received_at) / 3600 AS hours_to_answer,
               CASE WHEN k.state = 'closed'
                    THEN EXTRACT(EPOCH FROM k.closed_at - k.received_at) / 86400 END
                   AS days_to_close,
               k.closed_at AS over_at
          FROM customer_complaint k
          JOIN (%(zones)s) zone ON zone.company_id = k.company_id
          JOIN res_company company ON company.id = k.company_id
          LEFT JOIN (%(cutoffs)s) cutoff ON cutoff.company_id = k.company_id
               AND cutoff.month = date_trunc('month', %(day)s)::date
          LEFT JOIN customer_complaint_channel channel ON channel.id = k.channel_id
          LEFT JOIN customer_complaint_team team ON team.id = k.team_id
          LEFT JOIN LATERAL (
               SELECT MAX(result) FILTER (WHERE c.milestone = 'answer') AS answer,
                      MAX(result) FILTER (WHERE c.milestone = 'plan') AS plan,
                      MAX(result) FILTER (WHERE c.milestone = 'report') AS report,
                      MAX(result) FILTER (WHERE c.milestone = 'first_result') AS first_result,
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
               SELECT COALESCE(k.first_contact_at <= k.received_at
                          + make_interval(hours => COALESCE(company.complaint_contact_hours, 24)),
                          FALSE) AS contacted,
                      COALESCE(call.reached, 0) > 0 AND clock.close IS NOT NULL AS called_back,
                      k.state = 'closed' AND NOT COALESCE(k.unreachable, FALSE) AS closed
          ) fact
          LEFT JOIN LATERAL (
               SELECT p.commercial_partner_id AS id, d.first_contact_at, d.contact_due,
                      d.first_result_at, d.result_due
                 FROM customer_complaint_dispatch d
                 JOIN res_partner p ON p.id = d.provider_id
                WHERE d.complaint_id = k.id AND %(taken)s
                ORDER BY d.id LIMIT 1
          ) provider ON TRUE
          LEFT JOIN LATERAL (
               SELECT d.department
                 FROM customer_complaint_dispatch d
                WHERE d.complaint_id = k.id AND d.team_id IS NOT NULL AND %(taken)s
                ORDER BY d.id DESC LIMIT 1
          ) worker ON TRUE
         WHERE %(which)s AND k.state != 'cancelled' AND %(only)s
        """,
        cutoffs=cutoff_rows(cutoffs),
        taken=TAKEN,
        which=which,
        day=local_day(SQL("k.received_at"), SQL("zone.tz")),
        zones=company_zones(),
        only=only or SQL("TRUE"),
    )


def carried_rows(cutoffs, now: datetime, only: SQL | None = None) -> SQL:
    """Select web cases once more for each later month, as long as they were open at the cut-off before.

    ``date`` is the first day of that month, ``id`` negative: the case is counted already in the month
    of its receipt. The same as `engine.complaint_figures.carried_totals`.

    :param now: a month is carried into once the cut-off before it has passed
    """
    counts = {"closed": SQL("in_month.closed"), "to_close": SQL("1"), "carried": SQL("1")}
    columns = [
        SQL(
            "-(f.id::bigint * 1000 + row_number() OVER (PARTITION BY f.id ORDER BY later.month)) AS id"
        ),
        *(SQL.identifier("f", name) for name in KEPT),
        SQL("later.month AS date"),
        *(
            SQL("%s AS %s", counts.get(name, SQL("0")), SQL.identifier(name))
            for name in (*COUNTS, *OTHERS)
        ),
        *(SQL("NULL::numeric AS %s", SQL.identifier(name)) for name in MEANS),
    ]
    return SQL(
        """
        SELECT %(columns)s
          FROM (%(cases)s) f
          JOIN (%(cutoffs)s) later ON later.company_id = f.company_id AND later.month > f.date
          JOIN (%(cutoffs)s) before ON before.company_id = f.company_id
               AND before.month = (later.month - INTERVAL '1 month')::date
         CROSS JOIN LATERAL (
               SELECT (f.state = 'closed' AND COALESCE(f.over_at < later.ends_at, FALSE))::int AS closed
         ) in_month
         WHERE before.ends_at <= %(now)s AND f.reachable = 1
           AND (f.state NOT IN ('closed', 'force_closed') OR f.over_at >= before.ends_at)
        """,
        columns=SQL(", ").join(columns),
        cases=case_rows(cutoffs, SQL("channel.is_public AND %s", only or SQL("TRUE"))),
        cutoffs=cutoff_rows(cutoffs),
        now=now,
    )


def figure_rows(cutoffs, now: datetime, received: SQL | None = None, carried: SQL | None = None):
    """Select what counts in each month: cases in that of their receipt, and what was carried over.

    :param received: condition on the cases of the first kind, `carried` on those of the second
    """
    names = ("id", *KEPT, "date", *COUNTS, *OTHERS, *MEANS)
    columns = SQL(", ").join(SQL.identifier("f", name) for name in names)
    return SQL(
        "SELECT %s FROM (%s) f UNION ALL %s",
        columns,
        case_rows(cutoffs, received),
        carried_rows(cutoffs, now, carried),
    )


def with_rates(rows: SQL) -> SQL:
    """Select rows with the rates of each one, for lists; groups add up the counts instead."""
    rates = (
        SQL("%s AS %s", rate(name, lambda count: SQL.identifier("f", count)), SQL.identifier(name))
        for name in RATES
    )
    return SQL("SELECT f.*, %s FROM (%s) f", SQL(", ").join(rates), rows)


def provider_totals(
    cutoffs, now: datetime, company_id: int, month: date, start: datetime, end: datetime
) -> SQL:
    """Select (provider, scope, open cases, *`COUNTS`) of a month: received, and carried over.

    Only categories that are the providers' business count. What is in time is the provider's own
    contact and first result, not ours.

    :param month: first day of the month
    :param start: its first instant, naive UTC
    :param end: first instant after it
    """
    own = {"replied_in_time": "provider_replied", "contacted": "provider_contacted"}
    sums = SQL(", ").join(
        SQL("SUM(%s)::int", SQL.identifier("f", own.get(name, name))) for name in COUNTS
    )
    return SQL(
        """
        SELECT f.provider_id, CASE WHEN f.is_web THEN %(web)s ELSE %(hotline)s END AS scope,
               COUNT(*) FILTER (WHERE f.state NOT IN ('closed', 'force_closed'))::int AS open_cases,
               %(sums)s
          FROM (%(cases)s) f
          LEFT JOIN customer_complaint_category category ON category.id = f.category_id
         WHERE f.provider_id IS NOT NULL AND category.counts_for_providers IS NOT FALSE
           AND (f.received = 1 OR f.date = %(month)s)
         GROUP BY 1, 2
        """,
        month=month,
        web=WEB,
        hotline=HOTLINE,
        sums=sums,
        cases=figure_rows(
            cutoffs,
            now,
            SQL(
                "k.company_id = %s AND k.received_at >= %s AND k.received_at < %s",
                company_id,
                start,
                end,
            ),
            SQL(
                "k.company_id = %s AND k.received_at < %s"
                " AND (k.state NOT IN ('closed', 'force_closed') OR k.closed_at >= %s)",
                company_id,
                start,
                start,
            ),
        ),
    )


def provider_visits(company_id: int, date_from: date, date_to: date) -> SQL:
    """Select (provider, visits held) of the days from one to the other, both included.

    Call-backs about complaints are no service.
    """
    return SQL(
        """
        SELECT p.commercial_partner_id, COUNT(*)::int
          FROM customer_visit v
          JOIN res_partner p ON p.id = v.provider_id
         WHERE v.company_id = %s AND v.state = 'done' AND v.done_date BETWEEN %s AND %s
           AND v.purpose != 'verification'
         GROUP BY p.commercial_partner_id
        """,
        company_id,
        date_from,
        date_to,
    )


def provider_volumes(company_id: int, date_from: date, date_to: date) -> SQL:
    """Select (provider, volume, months that are known) of the months between two days."""
    return SQL(
        """
        SELECT provider_id, SUM(quantity)::numeric(16, 2), COUNT(*)::int
          FROM customer_provider_volume
         WHERE company_id = %s AND date_from BETWEEN %s AND %s
         GROUP BY provider_id
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
