from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.credit_limits import LimitRule

ACTIONS = [
    ("warn", "Warn"),
    ("approval", "Requires a release"),
    ("block", "Block: release by the head only"),
]


class CustomerCreditGrade(models.Model):
    """How far a customer is trusted, and what that grants."""

    _name = "customer.credit.grade"
    _inherit = ["customer.guard.mixin"]
    _description = "Credit Grade"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10, help="The best grade comes first.")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Text(translate=True)
    limit_factor = fields.Float(
        "Months of Sales",
        digits=(16, 2),
        help="The limit is this multiple of average monthly sales.",
    )
    use_cap = fields.Boolean("Capped")
    limit_cap = fields.Monetary("Capped At")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    unlimited = fields.Boolean(
        help="Unlimited credit. A limit of 0, in contrast, grants no credit."
    )
    payment_term_id = fields.Many2one("account.payment.term", "Payment Terms", ondelete="restrict")
    grace_days = fields.Integer(
        "Grace Days", help="Items overdue by no more than this number of days do not hold orders."
    )
    action = fields.Selection(
        ACTIONS, "If an Order Exceeds the Limit", required=True, default="approval"
    )
    prepayment_only = fields.Boolean("Prepayment Only")
    trust = fields.Selection(
        [("good", "Good Debtor"), ("normal", "Normal Debtor"), ("bad", "Bad Debtor")],
        "Trust Level",
        required=True,
        default="normal",
    )
    assessment_months = fields.Integer(
        "Next Assessment (months)", default=6, help="0: the assessment does not expire."
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a grade with this code.")

    @api.constrains("limit_factor", "limit_cap", "grace_days", "assessment_months")
    def _check_figures(self):
        for grade in self:
            figures = (
                grade.limit_factor,
                grade.limit_cap,
                grade.grace_days,
                grade.assessment_months,
            )
            if min(figures) < 0:
                raise ValidationError(
                    self.env._("%s: factor, cap, days and months cannot be negative.", grade.name)
                )

    @api.constrains("unlimited", "prepayment_only")
    def _check_unlimited(self):
        for grade in self:
            if grade.unlimited and grade.prepayment_only:
                raise ValidationError(
                    self.env._(
                        "%s: prepayment only and unlimited are mutually exclusive.", grade.name
                    )
                )

    def _limit_rule(self, company, day):
        """The rule of the limit as the engine takes it, the cap in the company's currency."""
        self.ensure_one()
        cap = None
        if self.use_cap:
            currency = company.currency_id
            amount = self.currency_id._convert(self.limit_cap, currency, company, day)
            cap = Decimal(f"{amount:.{currency.decimal_places}f}")
        return LimitRule(Decimal(f"{self.limit_factor:.2f}"), cap, self.unlimited)
