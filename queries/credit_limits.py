"""Statements over the journal of limits."""

from datetime import date

from odoo.tools import SQL

from .credit_exposure import limits_in_force


def in_force(company_id: int, today: date, partner_ids: tuple[int, ...]) -> SQL:
    """Select the entries that count on a day: id, partner_id, amount, unlimited, kind."""
    return limits_in_force(
        company_id, today, SQL("SELECT DISTINCT unnest(%s::int[])", list(partner_ids))
    )


def native_mismatches(company_id: int, today: date) -> SQL:
    """Select customers whose Odoo limit is not the one in force (unlimited is Odoo's 0).

    Only customers that have, or had, an approved entry: others belong to whoever set them.
    """
    return SQL(
        """
        SELECT j.partner_id
          FROM (SELECT DISTINCT partner_id FROM customer_credit_limit
                 WHERE company_id = %(company)s AND state IN ('approved', 'expired', 'ended')) j
          JOIN res_partner p ON p.id = j.partner_id
     LEFT JOIN (%(limits)s) c ON c.partner_id = j.partner_id
         WHERE COALESCE((p.credit_limit ->> %(key)s)::numeric, 0)
               IS DISTINCT FROM COALESCE(CASE WHEN c.unlimited THEN 0 ELSE c.amount END, 0)
      ORDER BY j.partner_id
        """,
        company=company_id,
        key=str(company_id),
        limits=limits_in_force(company_id, today),
    )
