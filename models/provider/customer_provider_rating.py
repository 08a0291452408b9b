from odoo import api, fields, models


class CustomerProviderRating(models.Model):
    """What a service provider is rated: one to five stars, and what follows from it."""

    _name = "customer.provider.rating"
    _inherit = ["customer.guard.mixin"]
    _description = "Provider Rating"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The best rating comes first.")
    active = fields.Boolean(default=True)
    stars = fields.Selection(
        [(str(number), "★" * number) for number in range(1, 6)], required=True, default="3"
    )
    bonus = fields.Float(
        "Bonus (%)",
        digits=(16, 2),
        help="Added to the support of the months in which the rating is in force.",
    )
    deduction = fields.Float(
        "Deduction (%)",
        digits=(16, 2),
        help="Deducted from the support of the months in which the rating is in force.",
    )
    probation_months = fields.Integer(
        "Probation (months)",
        help="A provider with this rating is on probation for this number of months and receives "
        "no support. 0: no probation.",
    )
    note = fields.Text("Consequences", translate=True)

    _consequences_valid = models.Constraint(
        "CHECK(bonus >= 0 AND deduction BETWEEN 0 AND 100 AND probation_months >= 0)",
        "A bonus cannot be negative, a deduction must be from 0 to 100 %, and a probation "
        "cannot be negative.",
    )

    @api.depends("name", "stars")
    def _compute_display_name(self):
        stars = dict(self._fields["stars"].selection)
        for rating in self:
            rating.display_name = " ".join(filter(None, (stars.get(rating.stars), rating.name)))

    def _percent(self):
        """Return by how many percent the rating changes the support."""
        return self.bonus - self.deduction if self else 0.0
