"""Scores as people read them."""

from odoo import api, fields, models
from odoo.tools.misc import formatLang


class CustomerReviewScore(models.Model):
    """The change of a score against the period before, and values as people read them."""

    _inherit = "customer.review.score"

    value_text = fields.Char("Raw Value", compute="_compute_texts")
    rule = fields.Char("Rule", related="indicator_id.summary")
    previous_value_text = fields.Char("Last Period", compute="_compute_texts")
    previous_points = fields.Float("Last Points", compute="_compute_texts", digits=(16, 4))
    points_change = fields.Float("Change", compute="_compute_texts", digits=(16, 4))
    has_previous = fields.Boolean(compute="_compute_texts")
    has_sources = fields.Boolean(compute="_compute_texts")

    @api.depends_context("lang")
    @api.depends("value", "points", "choice_id", "has_data")
    def _compute_texts(self):
        measures = self.env["customer.measure"]._measures()
        for line, scores in self.grouped("line_id").items():
            # sudo: the customer's own earlier line. The indicators of another version are the same
            # when measure and name are.
            before = {
                score._indicator_key(): score for score in line.sudo().previous_line_id.score_ids
            }
            for score in scores:
                measure = measures.get(score.indicator_id.measure)
                old = before.get(score._indicator_key())
                score.value_text = score._value_text(measure)
                score.has_previous = bool(old and old.has_data)
                score.previous_value_text = old._value_text(measure) if old else ""
                score.previous_points = old.points if old else 0.0
                score.points_change = (
                    score.points - old.points if old and old.has_data and score.has_data else 0.0
                )
                score.has_sources = measure is not None

    def _indicator_key(self):
        indicator = self.indicator_id.with_context(lang=None)
        return indicator.measure, indicator.name

    def _value_text(self, measure):
        """The raw value with its unit, or that there is none."""
        self.ensure_one()
        if not self.has_data:
            return self.env._("no data")
        if self.choice_id:
            return self.choice_id.name
        unit = measure.unit if measure else ""
        # sudo: the currency of the company.
        currency = self.sudo().company_id.currency_id
        if unit == "money":
            return formatLang(self.env, self.value, currency_obj=currency)
        text = formatLang(self.env, self.value, digits=0 if self.value == int(self.value) else 2)
        if unit == "quantity":
            return f"{text} {self.indicator_id.uom_id.name or ''}".strip()
        if unit in ("percent", "ratio"):
            percent = self.value * (100.0 if unit == "ratio" else 1.0)
            return self.env._("%(value)s %%", value=formatLang(self.env, percent, digits=2))
        if unit == "months":
            return self.env._("%(value)s months", value=text)
        if unit == "days":
            return self.env._("%(value)s days", value=text)
        return text

    def _number(self, value):
        """A figure without needless zeros, for the papers."""
        return self.env["customer.scorecard"]._number(value)

    def _signed(self, value):
        """A change with its sign."""
        text = self._number(round(value, 2))
        return f"+{text}" if value > 0 else text
