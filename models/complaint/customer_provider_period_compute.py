"""Filling of the providers' months: a job for the month that ended, and drafts once more."""

import logging
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import complaint_figures as figures
from ...engine import periods
from ...engine.provider_period import HOTLINE, WEB, Month, average_visits, band_of, decide
from ...engine.windows import Window, fiscal_quarter
from ...queries import complaint_figures as queries
from ..common.cron import commit_progress

_logger = logging.getLogger(__name__)


class CustomerProviderPeriod(models.Model):
    """Statements for each company and month, not for each provider."""

    _inherit = "customer.provider.period"

    @api.model
    def _cron_fill(self):
        """Fill the months that are over, the oldest first, and compute all drafts once more.

        Running it again changes nothing but drafts whose cases changed. What fails in one company is
        undone and logged, the others go on.
        """
        companies = self.env["res.company"].search([], order="id")
        for index, company in enumerate(companies):
            try:
                with self.env.cr.savepoint():
                    self._fill_company(company)
            except Exception:  # one company must not stop the others, whatever went wrong
                _logger.exception("Provider figures of %s could not be filled", company.name)
            if not commit_progress(self.env, 1, len(companies) - index - 1):
                return

    @api.model
    def _fill_company(self, company):
        for month in self._due_months(company):
            self._fill_month(company, month)
        self.search([("company_id", "=", company.id), ("state", "=", "draft")])._compute_figures()

    @api.model
    def _due_months(self, company):
        """Return the months to fill: those since the latest one that has figures, and the last one.

        The last one always: a provider may have got its first order of that month since.
        """
        today = company._customer_today()
        latest = self.search([("company_id", "=", company.id)], order="date_to DESC", limit=1)
        last = periods.last_ended(today, periods.MONTH)
        return [*periods.missed(latest.date_to or None, today, periods.MONTH)] or [last]

    @api.model
    def _fill_month(self, company, month):
        """Create the drafts that a month lacks, for providers that were at work."""
        quarter = self._visit_quarter(company, month.date_from)
        start, _end = self._utc_span(company, quarter)
        first, end = self._utc_span(company, month)
        self.env.flush_all()
        found = {
            provider_id
            for sql in (
                queries.providers_at_work(company.id, start, end),
                queries.provider_visits(company.id, quarter.date_from, month.date_to),
                queries.provider_totals(company.id, first, end),
            )
            for provider_id, *_counts in self.env.execute_query(sql)
        }
        known = self.search(
            [("company_id", "=", company.id), ("date_from", "=", month.date_from)]
        ).provider_id
        providers = self.env["res.partner"].browse(sorted(found - set(known.ids)))
        return self.create(
            [
                {
                    "company_id": company.id,
                    "provider_id": provider.id,
                    "date_from": month.date_from,
                    "date_to": month.date_to,
                    "line_ids": [
                        fields.Command.create({"scope": scope}) for scope in (HOTLINE, WEB)
                    ],
                }
                for provider in providers.filtered("active")
            ]
        )

    @api.model
    def _visit_quarter(self, company, day):
        """Return the company's fiscal quarter before the one of a day: its visits make the quota."""
        month, last_day = int(company.fiscalyear_last_month), company.fiscalyear_last_day
        return fiscal_quarter(day, month, last_day, -1)

    @api.model
    def _utc_span(self, company, window):
        """Return the first instant of a window and the first one after it, naive UTC."""
        zone = ZoneInfo(company._customer_timezone())
        days = (window.date_from, window.date_to + timedelta(days=1))
        return tuple(
            datetime.combine(day, time.min, zone).astimezone(timezone.utc).replace(tzinfo=None)
            for day in days
        )

    def action_compute(self):
        """Compute the figures of drafts from the cases as they are now."""
        self.check_access("write")
        locked = self.filtered(lambda period: period.state != "draft")
        if locked:
            raise UserError(
                self.env._(
                    "These are not drafts any more, their figures stay: %s",
                    ", ".join(locked.mapped("display_name")),
                )
            )
        # sudo: all complaints of the provider count, also those of teams the user cannot see
        self.sudo()._compute_figures()
        return True

    def _compute_figures(self):
        """Write the figures of drafts; others are left alone. Callers checked the right."""
        now = fields.Datetime.now()
        drafts = self.filtered(lambda period: period.state == "draft")
        self.env.flush_all()
        groups = drafts.grouped(lambda period: (period.company_id, period.date_from))
        for (company, date_from), group in groups.items():
            month = Window(date_from, group[0].date_to)
            quarter = self._visit_quarter(company, date_from)
            totals, open_cases = self._provider_totals(company, month)
            visits = dict(
                self.env.execute_query(
                    queries.provider_visits(company.id, quarter.date_from, quarter.date_to)
                )
            )
            bands = self.env["customer.provider.quota"]._bands(company, month.date_to)
            for period in group:
                provider = period.provider_id
                count = visits.get(provider.id, 0)
                facts = period._month_facts(totals.get(provider.id, {}), bands, count)
                period._store_figures(facts, count, open_cases.get(provider.id, 0), now)

    @api.model
    def _provider_totals(self, company, month):
        """Count the complaints received in a month.

        :return: {provider id: {scope: Totals}} and {provider id: cases that are still open}
        """
        rows = self.env.execute_query(
            queries.provider_totals(company.id, *self._utc_span(company, month))
        )
        totals, open_cases = {}, {}
        for provider_id, scope, still_open, *counts in rows:
            values = dict(zip(figures.COUNTS, counts, strict=True))
            totals.setdefault(provider_id, {})[scope] = figures.Totals(**values)
            open_cases[provider_id] = open_cases.get(provider_id, 0) + still_open
        return totals, open_cases

    def _month_facts(self, totals, bands, visits):
        """Return what the engine decides on."""
        self.ensure_one()
        average = average_visits(visits)
        provider = self.with_company(self.company_id).provider_id
        return Month(
            average_visits=average,
            band=band_of(average, bands),
            totals={scope: totals.get(scope, figures.Totals()) for scope in (HOTLINE, WEB)},
            probation_from=provider.provider_probation_from or None,
            probation_until=provider.provider_probation_until or None,
            date_from=self.date_from,
            date_to=self.date_to,
        )

    def _store_figures(self, facts, visits, open_cases, now):
        """Store the decision with its explanation."""
        self.ensure_one()
        decision, band = decide(facts), facts.band
        self.write(
            {
                **self._totals_vals(figures.total(facts.totals.values())),
                "open_cases": open_cases,
                "visits": visits,
                "average_visits": float(facts.average_visits),
                "has_quota": band is not None,
                "is_unlimited": bool(band and band.unlimited),
                "quota": band.allowed if band else 0,
                "probation_until": facts.probation_until if facts.on_probation else False,
                "eligible": decision.eligible,
                "amount": float(decision.amount),
                "explanation": [_plain(reason.as_dict()) for reason in decision.reasons],
                "computed_at": now,
            }
        )
        for line in self.line_ids:
            line.write(line._totals_vals(facts.totals[line.scope]))


def _plain(reason):
    """Return a reason with values that JSON knows; dates as text, numbers as numbers."""
    kinds = (bool, int, str, type(None))
    return {key: v if isinstance(v, kinds) else str(v) for key, v in reason.items()}
