"""Why this tier: the figures of a line in words."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round
from odoo.tools.misc import formatLang

from ...engine import tiering


class CustomerReviewLine(models.Model):
    """The sheet "why this tier", on screen, on the customer and on paper."""

    _inherit = "customer.review.line"

    verdict = fields.Html("Assessment Result", compute="_compute_why", sanitize=False)
    why_reasons = fields.Html("Reasons", compute="_compute_why", sanitize=False)
    why_missing = fields.Html("Missing for Next Tier", compute="_compute_why", sanitize=False)
    reason_text = fields.Text("Why", compute="_compute_reason_text")
    previous_line_id = fields.Many2one(
        "customer.review.line",
        "Previous Period",
        compute="_compute_previous_line_id",
        compute_sudo=True,
    )
    line_total = fields.Integer("Customers in the Review", compute="_compute_line_total")
    rated_text = fields.Char("Rated Points", compute="_compute_rated_text")

    def _compute_line_total(self):
        # sudo: account managers read own lines only; how many there are is no secret.
        counts = dict(
            self.env["customer.review.line"]
            .sudo()
            ._read_group([("review_id", "in", self.review_id.ids)], ["review_id"], ["__count"])
        )
        for line in self:
            line.line_total = counts.get(line.review_id, 0)

    @api.depends_context("lang")
    @api.depends("score_ids.points", "score_ids.has_data", "score_ids.max_points")
    def _compute_rated_text(self):
        """What the score is made of: indicators without data are left out, the rest is 100."""
        number = self.env["customer.scorecard"]._number
        for line in self:
            rated = line.score_ids.filtered("has_data")
            line.rated_text = self.env._(
                "%(points)s of %(max)s rated points",
                points=number(float_round(sum(rated.mapped("points")), 2)),
                max=number(float_round(sum(rated.mapped("max_points")), 2)),
            )

    @api.depends_context("lang")
    def _compute_why(self):
        Qweb = self.env["ir.qweb"]
        for line in self:
            why = line._why()
            line.verdict = Qweb._render(
                "customer_governance.review_why_verdict", {"line": line, "why": why}
            )
            line.why_reasons = Qweb._render(
                "customer_governance.review_why_reasons", {"line": line, "why": why}
            )
            line.why_missing = Qweb._render(
                "customer_governance.review_why_missing", {"line": line, "why": why}
            )

    @api.depends_context("lang")
    @api.depends("explanation")
    def _compute_reason_text(self):
        for line in self:
            line.reason_text = " ".join(line._explanation_texts())

    def _why(self):
        """The sheet as data: ``{"headline", "reasons": [text], "next", "missing": [text]}``."""
        self.ensure_one()
        next_name, missing = self._missing_texts()
        return {
            "headline": self._headline(),
            "reasons": self._explanation_texts(),
            "next": next_name,
            "missing": missing,
        }

    def _headline(self):
        """What happens to the customer, in one sentence."""
        self.ensure_one()
        previous, decided = self._result_names()
        customer = self.partner_id.display_name
        if not decided:
            return self.env._(
                "%(customer)s keeps its tier because there is no proposal.", customer=customer
            )
        if not previous:
            return self.env._("%(customer)s becomes %(tier)s.", customer=customer, tier=decided)
        if self.movement == "up":
            return self.env._(
                "%(customer)s moves up from %(old)s to %(new)s.",
                customer=customer,
                old=previous,
                new=decided,
            )
        if self.movement == "down":
            return self.env._(
                "%(customer)s moves down from %(old)s to %(new)s.",
                customer=customer,
                old=previous,
                new=decided,
            )
        return self.env._("%(customer)s remains %(tier)s.", customer=customer, tier=decided)

    def _result_names(self):
        """Names of the result before and after."""
        self.ensure_one()
        return self._result("previous").name, self._result("decided").name

    def _result_name(self, result_id):
        """Name of a result by id."""
        # sudo: archived tiers have a name as well.
        return self._result("decided").sudo().browse(result_id).exists().name or ""

    def _figures(self):
        """Figures of the line as the engine knows them."""
        self.ensure_one()
        return tiering.Figures(
            score=Decimal(f"{self.score:.2f}") if self.has_score else None,
            coverage=Decimal(f"{self.coverage:.2f}"),
            sales=tiering.Sales(
                Decimal(f"{self.share:.4f}"),
                Decimal(f"{self.cumulative_share:.4f}"),
                Decimal(f"{self.ahead_share:.4f}"),
            ),
        )

    def _explanation_texts(self):
        """The reasons of the proposal as sentences in the reader's language."""
        self.ensure_one()
        texts = [self._explanation_text(reason) for reason in self.explanation or []]
        texts += self._change_texts()
        if self.decided_by_id and self.needs_reason:
            texts.append(
                self.env._(
                    "The committee decided on %(decided)s instead of %(proposed)s: %(reason)s",
                    decided=self._result("decided").name or self.env._("none"),
                    proposed=self._result("proposed").name or self.env._("no proposal"),
                    reason=self.reason or "",
                )
            )
        return [text for text in texts if text]

    def _paper_reasons(self):
        """What the committee's paper says on the line: who decided why, then what the rules say."""
        self.ensure_one()
        texts = [self._explanation_text(reason) for reason in self.explanation or []]
        if (self.reason or "").strip():
            decision = self.env._(
                "Decision (%(name)s): %(reason)s",
                name=self.decided_by_id.name or self.env._("committee"),
                reason=self.reason,
            )
            texts.insert(0, decision)
        return [text for text in texts if text]

    def _change_texts(self):
        """What changed against the period before, where the result changed."""
        before = self.sudo().previous_line_id  # sudo: the customer's own earlier line
        if not before or self.movement not in ("up", "down"):
            return []
        number = self.env["customer.scorecard"]._number
        texts = [
            self.env._(
                "Share of sales: %(before)s %% in the previous period, %(now)s %% now.",
                before=number(float_round(before.share, 2)),
                now=number(float_round(self.share, 2)),
            )
        ]
        if before.rank and self.rank:
            texts.append(
                self.env._(
                    "Score: %(before)s in the previous period, %(now)s now; rank: %(old)s "
                    "then, %(new)s now.",
                    before=number(before.score),
                    now=number(self.score),
                    old=before.rank,
                    new=self.rank,
                )
            )
        return texts

    def _explanation_text(self, reason):
        """One reason (`engine.reasons`) as a sentence."""
        number = self.env["customer.scorecard"]._number
        code = reason.get("code")
        # sudo: the scorecard explains the customer's own line.
        scorecard = self.sudo().review_id.scorecard_id
        if code == "band":
            band = scorecard.band_ids.filtered(lambda b: b.id == reason.get("band"))
            return self.env._("First matching band: %(band)s.", band=band.summary or "")
        if code == "hysteresis":
            return self.env._(
                "It was below its tier for %(below)s of %(needed)s consecutive periods and "
                "therefore remains %(tier)s for now.",
                below=reason.get("below"),
                needed=reason.get("needed"),
                tier=self._result_name(reason.get("kept")),
            )
        if code == "veto":
            veto = scorecard.veto_ids.filtered(lambda v: v.id == reason.get("veto"))
            return self.env._(
                "Veto: %(rule)s (value: %(value)s).",
                rule=veto.summary or "",
                value=veto._value_text(float(reason.get("value") or 0), self.currency_id),
            )
        if code == "low_coverage":
            return self.env._(
                "Data is available for only %(coverage)s %% of the points; %(needed)s %% is "
                "required: no proposal.",
                coverage=number(float(reason.get("coverage") or 0)),
                needed=number(float(reason.get("threshold") or 0)),
            )
        if code == "no_band":
            return self.env._("No band matches.")
        return ""

    def _missing_texts(self):
        """Name of the next better result and what is missing to it, as sentences."""
        self.ensure_one()
        # sudo: the scorecard explains the customer's own line.
        policy = self.sudo().review_id.scorecard_id._policy()
        result, misses = tiering.missing_to_next(policy, self._figures())
        if result is None:
            return "", []
        return self._result_name(result), [
            self._missing_text(dict(miss.params), miss.code) for miss in misses
        ]

    def _missing_text(self, params, code):
        number = self.env["customer.scorecard"]._number
        values = {key: number(float_round(float(value), 2)) for key, value in params.items()}
        if code == "score":
            return self.env._(
                "Short by %(gap)s points: a score of %(needed)s is required, "
                "%(actual)s was achieved.",
                **values,
            )
        if code == "share":
            text = self.env._(
                "Short by %(gap)s %% of sales: %(needed)s %% required, %(actual)s %% achieved.",
                **values,
            )
            amount = self._sales_needed(float(params["needed"]))
            if amount:
                text += " " + self.env._(
                    "This corresponds to about %(amount)s more in the period.",
                    amount=formatLang(self.env, amount, currency_obj=self.currency_id),
                )
            return text
        if code == "cumulative":
            return self.env._(
                "Larger customers already account for %(actual)s %% of sales; it must be "
                "less than %(needed)s %%.",
                **values,
            )
        if code == "coverage":
            return self.env._("Data for a further %(gap)s %% of the points is required.", **values)
        return ""

    def _sales_needed(self, percent):
        """Sales the customer lacks for a share; its own sales are part of the whole."""
        if not self.share or percent >= 100:
            return 0.0
        whole = self.sales / self.share * 100.0
        return max((percent / 100.0 * whole - self.sales) / (1.0 - percent / 100.0), 0.0)

    @api.depends("review_id", "partner_id")
    def _compute_previous_line_id(self):
        """The customer's line in the review of the period before, or none."""
        for review, lines in self.grouped("review_id").items():
            earlier = review._earlier_reviews(1) if review else review
            found = self.search(
                [("review_id", "in", earlier.ids), ("partner_id", "in", lines.partner_id.ids)]
            )
            by_partner = {line.partner_id: line for line in found}
            for line in lines:
                line.previous_line_id = by_partner.get(line.partner_id)

    def action_previous_sheet(self):
        """Open the sheet of the period before."""
        self.ensure_one()
        self.check_access("read")
        return self.previous_line_id.with_env(self.env).action_open_why()

    def _sources_action(self, indicator):
        """Action on the documents behind a value."""
        self.ensure_one()
        self.check_access("read")
        measure = self.env["customer.measure"]._measures().get(indicator.measure)
        if measure is None:
            raise UserError(
                self.env._(
                    "%(name)s is entered manually: there are no source documents.",
                    name=indicator.name,
                )
            )
        # sudo: period and company of the review; the documents are read with the user's own rights.
        context = self.sudo().review_id._measure_context()
        sources = measure.sources(context, self.partner_id.id)
        kinds = [sources] if isinstance(sources, tuple) else sources
        # of several kinds the first that holds something the user may read
        model, domain = next(
            (
                (name, domain)
                for name, domain in kinds
                if self.env[name].has_access("read")
                and self.env[name].search_count(domain, limit=1)
            ),
            kinds[0],
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(indicator)s: %(customer)s",
                indicator=indicator.name,
                customer=self.partner_id.name,
            ),
            "res_model": model,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            "context": {"create": False},
        }

    def _number(self, value):
        """A figure without needless zeros, for the papers."""
        return self.env["customer.scorecard"]._number(value)

    def action_print_why(self):
        """Print the sheet."""
        self.check_access("read")
        return self.env.ref("customer_governance.review_why_report").report_action(self)
