from datetime import datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ...engine.transitions import Transition, TransitionTable
from ..common.customer_transition_mixin import SENTINEL
from ..common.guard import Only

_lt = LazyTranslate(__name__)

SUPERVISOR = ("group_service_supervisor",)

HEAD = ("group_manager",)


class CustomerProviderPeriod(models.Model):
    """A month of a service provider: complaints against the quota, rates, support.

    While it is a draft the figures follow the cases. Confirmed, it is never written again; the head
    may set it back to draft, which the history shows.
    """

    _name = "customer.provider.period"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.transition.mixin",
        "customer.complaint.rates",
        "customer.company.mixin",
    ]
    _description = "Provider Month"
    _order = "date_from DESC, provider_id, id"
    _rec_names_search = ["provider_id"]
    _guards = (
        # figures come from the cases; the state has a guard of its own
        Only(
            frozenset({"note", "state"}),
            _lt("Figures are computed from complaints and cannot be entered."),
            strict=False,
        ),
    )
    _transitions = TransitionTable(
        "draft",
        (
            Transition("confirm", ("draft",), "confirmed", "_guard_confirm", SUPERVISOR),
            Transition("pay", ("confirmed",), "paid", "_guard_pay", HEAD),
            Transition("reset", ("confirmed",), "draft", "", HEAD),
        ),
    )

    provider_id = fields.Many2one(
        "res.partner",
        "Service Provider",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("Month", required=True, readonly=True, index=True)
    date_to = fields.Date("Until", required=True, readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed"), ("paid", "Paid")],
        required=True,
        default="draft",
        index=True,
        readonly=True,
        tracking=True,
        copy=False,
    )
    volume = fields.Float("Service Volume Last Quarter", digits=(16, 2), readonly=True)
    volume_months = fields.Integer(
        "Months Available",
        readonly=True,
        help="Months of the last quarter for which the volume is available.",
    )
    volume_source = fields.Selection(
        [("volume", "Entered or reported"), ("visits", "Our own visits concerning its services")],
        "Volume From",
        readonly=True,
        help="Visits count only if no volume was entered or reported; call-backs never count.",
    )
    average_volume = fields.Float(
        "Service Volume per Month", digits=(16, 2), readonly=True, aggregator="avg"
    )
    has_quota = fields.Boolean("Has a Quota", readonly=True)
    is_unlimited = fields.Boolean("Unlimited", readonly=True)
    quota = fields.Integer("Complaints Allowed", readonly=True)
    received = fields.Integer("Actual Complaints")
    open_cases = fields.Integer(
        "Still Open", readonly=True, help="Complaints of the month that are not closed yet."
    )
    probation_until = fields.Date(
        "On Probation Until", readonly=True, help="Leave empty if not on probation in this month."
    )
    eligible = fields.Boolean("Eligible", readonly=True, tracking=True)
    amount = fields.Monetary("Support", readonly=True, tracking=True)
    explanation = fields.Json(readonly=True)
    reasons = fields.Html("Why", compute="_compute_reasons", sanitize=False)
    verdict = fields.Char(compute="_compute_reasons")
    line_ids = fields.One2many(
        "customer.provider.period.line", "period_id", "By Channel", readonly=True
    )
    computed_at = fields.Datetime("Computed On", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    confirmed_at = fields.Datetime("Confirmed On", readonly=True, copy=False)
    paid_date = fields.Date("Paid On", readonly=True, copy=False)
    note = fields.Text()
    merged_from = fields.Char(
        "Month Of",
        readonly=True,
        copy=False,
        help="The provider whose month it was, before the two were merged: it was confirmed or paid "
        "beside that of the one that remains.",
    )

    _month_uniq = models.UniqueIndex(
        "(company_id, provider_id, date_from) WHERE merged_from IS NULL",
        "The provider already has figures for this month.",
    )

    @api.depends("provider_id", "date_from", "merged_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for period in self:
            month = format_date(self.env, period.date_from, date_format="MMMM y")
            names = (period.merged_from or period.provider_id.name, month)
            period.display_name = " – ".join(filter(None, names))

    def _merge_partners(self, column, sources, target):
        """Providers become one: a month that was confirmed or paid stays as it is, beside the other.

        A decided month stands for the month of the one that remains: a draft beside it would count and
        pay its cases again. Of drafts only, one remains; the job computes it with the cases of both.
        """
        months = self.search([(column, "in", (sources | target).ids), ("merged_from", "=", False)])
        for same in months.grouped(lambda p: (p.company_id, p.date_from)).values():
            ranked = same.sorted(lambda p: (p.state == "draft", p.provider_id != target, p.id))
            drafts = ranked.filtered(lambda p: p.state == "draft")
            first = ranked[:1]
            (drafts - first).unlink()
            for month in ranked - drafts - first:
                name = month.provider_id.display_name
                month.with_context(customer_transition=SENTINEL).merged_from = name

    # -- guards -------------------------------------------------------------------------------
    def _guard_confirm(self):
        """Return why the month is not final: it is not over, or was never computed."""
        reasons = []
        if self.date_to >= self.company_id._customer_today():
            reasons.append(self.env._("The month has not ended yet."))
        if not self.computed_at:
            reasons.append(self.env._("The figures were not computed."))
        elif not reasons and self.computed_at < self._cutoff_end():
            reasons.append(
                self.env._("The cut-off of the month has to pass; then compute the figures again.")
            )
        return reasons

    def _cutoff_end(self):
        """Return the first instant after the cut-off of the month; that of the month without one."""
        self.ensure_one()
        ends = {month: end for _company, month, end in self.company_id._complaint_cutoffs()}
        return ends.get(self.date_from, datetime.min)

    def _guard_pay(self):
        if self.eligible and self.amount > 0:
            return []
        return [self.env._("There is nothing to pay: %s", self.verdict)]

    # -- transitions --------------------------------------------------------------------------
    def action_confirm(self):
        """Fix the figures of the month."""
        return self._transition(
            "confirm", {"confirmed_by_id": self.env.uid, "confirmed_at": fields.Datetime.now()}
        )

    def action_pay(self):
        """The support was paid."""
        for period in self:
            period._transition("pay", {"paid_date": period.company_id._customer_today()})
        return True

    def action_reset(self):
        """Let the figures follow the cases again."""
        return self._transition("reset", {"confirmed_by_id": False, "confirmed_at": False})

    # -- links --------------------------------------------------------------------------------
    def action_complaints(self):
        """Open the complaints that the figures count."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_complaint_figure_action"
        )
        return {
            **action,
            "domain": [
                ("provider_id", "=", self.provider_id.id),
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ],
            "context": {},
            "view_mode": "list,pivot,graph",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
        }

    # --- every condition with its inputs and how it came out
    @api.depends("explanation", "eligible", "amount")
    @api.depends_context("lang")
    def _compute_reasons(self):
        for period in self:
            texts = period._reason_texts()
            failed = [text for ok, text in texts if not ok]
            period.reasons = period._reasons_html(texts)
            if not period.explanation:
                period.verdict = period.env._("Not computed yet.")
            elif period.eligible and period.amount:
                period.verdict = period.env._("All conditions are met.")
            elif period.eligible:
                period.verdict = period.env._(
                    "All conditions are met, but the quota table does not provide for support."
                )
            else:
                period.verdict = " ".join(failed)

    def _reasons_html(self, texts):
        signs = {
            True: Markup("<span class='text-success fw-bold'>&#10003;</span>"),
            False: Markup("<span class='text-danger fw-bold'>&#10007;</span>"),
        }
        rows = Markup("").join(
            Markup("<tr><td style='width: 2em;'>%s</td><td>%s</td></tr>") % (signs[ok], text)
            for ok, text in texts
        )
        return Markup("<table class='table table-sm mb-0'>%s</table>") % rows if texts else False

    def _reason_texts(self):
        """Return [(whether the condition holds, its text)]."""
        self.ensure_one()
        result = []
        for reason in self.explanation or []:
            values = dict(reason)
            code, ok = values.pop("code"), bool(values.pop("ok"))
            phrase = getattr(self, f"_phrase_{code}")
            result.append((ok, phrase(ok, **values)))
        return result

    # -- one method a code of `engine.provider_period` ----------------------------------------
    def _phrase_no_quota(self, ok, average):
        return self.env._(
            "No quota: the table has no line for an average volume of %(average)s per month.",
            average=average,
        )

    def _phrase_unlimited(self, ok, actual, average):
        return self.env._(
            "%(actual)s complaints; with a volume of %(average)s per month, any number is allowed.",
            actual=actual,
            average=average,
        )

    def _phrase_quota(self, ok, actual, allowed, average):
        values = {"actual": actual, "allowed": allowed, "average": average}
        if ok:
            return self.env._(
                "Within quota: %(actual)s complaints; %(allowed)s allowed with a volume of "
                "%(average)s per month.",
                **values,
            )
        return self.env._(
            "Over quota: %(actual)s complaints; %(allowed)s allowed with a volume of "
            "%(average)s per month.",
            **values,
        )

    def _phrase_first_time_rate(self, ok, scope, part, whole):
        values = {"channel": self._scope_label(scope), "part": part, "whole": whole}
        if not whole:
            return self.env._(
                "%(channel)s: no call-backs took place, so first-time closure is not assessed.",
                **values,
            )
        return self.env._(
            "%(channel)s: %(part)s of %(whole)s complaints with a call-back were closed the "
            "first time (100 %% required).",
            **values,
        )

    def _phrase_closure_rate(self, ok, scope, part, whole):
        values = {"channel": self._scope_label(scope), "part": part, "whole": whole}
        if not whole:
            return self.env._("%(channel)s: there were no complaints to close.", **values)
        return self.env._(
            "%(channel)s: %(part)s of %(whole)s complaints are closed (100 %% required).", **values
        )

    def _phrase_rating(self, ok, rating, percent):
        return self.env._(
            "Rated %(rating)s: the support changes by %(percent)s %%.",
            rating=rating,
            percent=percent,
        )

    def _phrase_media(self, ok, count):
        if ok:
            return self.env._("No complaint was reported in the media.")
        return self.env._("%(count)s complaints were reported in the media.", count=count)

    def _phrase_probation(self, ok, until):
        if ok:
            return self.env._("Not on probation.")
        day = format_date(self.env, fields.Date.to_date(until))
        return self.env._("On probation until %(day)s.", day=day)

    # -- what the provider sees of it -----------------------------------------------------------
    def _portal_figures(self):
        """Return a month as plain values for the page of the provider.

        A rate without a denominator has none: it is left empty, which is neither 0 nor 100.
        """
        self.ensure_one()
        shown = (
            "reply_rate",
            "contact_rate",
            "first_time_rate",
            "closure_rate",
            "satisfaction_rate",
        )
        names = {name: self._fields[name]._description_string(self.env) for name in shown}
        lines = [
            (self._scope_label(line.scope), line.received, [line._rate_words(n) for n in shown])
            for line in self.line_ids
        ]
        return {
            "month": self,
            "label": format_date(self.env, self.date_from, date_format="MMMM y"),
            "rates": list(names.values()),
            "lines": lines,
            "reasons": self._reason_texts(),
        }

    def _scope_label(self, scope):
        """Return the name of the complaints by channel."""
        names = {"hotline": self.env._("Hotline"), "web": self.env._("Web")}
        return names[scope]
