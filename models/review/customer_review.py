"""Reviews: a scorecard applied to the customers of a company over a period."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...engine import periods
from ...engine.transitions import Transition, TransitionTable

COMMITTEE = ("group_committee", "group_manager")


class CustomerReview(models.Model):
    """The periodic review: computed, discussed by the committee, approved and applied."""

    _name = "customer.review"
    _description = "Customer Review"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.company.mixin",
        "customer.approval.mixin",
        "customer.transition.mixin",
        "customer.background.mixin",
        "customer.once.mixin",
    ]
    _order = "date_to desc, id desc"

    _transitions = TransitionTable(
        "draft",
        (
            Transition("compute", ("draft", "computed"), "computed", "_guard_compute", COMMITTEE),
            Transition("submit", ("computed",), "in_review", "_guard_submit", COMMITTEE),
            Transition("approve", ("in_review",), "approved", "_guard_approve", COMMITTEE),
            Transition("send_back", ("in_review",), "computed", "", COMMITTEE),
            Transition("revise", ("approved",), "in_review", "", COMMITTEE),
            Transition("apply", ("approved",), "applied", "_guard_apply", COMMITTEE),
            Transition(
                "cancel", ("draft", "computed", "in_review", "approved"), "cancelled", "", COMMITTEE
            ),
            Transition("reopen", ("cancelled",), "draft", "", COMMITTEE),
        ),
    )
    _state_from = ["in_review"]
    _state_to = ["approved", "applied"]
    _rejection_transition = "send_back"
    _background_jobs = ("_job_compute", "_job_submit", "_job_apply")

    name = fields.Char(
        "Review",
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    kind = fields.Selection(
        [("regular", "Periodic"), ("single", "One Customer"), ("what_if", "What-If")],
        "Kind",
        required=True,
        default="regular",
        index=True,
    )
    scorecard_id = fields.Many2one(
        "customer.scorecard",
        "Scorecard",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    usage = fields.Selection(related="scorecard_id.usage", store=True)
    period = fields.Selection(related="scorecard_id.period")
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        help="Out of turn: only this customer gets a line; ranks come from all customers.",
    )
    date_from = fields.Date(
        "From",
        required=True,
        compute="_compute_period_dates",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    date_to = fields.Date(
        "To",
        required=True,
        compute="_compute_period_dates",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    leader_id = fields.Many2one(
        "res.users",
        "Leader",
        compute="_compute_people",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    committee_ids = fields.Many2many(
        "res.users",
        "customer_review_committee_rel",
        "review_id",
        "user_id",
        "Committee",
        compute="_compute_people",
        store=True,
        readonly=False,
        precompute=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("computed", "Computed"),
            ("in_review", "In Review"),
            ("approved", "Approved"),
            ("applied", "Applied"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        default="draft",
        required=True,
        copy=False,
        index=True,
        tracking=True,
    )
    deadline = fields.Date(
        "Apply by", copy=False, help="After this day the review is late and the leader is reminded."
    )
    line_ids = fields.One2many("customer.review.line", "review_id", "Lines", copy=False)
    computed_on = fields.Datetime("Computed on", readonly=True, copy=False)
    needs_recompute = fields.Boolean(
        "Entries since the Computation",
        readonly=True,
        copy=False,
        help="Figures were entered: compute again.",
    )
    submitted_by_id = fields.Many2one("res.users", "Submitted by", readonly=True, copy=False)
    approved_on = fields.Datetime("Approved on", readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", "Applied by", readonly=True, copy=False)
    applied_on = fields.Datetime("Applied on", readonly=True, copy=False)
    note = fields.Html("Minutes", copy=False)
    trial_id = fields.Many2one(
        "customer.scorecard.trial",
        "What-If",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    base_review_id = fields.Many2one(
        "customer.review",
        "Compared with",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    line_count = fields.Integer("Customers", compute="_compute_line_figures")
    up_count = fields.Integer("Moved Up", compute="_compute_line_figures")
    down_count = fields.Integer("Moved Down", compute="_compute_line_figures")
    none_count = fields.Integer("No Proposal", compute="_compute_line_figures")
    appeal_count = fields.Integer("Open Appeals", compute="_compute_line_figures")
    missing_count = fields.Integer(
        "To Fill", compute="_compute_line_figures", help="Customers with manual indicators to fill."
    )
    top_line_ids = fields.One2many(
        "customer.review.line",
        string="Ranked Customers",
        compute="_compute_top_line_ids",
        help="The first by rank; all of them are behind the button Customers.",
    )
    manual_progress = fields.Float("Filled (%)", compute="_compute_manual_progress")
    manual_count = fields.Integer("Manual Scores", compute="_compute_manual_progress")
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")
    is_large = fields.Boolean(compute="_compute_is_large")
    duplicate_id = fields.Many2one("customer.review", compute="_compute_duplicate_id")
    matrix = fields.Html("From / To", compute="_compute_matrix", sanitize=False)
    approver_ids = fields.Many2many(
        "res.users",
        compute="_compute_approver_ids",
        string="Approved by Leader",
        help="The leader; without one, every head of customer governance of the company.",
    )

    @api.depends("scorecard_id", "company_id")
    def _compute_period_dates(self):
        """The last period of the scorecard that is over."""
        for review in self:
            if review.scorecard_id and not (review.date_from and review.date_to):
                period = review._last_ended_period()
                review.date_from = review.date_from or period.date_from
                review.date_to = review.date_to or period.date_to
            else:
                review.date_from, review.date_to = review.date_from, review.date_to

    @api.onchange("scorecard_id", "company_id")
    def _onchange_scorecard_id(self):
        if self.scorecard_id:
            period = self._last_ended_period()
            self.date_from, self.date_to = period.date_from, period.date_to

    @api.depends("scorecard_id")
    def _compute_people(self):
        for review in self:
            if review.scorecard_id:
                review.leader_id = review.scorecard_id.leader_id
                review.committee_ids = review.scorecard_id.committee_ids
            else:
                review.leader_id, review.committee_ids = review.leader_id, review.committee_ids

    @api.depends("scorecard_id.name", "date_from", "date_to", "partner_id", "company_id")
    def _compute_name(self):
        for review in self:
            parts = [review.scorecard_id.name, review._period_label()]
            if review.partner_id:
                parts.append(review.partner_id.display_name)
            review.name = " · ".join(part for part in parts if part) or self.env._("New review")

    @api.depends("leader_id", "company_id")
    def _compute_approver_ids(self):
        heads = self.env.ref("customer_governance.group_manager").sudo().all_user_ids
        for review in self:
            review.approver_ids = review.leader_id or heads.filtered(
                lambda user, company=review.company_id: company in user.company_ids
            )

    def _late_domain(self):
        """Domain of reviews past their deadline that still wait for somebody."""
        return [
            ("deadline", "<", fields.Date.context_today(self)),
            ("state", "in", ("draft", "computed", "in_review", "approved")),
            ("kind", "!=", "what_if"),
        ]

    @api.depends("deadline", "state", "kind")
    def _compute_is_late(self):
        late = self.filtered_domain(self._late_domain())
        for review in self:
            review.is_late = review in late

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain(self._late_domain())
        if set(value) == {True, False}:
            return Domain.TRUE
        return domain if True in value else ~domain

    def _compute_is_large(self):
        limit = self._background_threshold()
        for review in self:
            # Before the first computation the population is counted, later the lines are.
            review.is_large = (review.line_count or review._population_size()) > limit

    @api.depends("scorecard_id", "company_id", "date_from", "date_to", "kind", "state")
    def _compute_duplicate_id(self):
        for review in self:
            review.duplicate_id = (
                review.kind == "regular"
                and review.state != "cancelled"
                and review.search(
                    [
                        ("scorecard_id.code", "=", review.scorecard_id.code),
                        ("company_id", "=", review.company_id.id),
                        ("kind", "=", "regular"),
                        ("state", "!=", "cancelled"),
                        ("date_from", "<=", review.date_to),
                        ("date_to", ">=", review.date_from),
                        ("id", "!=", review._origin.id),
                    ],
                    limit=1,
                )
            )

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for review in self:
            for reason in periods.check_period(review.date_from, review.date_to):
                if reason.code == "period_reversed":
                    raise ValidationError(
                        self.env._(
                            "The period ends (%(date_to)s) before it begins (%(date_from)s).",
                            date_from=review.date_from,
                            date_to=review.date_to,
                        )
                    )
                raise ValidationError(
                    self.env._("A review needs the first and the last day of its period.")
                )

    @api.constrains("company_id", "scorecard_id", "kind", "partner_id")
    def _check_scorecard(self):
        for review in self:
            company = review.scorecard_id.company_id
            if company and company != review.company_id:
                raise ValidationError(
                    self.env._(
                        "The scorecard %(scorecard)s belongs to %(owner)s and cannot score "
                        "customers of %(company)s.",
                        scorecard=review.scorecard_id.display_name,
                        owner=company.name,
                        company=review.company_id.name,
                    )
                )
            if (review.kind == "single") != bool(review.partner_id):
                raise ValidationError(
                    self.env._(
                        "A review out of turn is for exactly one customer, the others are for all."
                    )
                )

    def _fiscal_year(self):
        """Fiscal year of the company, as the engine knows it."""
        company = self.company_id or self.env.company
        return periods.FiscalYear(int(company.fiscalyear_last_month), company.fiscalyear_last_day)

    def _last_ended_period(self):
        """The latest period of the scorecard that is over today in the company's time zone."""
        company = self.company_id or self.env.company
        return periods.last_ended(
            company._customer_today(), self.scorecard_id.period, self._fiscal_year()
        )

    def _period_label(self):
        """Name of the period, ``2026 Q3``; its dates where it is no period of the fiscal year."""
        self.ensure_one()
        if not (self.scorecard_id and self.date_from and self.date_to):
            return ""
        kind, fiscal = self.scorecard_id.period, self._fiscal_year()
        period = periods.Period(self.date_from, self.date_to)
        if (
            self.date_from <= self.date_to
            and periods.period_of(self.date_from, kind, fiscal) == period
        ):
            _kind, year, number = periods.name(period, kind, fiscal)
            if kind == periods.YEAR:
                return self.env._("%(year)s", year=year)
            if kind == periods.HALF:
                return self.env._("%(year)s H%(number)s", year=year, number=number)
            return self.env._("%(year)s Q%(number)s", year=year, number=number)
        return f"{self.date_from} – {self.date_to}"

    @api.model
    def _background_threshold(self):
        # sudo: a setting of the addon, no secret.
        value = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("customer_governance.background_threshold", "20000")
        )
        return int(value) if value.isdigit() else 20000

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for review in self:
            if review.kind != "what_if" and review.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(name)s has figures and decisions: cancel it instead.",
                        name=review.display_name,
                    )
                )
