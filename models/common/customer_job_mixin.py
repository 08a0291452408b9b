from odoo import api, models

from .jobs import JobRun


class CustomerJobMixin(models.AbstractModel):
    """A model with a scheduled job.

    The method that the scheduled action calls ends in ``return self._run_steps(steps)``; the companies
    it is for come from ``_job_companies``.
    """

    _name = "customer.job.mixin"
    _description = "Scheduled Work"

    _job_domain = None  # the domain the job belongs to: it leaves out companies that do not use it
    _job_of_heads = False  # the work is about decisions and figures: a company with its branches

    @api.model
    def _job_companies(self):
        """Return the companies the job is for."""
        # sudo: a job is for all companies
        companies = self.env["res.company"].sudo()
        if self._job_domain:
            found = companies._customer_using(self._job_domain)
        else:
            found = companies.search([], order="id")
        return found.filtered(lambda c: not c.parent_id) if self._job_of_heads else found

    @api.model
    def _run_steps(self, steps):
        """Run `Step`, `Batches` and `Digest` in their order; return whether the end was reached."""
        return JobRun(self, steps).go()
