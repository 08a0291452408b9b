"""Where a scheduled job stopped, and locks of its own."""

from odoo.tools import SQL


def stopped_at(cron_id, progress_id, since):
    """Select what the latest slice of a job noted before this one; one row or none.

    A slice that was killed before its first commit has noted nothing: the one before it counts.
    What is older than `since` is forgotten: the job begins from the start.
    """
    return SQL(
        """
        SELECT customer_job_state
          FROM ir_cron_progress
         WHERE cron_id = %s AND id < %s AND customer_job_state IS NOT NULL
           AND create_date > %s
         ORDER BY id DESC
         LIMIT 1
        """,
        cron_id,
        progress_id,
        since,
    )


def last_activity():
    """Select the highest id of the activities there are."""
    return SQL("SELECT COALESCE(max(id), 0) FROM mail_activity")


def lock_rows(table, ids, wait=True):
    """Lock rows in the order of their ids, waiting for whoever holds them or without those."""
    return SQL(
        "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE %s",
        SQL.identifier(table),
        list(ids),
        SQL() if wait else SQL("SKIP LOCKED"),
    )


def wait_at_most(time):
    """Let the rest of the transaction wait for locks no longer than that, as "5s"."""
    return SQL("SELECT set_config('lock_timeout', %s, TRUE)", time)
