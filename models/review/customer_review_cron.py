"""Reviews that open by themselves, and reminders of late ones."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine import periods
from ..common.cron import commit_progress

_logger = logging.getLogger(__name__)


class CustomerReview(models.Model):
    """Opening of due reviews."""

    _inherit = "customer.review"

    @api.model
    def _cron_open_due_reviews(self):
        """Open and compute the review of each active scorecard, company and period that is over.

        Missed periods are caught up, the oldest first. Running it again changes nothing. One
        scorecard that fails does not stop the others; the error is logged and told to the heads.
        """
        scorecards = self.env["customer.scorecard"].search(
            [("state", "=", "published"), ("auto_open", "=", True)], order="id"
        )
        companies = self.env["res.company"].search([], order="id")
        todo = [
            (scorecard, company, period)
            for scorecard in scorecards
            for company in scorecard.company_id or companies
            for period in self._due_periods(scorecard, company)
        ]
        for index, (scorecard, company, period) in enumerate(todo):
            self._open_review(scorecard, company, period)
            if not commit_progress(self.env, 1, len(todo) - index - 1):
                return
        self._remind_late()

    @api.model
    def _due_periods(self, scorecard, company):
        """Periods that are over, waited for, and have no review yet; the oldest first."""
        new = self.new({"scorecard_id": scorecard.id, "company_id": company.id})
        fiscal = new._fiscal_year()
        due_day = fields.Date.subtract(company._customer_today(), days=scorecard.review_delay_days)
        # Other versions count: a period is reviewed once, whichever version was published then.
        reviews = self.search(
            [
                ("scorecard_id.code", "=", scorecard.code),
                ("company_id", "=", company.id),
                ("kind", "=", "regular"),
            ]
        )
        last = max(reviews.mapped("date_to"), default=None)
        if last is None and scorecard.published_on:
            # Nothing reviewed yet: from the last period that was over when the scorecard was
            # published.
            first = periods.last_ended(scorecard.published_on, scorecard.period, fiscal)
            last = first.date_from - periods.ONE_DAY
        missed = periods.missed(last, due_day + periods.ONE_DAY, scorecard.period, fiscal)
        return [period for period in missed if period.date_to <= due_day]

    @api.model
    def _open_review(self, scorecard, company, period):
        """Create and compute one review; a failure is undone and told."""
        try:
            with self.env.cr.savepoint():
                review = self.with_company(company).create(
                    {
                        "scorecard_id": scorecard.id,
                        "company_id": company.id,
                        "date_from": period.date_from,
                        "date_to": period.date_to,
                        "deadline": fields.Date.add(
                            company._customer_today(), days=scorecard.review_due_days
                        ),
                    }
                )
                if not review._population_size():
                    # Nobody to score: no review that somebody would have to close. It opens once
                    # there is a customer.
                    review.unlink()
                    return
                review.action_compute()
        except UserError as error:
            _logger.warning("Review of %s for %s: %s", scorecard.display_name, company.name, error)
            self._tell_failure(scorecard, company, period, error)

    @api.model
    def _tell_failure(self, scorecard, company, period, error):
        """Put what went wrong on the scorecard, once for each period and day."""
        scorecard.message_post(
            body=self.env._(
                "The review of %(company)s for %(date_from)s to %(date_to)s could not be "
                "computed: %(error)s",
                company=company.name,
                date_from=period.date_from,
                date_to=period.date_to,
                error=error,
            ),
            partner_ids=scorecard.leader_id.partner_id.ids,
        )

    @api.model
    def _reminder_days(self):
        """Days after the deadline at which the leader is reminded, from the settings."""
        # sudo: a setting of the addon, no secret.
        text = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("customer_governance.review_reminder_days", "1,7,14")
        )
        return sorted(int(part) for part in text.split(",") if part.strip().isdigit())

    @api.model
    def _remind_late(self):
        """Remind the leaders of late reviews, once for each step, also after a pause."""
        for review in self.search(Domain(self._late_domain())):
            late = (review.company_id._customer_today() - review.deadline).days
            steps = [step for step in self._reminder_days() if step <= late]
            new = [step for step in steps if review._once(f"late:{review.deadline}:{step}")]
            # Several steps at once after a pause are one reminder.
            if new:
                review._send_reminder(late)

    def _send_reminder(self, late):
        """Post to the leader what waits and for whom."""
        self.ensure_one()
        state = dict(self._fields["state"]._description_selection(self.env))[self.state]
        self.message_post(
            body=self.env._(
                "This review is %(days)s days late: it is %(state)s since the deadline "
                "%(deadline)s.",
                days=late,
                state=state.lower(),
                deadline=self.deadline,
            ),
            partner_ids=self.approver_ids.partner_id.ids,
        )
