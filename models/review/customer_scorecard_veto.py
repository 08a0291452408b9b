"""Vetoes: facts that cap the result whatever the score."""

from decimal import Decimal

from odoo import api, fields, models

from ...engine import tiering

OPERATORS = [
    (">", "more than"),
    (">=", "at least"),
    ("<", "less than"),
    ("<=", "at most"),
    ("=", "exactly"),
]


class CustomerScorecardVeto(models.Model):
    """When the measure meets the condition, the result is at most the cap."""

    _name = "customer.scorecard.veto"
    _description = "Scorecard Veto"
    _inherit = ["customer.scorecard.part"]
    _order = "scorecard_id, sequence, id"

    scorecard_id = fields.Many2one(
        "customer.scorecard", "Scorecard", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer("Sequence", default=10)
    measure = fields.Selection("_selection_measure", "Measure", required=True)
    operator = fields.Selection(OPERATORS, "Operator", required=True, default=">")
    threshold = fields.Float("Threshold", digits=(16, 6))
    cap_tier_id = fields.Many2one(
        "customer.tier",
        "Capped At",
        domain="[('kind', '=', 'customer')]",
        index=True,
        ondelete="restrict",
    )
    summary = fields.Char("Rule", compute="_compute_summary")

    @api.model
    def _selection_measure(self):
        return [
            option
            for option in self.env["customer.measure"]._measure_selection()
            if option[0] != "manual"
        ]

    def _cap(self):
        """The best result possible: a tier, or what else the scorecard decides."""
        self.ensure_one()
        return self[self.scorecard_id._usage().cap]

    @api.depends_context("lang")
    @api.depends(
        lambda self: (
            "measure",
            "operator",
            "threshold",
            "scorecard_id.usage",
            *(f"{usage.cap}.display_name" for usage in self._usages()),
        )
    )
    def _compute_summary(self):
        measures = dict(self._selection_measure())
        operators = dict(self._fields["operator"]._description_selection(self.env))
        for veto in self:
            veto.summary = self.env._(
                "%(measure)s %(operator)s %(threshold)s: at most %(tier)s",
                measure=measures.get(veto.measure, ""),
                operator=operators.get(veto.operator, ""),
                threshold=veto._value_text(veto.threshold, veto._currency()),
                tier=veto._cap().display_name or "",
            )

    def _currency(self):
        """Currency of money in the rule: the scorecard's company, else the reader's."""
        return (self.scorecard_id.company_id or self.env.company).currency_id

    def _value_text(self, value, currency):
        """A value of the measure with its unit."""
        Measure = self.env["customer.measure"]
        return Measure._value_text(Measure._measure(self.measure), value, currency)

    @api.depends("summary")
    def _compute_display_name(self):
        for veto in self:
            veto.display_name = veto.summary

    def _veto(self):
        """The veto as the engine knows it."""
        self.ensure_one()
        return tiering.Veto(
            self.id, self.operator, Decimal(f"{self.threshold:.6f}"), self._cap().id
        )
