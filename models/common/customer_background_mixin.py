import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .cron import commit_progress

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
    _description = "Background work"

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
    job_message = fields.Char("Progress message", readonly=True, copy=False)
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
                        "“%(record)s” is being worked on (%(message)s). Wait for it or stop it.",
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
            raise AccessError(self.env._("The progress of background work cannot be written."))
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
        for done, record in enumerate(records, start=1):
            record._run_background()
            if not commit_progress(self.env, 1, remaining=len(records) - done):
                return

    def _run_background(self):
        """Run the queued job of one record as the user who started it, committing each step."""
        self.ensure_one()
        worker = self.with_user(self.job_user_id).with_context(
            lang=self.job_user_id.lang, allowed_company_ids=self._background_companies().ids
        )
        self._write_job(job_state="running")
        commit_progress(self.env)
        try:
            for percent, message in getattr(worker, self.job_name)():
                self.invalidate_recordset(["job_state"])
                if self.job_state != "running":
                    return
                self._write_job(job_progress=percent, job_message=message)
                commit_progress(self.env)
        except Exception as error:
            self._background_failed(error)
        else:
            self._write_job(job_state="idle", job_progress=100, job_message=worker.env._("Done"))
            self._notify_background(worker, "success", worker.env._("Done"))

    def _background_companies(self):
        company = self.company_id if "company_id" in self._fields else self.env["res.company"]
        return company or self.job_user_id.company_ids

    def _background_failed(self, error):
        """Undo the step that failed and keep the reason on the record."""
        if self.env.context.get("ir_cron_progress_id"):
            self.env.cr.rollback()
        if not isinstance(error, UserError):
            _logger.error("%s of %s failed", self.job_name, self, exc_info=error)
        self._write_job(job_state="failed", job_message=str(error))
        self._notify_background(self, "danger", str(error))

    def _notify_background(self, worker, kind, message):
        self.job_user_id._bus_send(
            "simple_notification",
            {"type": kind, "title": self.display_name, "message": message, "sticky": True},
        )
