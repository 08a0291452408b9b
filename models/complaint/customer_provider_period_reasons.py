"""The decision on a provider's support in the reader's words."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date


class CustomerProviderPeriod(models.Model):
    """Every condition with its inputs and how it came out."""

    _inherit = "customer.provider.period"

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
                period.verdict = period.env._("All conditions hold.")
            elif period.eligible:
                period.verdict = period.env._("All conditions hold; the table gives no support.")
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
            "No quota: the table has no line for %(average)s visits a month.", average=average
        )

    def _phrase_unlimited(self, ok, actual, average):
        return self.env._(
            "%(actual)s complaints; with %(average)s visits a month any number is allowed.",
            actual=actual,
            average=average,
        )

    def _phrase_quota(self, ok, actual, allowed, average):
        values = {"actual": actual, "allowed": allowed, "average": average}
        if ok:
            return self.env._(
                "Within the quota: %(actual)s complaints, %(allowed)s allowed with %(average)s"
                " visits a month.",
                **values,
            )
        return self.env._(
            "Over the quota: %(actual)s complaints, %(allowed)s allowed with %(average)s visits a"
            " month.",
            **values,
        )

    def _phrase_first_time_rate(self, ok, scope, part, whole):
        values = {"channel": self._scope_label(scope), "part": part, "whole": whole}
        if not whole:
            return self.env._(
                "%(channel)s: nobody was called back, so no first-time closure is asked for.",
                **values,
            )
        return self.env._(
            "%(channel)s: %(part)s of %(whole)s complaints called back were closed the first"
            " time (100 %% needed).",
            **values,
        )

    def _phrase_closure_rate(self, ok, scope, part, whole):
        values = {"channel": self._scope_label(scope), "part": part, "whole": whole}
        if not whole:
            return self.env._("%(channel)s: there was nothing to close.", **values)
        return self.env._(
            "%(channel)s: %(part)s of %(whole)s complaints are closed (100 %% needed).", **values
        )

    def _phrase_media(self, ok, count):
        if ok:
            return self.env._("No complaint was in the media.")
        return self.env._("%(count)s complaints were in the media.", count=count)

    def _phrase_probation(self, ok, until):
        if ok:
            return self.env._("Not on probation.")
        day = format_date(self.env, fields.Date.to_date(until))
        return self.env._("On probation until %(day)s.", day=day)

    def _scope_label(self, scope):
        """Return the name of the complaints by channel."""
        names = {"hotline": self.env._("Hotline"), "web": self.env._("Web")}
        return names[scope]
