"""From / to of the portfolio: how customers moved between tiers, period by period."""

from odoo import fields, models
from odoo.tools import SQL

from ..models.review.customer_review_line import MOVEMENTS


class CustomerReviewFlow(models.Model):
    """Lines of applied reviews as a report."""

    _name = "customer.review.flow"
    _description = "Tier Movements"
    _auto = False
    _order = "date_to desc, id"
    _rec_name = "partner_id"
    _depends = {
        "customer.review": [
            "scorecard_id",
            "date_from",
            "date_to",
            "company_id",
            "kind",
            "state",
            "usage",
        ],
        "customer.review.line": [
            "review_id",
            "partner_id",
            "previous_tier_id",
            "decided_tier_id",
            "proposed_tier_id",
            "movement",
            "score",
            "coverage",
            "sales",
            "share",
        ],
        "res.partner": ["user_id"],
    }

    review_id = fields.Many2one("customer.review", "Review", readonly=True)
    scorecard_id = fields.Many2one("customer.scorecard", "Scorecard", readonly=True)
    line_id = fields.Many2one("customer.review.line", "Line", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_to = fields.Date("Period End", readonly=True)
    from_tier_id = fields.Many2one("customer.tier", "From", readonly=True)
    to_tier_id = fields.Many2one("customer.tier", "To", readonly=True)
    movement = fields.Selection(MOVEMENTS, "Movement", readonly=True)
    is_deviation = fields.Boolean("Decided Differently", readonly=True)
    customers = fields.Integer("Customers", readonly=True)
    score = fields.Float("Score", digits=(16, 2), readonly=True, aggregator="avg")
    coverage = fields.Float("Coverage (%)", digits=(16, 2), readonly=True, aggregator="avg")
    sales = fields.Monetary("Sales in Period", readonly=True)
    share = fields.Float("Share of Sales (%)", digits=(16, 4), readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT l.id AS id, l.review_id, r.scorecard_id, l.id AS line_id,
                   l.partner_id, p.user_id, l.company_id,
                   r.date_to, l.previous_tier_id AS from_tier_id,
                   COALESCE(l.decided_tier_id, l.previous_tier_id) AS to_tier_id, l.movement,
                   l.decided_tier_id IS DISTINCT FROM l.proposed_tier_id AS is_deviation,
                   1 AS customers, l.score, l.coverage, l.sales, l.share
              FROM customer_review_line l
              JOIN customer_review r ON r.id = l.review_id
              JOIN res_partner p ON p.id = l.partner_id
             WHERE r.state = 'applied' AND r.kind != 'what_if' AND r.usage = 'tier'
            """
        )
