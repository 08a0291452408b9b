from odoo import fields, models


class ResCompany(models.Model):
    """How often the company's customers' data is reviewed."""

    _inherit = "res.company"

    customer_data_review_months = fields.Integer(
        "Data Review Every (months)", default=6, help="0: no data reviews are opened."
    )
    customer_data_review_days = fields.Integer(
        "Days for a Data Review", default=30, help="From the day it becomes due to its deadline."
    )
    customer_data_review_escalation_days = fields.Integer(
        "Days Between Escalations",
        default=7,
        help="An overdue review goes to the account manager, after these days to the team leader, "
        "after as many again to the head of customer governance.",
    )

    _customer_data_review_positive = models.Constraint(
        "CHECK(customer_data_review_months >= 0 AND customer_data_review_days >= 0"
        " AND customer_data_review_escalation_days >= 0)",
        "Intervals of data reviews cannot be negative.",
    )
