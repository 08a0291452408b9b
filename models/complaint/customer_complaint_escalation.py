import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..common.cron import commit_progress

_logger = logging.getLogger(__name__)
BATCH = 200


class CustomerComplaint(models.Model):
    """Telling the right people: major cases, reopened cases, cases that take too long."""

    _inherit = "customer.complaint"

    def _remind(self, users, summary, note=None):
        """Give each user an activity on the case, due today."""
        self.ensure_one()
        for user in users:
            # sudo: the reminded person need not be one the caller may assign activities to
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                date_deadline=self.company_id._customer_today(),
                summary=summary,
                note=note,
            )

    def _inform_of_major(self):
        """Tell the management of major cases at once, each case once."""
        for complaint in self._once("major"):
            people = complaint.company_id._complaint_management()
            complaint._remind(
                people,
                complaint.env._("Major complaint of %s", complaint.partner_id.display_name or "?"),
                complaint.env._("A written report is due within 2 days."),
            )
            # sudo: the management may be informed by anybody who registers a case
            complaint.sudo().message_notify(
                partner_ids=people.partner_id.ids,
                subject=complaint.env._("Major complaint %s", complaint.display_name),
                body=complaint.env._(
                    "A major complaint was registered: %(case)s, %(customer)s.",
                    case=complaint.display_name,
                    customer=complaint.partner_id.display_name or complaint.email_from or "?",
                ),
            )

    def _escalate_reopening(self, reason):
        """The first reopening goes to the team leader, each further one to the management."""
        for complaint in self:
            leaders = complaint.team_id.user_id
            if complaint.reopen_count > 1 or not leaders:
                leaders |= complaint.company_id._complaint_management()
            complaint._remind(
                leaders,
                complaint.env._(
                    "Reopened %(count)s times: %(reason)s",
                    count=complaint.reopen_count,
                    reason=reason or complaint.env._("no reason given"),
                ),
            )

    @api.model
    def _cron_escalate(self):
        """Hand cases that are not closed after the company's months to the management, each once.

        Also runs after a downtime: whatever is over the limit and not escalated is taken.
        """
        now = fields.Datetime.now()
        for company in self.env["res.company"].search([("complaint_escalation_months", ">", 0)]):
            limit = now - relativedelta(months=company.complaint_escalation_months)
            domain = [
                ("company_id", "=", company.id),
                ("state", "in", self._open_states()),
                ("received_at", "<=", limit),
                ("escalated_at", "=", False),
            ]
            failed = self.browse()
            while batch := self.search([*domain, ("id", "not in", failed.ids)], limit=BATCH):
                failed |= batch._escalate_old(now)
                commit_progress(self.env, len(batch) - len(failed & batch))

    def _escalate_old(self, now):
        """Escalate the cases one by one; return those that failed, so that the others go on."""
        failed = self.browse()
        for complaint in self.try_lock_for_update(allow_referencing=True):
            try:
                with self.env.cr.savepoint():
                    complaint._write_facts({"escalated_at": now})
                    complaint._remind(
                        complaint.company_id._complaint_management(),
                        complaint.env._("Not closed in time: take it on as a project"),
                    )
            except Exception:
                _logger.exception("Complaint %s could not be escalated", complaint.id)
                failed |= complaint
        return failed | (self - self.filtered("escalated_at"))
