from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.lifecycle import Policy
from ...queries import tiers as tier_queries


class ResCompany(models.Model):
    """Figures of the lifecycle."""

    _inherit = "res.company"

    customer_won_months = fields.Integer(
        "Won: First Order Within (months)",
        default=3,
        help="A customer is 'Won' if its first order is within this number of months, and "
        "'Retained' afterwards.",
    )
    customer_churn_months = fields.Integer(
        "Churned: No Order For (months)",
        default=12,
        help="A customer without orders for this number of months is 'Churned'.",
    )
    customer_loyal_orders = fields.Integer(
        "Loyal: Orders in 12 Months",
        default=4,
        help="Minimum number of confirmed orders in 12 months of a loyal customer.",
    )
    customer_loyal_satisfaction = fields.Float(
        "Loyal: Last Satisfaction",
        digits=(3, 2),
        default=4.0,
        help="Minimum last rating (1 to 5) of a loyal customer.",
    )
    customer_ask_days = fields.Integer(
        "Ignore Losses Older Than (days)",
        default=90,
        help="Customers assessed for the first time that were lost or churned longer ago are not "
        "asked about.",
    )
    customer_ask_losses = fields.Boolean(
        "Ask about Lost Customers",
        help="The person responsible gets an activity and a planned visit for each lost or "
        "churned customer. If disabled, such customers are only listed under “Lost "
        "Customers to Review”.",
    )
    customer_ask_revenue = fields.Monetary(
        "Ask from Sales of",
        help="Nobody is asked about a customer that bought for less in the last 24 months.",
    )
    customer_ask_most = fields.Integer(
        "Open Questions per Person",
        default=20,
        help="A person with this many open questions about lost customers is not asked about any "
        "more; the most important customers come first. 0: no limit.",
    )
    customer_announce_key_data = fields.Boolean(
        "Notify of Key Data Changes",
        help="The account manager and followers are notified when a customer's key data changes.",
    )
    customer_cause_days = fields.Integer(
        "Record Reason Within (days)",
        default=7,
        help="Deadline of the activity asking why a customer was lost or has churned.",
    )
    customer_win_back_days = fields.Integer(
        "Win-back Visit Within (days)",
        default=14,
        help="Deadline of the visit planned when a customer is lost or churns.",
    )

    customer_dedicated_max = fields.Integer(
        "Customers of a Dedicated Account Manager",
        default=5,
        help="An account manager who looks after more customers of tiers with a dedicated account "
        "manager is not dedicated to any of them.",
    )

    _customer_dedicated_max_positive = models.Constraint(
        "CHECK(customer_dedicated_max > 0)",
        "An account manager can be dedicated to at least one customer.",
    )

    # --- how often the company's customers' data is reviewed
    customer_data_review_months = fields.Integer(
        "Data Review Every (months)", default=0, help="0: no data reviews are opened."
    )
    customer_data_review_days = fields.Integer(
        "Days for a Data Review",
        default=30,
        help="Number of days from the due date to the deadline.",
    )
    customer_data_review_escalation_days = fields.Integer(
        "Days Between Escalations",
        default=7,
        help="An overdue review is escalated to the account manager, after this many days to the "
        "team leader, and after the same number of days again to the head of customer "
        "governance.",
    )

    _customer_data_review_positive = models.Constraint(
        "CHECK(customer_data_review_months >= 0 AND customer_data_review_days >= 0"
        " AND customer_data_review_escalation_days >= 0)",
        "Intervals of data reviews cannot be negative.",
    )

    # --- when the nightly job of the customers' figures last ran, and what went wrong
    customer_nightly_at = fields.Datetime("Customer Figures Last Run", readonly=True)
    customer_nightly_error = fields.Text("Customer Figures Last Error", readonly=True)

    @api.constrains(
        "customer_won_months",
        "customer_churn_months",
        "customer_loyal_orders",
        "customer_loyal_satisfaction",
        "customer_ask_days",
        "customer_ask_most",
        "customer_cause_days",
        "customer_win_back_days",
    )
    def _check_customer_lifecycle(self):
        for company in self:
            if company.customer_won_months < 1 or company.customer_loyal_orders < 1:
                raise ValidationError(
                    self.env._("Lifecycle months and order counts must be at least 1.")
                )
            if company.customer_churn_months < company.customer_won_months:
                raise ValidationError(
                    self.env._(
                        "A customer cannot become churned (%(churn)s months) before it "
                        "ceases to be won (%(won)s months).",
                        churn=company.customer_churn_months,
                        won=company.customer_won_months,
                    )
                )
            if not 1 <= company.customer_loyal_satisfaction <= 5:
                raise ValidationError(self.env._("Ratings range from 1 to 5."))
            days = (
                company.customer_ask_days,
                company.customer_ask_most,
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

    # --- a new branch begins with what its company has decided
    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS base: branches know the tiers and the credit of their company."""
        companies = super().create(vals_list)
        partners = self.env["res.partner"]
        names = sorted(partners._branch_fields())
        for root, branches in companies.filtered("parent_id").grouped("root_id").items():
            partners.flush_model(names)
            self.env.cr.execute(tier_queries.spread(names, root.id, branches.ids))
            partners.invalidate_model(names)
        return companies

    # --- when the nightly job of the customers' figures last ran, and what went wrong
    def _customer_nightly_done(self):
        """Return whether the nightly job ran today (date of the company's time zone)."""
        self.ensure_one()
        if not self.customer_nightly_at:
            return False
        return self._customer_day(self.customer_nightly_at) >= self._customer_today()
