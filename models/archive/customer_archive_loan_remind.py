import logging

from odoo import api, models

from ...engine import archive_custody as engine
from ..common.cron import commit_progress

_logger = logging.getLogger(__name__)

BATCH = 200


class CustomerArchiveLoan(models.Model):
    """Reminders: before the last day, on it and while it is late, each once."""

    _inherit = "customer.archive.loan"

    @api.model
    def _cron_remind(self):
        """Remind the borrowers of all companies."""
        for company in self.env["res.company"].search([]):
            if not self._remind_company(company):
                return

    @api.model
    def _remind_company(self, company):
        """Remind the borrowers of one company in batches; False: no time left."""
        today = company._customer_today()
        policy = engine.ReminderPolicy(
            company.archive_loan_remind_days, company.archive_loan_remind_every
        )
        domain = [
            ("company_id", "=", company.id),
            ("state", "=", "issued"),
            ("date_due", "<=", engine.remind_from(today, policy)),
        ]
        last = 0
        while batch := self.search([*domain, ("id", ">", last)], order="id", limit=BATCH):
            last = batch[-1].id
            loans = batch.try_lock_for_update(allow_referencing=True)
            loans._remind(today, policy)
            if not commit_progress(self.env, len(loans), remaining=int(len(batch) == BATCH)):
                return False
        return True

    def _remind(self, today, policy):
        """Send what is due today; a loan that fails is tried by the next run."""
        by_key = {}
        for loan in self.filtered(lambda one: one.state == "issued"):
            key = engine.reminder(loan.date_due, today, policy)
            if key:
                by_key.setdefault(key, self.browse())
                by_key[key] |= loan
        for key, loans in by_key.items():
            for loan in loans:
                try:
                    with self.env.cr.savepoint():
                        loan._once(f"remind:{key}")._send_reminder(key, today)
                except Exception:
                    _logger.exception("Loan %s could not be reminded", loan.id)

    def _send_reminder(self, key, today):
        """Ask the borrower by message and activity; late loans of a second round go to the head too."""
        for loan in self:
            words = loan.with_context(lang=loan.borrower_id.lang or self.env.lang)
            late = (today - loan.date_due).days
            if late > 0:
                text = words.env._(
                    "%(loan)s is %(days)s days late: bring the papers back or ask for an extension.",
                    loan=loan.name,
                    days=late,
                )
            else:
                text = words.env._(
                    "%(loan)s ends on %(day)s: bring the papers back or ask for an extension.",
                    loan=loan.name,
                    day=loan.date_due,
                )
            loan.message_notify(
                partner_ids=loan._reminded(key).partner_id.ids,
                subject=loan.display_name,
                body=text,
            )
            xmlid = "customer_governance.mail_activity_archive_loan"
            if not loan.activity_search([xmlid]):
                # the message has told it already
                loan.with_context(mail_activity_quick_update=True).activity_schedule(
                    xmlid, date_deadline=loan.date_due, summary=text, user_id=loan.borrower_id.id
                )

    def _reminded(self, key):
        """Return who is told: the borrower; from the second round on also who handed it out."""
        kind, _due, *number = key.split(":")
        people = self.borrower_id
        if kind == engine.OVERDUE and int(number[0]) >= 1:
            people |= self.issued_by_id
        return people
