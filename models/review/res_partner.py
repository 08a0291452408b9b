"""Reviews on the customer."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

REVIEW_GROUPS = (
    "customer_governance.group_sales,customer_governance.group_committee,"
    "customer_governance.group_credit,customer_governance.group_auditor"
)
# Points of the trend picture, the latest on the right.
TREND_POINTS = 12


class ResPartner(models.Model):
    """Last result, trend and a review out of turn."""

    _inherit = "res.partner"

    customer_review_line_ids = fields.One2many(
        "customer.review.line",
        "partner_id",
        "Tier Reviews",
        domain=[
            ("kind", "!=", "what_if"),
            ("state", "!=", "cancelled"),
            ("review_id.usage", "=", "tier"),
        ],
        groups=REVIEW_GROUPS,
        copy=False,
    )
    customer_review_line_id = fields.Many2one(
        "customer.review.line",
        "Last Review",
        compute="_compute_customer_review",
        groups=REVIEW_GROUPS,
    )
    customer_review_count = fields.Integer(
        "Review Count", compute="_compute_customer_review", groups=REVIEW_GROUPS
    )
    customer_review_score = fields.Float(
        "Last Score", compute="_compute_customer_review", digits=(16, 2), groups=REVIEW_GROUPS
    )
    customer_review_rank = fields.Integer(
        "Previous Rank", compute="_compute_customer_review", groups=REVIEW_GROUPS
    )
    customer_review_trend = fields.Html(
        "Trend", compute="_compute_customer_review_trend", sanitize=False, groups=REVIEW_GROUPS
    )
    customer_review_verdict = fields.Html(
        "Result of Last Review",
        compute="_compute_customer_review",
        sanitize=False,
        groups=REVIEW_GROUPS,
    )

    customer_governing_results = fields.Html(
        "Results in Force",
        compute="_compute_customer_governing_results",
        groups=REVIEW_GROUPS,
        help="The latest yearly result, the latest result of a shorter period, and the days on "
        "which they apply.",
    )

    @api.depends_context("company", "uid", "lang")
    def _compute_customer_governing_results(self):
        """The latest applied result of the year and of the shorter period, with their spans."""
        by_partner = self._customer_review_lines()
        none = self.env["customer.review.line"]
        for partner in self:
            lines = by_partner.get(partner.commercial_partner_id, none).filtered(
                lambda line: line.state == "applied" and line.decided_tier_id
            )
            years = lines.filtered(lambda line: line.review_id.period == "year")
            found = years[:1] + (lines - years)[:1]
            partner.customer_governing_results = (
                Markup("<ul class='mb-0'>%s</ul>")
                % Markup("").join(Markup("<li>%s</li>") % line._span_text() for line in found)
                if found
                else False
            )

    def _customer_review_lines(self):
        """Lines in the current company by commercial partner, the latest first."""
        lines = self.env["customer.review.line"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company._customer_company().id),
                ("kind", "!=", "what_if"),
                ("state", "not in", ("draft", "cancelled")),
                ("review_id.usage", "=", "tier"),
            ],
        )
        return lines.sorted(lambda line: (line.review_id.date_to, line.id), reverse=True).grouped(
            "partner_id"
        )

    @api.depends_context("company", "uid", "lang")
    def _compute_customer_review(self):
        by_partner = self._customer_review_lines()
        none = self.env["customer.review.line"]
        for partner in self:
            lines = by_partner.get(partner.commercial_partner_id, none)
            last = lines[:1]
            partner.customer_review_line_id = last
            partner.customer_review_count = len(lines)
            partner.customer_review_score = last.score
            partner.customer_review_rank = last.rank
            partner.customer_review_verdict = last.verdict

    @api.depends_context("company", "uid", "lang")
    def _compute_customer_review_trend(self):
        by_partner = self._customer_review_lines()
        none = self.env["customer.review.line"]
        for partner in self:
            lines = by_partner.get(partner.commercial_partner_id, none)[:TREND_POINTS]
            # without a rank too little was known for the score to say something
            lines = lines.filtered("rank").sorted(lambda line: (line.review_id.date_to, line.id))
            partner.customer_review_trend = partner._render_trend(lines) if lines else False

    def _render_trend(self, lines):
        """Picture of the scores over the periods; the colour of a point is the tier."""
        width, height = 90 * max(len(lines), 2), 120
        points = [
            {
                "x": 45 + 90 * index,
                "y": 20 + (100 - min(max(line.score, 0.0), 100.0)) * 0.7,
                "line": line,
                "label": line.review_id._period_label(),
                "tier": line.decided_tier_id,
            }
            for index, line in enumerate(lines)
        ]
        return self.env["ir.qweb"]._render(
            "customer_governance.review_trend", {"points": points, "width": width, "height": height}
        )

    def action_view_reviews(self):
        """Open the review lines of the customer."""
        self.ensure_one()
        self.env["customer.review.line"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_review_line_action"
        )
        action["domain"] = [
            ("partner_id", "=", self.commercial_partner_id.id),
            ("kind", "!=", "what_if"),
            ("state", "!=", "cancelled"),
            # assessments of credit and providers have results of their own, and lists
            ("review_id.usage", "=", "tier"),
        ]
        by_period = self.env.ref("customer_governance.customer_review_line_view_list_customer")
        action["views"] = [(by_period.id, "list"), (False, "form")]
        action["context"] = {"create": False}
        return action

    def action_why_this_tier(self):
        """Open the sheet of the last review."""
        self.ensure_one()
        line = self.customer_review_line_id
        if not line:
            raise UserError(
                self.env._(
                    "%(customer)s has not been in a review yet.",
                    customer=self.commercial_partner_id.display_name,
                )
            )
        return line.action_open_why()

    def action_review_out_of_turn(self):
        """Open a new review of this customer only."""
        self.ensure_one()
        self.env["customer.review"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ad Hoc Review"),
            "res_model": "customer.review",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
            "context": {
                "default_kind": "single",
                "default_partner_id": self.commercial_partner_id.id,
            },
        }
