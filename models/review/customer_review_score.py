"""Scores: one row a line and indicator."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine import scoring
from ...queries import review_lines

# What a person enters; everything else is computed.
ENTRY_FIELDS = frozenset({"choice_id", "value", "note"})


class CustomerReviewScore(models.Model):
    """Raw value, rank and points of one indicator for one customer; entries are made here."""

    _name = "customer.review.score"
    _description = "Score of an Indicator"
    _order = "line_id, sequence, id"
    _log_access = False

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
    entered_by_id = fields.Many2one("res.users", "Entered by", readonly=True)
    entered_on = fields.Datetime("Entered on", readonly=True)
    is_manual = fields.Boolean("Filled by Hand", compute="_compute_is_manual")
    method = fields.Selection(related="indicator_id.method")
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Account Manager")
    state = fields.Selection(related="review_id.state")

    # Entries are looked up by indicator when a review is computed again.
    _entry_index = models.Index("(indicator_id, line_id) WHERE source = 'manual' AND has_data")
    _indicator_uniq = models.Constraint(
        "UNIQUE(line_id, indicator_id)", "A customer has one score for each indicator of a review."
    )

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
                        '"%(choice)s" is no option of %(indicator)s.',
                        choice=score.choice_id.name,
                        indicator=score.indicator_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Scores come from the computation."""
        if not self.env.su:
            raise AccessError(self.env._("The scores of a review are made by computing it."))
        return super().create(vals_list)

    def write(self, vals):
        """People write entries of manual indicators; points and totals follow at once."""
        if self.env.su and not set(vals) & ENTRY_FIELDS:
            return super().write(vals)
        foreign = set(vals) - ENTRY_FIELDS
        if foreign and not self.env.su:
            raise AccessError(
                self.env._(
                    "Only the choice, the value and the note of a score are entered by hand."
                )
            )
        self._check_may_enter()
        result = super().write(vals)
        if set(vals) & {"choice_id", "value"}:
            self._after_entry(vals)
        return result

    def _check_may_enter(self):
        """Raise unless the scores are manual and their review is open for entries."""
        for score in self:
            if score.indicator_id.measure != "manual":
                raise UserError(
                    self.env._(
                        "%(indicator)s is measured, not entered.", indicator=score.indicator_id.name
                    )
                )
        # sudo: the account manager reads own lines only; the state of the review is no secret.
        for review in self.sudo().review_id:
            review._check_no_background()
            if review.state != "computed":
                raise UserError(
                    self.env._(
                        "%(review)s is %(state)s: indicators are filled after computing and "
                        "before submitting.",
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
