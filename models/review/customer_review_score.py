"""Scores: one row a line and indicator."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_round
from odoo.tools.translate import LazyTranslate

from ...engine import scoring
from ...queries import review_lines
from ..common.guard import SystemOnly

_lt = LazyTranslate(__name__)

# What a person enters; everything else is computed.
ENTRY_FIELDS = frozenset({"choice_id", "value", "note"})


class CustomerReviewScore(models.Model):
    """Raw value, rank and points of one indicator for one customer; entries are made here."""

    _name = "customer.review.score"
    _inherit = "customer.guard.mixin"
    _description = "Indicator Score"
    _order = "line_id, sequence, id"
    _log_access = False
    _guards = (SystemOnly(_lt("Scores are created by computing the review.")),)

    line_id = fields.Many2one(
        "customer.review.line", "Line", required=True, index=True, ondelete="cascade", readonly=True
    )
    # Not stored: a column would be written a million times for a figure the line has.
    review_id = fields.Many2one(related="line_id.review_id")
    partner_id = fields.Many2one(related="line_id.partner_id")
    company_id = fields.Many2one(related="line_id.company_id")
    indicator_id = fields.Many2one(
        "customer.scorecard.indicator",
        "Indicator",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    sequence = fields.Integer("Sequence", readonly=True, aggregator=None)
    source = fields.Selection(
        [("automatic", "Automatic"), ("manual", "Manual")], "Source", required=True, readonly=True
    )
    has_data = fields.Boolean("Has Data", readonly=True)
    value = fields.Float("Measured Value", digits=(16, 6), aggregator="avg")
    rank = fields.Integer("Rank", readonly=True, aggregator=None)
    points = fields.Float("Points", digits=(16, 4), readonly=True, aggregator="avg")
    max_points = fields.Float("Max", digits=(16, 4), readonly=True, aggregator="avg")
    choice_id = fields.Many2one(
        "customer.scorecard.choice",
        "Choice",
        domain="[('indicator_id', '=', indicator_id)]",
        ondelete="set null",
    )
    note = fields.Char("Note")
    entered_by_id = fields.Many2one("res.users", "Entered By", readonly=True)
    entered_on = fields.Datetime("Entered On", readonly=True)
    is_manual = fields.Boolean("Manual Entry", compute="_compute_is_manual")
    method = fields.Selection(related="indicator_id.method")
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Account Manager")
    state = fields.Selection(related="review_id.state")

    # Entries are looked up by indicator when a review is computed again.
    _entry_index = models.Index("(indicator_id, line_id) WHERE source = 'manual' AND has_data")
    _indicator_uniq = models.Constraint(
        "UNIQUE(line_id, indicator_id)",
        "A customer can have only one score for each indicator of a review.",
    )

    # --- the change of a score against the period before, and values as people read them
    value_text = fields.Char("Raw Value", compute="_compute_texts")
    rule = fields.Char("Rule", related="indicator_id.summary")
    previous_value_text = fields.Char("Previous Period", compute="_compute_texts")
    previous_points = fields.Float("Previous Points", compute="_compute_texts", digits=(16, 4))
    points_change = fields.Float("Change", compute="_compute_texts", digits=(16, 4))
    has_previous = fields.Boolean(compute="_compute_texts")
    has_sources = fields.Boolean(compute="_compute_texts")

    @api.depends("indicator_id.measure")
    def _compute_is_manual(self):
        for score in self:
            score.is_manual = score.indicator_id.measure == "manual"

    @api.depends("partner_id.name", "indicator_id.name")
    def _compute_display_name(self):
        for score in self:
            score.display_name = (
                f"{score.partner_id.display_name or ''} · {score.indicator_id.name or ''}"
            )

    @api.constrains("choice_id", "indicator_id")
    def _check_choice(self):
        for score in self:
            if score.choice_id and score.choice_id.indicator_id != score.indicator_id:
                raise ValidationError(
                    self.env._(
                        '"%(choice)s" is not an option of %(indicator)s.',
                        choice=score.choice_id.name,
                        indicator=score.indicator_id.name,
                    )
                )

    def write(self, vals):
        """People write entries of manual indicators; points and totals follow at once."""
        if self.env.su and not set(vals) & ENTRY_FIELDS:
            return super().write(vals)
        foreign = set(vals) - ENTRY_FIELDS
        if foreign and not self.env.su:
            raise AccessError(
                self.env._("Only the choice, value and note of a score can be entered manually.")
            )
        self._check_may_enter()
        result = super().write(vals)
        if set(vals) & {"choice_id", "value"}:
            self._after_entry(vals)
        return result

    def _check_may_enter(self):
        """Raise unless the scores are manual and their review is open for entries."""
        self.line_id._check_independent()
        for score in self:
            if score.indicator_id.measure != "manual":
                raise UserError(
                    self.env._(
                        "%(indicator)s is measured automatically and cannot be entered.",
                        indicator=score.indicator_id.name,
                    )
                )
        # sudo: the account manager reads own lines only; the state of the review is no secret.
        for review in self.sudo().review_id:
            review._check_no_background()
            if review.state != "computed":
                raise UserError(
                    self.env._(
                        "%(review)s is %(state)s: indicators can be filled in only after "
                        "computation and before submission.",
                        review=review.display_name,
                        state=dict(review._fields["state"]._description_selection(self.env))[
                            review.state
                        ].lower(),
                    )
                )

    def _after_entry(self, vals):
        """Turn the entries into points, and the points into totals of the lines."""
        rules = {indicator: indicator._rule() for indicator in self.indicator_id}
        entered = {
            "entered_by_id": self.env.uid,
            "entered_on": fields.Datetime.now(),
            "source": "manual",
        }
        # sudo: points are computed from the entry, the right to make it was checked.
        for score in self.sudo():
            has_entry = bool(score.choice_id) if score.method == "choice" else "value" in vals
            points, _reasons = scoring.points(
                rules[score.indicator_id],
                value=Decimal(f"{score.value:.6f}")
                if has_entry and score.method != "choice"
                else None,
                choice=score.choice_id.id or None,
            )
            # A rank needs the values of the others: it gets points when the review is computed
            # again.
            has_data = points is not None or (has_entry and score.method == "rank")
            super(CustomerReviewScore, score).write(
                {**entered, "has_data": has_data, "points": float(points or 0.0)}
            )
        self._update_lines()

    def _update_lines(self):
        """Total the lines of the scores anew and mark their reviews for another computation."""
        self.flush_model()
        # sudo: totals follow from entries the user may make.
        for review, scores in self.sudo().grouped("review_id").items():
            lines = scores.line_id
            self.env.cr.execute(review_lines.update_totals(lines.ids))
            self.env.cr.execute(review_lines.update_missing(review.id, lines.ids))
            lines.invalidate_recordset(["score", "coverage", "manual_missing"])
            if not review.needs_recompute:
                review._write_job(needs_recompute=True)

    def action_clear(self):
        """Take an entry back: no data again."""
        self._check_may_enter()
        self.check_access("write")
        self.write({"choice_id": False})
        # sudo: bookkeeping of an entry the user may write.
        super(CustomerReviewScore, self.sudo()).write(
            {
                "has_data": False,
                "points": 0.0,
                "value": 0.0,
                "entered_by_id": False,
                "entered_on": False,
            }
        )
        self._update_lines()
        return True

    def action_view_sources(self):
        """Open the documents the value comes from."""
        self.ensure_one()
        return self.line_id._sources_action(self.indicator_id)

    # --- the change of a score against the period before, and values as people read them
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
        # sudo: the currency of the company.
        currency = self.sudo().company_id.currency_id
        return self.env["customer.measure"]._value_text(
            measure, self.value, currency, self.indicator_id.uom_id.name or ""
        )

    def _number(self, value):
        """A figure without needless zeros, for the papers."""
        return self.env["customer.scorecard"]._number(value)

    def _signed(self, value):
        """A change with its sign."""
        text = self._number(float_round(value, 2))
        return f"+{text}" if value > 0 else text
