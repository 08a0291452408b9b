from odoo import api, fields, models


class CustomerCreditAssessLine(models.TransientModel):
    """One indicator and what was chosen for it."""

    _name = "customer.credit.assess.line"
    _inherit = ["customer.named.mixin"]
    _description = "Assessment Choice"

    assess_id = fields.Many2one("customer.credit.assess", required=True, ondelete="cascade")
    indicator_id = fields.Many2one("customer.scorecard.indicator", required=True)
    name = fields.Char("Assessed Aspect", related="indicator_id.name")
    options = fields.Json(compute="_compute_options")
    choice_key = fields.Integer()

    @api.depends("indicator_id")
    @api.depends_context("lang")
    def _compute_options(self):
        for line in self:
            line.options = [
                {"id": choice.id, "name": choice.name} for choice in line.indicator_id.choice_ids
            ]
