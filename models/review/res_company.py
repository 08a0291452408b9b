"""Who decides reviews, and how quarters and years go together in a company."""

from odoo import fields, models


class ResCompany(models.Model):
    """How a company decides its reviews, and how far a quarter may move from its year."""

    _inherit = "res.company"

    customer_review_four_eyes = fields.Boolean(
        "Reviews Require Several People",
        help="The person who submits a review cannot approve it, and the person who approves it "
        "cannot apply it.",
    )
    customer_year_rule = fields.Selection(
        [
            ("free", "Freely"),
            ("not_below", "Never below the year"),
            ("one_step", "By at most one tier"),
        ],
        "Quarterly Deviation from the Year",
        required=True,
        default="free",
        help="A quarterly result applies to the next quarter, a yearly result to the next year. "
        "This defines how far a quarter within the year may deviate from the tier of the "
        "year.",
    )
