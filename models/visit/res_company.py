from odoo import fields, models


class ResCompany(models.Model):
    """How soon a visit has to be reported."""

    _inherit = "res.company"

    visit_report_days = fields.Integer(
        "Report a Visit Within (days)",
        default=2,
        help="A visit reported more than this many days after it took place is marked as "
        "reported late.",
    )
