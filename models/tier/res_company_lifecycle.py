from datetime import date
from decimal import Decimal

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.lifecycle import Policy


class ResCompany(models.Model):
    """Figures of the lifecycle, and the calendar day all rules on customers use."""

    _inherit = "res.company"

    customer_won_months = fields.Integer(
        "Won: First Order Within (months)",
        default=3,
        help="A customer is 'Won' while its first order is in the last months, then 'Retained'.",
    )
    customer_churn_months = fields.Integer(
        "Churned: No Order For (months)",
        default=12,
        help="A customer without an order in the last months is 'Churned'.",
    )
    customer_loyal_orders = fields.Integer(
        "Loyal: Orders in 12 Months",
        default=4,
        help="Number of confirmed orders in 12 months a loyal customer has at least.",
    )
    customer_loyal_satisfaction = fields.Float(
        "Loyal: Last Satisfaction",
        digits=(3, 2),
        default=4.0,
        help="The last rating (1 to 5) of a loyal customer is at least this.",
    )
    customer_ask_days = fields.Integer(
        "Ask about Older Losses (days)",
        default=90,
        help="A customer that is assessed for the first time and was lost or left longer ago "
        "is not asked about.",
    )
    customer_cause_days = fields.Integer(
        "Record the Cause Within (days)",
        default=7,
        help="Deadline of the activity that asks why a customer was lost or left.",
    )
    customer_win_back_days = fields.Integer(
        "Win-back Visit Within (days)",
        default=14,
        help="Deadline of the visit that is planned when a customer was lost or left.",
    )
    customer_head_id = fields.Many2one(
        "res.users",
        "Head of Customer Governance",
        domain=[("share", "=", False)],
        help="Gets what neither an account manager nor a team leader is responsible for.",
    )

    @api.constrains(
        "customer_won_months",
        "customer_churn_months",
        "customer_loyal_orders",
        "customer_loyal_satisfaction",
        "customer_ask_days",
        "customer_cause_days",
        "customer_win_back_days",
    )
    def _check_customer_lifecycle(self):
        for company in self:
            if company.customer_won_months < 1 or company.customer_loyal_orders < 1:
                raise ValidationError(
                    self.env._("Months and orders of the customer lifecycle start at 1.")
                )
            if company.customer_churn_months < company.customer_won_months:
                raise ValidationError(
                    self.env._(
                        "A customer cannot be churned (%(churn)s months) sooner than it stops "
                        "being won (%(won)s months).",
                        churn=company.customer_churn_months,
                        won=company.customer_won_months,
                    )
                )
            if not 1 <= company.customer_loyal_satisfaction <= 5:
                raise ValidationError(self.env._("Ratings go from 1 to 5."))
            days = (
                company.customer_ask_days,
                company.customer_cause_days,
                company.customer_win_back_days,
            )
            if min(days) < 0:
                raise ValidationError(self.env._("Days cannot be negative."))

    def _customer_lifecycle_policy(self) -> Policy:
        """Figures of the company as the engine takes them."""
        self.ensure_one()
        return Policy(
            won_months=self.customer_won_months,
            churn_months=self.customer_churn_months,
            loyal_orders=self.customer_loyal_orders,
            loyal_satisfaction=Decimal(f"{self.customer_loyal_satisfaction:.2f}"),
        )

    def _customer_timezone(self) -> str:
        """Time zone of the company's address, UTC when it has none."""
        self.ensure_one()
        # sudo: the company's own address is no secret to its users
        return self.sudo().partner_id.tz or "UTC"

    def _customer_today(self) -> date:
        """Today's date in the company's time zone."""
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(self._customer_timezone())).date()

    def _customer_head(self):
        """Return the user who gets what nobody else is responsible for; may be empty."""
        self.ensure_one()
        head = self.customer_head_id
        if head.active:
            return head
        group = self.env.ref("customer_governance.group_manager")
        # sudo: group members are needed whoever asks; a user of the company, never OdooBot
        users = group.sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and self in user.company_ids
        )
        return users.sorted("id")[:1]
