from odoo import fields, models


class SurveySurvey(models.Model):
    """Surveys that ask customers how satisfied they are."""

    _inherit = "survey.survey"

    customer_satisfaction = fields.Boolean(
        "Measures Customer Satisfaction",
        help="The average of its scale questions is the satisfaction of the responding customer, "
        "from 1 (lowest answer) to 5 (highest).",
    )
