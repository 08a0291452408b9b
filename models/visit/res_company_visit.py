from odoo import fields, models


class ResCompany(models.Model):
    """How soon a visit has to be reported."""

    _inherit = "res.company"

    visit_report_days = fields.Integer(
        "Report a Visit Within (days)",
        default=2,
        help="A visit reported later than this many days after it was held is marked as late.",
    )
