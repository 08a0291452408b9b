"""One row of a range table."""

from odoo import api, fields, models


class CustomerScorecardRange(models.Model):
    """Values from (inclusive) .. to (exclusive, inclusive in the top row) earn points."""

    _name = "customer.scorecard.range"
    _description = "Indicator Range"
    _inherit = ["customer.scorecard.part"]
    _order = "indicator_id, is_lowest desc, value_from, id"
    _scorecard_path = "indicator_id.scorecard_id"

    indicator_id = fields.Many2one(
        "customer.scorecard.indicator", "Indicator", required=True, index=True, ondelete="cascade"
    )
    is_lowest = fields.Boolean(
        "No Lower Limit",
        help="The row matches every value below its upper limit, including negative values.",
    )
    value_from = fields.Float(
        "From", digits=(16, 6), help="Inclusive: a value exactly on this limit belongs to this row."
    )
    is_highest = fields.Boolean(
        "No Upper Limit", help="The row matches every value from its lower limit upwards."
    )
    value_to = fields.Float(
        "Below",
        digits=(16, 6),
        help="Exclusive: a value exactly on this limit belongs to the next row. In the top row "
        "it is inclusive.",
    )
    points = fields.Float("Points", digits=(16, 4), required=True)
    display_name = fields.Char(compute="_compute_display_name")

    @api.depends("is_lowest", "is_highest", "value_from", "value_to", "points")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row._sentence()

    def _sentence(self):
        """The row in words: ``from 12: 5``."""
        self.ensure_one()
        number = self.env["customer.scorecard"]._number
        points = number(self.points)
        if self.is_lowest and self.is_highest:
            return self.env._("any value: %(points)s", points=points)
        if self.is_lowest:
            return self.env._("below %(to)s: %(points)s", to=number(self.value_to), points=points)
        if self.is_highest:
            return self.env._(
                "from %(start)s: %(points)s", start=number(self.value_from), points=points
            )
        return self.env._(
            "%(start)s to %(to)s: %(points)s",
            start=number(self.value_from),
            to=number(self.value_to),
            points=points,
        )
