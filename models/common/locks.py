"""Locks for buttons that several people press at the same second."""

from psycopg2.errors import LockNotAvailable

from odoo.exceptions import ConcurrencyError, LockError

from ...queries import jobs as queries

# Longer than a button works, shorter than a person waits.
WAIT = "5s"


def wait_for_lock(records):
    """Lock the rows of records, waiting for whoever works on them.

    Who had to wait has an older view of the database than the one he waited for has left. He begins
    anew: Odoo repeats the request, and the guards answer in words what they see then.

    :raises ConcurrencyError: to be repeated, after the other one is done
    :raises LockError: in words, when the other one takes too long (a job in the background)
    """
    env, ids = records.env, records.ids
    if not ids:
        return
    # no logs: that somebody else was first is not an error
    env.cr.execute(queries.lock_rows(records._table, ids, wait=False), log_exceptions=False)
    if env.cr.rowcount == len(ids):
        return
    name = records[:1].display_name
    try:
        env.cr.execute(queries.wait_at_most(WAIT))
        env.cr.execute(queries.lock_rows(records._table, ids), log_exceptions=False)
    except LockNotAvailable as error:
        raise LockError(
            env._("Another user is currently working on “%s”. Please try again shortly.", name)
        ) from error
    raise ConcurrencyError(f"{records} were locked by another transaction")
