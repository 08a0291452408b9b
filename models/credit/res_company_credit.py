from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Figures of the credit check."""

    _inherit = "res.company"

    customer_credit_action = fields.Selection(
        [("warn", "Warn"), ("approval", "Needs a release"), ("block", "Block")],
        "Without a Grade",
        required=True,
        default="warn",
        help="When an order of a customer with a limit but without a grade exceeds the limit.",
    )
    customer_credit_user_id = fields.Many2one(
        "res.users",
        "Credit Controller",
        domain=[("share", "=", False)],
        help="Is asked to assess or hold customers that come on the watch list.",
    )
    customer_aging_days = fields.Integer(
        "Aging Period (days)",
        default=30,
        required=True,
        help="Length of the periods in which overdue amounts are shown.",
    )
    customer_release_days = fields.Integer(
        "Releases Valid For (days)",
        default=14,
        required=True,
        help="Proposed last day of a credit release.",
    )
    customer_near_limit = fields.Float(
        "Near the Limit from (%)",
        default=80.0,
        digits=(16, 2),
        help="Customers that use so much of their limit are on the watch list.",
    )
    customer_assess_days = fields.Integer(
        "Assessment Ends Within (days)",
        default=30,
        help="Customers whose assessment ends so soon are on the watch list.",
    )
    customer_worse_days = fields.Integer(
        "Pays Later by (days)",
        default=10,
        help="Customers that paid so many days later than in the period before are on the "
        "watch list.",
    )

    @api.constrains(
        "customer_aging_days",
        "customer_release_days",
        "customer_near_limit",
        "customer_assess_days",
        "customer_worse_days",
    )
    def _check_customer_credit(self):
        for company in self:
            if company.customer_aging_days < 1:
                raise ValidationError(self.env._("An aging period has at least one day."))
            if not 0 <= company.customer_near_limit <= 100:
                raise ValidationError(self.env._("Near the limit is a percentage from 0 to 100."))
            days = (
                company.customer_release_days,
                company.customer_assess_days,
                company.customer_worse_days,
            )
            if min(days) < 0:
                raise ValidationError(self.env._("Days cannot be negative."))
