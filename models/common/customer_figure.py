from odoo import api, models
from odoo.fields import Domain

from ...engine import periods
from ...queries import figures as queries
from ...queries.measures import MeasureContext

#: Key of the period of what is counted as it stands today.
TODAY = "now"


class CustomerFigure(models.AbstractModel):
    """Registry of figures: what a company counts, over which documents, and which end is good.

    A domain adds its figures by inheriting `_figures`; the list *Figures*, measures of scorecards and
    the bulletin read them from here, so that no figure is defined twice.
    """

    _name = "customer.figure"
    _description = "Registry of Figures"

    @api.model
    def _figures(self):
        """Return {code: `queries.figures.Figure`} of all figures, in the order people see them."""
        return {}

    @api.model
    def _figure(self, code):
        """Return one figure.

        :raises KeyError: where no domain registered the code
        """
        return self._figures()[code]

    @api.model
    def _add(self, *figures):
        """Return figures by their code, for `_figures`."""
        return {figure.code: figure for figure in figures}

    @api.model
    def _readable_figures(self):
        """Return the figures of `_figures` whose documents the user may read, all of them."""
        user = self.env.user
        return {
            code: figure
            for code, figure in self._figures().items()
            if (
                self.env.su
                or self.env[figure.source.model].has_access("read")
                and any(user.has_group(group) for group in figure.readers)
            )
        }

    @api.model
    def _companies(self):
        """Return the companies the user selected; the system sees all."""
        return self.env["res.company"].search([]) if self.env.su else self.env.companies

    @api.model
    def _source_companies(self, source):
        """Return the companies (no branches) that use the domain: those the user selected."""
        # sudo: which companies are branches
        heads = self._companies().filtered(lambda company: not company.sudo().parent_id)
        if not source.switch:
            return heads
        return heads.filtered(lambda company: company._customer_uses(source.switch))

    @api.model
    def _period_labels(self):
        """Return {key: label} of the periods people choose from."""
        return {
            TODAY: self.env._("Today"),
            "month": self.env._("This Month"),
            "last_month": self.env._("Last Month"),
            "quarter": self.env._("This Quarter"),
            "year": self.env._("This Year"),
        }

    @api.model
    def _periods(self, company):
        """Return {key: `engine.periods.Period`} of a company: quarters and years are fiscal."""
        today = company._customer_today()
        # sudo: when the fiscal year ends is no secret
        own = company.sudo()
        fiscal = periods.FiscalYear(int(own.fiscalyear_last_month), own.fiscalyear_last_day)
        return {
            "month": periods.period_of(today, periods.MONTH),
            "last_month": periods.last_ended(today, periods.MONTH),
            "quarter": periods.period_of(today, periods.QUARTER, fiscal),
            "year": periods.period_of(today, periods.YEAR, fiscal),
        }

    @api.model
    def _members(self, source, company):
        """Return the companies whose documents count: the company with its branches, as selected."""
        if source.of_head:
            return company
        # sudo: which companies are branches
        return self._companies().filtered(lambda one: one.sudo().root_id == company)

    @api.model
    def _spans(self, source, companies):
        """Return the `Span` list of a source: today, or each period people choose from."""
        spans = []
        for company in companies:
            members = tuple(self._members(source, company).ids)
            if source.date:
                spans += [
                    queries.Span(key, company.id, members, period.date_from, period.date_to)
                    for key, period in self._periods(company).items()
                ]
            else:
                spans.append(queries.Span(TODAY, company.id, members))
        return spans

    @api.model
    def _by_source(self, figures):
        """Return {source: figures}: those of one source are read together."""
        found = {}
        for figure in figures:
            found.setdefault(figure.source, []).append(figure)
        return found

    @api.model
    def _values(self, codes, spans, by=""):
        """Return {(code, key, company id, group id or None): Decimal, or None where there is no data}.

        Nothing is checked: the caller shows them to those who read all documents behind them
        (`_readable_figures`).

        :param spans: list of `queries.figures.Span`
        :param by: ``partner_id``, ``team_id`` or ``user_id``
        """
        figures = self._figures()
        self.env.flush_all()
        result = {}
        for source, group in self._by_source(figures[code] for code in codes).items():
            rows = self.env.execute_query(queries.values(source, group, spans, by))
            for key, company_id, group_id, *found in rows:
                for figure, value in zip(group, found, strict=True):
                    result[figure.code, key, company_id, group_id] = value
        return result

    @api.model
    def _documents_domain(self, figure, company, key):
        """Return the domain of the documents behind a figure of a company in a period."""
        source = figure.source
        members = self._members(source, company)
        domain = Domain("company_id", "in", members.ids) & Domain(list(figure.domain))
        if not source.date:
            return domain
        period = self._periods(company)[key]
        if not source.at_instant:
            return (
                domain
                & Domain(source.date, ">=", period.date_from)
                & Domain(source.date, "<=", period.date_to)
            )
        zone = company._customer_timezone()
        start, end = MeasureContext(company.id, period.date_from, period.date_to, zone).utc_bounds()
        return domain & Domain(source.date, ">=", start) & Domain(source.date, "<", end)
