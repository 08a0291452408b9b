import psycopg2

from odoo import api, fields, models

from ...queries import sla as queries
from ...queries import sla_job as job
from ..common.cron import commit_progress

# Clocks a statement moves: 20,000 take about a second, so that a killed worker loses no more than
# that.
BATCH = 20000
# Clocks counted again at a time: each is a replay in Python, about 0.3 ms.
RECALCULATE_BATCH = 2000
RETRIES = 5


class CustomerSlaClock(models.Model):
    """The SLA job.

    What it did is in the rows it changed, so it can run twice, late, or beside itself.
    """

    _inherit = "customer.sla.clock"

    @api.model
    def _cron_process(self):
        """Count again after a calendar change, end pauses, move late clocks, tell people.

        Statements do not grow with the number of clocks: one a batch for pauses, one for messages.
        Late clocks are visible without this job.
        """
        for step in (
            self._process_stale_company,
            self._process_pauses,
            self._process_notices,
        ):
            if not self._repeat(step):
                return False
        return self.env["customer.sla.notice"]._send_all()

    @api.model
    def _repeat(self, step):
        """Run a step until it has nothing left, committing each batch; False: no time left."""
        failures = 0
        while True:
            try:
                done, more = step()
            except psycopg2.errors.SerializationFailure:
                # another worker changed these clocks after our transaction began: look again
                failures += 1
                if failures > RETRIES or not self.env.context.get("ir_cron_progress_id"):
                    raise
                self.env.cr.rollback()
                continue
            if done and not commit_progress(self.env, done, remaining=int(more)):
                return False
            if not more:
                return True

    @api.model
    def _process_pauses(self):
        """End a batch of pauses; return (number, whether there may be more)."""
        self.env.flush_all()
        rows = self.env.execute_query(job.resume_due(fields.Datetime.now(), BATCH))
        if rows:
            self._forget()
        return len(rows), len(rows) == BATCH

    @api.model
    def _process_notices(self):
        """Move a batch of due clocks, note who must be told; return (number, whether there may be
        more).
        """
        now = fields.Datetime.now()
        companies = self._companies_at_work(now)
        if not companies:
            return 0, False
        self.env.flush_all()
        [(count,)] = self.env.execute_query(
            job.notify_due(now, companies.ids, self._notice_groups(companies), BATCH)
        )
        if count:
            self._forget()
        return count, count == BATCH

    @api.model
    def _forget(self):
        """Forget cached rows: the statement changed them behind the ORM."""
        self.invalidate_model(flush=False)
        self.env["customer.sla.notice"].invalidate_model(flush=False)
        self.env["customer.complaint"].invalidate_model(
            ["clock_ids", "sla_state", "is_sla_overdue"], flush=False
        )

    @api.model
    def _companies_at_work(self, now):
        """Return the companies whose people work now: messages go out in working time only."""
        # sudo: the job is for all companies
        companies = self.env["res.company"].sudo().search([])
        calendars = self.env["customer.sla.calendar"]
        return companies.filtered(lambda c: calendars._working_time(c, now).is_working(now))

    @api.model
    def _notice_groups(self, companies):
        """Return the people of the groups in a chain, for `queries.sla_job.notify_due`."""
        groups = {
            "supervisor": self.env.ref("customer_governance.group_service_supervisor"),
            "manager": self.env.ref("customer_governance.group_manager"),
        }
        root = self.env.ref("base.user_root")
        return [
            {"company_id": company.id, "recipient": recipient, "user_id": user.id}
            for recipient, group in groups.items()
            for user in group.sudo().all_user_ids.filtered("active") - root
            for company in user.company_ids & companies
        ]

    @api.model
    def _process_stale_company(self):
        """Count a batch of open deadlines again after a calendar changed."""
        # sudo: the job is for all companies
        company = self.env["res.company"].sudo().search([("sla_is_stale", "=", True)], limit=1)
        if not company:
            return 0, False
        rows = self.env.execute_query(
            queries.open_clocks_after(company.id, company.sla_recalculate_after, RECALCULATE_BATCH)
        )
        ids = [clock_id for (clock_id,) in rows]
        self.browse(ids)._recalculate(self.env._("The calendar changed."))
        if len(ids) < RECALCULATE_BATCH:
            company.write({"sla_is_stale": False, "sla_recalculate_after": 0})
        else:
            company.sla_recalculate_after = ids[-1]
        return len(ids) or 1, True
