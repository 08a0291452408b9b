"""What a what-if changes, customer by customer."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.review.customer_review_line import MOVEMENTS


class CustomerReviewMove(models.Model):
    """A customer in a what-if beside the applied review of the period (or its present tier)."""

    _name = "customer.review.move"
    _description = "What-If Analysis Result"
    _auto = False
    _order = "date_to desc, sales desc, id"
    _rec_name = "partner_id"
    _depends = {
        "customer.review": [
            "trial_id",
            "base_review_id",
            "date_from",
            "date_to",
            "company_id",
            "kind",
        ],
        "customer.review.line": [
            "review_id",
            "partner_id",
            "decided_tier_id",
            "previous_tier_id",
            "score",
            "sales",
            "share",
        ],
        "customer.tier": ["sequence"],
    }

    trial_id = fields.Many2one("customer.scorecard.trial", "What-If Analysis", readonly=True)
    review_id = fields.Many2one("customer.review", "Simulated Period", readonly=True)
    base_review_id = fields.Many2one("customer.review", "Applied Review", readonly=True)
    line_id = fields.Many2one("customer.review.line", "What-If Analysis Line", readonly=True)
    base_line_id = fields.Many2one("customer.review.line", "Applied Line", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_to = fields.Date("Period End", readonly=True)
    from_tier_id = fields.Many2one("customer.tier", "Current", readonly=True)
    to_tier_id = fields.Many2one("customer.tier", "Simulated", readonly=True)
    movement = fields.Selection(MOVEMENTS, "Movement", readonly=True)
    base_score = fields.Float("Original Score", digits=(16, 2), readonly=True, aggregator="avg")
    score = fields.Float("Simulated Score", digits=(16, 2), readonly=True, aggregator="avg")
    score_change = fields.Float("Change of Score", digits=(16, 2), readonly=True, aggregator="avg")
    sales = fields.Monetary("Sales in Period", readonly=True)
    share = fields.Float("Share of Sales (%)", digits=(16, 4), readonly=True, aggregator="sum")
    reason_text = fields.Text("Why", compute="_compute_reason_text")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT l.id AS id, r.trial_id, l.review_id, r.base_review_id, l.id AS line_id,
                   b.id AS base_line_id,
                   l.partner_id, l.company_id, r.date_to,
                   COALESCE(b.decided_tier_id, l.previous_tier_id) AS from_tier_id,
                   l.decided_tier_id AS to_tier_id,
                   CASE WHEN n.id IS NULL THEN 'none'
                        WHEN o.id IS NULL THEN 'new'
                        WHEN n.id = o.id THEN 'same'
                        WHEN n.sequence < o.sequence THEN 'up'
                        WHEN n.sequence > o.sequence THEN 'down'
                        ELSE 'same' END AS movement,
                   b.score AS base_score, l.score, l.score - b.score AS score_change,
                   l.sales, l.share
              FROM customer_review_line l
              JOIN customer_review r ON r.id = l.review_id AND r.kind = 'what_if'
         LEFT JOIN customer_review_line b
                ON b.review_id = r.base_review_id AND b.partner_id = l.partner_id
         LEFT JOIN customer_tier o ON o.id = COALESCE(b.decided_tier_id, l.previous_tier_id)
         LEFT JOIN customer_tier n ON n.id = l.decided_tier_id
            """
        )

    @api.depends_context("lang")
    def _compute_reason_text(self):
        for move in self:
            parts = [move.line_id.reason_text or ""]
            if move.base_line_id:
                parts.append(
                    self.env._("Applied: %(why)s", why=move.base_line_id.reason_text or "")
                )
            move.reason_text = " ".join(part for part in parts if part)

    def action_open_why(self):
        """Open the sheet of the what-if line."""
        self.ensure_one()
        return self.line_id.action_open_why()
