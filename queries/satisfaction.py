"""How satisfied a customer is: everything it answered, on one scale from 1 to 5.

An answer is a row of (partner_id, at, number, value): the commercial partner, when (naive UTC), the
id of the record (of two at the same time the later one counts) and the mark. Each source takes a
context with ``company_id``, ``tz`` and ``partners``: that of the metrics or that of the measures.
"""

from datetime import date

from odoo.tools import SQL

from .companies import family
from .metrics import MetricsContext, Part

#: marks of the results of a call-back, by the words of the scale
CALLBACKS = {"satisfied": 4, "accepts": 3, "not_solved": 2, "false_reply": 1}


def _only(ctx, column: SQL) -> SQL:
    return SQL() if ctx.partners is None else SQL("AND %s IN (%s)", column, ctx.partners)


def ratings(ctx) -> SQL:
    """Answered ratings of the customer's contacts.

    A rating has no company: it counts where the rated employee works, and everywhere when nobody is
    named.
    """
    return SQL(
        """
        SELECT p.commercial_partner_id AS partner_id, COALESCE(r.rated_on, r.write_date) AS at,
               r.id AS number, r.rating::numeric AS value
          FROM rating_rating r
          JOIN res_partner p ON p.id = r.partner_id
         WHERE r.consumed
           AND r.rating >= 1
           AND (p.company_id IS NULL OR p.company_id = ANY(%(company)s))
           AND (
                r.rated_partner_id IS NULL
                OR r.rated_partner_id NOT IN (SELECT partner_id FROM res_users WHERE NOT share)
                OR r.rated_partner_id IN (
                    SELECT u.partner_id FROM res_users u
                      JOIN res_company_users_rel c ON c.user_id = u.id AND c.cid = ANY(%(company)s)
                )
           )
           %(only)s
        """,
        company=family(ctx.company_id),
        only=_only(ctx, SQL("p.commercial_partner_id")),
    )


def surveys(ctx) -> SQL:
    """Finished answers to surveys of satisfaction: the average of their scales, each from 1 to 5."""
    return SQL(
        """
        SELECT p.commercial_partner_id AS partner_id, i.end_datetime AS at, i.id AS number,
               avg(1 + 4 * (l.value_scale - q.scale_min)::numeric / (q.scale_max - q.scale_min))
                   AS value
          FROM survey_user_input i
          JOIN survey_survey s ON s.id = i.survey_id AND s.customer_satisfaction
          JOIN survey_user_input_line l ON l.user_input_id = i.id AND l.skipped IS NOT TRUE
          JOIN survey_question q ON q.id = l.question_id AND q.question_type = 'scale'
          JOIN res_partner p ON p.id = i.partner_id
         WHERE i.state = 'done'
           AND i.test_entry IS NOT TRUE
           AND i.end_datetime IS NOT NULL
           AND l.value_scale IS NOT NULL
           AND (p.company_id IS NULL OR p.company_id = ANY(%(company)s))
           %(only)s
         GROUP BY p.commercial_partner_id, i.id
        """,
        company=family(ctx.company_id),
        only=_only(ctx, SQL("p.commercial_partner_id")),
    )


def _visits(ctx, value: SQL, condition: SQL) -> SQL:
    return SQL(
        """
        SELECT p.commercial_partner_id AS partner_id,
               (v.done_date + time '12:00') AT TIME ZONE %(tz)s AT TIME ZONE 'UTC' AS at,
               v.id AS number, %(value)s::numeric AS value
          FROM customer_visit v
          JOIN res_partner p ON p.id = v.partner_id
         WHERE v.state = 'done'
           AND v.done_date IS NOT NULL
           AND v.company_id = ANY(%(company)s)
           AND %(condition)s
           %(only)s
        """,
        tz=ctx.tz,
        value=value,
        company=family(ctx.company_id),
        condition=condition,
        only=_only(ctx, SQL("p.commercial_partner_id")),
    )


def visits(ctx) -> SQL:
    """Marks in the reports of visits and calls; they count at noon of their day."""
    return _visits(ctx, SQL("v.satisfaction"), SQL("v.satisfaction IS NOT NULL"))


def callbacks(ctx) -> SQL:
    """Results of call-backs in which nobody asked for a mark."""
    marks = SQL(" ").join(
        SQL("WHEN %s THEN %s", result, mark) for result, mark in CALLBACKS.items()
    )
    return _visits(
        ctx,
        SQL("(CASE v.verification_result %s END)", marks),
        SQL("v.satisfaction IS NULL AND v.verification_result IN %s", tuple(CALLBACKS)),
    )


def latest(ctx: MetricsContext, sources) -> Part:
    """The newest answer of each customer, from whatever source.

    :param sources: selects of answers
    """
    select = SQL(
        """
        SELECT DISTINCT ON (a.partner_id)
               a.partner_id, round(a.value, 2) AS last_satisfaction,
               %(date)s AS last_satisfaction_date
          FROM (%(answers)s) a
         WHERE %(date)s <= %(today)s
         ORDER BY a.partner_id, a.at DESC, a.number DESC, a.value
        """,
        date=ctx.local_date(SQL("a.at")),
        answers=SQL(" UNION ALL ").join(sources),
        today=ctx.today,
    )
    return Part(("last_satisfaction", "last_satisfaction_date"), select)


def visit_domain(date_from: date, date_to: date) -> list:
    """Return the domain of the visits among the sources."""
    return [
        ("state", "=", "done"),
        ("done_date", ">=", date_from),
        ("done_date", "<=", date_to),
        "|",
        ("satisfaction", "!=", False),
        ("purpose", "=", "verification"),
    ]
