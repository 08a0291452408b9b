"""Indicators: one row of the scoring table."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine import scoring

METHODS = [
    ("rank", "Rank"),
    ("proportional", "Proportional"),
    ("range", "Range Table"),
    ("deduction", "Deduction"),
    ("choice", "Choice"),
]


class CustomerScorecardIndicator(models.Model):
    """What is measured, by which method it turns into points, and how many at most."""

    _name = "customer.scorecard.indicator"
    _description = "Scorecard Indicator"
    _inherit = ["customer.scorecard.part"]
    _order = "scorecard_id, sequence, id"

    scorecard_id = fields.Many2one(
        "customer.scorecard", "Scorecard", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer("Sequence", default=10)
    name = fields.Char("Indicator", required=True, translate=True)
    max_points = fields.Float("Max Points", digits=(16, 4), required=True, default=10.0)
    measure = fields.Selection(
        "_selection_measure",
        "Measure",
        required=True,
        default="manual",
        help="Source of the value.",
    )
    method = fields.Selection(
        METHODS,
        "Method",
        required=True,
        default="choice",
        help="How the value is converted into points.",
    )
    step = fields.Float(
        "Step",
        digits=(16, 4),
        default=1.0,
        help="Points lost for each lower place (rank) or for each occurrence (deduction).",
    )
    target = fields.Float(
        "Full Points At",
        digits=(16, 6),
        default=1.0,
        help="Value that earns full points; higher values earn no more.",
    )
    lowest_first = fields.Boolean(
        "Lowest First",
        compute="_compute_lowest_first",
        store=True,
        readonly=False,
        help="Rank: the lowest value takes first place (for example days overdue or complaints).",
    )
    zero_earns_nothing = fields.Boolean(
        "Zero Earns No Points",
        default=True,
        help="Rank, highest first: a customer with 0 (no purchases) takes last place and earns "
        "no points, however few customers there are.",
    )
    uom_id = fields.Many2one("uom.uom", "Unit", help="Unit for quantities.", ondelete="restrict")
    range_ids = fields.One2many("customer.scorecard.range", "indicator_id", "Ranges", copy=True)
    choice_ids = fields.One2many("customer.scorecard.choice", "indicator_id", "Options", copy=True)
    summary = fields.Char("Rule", compute="_compute_summary")
    state = fields.Selection(related="scorecard_id.state")

    @api.model
    def _selection_measure(self):
        return self.env["customer.measure"]._measure_selection()

    @api.depends("measure")
    def _compute_lowest_first(self):
        measures = self.env["customer.measure"]._measures()
        for indicator in self:
            measure = measures.get(indicator.measure)
            indicator.lowest_first = bool(measure) and not measure.higher_is_better

    @api.constrains("max_points", "step", "target", "method")
    def _check_figures(self):
        for indicator in self:
            if indicator.max_points < 0:
                raise ValidationError(
                    self.env._("%(name)s: points cannot be negative.", name=indicator.name)
                )
            if indicator.method in ("rank", "deduction") and indicator.step < 0:
                raise ValidationError(
                    self.env._("%(name)s: the step cannot be negative.", name=indicator.name)
                )
            if indicator.method == "proportional" and indicator.target <= 0:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the value for full points must be greater than 0.",
                        name=indicator.name,
                    )
                )

    def _rule(self):
        """The indicator as the engine knows it."""
        self.ensure_one()

        def number(value, digits):
            # The column is numeric; Odoo hands it over as float: go back to the digits that are
            # stored.
            return Decimal(f"{value:.{digits}f}")

        return scoring.Rule(
            method=self.method,
            max_points=number(self.max_points, 4),
            step=number(self.step, 4),
            target=number(self.target, 6),
            ranges=tuple(
                scoring.Range(
                    None if row.is_lowest else number(row.value_from, 6),
                    None if row.is_highest else number(row.value_to, 6),
                    number(row.points, 4),
                )
                for row in self.range_ids
            ),
            choices=tuple(
                scoring.Choice(choice.id, number(choice.points, 4), choice.segment_id.id or None)
                for choice in self.choice_ids
            ),
            higher_is_better=not self.lowest_first,
            zero_earns_nothing=self.zero_earns_nothing,
        )

    def _problems(self):
        """Reasons in words why the indicator cannot give points; empty when it can."""
        self.ensure_one()
        problems = [
            self._problem_text(reason.code, dict(reason.params))
            for reason in scoring.check_rule(self._rule())
        ]
        if (
            self.measure != "manual"
            and self.measure not in self.env["customer.measure"]._measures()
        ):
            problems.append(self.env._("its measure is no longer installed."))
        if self.measure == "purchase_quantity" and not self.uom_id:
            problems.append(
                self.env._("a quantity needs a unit: pieces and tons cannot be added up.")
            )
        if self.measure == "nature" and self.method != "choice":
            problems.append(self.env._("a segment is not a number: use the method Choice."))
        if (
            self.method == "choice"
            and self.measure == "nature"
            and not all(choice.segment_id for choice in self.choice_ids)
        ):
            problems.append(self.env._("each option needs a corresponding segment."))
        if self.method == "choice" and self.measure not in ("manual", "nature"):
            problems.append(
                self.env._(
                    "options are chosen by users or follow a segment: select one of these as "
                    "the measure."
                )
            )
        return problems

    def _problem_text(self, code, params):
        """Translate a finding of the engine."""
        number = self.env["customer.scorecard"]._number
        values = {
            key: number(value) if isinstance(value, Decimal) else value
            for key, value in params.items()
        }
        texts = {
            "ranges_empty": self.env._("the range table is empty."),
            "range_not_number": self.env._("a range has no limits."),
            "range_two_open": self.env._("two ranges are open-ended on the same side."),
            "choices_empty": self.env._("there are no options to choose from."),
            "max_points_not_positive": self.env._("the maximum points are missing or zero."),
            "step_not_positive": self.env._(
                "the step is missing: every value would earn full points."
            ),
            "target_not_positive": self.env._("the value for full points must be greater than 0."),
            "points_negative": self.env._("a range or option gives a negative number of points."),
        }
        if code in texts:
            return texts[code]
        if code == "range_reversed":
            return self.env._("the range %(low)s to %(high)s ends before it starts.", **values)
        if code == "range_gap":
            return self.env._("no range covers the values from %(low)s to %(high)s.", **values)
        if code == "range_overlap":
            return self.env._("two ranges cover the values from %(low)s to %(high)s.", **values)
        if code == "points_over_max":
            return self.env._(
                "a range or option gives %(points)s points, which exceeds the maximum of %(max)s.",
                **values,
            )
        if code == "max_points_unreachable":
            return self.env._(
                "no value earns the maximum of %(max)s points: the best possible is %(best)s.",
                **values,
            )
        return code

    @api.depends_context("lang")
    @api.depends(
        "method",
        "measure",
        "max_points",
        "step",
        "target",
        "lowest_first",
        "zero_earns_nothing",
        "uom_id",
        "range_ids.display_name",
        "choice_ids.name",
        "choice_ids.points",
    )
    def _compute_summary(self):
        for indicator in self:
            indicator.summary = indicator._sentence()

    def _sentence(self):
        """The rule in words: ``rank: first place 45, each lower place loses 1.5``."""
        self.ensure_one()
        number = self.env["customer.scorecard"]._number
        points = number(self.max_points)
        if self.method == "rank":
            values = {"max": points, "step": number(self.step)}
            if self._rule().has_floor:
                return self.env._(
                    "rank: first place %(max)s, each lower place loses %(step)s; 0 earns no points",
                    **values,
                )
            return self.env._(
                "rank: first place %(max)s, each lower place loses %(step)s", **values
            )
        if self.method == "proportional":
            return self.env._(
                "proportional: %(max)s from %(target)s, proportionally less below",
                max=points,
                target=number(self.target),
            )
        if self.method == "deduction":
            return self.env._(
                "deduction: starts at %(max)s and loses %(step)s for each occurrence",
                max=points,
                step=number(self.step),
            )
        if self.method == "range":
            return self.env._(
                "range: %(rows)s", rows="; ".join(self.range_ids.mapped("display_name"))
            )
        options = "; ".join(f"{choice.name}: {number(choice.points)}" for choice in self.choice_ids)
        return self.env._("choice: %(options)s", options=options)
