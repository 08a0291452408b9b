"""Scheduled actions run by Odoo's own machinery, in slices of no time at all."""

from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from unittest.mock import patch

from odoo.addons.base.models.ir_cron import CompletionStatus, IrCron

from ...models.common import jobs

CRON = "odoo.addons.base.models.ir_cron"
RUNNER = "odoo.addons.customer_governance.models.common.jobs"


@contextmanager
def small_batches(size):
    """Let all steps work on batches of a few records."""
    begin = jobs.JobRun.__init__

    def shrunk(run, model, steps):
        begin(
            run,
            model,
            [
                replace(step, size=min(size, step.size)) if isinstance(step, jobs.Batches) else step
                for step in steps
            ],
        )

    with patch.object(jobs.JobRun, "__init__", shrunk):
        yield


@contextmanager
def killed_now_and_then(every):
    """Let the worker die before each so-manieth commit: what it had done since the last one is lost."""
    commit, commits = jobs.JobRun._commit, count(1)

    def dying(run, *arguments):
        if next(commits) % every == 0:
            raise KeyboardInterrupt("killed")
        return commit(run, *arguments)

    with patch.object(jobs.JobRun, "_commit", dying):
        yield


class JobCaseMixin:
    """`run_slice` is one turn of the scheduler, `run_slices` as many as the job asks for."""

    def run_slice(self, cron, seconds=0, runs=1):
        """Let the scheduler run a job once; return what it says: fully or partially done."""
        self.env.flush_all()
        with (
            self.enter_registry_test_mode(),
            patch(f"{CRON}.MIN_TIME_PER_JOB", seconds),
            patch(f"{CRON}.MIN_RUNS_PER_JOB", runs),
        ):
            with self.registry.cursor() as cr:
                job = IrCron._acquire_one_job(cr, cron.id, include_not_ready=True)
                status = self.registry["ir.cron"]._run_job(job)
        self.env.invalidate_all()
        return status

    def run_whole(self, cron):
        """Run a job in one go."""
        self.assertEqual(self.run_slice(cron, 10000), CompletionStatus.FULLY_DONE)

    def run_slices(self, cron, most=1000, after_each=None):
        """Run a job in slices that are over after each portion; return how many it took."""
        for number in range(1, most + 1):
            try:
                status = self.run_slice(cron)
            except KeyboardInterrupt:
                self.env.invalidate_all()
                continue
            self.assertNotEqual(status, CompletionStatus.FAILED, cron.cron_name)
            if status == CompletionStatus.FULLY_DONE:
                return number
            if after_each:
                after_each()
        raise AssertionError(f"{cron.cron_name} does not end: {most} slices")
