"""Half-yearly data reviews in SQL: which customers are due."""

from datetime import date, datetime

from odoo.tools import SQL


def due_customers(company_id: int, tier: SQL, months: int, today: date, tz: str) -> SQL:
    """Select ``partner_id`` of customers whose data was not reviewed for some months.

    Customers are those in a tier of kind customer, and those that have ordered and have no tier.
    The months count from the last finished review, for a first review from the day the customer was
    entered.

    :param tier: tier of the partner with alias ``p`` in the company
    """
    return SQL(
        """
        SELECT p.id AS partner_id
          FROM customer_metrics m
          JOIN res_partner p ON p.id = m.partner_id AND p.active
          LEFT JOIN customer_tier t ON t.id = %(tier)s
          LEFT JOIN (
            SELECT partner_id,
                   MAX(date_done) AS date_done,
                   BOOL_OR(state = 'due') AS is_open
              FROM customer_data_review
             WHERE company_id = %(company)s
             GROUP BY partner_id
          ) r ON r.partner_id = p.id
         WHERE m.company_id = %(company)s
           AND (t.kind = 'customer' OR (t.id IS NULL AND m.first_order_date IS NOT NULL))
           AND r.is_open IS NOT TRUE
           AND COALESCE(r.date_done, (p.create_date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date)
               + make_interval(months => %(months)s) <= %(today)s
        """,
        tier=tier,
        company=company_id,
        months=months,
        today=today,
        tz=tz,
    )


def create_due(
    customers: SQL, company_id: int, today: date, deadline: date, uid: int, now: datetime
) -> SQL:
    """Open a review for each customer that has no open one; yields the new ids.

    The unique index of open reviews decides between two workers.
    """
    return SQL(
        """
        INSERT INTO customer_data_review (
            partner_id, company_id, state, date, deadline, escalation_level,
            create_uid, create_date, write_uid, write_date
        )
        SELECT c.partner_id, %(company)s, 'due', %(today)s, %(deadline)s, 0,
               %(uid)s, %(now)s, %(uid)s, %(now)s
          FROM (%(customers)s) c
         ORDER BY c.partner_id
            ON CONFLICT (company_id, partner_id) WHERE state = 'due' DO NOTHING
        RETURNING id
        """,
        customers=customers,
        company=company_id,
        today=today,
        deadline=deadline,
        uid=uid,
        now=now,
    )
