from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ...engine.windows import Window
from ...queries import credit_population, reviews_apply


class CustomerReview(models.Model):
    """A credit assessment is a review whose result is a grade; applying it makes proposals."""

    _name = "customer.review"
    _inherit = ["customer.review", "customer.credit.facts"]

    # --- the assessment of one customer on a screen of its own: result, what it grants, the
    credit_line_id = fields.Many2one(
        "customer.review.line", "Customer's Line", compute="_compute_credit_line"
    )
    credit_score_ids = fields.Many2many(
        "customer.review.score", string="Indicators", compute="_compute_credit_line"
    )
    credit_proposal_ids = fields.Many2many(
        "customer.credit.proposal",
        string="Proposals",
        compute="_compute_credit_proposals",
        groups="customer_governance.group_credit,customer_governance.group_auditor",
    )
    credit_result = fields.Char(compute="_compute_credit_result")
    credit_change = fields.Char(compute="_compute_credit_result")
    credit_grant = fields.Char(
        compute="_compute_credit_grant",
        groups="customer_governance.group_credit,customer_governance.group_auditor",
        help="Limit, terms and expiry date that the grade would give the customer now.",
    )

    def _population_more(self):
        """EXTENDS review: who owes or may owe is assessed, also who bought nothing lately."""
        if self.usage != "credit":
            return super()._population_more()
        return credit_population.debtors(self.company_id.id)

    def _last_ended_period(self):
        """EXTENDS review: one customer is assessed on the last twelve months that are over."""
        if self.kind != "single" or self.scorecard_id.usage != "credit":
            return super()._last_ended_period()
        company = self.company_id or self.env.company
        first = company._customer_today().replace(day=1)
        return Window(fields.Date.subtract(first, months=12), fields.Date.subtract(first, days=1))

    def _apply_grades(self, plan):
        """A grade takes effect through its proposal, when that is approved (usage credit)."""
        # sudo: every line of the assessment, whoever applies it
        lines = (
            self.env["customer.review.line"]
            .sudo()
            .search([("review_id", "=", self.id), ("decided_grade_id", "!=", False)])
        )
        gone = self._gone_customers()
        # an assessment of a newer period stands
        newer = {
            partner_id
            for [partner_id] in self.env.execute_query(
                reviews_apply.newer_results(
                    self.company_id.id, "credit", self.id, self.date_to, "decided_grade_id"
                )
            )
        }
        proposals = (
            self.env["customer.credit.proposal"]
            .sudo()
            .create(
                [
                    {
                        "partner_id": line.partner_id.id,
                        "company_id": self.company_id.id,
                        "grade_id": line.decided_grade_id.id,
                        "reason": line.reason or line.reason_text or plan.reason,
                        "review_line_id": line.id,
                        "requested_by_id": (self.submitted_by_id or self.env.user).id,
                    }
                    for line in lines
                    if line.partner_id not in gone and line.partner_id.id not in newer
                ]
            )
        )
        if proposals:
            proposals._transition("submit")
            proposals._request_approval()
            self._approve_proposals(proposals.sudo(False))
        # the caller drops the caches, for the usages that write with SQL
        self.env.flush_all()

    def _approve_proposals(self, proposals):
        """Who approves the assessment of one customer, and decides about the limit as well, has
        seen both: the proposal needs no second press.
        """
        if self.kind == "single" and not self.env.su:
            proposals.filtered("can_approve").action_approve()

    # --- the assessment of one customer on a screen of its own: result, what it grants, the
    @api.depends("line_ids", "kind", "usage")
    def _compute_credit_line(self):
        for review in self:
            single = review.kind == "single" and review.usage == "credit"
            line = review.line_ids[:1] if single else review.line_ids.browse()
            review.credit_line_id = line
            review.credit_score_ids = line.score_ids

    @api.depends("line_ids.credit_proposal_ids", "kind", "usage")
    def _compute_credit_proposals(self):
        """By itself: who may not read the proposals reads the line and its scores all the same."""
        for review in self:
            review.credit_proposal_ids = review.credit_line_id.credit_proposal_ids

    @api.depends("kind", "usage", "line_ids.score", "line_ids.decided_grade_id")
    @api.depends_context("lang")
    def _compute_credit_result(self):
        for review in self:
            line = review.credit_line_id
            review.credit_result = review.credit_change = False
            if not line:
                continue
            review.credit_result = (
                self.env._(
                    "%(score)s out of 100 points, %(coverage)s %% of the indicators have data",
                    score=f"{line.score:.1f}",
                    coverage=f"{line.coverage:.0f}",
                )
                if line.has_score
                else self.env._("No data")
            )
            new = line.decided_grade_id or line.proposed_grade_id
            before = line.previous_grade_id.name or self.env._("none")
            review.credit_change = (
                f"{before} → {new.name}"
                if new
                else self.env._("No grade: too few indicators have data")
            )

    @api.depends("kind", "usage", "line_ids.decided_grade_id", "state")
    @api.depends_context("lang")
    def _compute_credit_grant(self):
        for review in self:
            line = review.credit_line_id
            grade = line.decided_grade_id or line.proposed_grade_id
            if not grade or review.state in ("applied", "cancelled"):
                review.credit_grant = False
                continue
            proposal = self.env["customer.credit.proposal"].new(
                {
                    "partner_id": line.partner_id.id,
                    "company_id": review.company_id.id,
                    "grade_id": grade.id,
                }
            )
            parts = [
                self.env._("unlimited")
                if proposal.unlimited
                else self.env._(
                    "limit %s",
                    format_amount(self.env, proposal.amount, review.company_id.currency_id),
                ),
                proposal.payment_term_id.name,
                proposal.valid_until
                and self.env._("until %s", format_date(self.env, proposal.valid_until)),
            ]
            review.credit_grant = ", ".join(part for part in parts if part)

    def action_open_credit_line(self):
        """Open why it came out so."""
        self.ensure_one()
        self.check_access("read")
        return self.credit_line_id.action_open_why()

    def _credit_form_action(self):
        """Return the action that opens the assessment."""
        self.ensure_one()
        form = self.env.ref("customer_governance.customer_review_view_form_assessment")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(form.id, "form")],
            "target": "current",
        }

    def _approval_parts(self, name):
        """EXTENDS approval mixin: assessments have screens of their own."""
        own = self.filtered(lambda review: review.usage == "credit" and review.kind == "single")
        parts = super(CustomerReview, self - own)._approval_parts(name)
        if own:
            views = [
                (
                    self.env.ref(f"customer_governance.customer_review_view_{kind}_assessment").id,
                    kind,
                )
                for kind in ("list", "form")
            ]
            parts.append((self.env._("Credit Assessment"), own, views))
        return parts

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        """EXTENDS approval mixin: credit control knows assessments only, on their own screens."""
        own = {
            "list": "customer_review_view_list_assessment",
            "form": "customer_review_view_form_assessment",
            "search": "customer_review_view_search_assessment",
        }
        if not view_id and view_type in own and self._only_assesses():
            view_id = self.env.ref(f"customer_governance.{own[view_type]}").id
        return super().get_view(view_id, view_type, **options)

    @api.model
    def _only_assesses(self):
        """Whether the user has nothing to do with reviews of tiers."""
        user = self.env.user
        return user.has_group("customer_governance.group_credit") and not user.has_groups(
            "customer_governance.group_committee,customer_governance.group_sales"
        )

    def get_formview_id(self, access_uid=None):
        """EXTENDS base: an assessment of one customer opens on its own screen."""
        if len(self) == 1 and self.usage == "credit" and self.kind == "single":
            return self.env.ref("customer_governance.customer_review_view_form_assessment").id
        return super().get_formview_id(access_uid)
