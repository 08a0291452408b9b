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


def still_holds(model, key, res_ids, now):
    """Note when the key of records was last true: what comes and goes is not forgotten meanwhile.

    A concurrent transaction may do the same: the later one counts.
    """
    return SQL(
        """
        UPDATE customer_sent SET create_date = %s
         WHERE model = %s AND key = %s AND res_id = ANY(%s) AND create_date < %s
        """,
        now,
        model,
        key,
        list(res_ids),
        now,
    )


def forget(model, key, kept_ids, before):
    """Forget what was last true before an instant of records that it no longer concerns."""
    return SQL(
        """
        DELETE FROM customer_sent
         WHERE model = %s AND key = %s AND create_date < %s AND NOT (res_id = ANY(%s))
        """,
        model,
        key,
        before,
        list(kept_ids),
    )
