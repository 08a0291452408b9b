"""Bands: from figures to a result."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine import tiering


class CustomerScorecardBand(models.Model):
    """A result and the conditions that lead to it; the first band in sequence that matches wins."""

    _name = "customer.scorecard.band"
    _description = "Scorecard Band"
    _inherit = ["customer.scorecard.part"]
    _order = "scorecard_id, sequence, id"

    scorecard_id = fields.Many2one(
        "customer.scorecard", "Scorecard", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer("Sequence", default=10)
    tier_id = fields.Many2one(
        "customer.tier",
        "Tier",
        domain="[('kind', '=', 'customer')]",
        index=True,
        ondelete="restrict",
    )
    # Each condition has its own switch: 0 is a figure, not "no condition".
    use_min_score = fields.Boolean("Needs a Score")
    min_score = fields.Float("Score From", digits=(16, 2), help="0 to 100, inclusive.")
    use_min_share = fields.Boolean("Needs a Share of Sales")
    min_share = fields.Float(
        "Share From (%)",
        digits=(16, 4),
        help="Share of the company's sales in the period in percent, inclusive.",
    )
    use_max_cumulative_share = fields.Boolean("Within the Top Customers")
    max_cumulative_share = fields.Float(
        "First (%) of Sales",
        digits=(16, 4),
        help="The largest customers that together account for this percentage of sales; the "
        "customer that crosses the limit is included.",
    )
    is_fallback = fields.Boolean("Matches All Others", compute="_compute_is_fallback")
    summary = fields.Char("Rule", compute="_compute_summary")

    @api.depends("use_min_score", "use_min_share", "use_max_cumulative_share")
    def _compute_is_fallback(self):
        for band in self:
            band.is_fallback = not (
                band.use_min_score or band.use_min_share or band.use_max_cumulative_share
            )

    @api.depends_context("lang")
    @api.depends(
        lambda self: (
            "use_min_score",
            "min_score",
            "use_min_share",
            "min_share",
            "scorecard_id.usage",
            "scorecard_id.share_measure",
            "use_max_cumulative_share",
            "max_cumulative_share",
            *(f"{usage.band}.display_name" for usage in self._usages()),
        )
    )
    def _compute_summary(self):
        for band in self:
            band.summary = band._sentence()

    @api.depends("summary")
    def _compute_display_name(self):
        for band in self:
            band.display_name = band.summary

    def _result(self):
        """The result: a tier, or what else the scorecard decides."""
        self.ensure_one()
        return self[self.scorecard_id._usage().band]

    def _sentence(self):
        """The band in words: ``Strategic: score of at least 60 and among the customers ...``."""
        self.ensure_one()
        number = self.env["customer.scorecard"]._number
        of_quantity = self.scorecard_id.share_measure == "quantity"
        conditions = []
        if self.use_min_share:
            share = number(self.min_share)
            conditions.append(
                self.env._("at least %(share)s %% of the quantity sold", share=share)
                if of_quantity
                else self.env._("at least %(share)s %% of sales", share=share)
            )
        if self.use_max_cumulative_share:
            share = number(self.max_cumulative_share)
            conditions.append(
                self.env._(
                    "among the largest customers that together account for the first "
                    "%(share)s %% of the quantity",
                    share=share,
                )
                if of_quantity
                else self.env._(
                    "among the largest customers that together account for the first "
                    "%(share)s %% of sales",
                    share=share,
                )
            )
        if self.use_min_score:
            conditions.append(
                self.env._("a score of at least %(score)s", score=number(self.min_score))
            )
        if not conditions:
            return self.env._("%(result)s: all others", result=self._result().display_name or "")
        return self.env._(
            "%(result)s: %(conditions)s",
            result=self._result().display_name or "",
            conditions=self.env._(" and ").join(conditions),
        )

    @api.constrains("min_score", "min_share", "max_cumulative_share")
    def _check_percentages(self):
        for band in self:
            for value in (band.min_score, band.min_share, band.max_cumulative_share):
                if not 0 <= value <= 100:
                    raise ValidationError(
                        self.env._(
                            "%(rule)s: scores and shares must be between 0 and 100, not %(value)s.",
                            rule=band.summary,
                            value=value,
                        )
                    )

    def _band(self):
        """The band as the engine knows it."""
        self.ensure_one()
        return tiering.Band(
            key=self.id,
            result=self._result().id,
            min_score=Decimal(f"{self.min_score:.2f}") if self.use_min_score else None,
            min_share=Decimal(f"{self.min_share:.4f}") if self.use_min_share else None,
            max_cumulative=Decimal(f"{self.max_cumulative_share:.4f}")
            if self.use_max_cumulative_share
            else None,
        )
