from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine import complaint_figures as figures
from ..engine import periods
from ..queries.figures import Span

CHART_MONTHS = 6
MEANS = ("hours_to_answer", "days_to_close")


class Part(NamedTuple):
    """A table of the bulletin: what it is of, and its rows."""

    name: str
    rows: Any


class CustomerComplaintBulletin(models.TransientModel):
    """The monthly bulletin of complaints: figures, forced closes, providers."""

    _name = "customer.complaint.bulletin"
    _inherit = ["customer.named.mixin"]
    _description = "Monthly Bulletin"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day in the month.",
    )

    @api.model
    def _default_month(self):
        """Return the first day of the month that ended last."""
        today = self.env.company._customer_today()
        return periods.last_ended(today, periods.MONTH).date_from

    def action_print(self):
        """Print the bulletin."""
        self.ensure_one()
        self.env["customer.complaint.figure"].check_access("read")
        report = self.env.ref("customer_governance.report_complaint_bulletin")
        return report.report_action(self)

    # -- figures ------------------------------------------------------------------------------

    def _period(self):
        self.ensure_one()
        return periods.period_of(self.month, periods.MONTH)

    def _domain(self, date_from, date_to):
        return [
            ("company_id", "=", self.company_id.id),
            ("date", ">=", date_from),
            ("date", "<=", date_to),
        ]

    def _totals(self, period, groupby=None):
        """Return [(group, Totals, {mean: value or None})] of the complaints of a period."""
        names = figures.COUNTS
        rows = self.env["customer.complaint.figure"]._read_group(
            self._domain(period.date_from, period.date_to),
            [groupby] if groupby else [],
            [f"{name}:sum" for name in names] + [f"{name}:avg" for name in MEANS],
        )
        result = []
        for row in rows:
            group, values = (row[0], row[1:]) if groupby else (None, row)
            counts = dict(zip(names, (value or 0 for value in values), strict=False))
            means = values[len(names) :]
            result.append(
                (
                    group,
                    figures.Totals(**counts),
                    {
                        # False is nothing to average; 0 is a mean
                        name: None if mean is False else mean
                        for name, mean in zip(MEANS, means, strict=True)
                    },
                )
            )
        return result

    def _force_closes(self, period):
        """Return the complaints closed by force in a period."""
        start, end = self.env["customer.provider.period"]._utc_span(self.company_id, period)
        return self.env["customer.complaint.force.close"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "approved"),
                ("approved_on", ">=", start),
                ("approved_on", "<", end),
                ("complaint_id.kind", "=", "complaint"),
            ],
            order="approved_on, id",
        )

    def _returns(self, period):
        """Return {department: orders returned in a period}; "" for those of providers."""
        start, end = self.env["customer.provider.period"]._utc_span(self.company_id, period)
        rows = self.env["customer.complaint.dispatch"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "returned"),
                ("returned_at", ">=", start),
                ("returned_at", "<", end),
                ("complaint_id.kind", "=", "complaint"),
                ("complaint_id.state", "!=", "cancelled"),
            ],
            ["department"],
            ["__count"],
        )
        return {department or "": count for department, count in rows}

    # -- paper --------------------------------------------------------------------------------

    def _paper(self):
        """Return the bulletin as data for the template."""
        period = self._period()
        before = periods.previous(period)
        force_closes = self._force_closes(period)
        parts = [
            *(self._group_part(period, name) for name in self._groupings()),
            self._returns_part(period, before),
            self._force_close_part(force_closes),
            self._provider_part(period),
            self._open_part(period),
        ]
        number = f"B{period.date_from:%Y%m}"
        return {
            "number": number,
            "company": self.company_id,
            "date": self.company_id._customer_today(),
            "month": format_date(self.env, period.date_from, date_format="MMMM y"),
            "before": format_date(self.env, before.date_from, date_format="MMMM y"),
            "summary": self._summary(period, before, len(force_closes)),
            "chart": self._chart(period),
            "titles": self._titles(),
            "parts": parts,
            "signers": [
                (self.env._("Prepared by"), self.env.user.name),
                (self.env._("Head of service"), ""),
                (self.env._("Head of customer governance"), ""),
            ],
        }

    @api.model
    def _groupings(self):
        """Return the fields that the tables are divided by."""
        return ("team_id", "user_id", "category_id", "provider_id")

    def _titles(self):
        _ = self.env._
        return {
            "team_id": _("By team"),
            "user_id": _("By handler"),
            "category_id": _("By category"),
            "provider_id": _("By service provider"),
            "returns": _("Returned dispatches by department"),
            "force_closes": _("Administrative closures"),
            "periods": _("Service providers: quota and support"),
            "open_cases": _("Open at the cut-off, and carried over from earlier months"),
        }

    def _group_part(self, period, groupby):
        """Return the block of a grouping, the largest groups first."""
        groups = self._totals(period, groupby)
        if groupby == "provider_id":
            groups = [row for row in groups if row[0]]
        rows = [
            {
                "name": group.display_name if group else self.env._("None"),
                "totals": totals,
                **means,
            }
            for group, totals, means in groups
        ]
        rows.sort(key=lambda row: (-row["totals"].received, row["name"]))
        return Part(groupby, rows)

    def _returns_part(self, period, before):
        names = dict(self.env["customer.complaint.team"]._departments())
        names[""] = self.env._("Service providers")
        now, then = self._returns(period), self._returns(before)
        rows = [
            {"name": name, "now": now.get(code, 0), "before": then.get(code, 0)}
            for code, name in names.items()
            if code in now or code in then
        ]
        return Part("returns", rows)

    def _force_close_part(self, force_closes):
        return Part("force_closes", force_closes)

    def _cutoff(self, period):
        """Return the first instant after the cut-off of a month, or now while it is to come."""
        ends = {month: end for _company, month, end in self.company_id._complaint_cutoffs()}
        now = fields.Datetime.now()
        return min(ends.get(period.date_from, now), now)

    def _open_cases(self, period):
        """Return what the month did not close: its own cases, and those carried into it.

        Cases of the month that were open at its cut-off, and older ones that were open at the cut-off
        of the month before.
        """
        start, end = self.env["customer.provider.period"]._utc_span(self.company_id, period)
        cases = self.env["customer.complaint"].with_context(active_test=False)

        def open_at(instant):
            over = Domain("state", "in", ("closed", "force_closed"))
            return ~over | (over & Domain("closed_at", ">=", instant))

        complaint = Domain("kind", "=", "complaint") | Domain("was_complaint", "=", True)
        own = Domain("received_at", ">=", start) & open_at(self._cutoff(period))
        carried = Domain("received_at", "<", start) & open_at(
            self._cutoff(periods.previous(period))
        )
        return cases.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("received_at", "<", end)
            & Domain("state", "!=", "cancelled")
            & complaint
            & (own | carried),
            order="received_at, id",
        )

    def _open_part(self, period):
        day = self.company_id._customer_day
        states = dict(
            self.env["customer.complaint"]._fields["state"]._description_selection(self.env)
        )
        rows = [
            {
                "case": case,
                "carried": day(case.received_at) < period.date_from,
                "received": format_date(self.env, day(case.received_at)),
                "state": states[case.state],
                "closed": format_date(self.env, day(case.closed_at)) if case.closed_at else "",
            }
            for case in self._open_cases(period)
        ]
        return Part("open_cases", rows)

    def _provider_part(self, period):
        months = self.env["customer.provider.period"].search(
            [("company_id", "=", self.company_id.id), ("date_from", "=", period.date_from)],
            order="provider_id, id",
        )
        return Part("periods", months)

    def _summary(self, period, before, force_closes):
        """Return [{name, now, before, change}] as text, "–" where there is nothing to divide."""
        (_group, now, now_means), (_group, then, then_means) = (
            self._totals(period)[0],
            self._totals(before)[0],
        )
        labels = self.env["customer.complaint.figure"].fields_get(attributes=["string"])
        rows = [
            (labels[name]["string"], getattr(now, name), getattr(then, name), 0)
            for name in ("received", "carried", "unreachable", "false_replies")
        ]
        rows += self._rates(period, before)
        rows += [(labels[n]["string"], now_means[n], then_means[n], 1) for n in MEANS]
        closes_before = len(self._force_closes(before))
        rows.append((self.env._("Administratively closed"), force_closes, closes_before, 0))
        return [
            {
                "name": name,
                "now": _number(value, digits),
                "before": _number(earlier, digits),
                "change": _number(
                    None if value is None or earlier is None else value - earlier, digits, "+"
                ),
            }
            for name, value, earlier, digits in rows
        ]

    def _rates(self, period, before):
        """Return [(label, now, before, digits)] of the rates, as the registry of figures has them."""
        registry = self.env["customer.figure"]
        company = self.company_id.id
        spans = [
            Span(key, company, (company,), window.date_from, window.date_to)
            for key, window in (("now", period), ("before", before))
        ]
        codes = [f"complaint_{name}" for name in figures.RATES]
        values = registry._values(codes, spans)
        known = registry._figures()
        return [
            (
                known[code].label,
                values[code, "now", company, None],
                values[code, "before", company, None],
                2,
            )
            for code in codes
        ]

    def _chart(self, period):
        """Return complaints and closure of the last months, the oldest first, for the drawing."""
        first = period.date_from - relativedelta(months=CHART_MONTHS - 1)
        window = periods.Period(first, period.date_to)
        found = {group: totals for group, totals, _means in self._totals(window, "date:month")}
        months = [first + relativedelta(months=index) for index in range(CHART_MONTHS)]
        totals = [found.get(month, figures.Totals()) for month in months]
        highest = max(total.received for total in totals) or 1
        return [
            {
                "label": format_date(self.env, month, date_format="MMM yy"),
                "received": total.received,
                "height": round(100 * total.received / highest),
                "closure": _number(total.rate("closure_rate"), 0) + " %" * bool(total.reachable),
            }
            for month, total in zip(months, totals, strict=True)
        ]

    @api.model
    def _percent(self, totals, name):
        """Return a rate as text for a table."""
        return _number(totals.rate(name), 1)


def _number(value, digits, sign=""):
    """Return a number as text, a dash for none."""
    return "–" if value is None else f"{value:{sign}.{digits}f}"
