"""Serials of document numbers."""

from odoo.tools import SQL


def last_serial(company_id, scope, period):
    """Select the highest serial given in the period, 0 when there is none."""
    return SQL(
        """
        SELECT COALESCE(MAX(serial), 0) FROM customer_number
         WHERE company_id = %s AND scope = %s AND period = %s
        """,
        company_id,
        scope,
        period,
    )


def remember_serials(company_id, scope, taken):
    """Take serials that were given elsewhere; those that are taken stay as they are.

    :param taken: pairs (period, serial)
    """
    periods, serials = zip(*taken, strict=True)
    return SQL(
        """
        INSERT INTO customer_number (company_id, scope, period, serial)
        SELECT %s, %s, period, serial FROM unnest(%s::varchar[], %s::int[]) AS t (period, serial)
            ON CONFLICT DO NOTHING
        """,
        company_id,
        scope,
        list(periods),
        list(serials),
    )


def insert_serial(company_id, scope, period, serial):
    """Take one serial; waits for another transaction that holds the same one."""
    return SQL(
        "INSERT INTO customer_number (company_id, scope, period, serial) VALUES (%s, %s, %s, %s)",
        company_id,
        scope,
        period,
        serial,
    )
