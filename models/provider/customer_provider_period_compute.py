"""Filling of the providers' months: a job for the month that ended, and drafts once more."""

from datetime import datetime, time, timedelta, timezone
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import complaint_figures as figures
from ...engine import periods
from ...engine.provider_period import (
    HOTLINE,
    MONTHS_OF_QUARTER,
    WEB,
    Month,
    average_volume,
    band_of,
    decide,
)
from ...engine.windows import Window, fiscal_quarter
from ...queries import complaint_figures as queries
from ..common.jobs import Batches, Step

DRAFTS = 500


class Volume(NamedTuple):
    """What a provider did in a quarter, in how many months that are known, and who says so."""

    quantity: Decimal
    months: int
    source: str


class Rating(NamedTuple):
    """A rating in force, and what it adds to the support in percent."""

    name: str
    percent: Decimal


class CustomerProviderPeriod(models.Model):
    """Statements for each company and month, not for each provider."""

    _name = "customer.provider.period"
    _inherit = ["customer.provider.period", "customer.job.mixin"]
    _job_domain = "complaint"

    @api.model
    def _cron_fill(self):
        """Fill the months that are over, the oldest first, and compute all drafts once more.

        Running it again changes nothing but drafts whose cases changed. What fails in one company is
        undone and logged, the others go on.
        """
        return self._run_steps(
            step for company in self._job_companies() for step in self._company_steps(company)
        )

    @api.model
    def _company_steps(self, company):
        """Return the steps of the job for a company: months that are over, then all drafts."""
        drafts = [("company_id", "=", company.id), ("state", "=", "draft")]
        chain = f"company {company.id}"
        return [
            Step(
                f"cutoff:{company.id}",
                lambda _after: (self.env["customer.complaint.cutoff"]._keep(company), None),
                chain,
                label=f"cut-offs of {company.display_name}",
            ),
            Step(
                f"fill:{company.id}",
                lambda after: self._fill_next(company, after),
                chain,
                label=f"months of {company.display_name}",
            ),
            Batches(
                f"compute:{company.id}",
                lambda after, limit: self.search(
                    [*drafts, ("id", ">", after)], order="id", limit=limit
                ),
                lambda periods: periods._compute_figures(),
                DRAFTS,
                chain=chain,
            ),
        ]

    @api.model
    def _fill_next(self, company, after):
        """Create the drafts of the next due month that ends after the day `after`.

        :return: (months done, its last day or None when no other is due)
        """
        due = [
            month
            for month in self._due_months(company)
            if not after or fields.Date.to_string(month.date_to) > after
        ]
        if not due:
            return 0, None
        self._fill_month(company, due[0])
        return 1, fields.Date.to_string(due[0].date_to) if len(due) > 1 else None

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
        quarter = self._volume_quarter(company, month.date_from)
        start, _end = self._utc_span(company, quarter)
        _first, end = self._utc_span(company, month)
        self.env.flush_all()
        found = {
            provider_id
            for sql in (
                queries.providers_at_work(company.id, start, end),
                queries.provider_visits(company.id, quarter.date_from, month.date_to),
                queries.provider_volumes(company.id, quarter.date_from, month.date_to),
                self._totals_query(company, month),
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
    def _volume_quarter(self, company, day):
        """Return the company's fiscal quarter before the one of a day: its volume makes the quota."""
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
                    "These are no longer drafts and their figures are fixed: %s",
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
            quarter = self._volume_quarter(company, date_from)
            totals, open_cases = self._provider_totals(company, month)
            volumes = self._provider_volumes(company, quarter)
            bands = self.env["customer.provider.quota"]._bands(company, month.date_to)
            ratings = group._ratings_in_force()
            for period in group:
                provider = period.provider_id
                rating = ratings.get(provider.id, NO_RATING)
                volume = volumes.get(provider.id, NO_VOLUME)
                facts = period._month_facts(totals.get(provider.id, {}), bands, volume, rating)
                period._store_figures(facts, volume, open_cases.get(provider.id, 0), now)

    @api.model
    def _provider_volumes(self, company, quarter):
        """Return {provider id: `Volume`}: what was entered or reported, else our own visits."""
        days = (company.id, quarter.date_from, quarter.date_to)
        volumes = {
            provider_id: Volume(Decimal(visits), MONTHS_OF_QUARTER, "visits")
            for provider_id, visits in self.env.execute_query(queries.provider_visits(*days))
        }
        for provider_id, quantity, months in self.env.execute_query(
            queries.provider_volumes(*days)
        ):
            volumes[provider_id] = Volume(quantity, months, "volume")
        return volumes

    @api.model
    def _totals_query(self, company, month):
        return queries.provider_totals(
            company._complaint_cutoffs(),
            fields.Datetime.now(),
            company.id,
            month.date_from,
            *self._utc_span(company, month),
        )

    @api.model
    def _provider_totals(self, company, month):
        """Count the complaints received in a month, and the web cases carried into it.

        :return: {provider id: {scope: Totals}} and {provider id: cases that are still open}
        """
        rows = self.env.execute_query(self._totals_query(company, month))
        totals, open_cases = {}, {}
        for provider_id, scope, still_open, *counts in rows:
            values = dict(zip(figures.COUNTS, counts, strict=True))
            totals.setdefault(provider_id, {})[scope] = figures.Totals(**values)
            open_cases[provider_id] = open_cases.get(provider_id, 0) + still_open
        return totals, open_cases

    def _month_facts(self, totals, bands, volume, rating):
        """Return what the engine decides on."""
        self.ensure_one()
        average = average_volume(volume.quantity, volume.months)
        provider = self.with_company(self.company_id).provider_id
        return Month(
            average_volume=average,
            band=band_of(average, bands),
            totals={scope: totals.get(scope, figures.Totals()) for scope in (HOTLINE, WEB)},
            probation_from=provider.provider_probation_from or None,
            probation_until=provider.provider_probation_until or None,
            date_from=self.date_from,
            date_to=self.date_to,
            rating=rating.name,
            percent=rating.percent,
        )

    def _ratings_in_force(self):
        """Return {provider id: `Rating`} that held on the last day of the month these are of."""
        # sudo: the figures of the month are the system's
        history = self.env["customer.provider.rating.history"].sudo()
        held = history.search(
            [
                ("provider_id", "in", self.provider_id.ids),
                ("company_id", "=", self[0].company_id._customer_company().id),
                ("date", "<=", self[0].date_to),
            ],
            order="date, id",
        )
        return {
            entry.provider_id.id: Rating(
                entry.rating_id.display_name or "", Decimal(f"{entry.rating_id._percent():.2f}")
            )
            for entry in held
        }

    def _store_figures(self, facts, volume, open_cases, now):
        """Store the decision with its explanation."""
        self.ensure_one()
        decision, band = decide(facts), facts.band
        self.write(
            {
                **self._totals_vals(figures.total(facts.totals.values())),
                "open_cases": open_cases,
                "volume": float(volume.quantity),
                "volume_months": volume.months,
                "volume_source": volume.source,
                "average_volume": float(facts.average_volume),
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


NO_RATING = Rating("", Decimal("0.00"))


NO_VOLUME = Volume(Decimal(0), MONTHS_OF_QUARTER, "visits")


def _plain(reason):
    """Return a reason with values that JSON knows; dates as text, numbers as numbers."""
    kinds = (bool, int, str, type(None))
    return {key: v if isinstance(v, kinds) else str(v) for key, v in reason.items()}
