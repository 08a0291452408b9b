import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from . import jobs

_logger = logging.getLogger(__name__)


class CustomerBackgroundMixin(models.AbstractModel):
    """Work that takes over ten seconds, with a progress bar the user can leave and come back to.

    The model lists its jobs in ``_background_jobs`` (names of generator methods). A job yields
    ``(percent, message)`` after each step that may be committed; it must be safe to start again from the
    beginning, since a killed worker does just that.

    One scheduled action runs all jobs. Odoo never runs one scheduled action twice at a time, so a record
    found "running" at its start belongs to a run that was killed.
    """

    _name = "customer.background.mixin"
    _inherit = ["customer.job.mixin"]
    _description = "Background Work"

    _background_jobs = ()

    job_name = fields.Char(readonly=True, copy=False)
    job_state = fields.Selection(
        [
            ("idle", "Idle"),
            ("queued", "Waiting to start"),
            ("running", "Running"),
            ("failed", "Failed"),
        ],
        default="idle",
        readonly=True,
        copy=False,
        index=True,
    )
    job_progress = fields.Float("Progress (%)", readonly=True, copy=False)
    job_message = fields.Char("Progress Message", readonly=True, copy=False)
    job_user_id = fields.Many2one("res.users", "Started by", readonly=True, copy=False)

    def _start_background(self, job):
        """Queue `job` for the records; the scheduled action starts at once.

        :raises UserError: when other work is still going on with a record
        """
        if job not in self._background_jobs:
            raise ValueError(f"{job} is no background job of {self._name}")
        self.check_access("write")
        self._check_no_background()
        # sudo: job fields are readonly for users; the right to write was checked above
        self.sudo()._write_job(
            job_name=job,
            job_state="queued",
            job_progress=0,
            job_message=self.env._("Waiting to start"),
            job_user_id=self.env.uid,
        )
        self.env.ref("customer_governance.cron_background")._trigger()
        return True

    def _check_no_background(self):
        """Refuse what must not happen while work goes on with the records."""
        for record in self:
            if record.job_state in ("queued", "running"):
                raise UserError(
                    self.env._(
                        "“%(record)s” is being processed (%(message)s). Wait for it to "
                        "finish, or stop it.",
                        record=record.display_name,
                        message=record.job_message or "",
                    )
                )

    def action_stop_background(self):
        """Stop the work after the step it is in."""
        self.check_access("write")
        # sudo: job fields are readonly for users; the right to write was checked above
        self.sudo()._write_job(job_state="idle", job_progress=0, job_message=self.env._("Stopped"))
        return True

    def _write_job(self, **vals):
        """Write job fields: no tracking, no approval checks, no chatter."""
        models.BaseModel.write(self, vals)

    def write(self, vals):
        """Job fields are written by the jobs only."""
        if not self.env.su and any(name.startswith("job_") for name in vals):
            raise AccessError(self.env._("The progress of background work cannot be changed."))
        return super().write(vals)

    @api.model
    def _cron_background(self):
        """Run all queued jobs, one after the other; a failing one does not stop the others."""
        records = [
            record
            for name in self.env.registry.descendants([self._name], "_inherit")
            if not self.env[name]._abstract
            for record in self.env[name]
            .sudo()
            .with_context(active_test=False)
            .search([("job_state", "in", ("queued", "running"))], order="write_date, id")
        ]
        return self._run_steps(
            jobs.Step(f"{record._name},{record.id}", record._background_portion)
            for record in records
        )

    def _background_portion(self, _after):
        """Run the whole job of one record: where it stopped only the job itself could know."""
        self._run_background()
        return 1, None

    def _run_background(self):
        """Run the queued job of one record as the user who started it, committing each step.

        Where another transaction comes between it begins again, as it does after a worker was killed.
        """
        self.ensure_one()
        worker = self.with_user(self.job_user_id).with_context(
            lang=self.job_user_id.lang, allowed_company_ids=self._background_companies().ids
        )
        for attempt in range(jobs.TRIES):
            last = attempt == jobs.TRIES - 1
            try:
                with jobs.quiet_conflicts(jobs.is_scheduled(self.env) and not last):
                    return self._run_background_steps(worker)
            except jobs.CONFLICTS as error:
                if not jobs.is_scheduled(self.env) or last:
                    return self._background_failed(worker, error)
                self.env.cr.rollback()
                jobs.pause(attempt)
            except Exception as error:
                return self._background_failed(worker, error)

    def _run_background_steps(self, worker):
        self._write_job(job_state="running")
        jobs.keep(self.env)
        for percent, message in getattr(worker, self.job_name)():
            self.invalidate_recordset(["job_state"])
            if self.job_state != "running":
                return
            self._write_job(job_progress=percent, job_message=message)
            jobs.keep(self.env)
        self._write_job(job_state="idle", job_progress=100, job_message=worker.env._("Done"))
        self._notify_background(worker, "success", worker.env._("Done"))
        jobs.keep(self.env)

    def _background_companies(self):
        company = self.company_id if "company_id" in self._fields else self.env["res.company"]
        return company or self.job_user_id.company_ids

    def _background_failed(self, worker, error):
        """Undo the step that failed and keep the reason on the record, in words."""
        if jobs.is_scheduled(self.env):
            self.env.cr.rollback()
        if isinstance(error, UserError):
            words = str(error)
        else:
            _logger.error("%s of %s failed", self.job_name, self, exc_info=error)
            words = self._background_words(worker.env, error)
        self._write_job(job_state="failed", job_message=words)
        self._notify_background(self, "danger", words)

    @api.model
    def _background_words(self, env, error):
        """Return what a person can do about an error of the program or the database."""
        if isinstance(error, jobs.CONFLICTS):
            return env._("Other users kept changing the same records. Start it again later.")
        return env._(
            "An unexpected error occurred, and the last step was not saved. Contact your "
            "administrator: the server log contains details."
        )

    def _notify_background(self, worker, kind, message):
        self.job_user_id._bus_send(
            "simple_notification",
            {"type": kind, "title": self.display_name, "message": message, "sticky": True},
        )
