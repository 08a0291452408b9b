"""Commits of batch jobs."""


def commit_progress(env, processed=0, remaining=None):
    """Commit a finished batch and report it, when a scheduled action runs it.

    Called from a button, a test or a shell the caller owns the transaction: nothing is committed, so
    that what the caller does next can still fail as a whole.

    :return: seconds left for this run (infinite outside a scheduled action)
    """
    if not env.context.get("ir_cron_progress_id"):
        return float("inf")
    return env["ir.cron"]._commit_progress(processed, remaining=remaining)
