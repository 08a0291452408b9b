from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.credit_limits import LimitRule

ACTIONS = [
    ("warn", "Warn"),
    ("approval", "Needs a release"),
    ("block", "Block: release by the head only"),
]


class CustomerCreditGrade(models.Model):
    """How far a customer is trusted, and what that grants."""

    _name = "customer.credit.grade"
    _description = "Credit Grade"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10, help="The best grade comes first.")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Text(translate=True)
    limit_factor = fields.Float(
        "Months of Sales",
        digits=(16, 2),
        help="The limit is so many times the average monthly sales.",
    )
    use_cap = fields.Boolean("Capped")
    limit_cap = fields.Monetary("At Most")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    unlimited = fields.Boolean(help="No limit at all. A limit of 0 is a limit that grants nothing.")
    payment_term_id = fields.Many2one("account.payment.term", "Payment Terms", ondelete="restrict")
    grace_days = fields.Integer(
        "Grace Days", help="An item so many days overdue, or fewer, does not hold orders."
    )
    action = fields.Selection(ACTIONS, "When an Order Exceeds", required=True, default="approval")
    prepayment_only = fields.Boolean("Prepayment Only")
    trust = fields.Selection(
        [("good", "Good Debtor"), ("normal", "Normal Debtor"), ("bad", "Bad Debtor")],
        "Degree of Trust",
        required=True,
        default="normal",
    )
    assessment_months = fields.Integer(
        "Next Assessment (months)", default=6, help="0: the assessment does not end."
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "There is a grade with this code already.")

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
                    self.env._("%s: factor, cap, days and months start at 0.", grade.name)
                )

    @api.constrains("unlimited", "prepayment_only")
    def _check_unlimited(self):
        for grade in self:
            if grade.unlimited and grade.prepayment_only:
                raise ValidationError(
                    self.env._("%s: prepayment only and unlimited exclude each other.", grade.name)
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
