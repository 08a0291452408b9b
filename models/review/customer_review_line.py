"""Lines of a review: one customer, its figures, the proposal and the decision."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ...queries import review_lines
from ..common.guard import SystemOnly

_lt = LazyTranslate(__name__)

MOVEMENTS = [
    ("up", "Moved Up"),
    ("down", "Moved Down"),
    ("same", "Unchanged"),
    ("new", "First Tier"),
    ("none", "No Proposal"),
]


class CustomerReviewLine(models.Model):
    """One customer in a review. Figures are written by set-based SQL, decisions by people."""

    _name = "customer.review.line"
    _inherit = ["customer.guard.mixin"]
    _description = "Review Line"
    _order = "review_id desc, rank, id"
    _rec_names_search = ["partner_id.name", "partner_id.ref"]
    # 100,000 rows are written at once; who decided and when is kept in fields of its own.
    _log_access = False
    _guards = (SystemOnly(_lt("Review lines are created by computing the review.")),)

    review_id = fields.Many2one(
        "customer.review", "Review", required=True, index=True, ondelete="cascade", readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one("res.company", "Company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Account Manager")
    state = fields.Selection(related="review_id.state")
    kind = fields.Selection(related="review_id.kind")
    usage = fields.Selection(related="review_id.usage")
    date_from = fields.Date(related="review_id.date_from")
    date_to = fields.Date(related="review_id.date_to")

    # Figures
    score = fields.Float(
        "Score",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Points earned out of 100, based on the indicators with data.",
    )
    has_score = fields.Boolean(
        "Has a Score",
        readonly=True,
        help="Not set: no indicator has data, which is not the same as zero.",
    )
    coverage = fields.Float(
        "Coverage (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Percentage of the points for which data is available.",
    )
    rank = fields.Integer("Rank", readonly=True, aggregator=None)
    sales = fields.Monetary("Sales in Period", readonly=True)
    share = fields.Float("Share of Sales (%)", digits=(16, 4), readonly=True, aggregator="sum")
    cumulative_share = fields.Float(
        "Cumulative Share (%)", digits=(16, 4), readonly=True, aggregator=None
    )
    ahead_share = fields.Float(
        "Share of Larger Customers (%)", digits=(16, 4), readonly=True, aggregator=None
    )
    explanation = fields.Json(
        "Explanation", readonly=True, help="Reasons for the proposal, as codes with figures."
    )
    below_periods = fields.Integer(
        "Periods Below Tier",
        readonly=True,
        aggregator=None,
        help="Consecutive periods below the current tier.",
    )
    manual_missing = fields.Integer(
        "To Be Filled In", readonly=True, help="Manual indicators not yet filled in."
    )
    previous_score = fields.Float("Last Score", digits=(16, 2), readonly=True, aggregator="avg")
    previous_rank = fields.Integer("Previous Rank", readonly=True, aggregator=None)

    # Results
    previous_tier_id = fields.Many2one(
        "customer.tier", "Previous Tier", readonly=True, ondelete="restrict"
    )
    computed_tier_id = fields.Many2one(
        "customer.tier",
        "Band",
        readonly=True,
        ondelete="restrict",
        help="Result of the bands, before vetoes and the waiting period for downgrades.",
    )
    proposed_tier_id = fields.Many2one(
        "customer.tier", "Proposed Tier", readonly=True, ondelete="restrict"
    )
    decided_tier_id = fields.Many2one(
        "customer.tier",
        "Decided Tier",
        domain="[('kind', '=', 'customer')]",
        ondelete="restrict",
        help="Follows the proposal unless someone decides otherwise. Without a proposal, the "
        "customer keeps its tier.",
    )
    needs_reason = fields.Boolean(compute="_compute_needs_reason")
    can_decide = fields.Boolean(compute="_compute_can_decide")
    reason = fields.Text("Reason", help="Required if the decision differs from the proposal.")
    decided_by_id = fields.Many2one("res.users", "Decided By", readonly=True)
    decided_on = fields.Datetime("Decided On", readonly=True)
    movement = fields.Selection(MOVEMENTS, "Movement", readonly=True)
    score_ids = fields.One2many("customer.review.score", "line_id", "Scores")
    appeal_ids = fields.One2many("customer.review.appeal", "line_id", "Appeals")
    appeal_state = fields.Selection(
        [("open", "Open Appeal"), ("accepted", "Appeal Accepted"), ("rejected", "Appeal Rejected")],
        "Appeal",
        readonly=True,
    )

    _partner_uniq = models.Constraint(
        "UNIQUE(review_id, partner_id)", "A customer can have only one line in a review."
    )

    def _result(self, which):
        """The result called `which` (previous, computed, proposed, decided): a tier, or what else
        the usage of the scorecard decides.
        """
        self.ensure_one()
        return self[getattr(self.review_id._result_columns(), which)]

    def _span_text(self):
        """The result with the days it governs: ``2026 Q3: Key, 1 Oct 2026 to 31 Dec 2026``."""
        self.ensure_one()
        span = self.review_id._governed_period()
        return self.env._(
            "%(period)s: %(result)s, in force from %(first)s to %(last)s",
            period=self.review_id._period_label(),
            result=self._result("decided").name,
            first=format_date(self.env, span.date_from),
            last=format_date(self.env, span.date_to),
        )

    @api.model
    def _columns_of(self, *which):
        """Return the fields of all usages called `which` (previous, computed, proposed, decided)."""
        usages = self.env["customer.scorecard"]._usages().values()
        return tuple(getattr(usage.columns, one) for usage in usages for one in which)

    @api.model
    def _decision_fields(self):
        """What people may write."""
        return frozenset({*self._columns_of("decided"), "reason"})

    @api.depends(lambda self: self._columns_of("decided", "proposed"))
    def _compute_needs_reason(self):
        for line in self:
            line.needs_reason = line._result("decided") != line._result("proposed")

    @api.depends("review_id.state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for review, lines in self.grouped("review_id").items():
            may = review.state in ("computed", "in_review") and review._may_decide()
            lines.can_decide = may and "approved" not in review.sudo().review_ids.mapped("status")

    @api.depends("partner_id.name", "review_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                f"{line.partner_id.display_name or ''} · {line.review_id.display_name or ''}"
            )

    @api.constrains(lambda self: (*self._columns_of("decided"), "reason"))
    def _check_reason(self):
        for line in self:
            if line.needs_reason and not (line.reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(customer)s: explain why you decided on %(decided)s instead of "
                        "the proposed tier (%(proposed)s).",
                        customer=line.partner_id.display_name,
                        decided=line._result("decided").name,
                        proposed=line._result("proposed").name or self.env._("none"),
                    )
                )

    @api.constrains("decided_tier_id")
    def _check_decided_kind(self):
        for line in self:
            if line.decided_tier_id and line.decided_tier_id.kind != "customer":
                raise ValidationError(
                    self.env._(
                        "%(tier)s is determined by the lifecycle and not decided in a review.",
                        tier=line.decided_tier_id.name,
                    )
                )

    def write(self, vals):
        """People write decisions, and only while the committee decides."""
        decisions = self._decision_fields()
        if self.env.su and not set(vals) & decisions:
            return super().write(vals)
        foreign = set(vals) - decisions
        if foreign and not self.env.su:
            raise AccessError(
                self.env._(
                    "Only the decision and its reason can be entered, not: %(fields)s.",
                    fields=", ".join(
                        sorted(
                            self._fields[name].string for name in foreign if name in self._fields
                        )
                    ),
                )
            )
        self._check_may_decide()
        if any(not vals[name] for name in vals.keys() & decisions - {"reason"}):
            return self._follow_proposal()
        result = super().write(vals)
        self._stamp_decision()
        return result

    def _follow_proposal(self):
        """An emptied decision is the proposal again."""
        # sudo: the right to decide was checked; nobody decided any more
        for line in self.sudo():
            super(CustomerReviewLine, line).write(
                {
                    line.review_id._result_columns().decided: line._result("proposed").id,
                    "reason": False,
                    "decided_by_id": False,
                    "decided_on": False,
                }
            )
        self._update_movements()
        return True

    def _stamp_decision(self):
        """Remember who decided otherwise or gave a reason; all others follow the proposal, also a
        new one.
        """
        decided = self.filtered(lambda line: line.needs_reason or (line.reason or "").strip())
        # sudo: the right to decide was checked.
        models.Model.write(
            decided.sudo(), {"decided_by_id": self.env.uid, "decided_on": fields.Datetime.now()}
        )
        models.Model.write((self - decided).sudo(), {"decided_by_id": False, "decided_on": False})
        self._update_movements()

    def _check_independent(self):
        """Raise where the caller sells to a customer that others have to assess.

        :raises UserError: naming the customer
        """
        if self.env.su:
            return
        own = self.filtered(
            # sudo: whose customer it is, only to refuse
            lambda line: (
                line.review_id.sudo()._usage().independent
                and line.partner_id.sudo().user_id == self.env.user
            )
        )
        if own:
            raise UserError(
                self.env._(
                    "You are the account manager of %s: another user must make this assessment.",
                    own[0].partner_id.display_name,
                )
            )

    def _check_may_decide(self):
        """Raise unless the lines are in a review the user may decide now."""
        self._check_independent()
        reviews = self.review_id
        reviews._check_people()
        for review in reviews:
            if review.state not in ("computed", "in_review"):
                raise UserError(
                    self.env._(
                        "%(review)s is %(state)s: decisions can be made only after "
                        "computation and before approval.",
                        review=review.display_name,
                        state=dict(review._fields["state"]._description_selection(self.env))[
                            review.state
                        ].lower(),
                    )
                )
            review._check_no_background()
            # sudo: the approvals of others count, whoever decides.
            if "approved" in review.sudo().review_ids.mapped("status"):
                raise UserError(
                    self.env._(
                        "%(review)s has already been approved by someone: send it back "
                        "before changing a decision.",
                        review=review.display_name,
                    )
                )

    def _update_movements(self):
        """Compare the tiers anew after decisions."""
        self.flush_recordset()
        for review, lines in self.grouped("review_id").items():
            self.env.cr.execute(
                review_lines.update_movements(review.id, review._result_columns(), lines.ids)
            )
        self.invalidate_recordset(["movement"])

    def action_appeal(self):
        """Open a new appeal against the result."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Appeal"),
            "res_model": "customer.review.appeal",
            "view_mode": "form",
            "views": [
                (
                    self.env.ref("customer_governance.customer_review_appeal_view_form_new").id,
                    "form",
                )
            ],
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def action_open_why(self):
        """Open the sheet "why this tier"."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why this tier"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [
                (self.env.ref("customer_governance.customer_review_line_view_form").id, "form")
            ],
            "target": "current",
        }

    def _decide_appeal(self, tier, reason):
        """Decide by an accepted appeal, also where approvals have begun."""
        super().write(
            {
                "decided_tier_id": tier.id,
                "reason": reason,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )
        self._update_movements()
