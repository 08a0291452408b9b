"""The log of things that happen once."""

from odoo.tools import SQL


def insert_once(model, res_ids, key):
    """Insert the key for records that do not have it; returns the res_ids that got it now.

    A concurrent transaction with the same record and key waits here for the other one's end.
    """
    return SQL(
        """
        INSERT INTO customer_sent (model, res_id, key, create_date)
        SELECT %s, unnest(%s), %s, now() AT TIME ZONE 'UTC'
            ON CONFLICT (model, res_id, key) DO NOTHING
        RETURNING res_id
        """,
        model,
        list(res_ids),
        key,
    )
