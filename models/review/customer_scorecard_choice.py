"""One option of a choice indicator."""

from odoo import fields, models


class CustomerScorecardChoice(models.Model):
    """An option a reviewer picks, or one that follows from a segment of the customer."""

    _name = "customer.scorecard.choice"
    _description = "Indicator Option"
    _inherit = ["customer.scorecard.part"]
    _order = "indicator_id, sequence, id"
    _scorecard_path = "indicator_id.scorecard_id"

    indicator_id = fields.Many2one(
        "customer.scorecard.indicator", "Indicator", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer("Sequence", default=10)
    name = fields.Char("Option", required=True, translate=True)
    points = fields.Float("Points", digits=(16, 4), required=True)
    segment_id = fields.Many2one(
        "customer.segment",
        "Segment",
        ondelete="restrict",
        help="A customer in this segment gets this option. Leave empty if users choose the option.",
    )
