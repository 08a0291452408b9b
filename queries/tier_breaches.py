"""Customers who do not get what their tier grants, found at the moment of the question.

A part selects `CUSTOMER` from the common table `graded g` and adds (kind, since, days_over):
`since` is the day the measure was last met, or from which it counts; `days_over` how many days it
is overdue, NULL where the measure has no date.
"""

from typing import NamedTuple

from odoo.tools import SQL

# Parts a report row's id leaves room for: id = metrics id * MAX_PARTS + number of the part.
MAX_PARTS = 32
# First columns of each part. Parts carry them along: a join back to `graded`, which has neither
# index nor statistics, would take time with the square of the customers.
CUSTOMER = SQL("g.metrics_id, g.partner_id, g.company_id, g.tier_id, g.user_id")


class Wide(NamedTuple):
    """A part with several rows a customer: its last column ``number`` (0 .. room - 1) tells them
    apart.
    """

    select: SQL
    room: int


def graded(todays) -> SQL:
    """Customers with their tier in each company: the table the parts read.

    :param todays: list of (company id, today's date there, customers of a dedicated manager)
    """
    return SQL(
        """
        SELECT m.id AS metrics_id, m.partner_id, m.company_id, m.last_contact_date, d.today,
               d.dedicated_max,
               p.user_id, t.id AS tier_id, t.manager_policy, t.contact_interval_days,
               t.visit_interval_days, t.meeting_interval_days, t.survey_interval_days,
               (p.customer_team_id->>m.company_id::text)::int AS team_id,
               (p.customer_tier_since->>m.company_id::text)::date AS tier_since
          FROM customer_metrics m
          JOIN res_partner p ON p.id = m.partner_id AND p.active
          JOIN customer_tier t ON t.id = (p.customer_tier_id->>m.company_id::text)::int
          JOIN (VALUES %s) AS d(company_id, today, dedicated_max) ON d.company_id = m.company_id
        """,
        SQL(", ").join(SQL("(%s, %s::date, %s)", *values) for values in todays),
    )


def no_manager() -> SQL:
    """The tier grants an account manager, the customer has none (or an archived one)."""
    return SQL(
        """
        SELECT %s, 'no_manager' AS kind, g.tier_since AS since,
               NULL::int AS days_over
          FROM graded g
         WHERE g.manager_policy IN ('dedicated', 'named')
           AND NOT EXISTS (SELECT 1 FROM res_users u WHERE u.id = g.user_id AND u.active)
        """,
        CUSTOMER,
    )


def not_dedicated() -> SQL:
    """The tier grants a dedicated manager, and who looks after the customer has too many of them."""
    return SQL(
        """
        SELECT %s, 'not_dedicated' AS kind, g.tier_since AS since,
               NULL::int AS days_over
          FROM (SELECT x.*, count(*) OVER (PARTITION BY x.company_id, x.user_id) AS dedicated
                  FROM graded x
                  JOIN res_users u ON u.id = x.user_id AND u.active
                 WHERE x.manager_policy = 'dedicated') g
         WHERE g.dedicated > g.dedicated_max
        """,
        CUSTOMER,
    )


def no_team() -> SQL:
    """The tier grants a sales team, and nobody is in charge: the customer has neither a team nor
    an account manager, and no team worked on an order or opportunity of it.
    """
    return SQL(
        """
        SELECT %s, 'no_team' AS kind, g.tier_since AS since,
               NULL::int AS days_over
          FROM graded g
         WHERE g.manager_policy = 'team'
           AND g.team_id IS NULL
           AND NOT EXISTS (SELECT 1 FROM res_users u WHERE u.id = g.user_id AND u.active)
           AND NOT EXISTS (SELECT 1 FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
                            WHERE p.commercial_partner_id = g.partner_id
                              AND o.company_id = g.company_id AND o.team_id IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM crm_lead l JOIN res_partner p ON p.id = l.partner_id
                            WHERE p.commercial_partner_id = g.partner_id AND l.team_id IS NOT NULL
                              AND (l.company_id = g.company_id OR l.company_id IS NULL))
        """,
        CUSTOMER,
    )


def contact_overdue() -> SQL:
    """The last contact is more than the interval ago; exactly the interval is in time."""
    return SQL(
        """
        SELECT %s, 'contact_overdue' AS kind, g.last_contact_date AS since,
               g.today - g.last_contact_date - g.contact_interval_days AS days_over
          FROM graded g
         WHERE g.contact_interval_days > 0
           AND g.today - g.last_contact_date > g.contact_interval_days
        """,
        CUSTOMER,
    )


def never_contacted() -> SQL:
    """No contact is known, and the interval has run since the customer came into the tier."""
    return SQL(
        """
        SELECT %s, 'never_contacted' AS kind, g.tier_since AS since,
               g.today - g.tier_since - g.contact_interval_days AS days_over
          FROM graded g
         WHERE g.contact_interval_days > 0
           AND g.last_contact_date IS NULL
           AND g.today - g.tier_since > g.contact_interval_days
        """,
        CUSTOMER,
    )


def without(part: SQL, company_ids: list[int]) -> SQL:
    """Return a part without the customers of some companies."""
    return SQL("SELECT * FROM (%s) o WHERE o.company_id <> ALL(%s)", part, company_ids)


def breaches(todays, parts) -> SQL:
    """Table of all breaches: what `customer.tier.breach` shows.

    :param parts: list of queries, see the module, or `Wide`
    """
    numbered, place = [], 0
    for part in parts:
        if isinstance(part, Wide):
            numbered.append(
                SQL(
                    "SELECT %s + b.number AS part, %s, b.kind, b.since, b.days_over FROM (%s) b",
                    place,
                    SQL("b.metrics_id, b.partner_id, b.company_id, b.tier_id, b.user_id"),
                    part.select,
                )
            )
        else:
            numbered.append(SQL("SELECT %s AS part, b.* FROM (%s) b", place, part))
        place += part.room if isinstance(part, Wide) else 1
    if place > MAX_PARTS:
        raise ValueError(f"At most {MAX_PARTS} kinds of breaches")
    union = SQL(" UNION ALL ").join(numbered)
    return SQL(
        """
        WITH graded AS (%(graded)s)
        SELECT b.metrics_id * %(max_parts)s + b.part AS id, b.partner_id, b.company_id, b.tier_id,
               b.user_id, b.kind, b.since, b.days_over
          FROM (%(union)s) b
        """,
        graded=graded(todays),
        max_parts=MAX_PARTS,
        union=union,
    )


def longest(rows) -> SQL:
    """Days of each customer's measure that is late for the longest time: (partner_id, days).

    :param rows: query in brackets of (partner_id, days_over); a measure without days counts 0
    """
    return SQL(
        """
        (SELECT b.partner_id, COALESCE(MAX(b.days_over), 0) AS days
           FROM %s b
          GROUP BY b.partner_id)
        """,
        rows,
    )
