"""The one runner of scheduled jobs.

A job is a list of steps. Each is worked through in portions, and each portion is committed together
with the place where it ended. Odoo gives a job ten seconds at a time: when they are over the runner
says that something remains, Odoo calls the job again soon, and it goes on at the noted place. A job
is over after the last portion of the last step, never before.
"""

import logging
import random
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from psycopg2 import errors

from odoo.exceptions import ConcurrencyError, UserError

from ...queries import jobs as queries
from .digest import tell_activities

_logger = logging.getLogger(__name__)

BATCH = 200
TRIES = 5
PAUSE = 0.05  # seconds before the second try, doubled for each one more
# A job that stopped longer ago begins from the start: what it had done is the work of another day.
FORGET_HOURS = 12
# Another transaction was in the way: a fresh look decides.
RETRY = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    ConcurrencyError,
)
# Two workers that subscribe the same follower meet a unique index.
CONFLICTS = (*RETRY, errors.UniqueViolation)


@dataclass(frozen=True)
class Step:
    """A part of a job that does its work by itself, in one portion or in several.

    :param key: names the step in the log and for the next slice: unique in the job, the same each time
    :param portion: ``portion(after)`` works on what comes behind `after`, None for the beginning, and
        returns ``(number done, after)``; `after` is JSON, None when nothing is left
    :param chain: steps of one chain need each other: after one that fails the rest of it is left out
    :param lock: returns False when another worker is at the chain: it will do the rest
    :param failed: ``failed(text)`` keeps the reason of a failure where people see it
    :param label: what people call it
    """

    key: str
    portion: Callable[[Any], tuple[int, Any]]
    chain: str = ""
    lock: Callable[[], bool] | None = None
    failed: Callable[[str], None] | None = None
    label: str = ""


@dataclass(frozen=True)
class Batches:
    """A part of a job that works on records, one batch after the other by their ids.

    Where a batch fails its records are done one by one: a bad one is named in the log and does not
    stop the others; it is tried again by the next run.

    :param find: ``find(after, limit)`` returns at most `limit` records with a higher id, by id
    :param work: ``work(records)``
    :param rows: lock the rows; those that somebody else works on are left to the next run
    """

    key: str
    find: Callable[[int, int], Any]
    work: Callable[[Any], Any]
    size: int = BATCH
    rows: bool = True
    chain: str = ""
    lock: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Digest:
    """One message to each person about all the activities that this run of the job gave him.

    :param subject: ``subject(env, number)`` in the language of the reader
    """

    key: str
    model: str
    activity_type: str
    subject: Callable[[Any, int], str]
    chain: str = ""
    lock: Callable[[], bool] | None = None


class Taken(Exception):
    """Another worker is at this part of the job."""


_retried = ContextVar("customer_job_retried", default=False)


class _Conflicts(logging.Filter):
    """Odoo logs each statement that fails as an error, also one that is simply tried again."""

    def filter(self, record):
        return not (_retried.get() and isinstance(sys.exc_info()[1], CONFLICTS))


logging.getLogger("odoo.sql_db").addFilter(_Conflicts())


@contextmanager
def quiet_conflicts(quiet=True):
    """Do not log conflicts with other transactions: the caller tries again."""
    token = _retried.set(quiet)
    try:
        yield
    finally:
        _retried.reset(token)


def is_scheduled(env):
    """Whether Odoo's scheduler runs this: then, and only then, work is committed on the way.

    Called from a button, a test or a shell the caller owns the transaction: what he does next can
    still fail as a whole.
    """
    return bool(env.context.get("ir_cron_progress_id"))


def keep(env, done=0, remaining=None):
    """Commit what a scheduled job has done so far; see `is_scheduled`.

    :return: seconds left for this slice
    """
    if not is_scheduled(env):
        return float("inf")
    return env["ir.cron"]._commit_progress(done, remaining=remaining)


def give_back(env, error):
    """Raise a conflict again inside a job that looks after its records itself: the runner repeats
    the batch.
    """
    if isinstance(error, CONFLICTS) and is_scheduled(env):
        raise error


def pause(attempt):
    """Wait a little, each time longer, so that two who meet do not meet again."""
    time.sleep(random.uniform(PAUSE, 2 * PAUSE) * 2**attempt)


class JobRun:
    """One slice of a job, or all of it where nobody cuts it into slices."""

    def __init__(self, model, steps):
        self.env = model.env
        self.name = model._name
        self.steps = list(steps)
        self.scheduled = is_scheduled(self.env)
        self.left = float("inf")
        self.state = {}

    def go(self):
        """Work until the end or until the time is over; return whether the end was reached."""
        start, after = self._resume()
        for index, step in enumerate(self.steps[start:], start):
            while not self._is_broken(step):
                after = self._advance(index, step, after)
                if after is None:
                    break
                if self._is_over():
                    return False
            after = None
            if index + 1 < len(self.steps) and self._is_over():
                return False
        if self.scheduled:
            self._note({"end": True})
            keep(self.env, remaining=0)
        return True

    # -- where it stopped -----------------------------------------------------------------------

    def _resume(self):
        """Return the position of the step to go on with and the place in it."""
        found = self._noted() if self.scheduled else None
        keys = [step.key for step in self.steps]
        if not found or found.get("key") not in keys:
            found = {"key": keys[0], "broken": []} if keys else {}
        if any(isinstance(step, Digest) for step in self.steps) and "activity" not in found:
            [(found["activity"],)] = self.env.execute_query(queries.last_activity())
        self.state = found
        return (keys.index(found["key"]) if keys else 0), found.get("after")

    def _noted(self):
        context = self.env.context
        since = self.env.cr.now() - timedelta(hours=FORGET_HOURS)
        rows = self.env.execute_query(
            queries.stopped_at(context["cron_id"], context["ir_cron_progress_id"], since)
        )
        return rows and rows[0][0] or None

    def _note(self, state):
        # sudo: the bookkeeping of the scheduler
        progress = self.env["ir.cron.progress"].sudo()
        progress.browse(self.env.context["ir_cron_progress_id"]).customer_job_state = state

    def _commit(self, index, done, after):
        """Commit a portion with the place where the next one begins."""
        if after is None:
            index += 1
        key = self.steps[index].key if index < len(self.steps) else None
        self._note({**self.state, "key": key, "after": after})
        # at least one: Odoo warns of a slice that did nothing, and the last portion of all is still
        # followed by the note that the job is over
        self.left = keep(self.env, max(done, 1), max(len(self.steps) - index, 1))

    def _is_over(self):
        return self.scheduled and self.left <= 0

    def _is_broken(self, step):
        return bool(step.chain) and step.chain in self.state["broken"]

    def _break(self, step):
        if step.chain:
            self.state = {**self.state, "broken": [*self.state["broken"], step.chain]}

    # -- work -----------------------------------------------------------------------------------

    def _advance(self, index, step, after):
        """Do the next portion of a step; return where the next one begins, None at its end."""
        if isinstance(step, Batches):
            return self._advance_batch(index, step, after)
        portion = step.portion if isinstance(step, Step) else lambda a: self._digest(step, a)
        try:
            return self._attempt(index, step, lambda: portion(after))
        except Taken:
            self._break(step)
        except Exception as error:
            self._undo(error)
            self._log(f"{step.key} {getattr(step, 'label', '')}".strip(), error)
            self._break(step)
            self._settle(index, step, error)
        return None

    def _settle(self, index, step, error):
        """Keep the reason of a failure; commit that the step is over."""

        def tell():
            if failed := getattr(step, "failed", None):
                failed(f"{step.label or step.key}: {error}")
            return 0, None

        self._attempt(index, None, tell)

    def _advance_batch(self, index, step, after):
        found = []

        def portion():
            records = step.find(after or 0, step.size)
            found[:] = [records]
            last = records[-1].id if len(records) == step.size else None
            mine = records.try_lock_for_update(allow_referencing=True) if step.rows else records
            if mine:
                step.work(mine)
            return len(mine), last

        try:
            return self._attempt(index, step, portion)
        except Taken:
            self._break(step)
            return None
        except Exception as error:
            self._undo(error)
            if not found or not found[0]:  # not the records are bad, but the search for them
                self._log(step.key, error)
                self._settle(index, step, error)
                return None
            records = found[0]
            if len(records) > 1:
                _logger.info("%s: %s records failed, one by one now", step.key, len(records))
        return self._one_by_one(index, step, records)

    def _one_by_one(self, index, step, records):
        """Do the records of a batch that failed alone; return where the next batch begins."""
        for number, record in enumerate(records, 1):
            is_last = number == len(records) and len(records) < step.size
            after = None if is_last else record.id

            def portion(record=record, after=after):
                mine = record.try_lock_for_update(allow_referencing=True) if step.rows else record
                if mine:
                    step.work(mine)
                return len(mine), after

            try:
                self._attempt(index, step, portion)
            except Taken:
                self._break(step)
                return None
            except Exception as error:
                self._undo(error)
                self._log(f"{step.key}: {self._name_of(record)}", error)
                self._attempt(index, None, lambda after=after: (0, after))
            if self._is_over():
                return after
        return after

    def _attempt(self, index, step, work):
        """Do a portion and commit it; look again where another transaction came between."""
        for attempt in range(TRIES):
            try:
                with quiet_conflicts(self.scheduled and attempt < TRIES - 1):
                    if step and step.lock and not step.lock():
                        raise Taken
                    if not self.scheduled:
                        with self.env.cr.savepoint():
                            return work()[1]
                    done, after = work()
                    self._commit(index, done, after)
                    return after
            except CONFLICTS:
                if not self.scheduled or attempt == TRIES - 1:
                    raise
                self.env.cr.rollback()
                pause(attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _undo(self, error):
        """Take back what was begun. Inside somebody's transaction its conflicts are his."""
        if self.scheduled:
            self.env.cr.rollback()
        elif isinstance(error, RETRY):
            raise error

    def _log(self, what, error):
        """Name what failed; a refusal in words is no error of the program."""
        if isinstance(error, UserError):
            _logger.warning("%s, %s: %s", self.name, what, error)
        else:
            _logger.error("%s, %s failed", self.name, what, exc_info=error)

    def _name_of(self, record):
        try:
            return f"{record} ({record.display_name})"
        except Exception:  # what failed may be the very record that has no name
            self._undo(None)
            return str(record)

    # -- messages -------------------------------------------------------------------------------

    def _digest(self, step, after):
        """Tell the next person of the activities he got in this run."""
        kind = self.env.ref(step.activity_type, raise_if_not_found=False)
        if not kind:
            return 0, None
        given = self.env["mail.activity"]._read_group(
            [
                ("id", ">", self.state["activity"]),
                ("res_model", "=", step.model),
                ("activity_type_id", "=", kind.id),
                ("create_uid", "=", self.env.uid),
                ("user_id", "!=", False),
            ],
            ["user_id"],
            ["id:recordset"],
        )
        waiting = sorted(
            (user.id, activities) for user, activities in given if user.id > (after or 0)
        )
        if not waiting:
            return 0, None
        user_id, activities = waiting[0]
        tell_activities(activities, step.subject)
        return 1, user_id if len(waiting) > 1 else None
