"""Reviews: a scorecard applied to the customers of a company over a period."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...engine import periods
from ...engine.transitions import Transition, TransitionTable
from ..common.digest import for_reader, in_house, tell_each

COMMITTEE = ("group_committee", "group_manager")

# Account managers have a week, so that the committee has the rest of the time.
FILL_DAYS = 7

# Who reads what is said in the review of a whole company.
TALKERS = (
    "customer_governance.group_committee,customer_governance.group_manager,"
    "customer_governance.group_auditor"
)

# Customers on paper: all that move and all decisions, then the largest. A review of 100,000 is no
# book.
MAX_LINES = 400


class CustomerReview(models.Model):
    """The periodic review: computed, discussed by the committee, approved and applied."""

    _name = "customer.review"
    _inherit = [
        "customer.confidential.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.head.company.mixin",
        "customer.approval.mixin",
        "customer.transition.mixin",
        "customer.background.mixin",
        "customer.once.mixin",
    ]
    _description = "Customer Review"
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

    title = fields.Char("Own Name", copy=False, help="Name given to the review by a user.")
    name = fields.Char(
        "Review", compute="_compute_name", inverse="_inverse_name", search="_search_name"
    )
    kind = fields.Selection(
        [("regular", "Periodic"), ("single", "One Customer"), ("what_if", "What-If Analysis")],
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
        help="Ad hoc: only this customer gets a line; ranks are based on all customers.",
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
        "Apply By",
        copy=False,
        help="After this day the review is overdue and the leader is reminded.",
    )
    line_ids = fields.One2many("customer.review.line", "review_id", "Lines", copy=False)
    computed_on = fields.Datetime("Computed On", readonly=True, copy=False)
    needs_recompute = fields.Boolean(
        "Entries since Computation",
        readonly=True,
        copy=False,
        help="Figures have been entered since: compute again.",
    )
    submitted_by_id = fields.Many2one("res.users", "Submitted By", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True, copy=False)
    approved_on = fields.Datetime("Approved on", readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", "Applied By", readonly=True, copy=False)
    applied_on = fields.Datetime("Applied On", readonly=True, copy=False)
    note = fields.Html("Minutes", copy=False)
    trial_id = fields.Many2one(
        "customer.scorecard.trial",
        "What-If Analysis",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    base_review_id = fields.Many2one(
        "customer.review",
        "Compared With",
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
        "To Be Filled In",
        compute="_compute_line_figures",
        help="Customers with manual indicators to be filled in.",
    )
    top_line_ids = fields.One2many(
        "customer.review.line",
        string="Ranked Customers",
        compute="_compute_top_line_ids",
        help="Top-ranked customers; use the Customers button to see all of them.",
    )
    manual_progress = fields.Float("Completed (%)", compute="_compute_manual_progress")
    manual_count = fields.Integer("Manual Scores", compute="_compute_manual_progress")
    manual_missing_text = fields.Char("Missing Values", compute="_compute_manual_progress")
    other_eyes = fields.Boolean(
        compute="_compute_other_eyes",
        help="The next step must be taken by another user: you took the previous one.",
    )
    is_late = fields.Boolean("Overdue", compute="_compute_is_late", search="_search_is_late")
    is_large = fields.Boolean(compute="_compute_is_large")
    duplicate_id = fields.Many2one("customer.review", compute="_compute_duplicate_id")
    matrix = fields.Html("From / To", compute="_compute_matrix", sanitize=False)
    approver_ids = fields.Many2many(
        "res.users",
        compute="_compute_approver_ids",
        string="Approved by Leader",
        help="The leader or, if there is none, every head of customer governance of the company.",
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

    @api.depends("title", "scorecard_id.name", "date_from", "date_to", "partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_name(self):
        """The name somebody gave, else scorecard and period in the reader's language."""
        for review in self:
            review.name = review.title or review._own_name()

    def _own_name(self):
        """Scorecard, period and customer in words."""
        self.ensure_one()
        parts = [self.scorecard_id.name, self._period_label()]
        if self.partner_id:
            parts.append(self.partner_id.display_name)
        return " · ".join(part for part in parts if part) or self.env._("New review")

    def _inverse_name(self):
        for review in self:
            review.title = review.name if review.name != review._own_name() else False

    @api.model
    def _search_name(self, operator, value):
        """Look at the names as the reader sees them.

        Periodic reviews are few, one a period and scorecard: each name is read. Of the many reviews
        of one customer and the runs of what-ifs those are looked at whose own name, scorecard or
        customer has the words; their period is found in the whole name only (``=``).
        """
        if operator not in ("ilike", "="):
            return NotImplemented
        wanted = (value or "").casefold()
        few = self.search([("kind", "=", "regular")]).filtered(
            lambda review: (
                review.name.casefold() == wanted
                if operator == "="
                else wanted in review.name.casefold()
            )
        )
        names = ("title", "scorecard_id.name", "partner_id")
        many = Domain("kind", "!=", "regular")
        if operator == "ilike":
            many &= Domain.OR(Domain(name, "ilike", value) for name in names)
            return Domain("id", "in", few.ids) | many
        # the whole name: at its ends stand scorecard and customer
        parts = (value or "").split(" · ")
        many &= Domain("title", "=ilike", escape_psql(value or "")) | (
            Domain("title", "=", False) & Domain("scorecard_id.name", "ilike", parts[0])
        )
        if len(parts) > 2:
            many &= Domain("partner_id", "=", False) | Domain("partner_id", "ilike", parts[-1])
        found = self.search(many).filtered(lambda review: review.name.casefold() == wanted)
        return Domain("id", "in", (few | found).ids)

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
            ("deadline", "<", self.env.company._customer_today()),
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
                    self.env._("Enter the first and last day of the review period.")
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
                        "An ad hoc review covers exactly one customer; other reviews cover "
                        "all customers."
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

    def _governed_period(self):
        """The period that the result governs: the one of the same kind after its own."""
        self.ensure_one()
        first = self.date_to + periods.ONE_DAY
        return periods.period_of(first, self.scorecard_id.period, self._fiscal_year())

    @api.model
    def _background_threshold(self):
        # sudo: a setting of the addon, no secret.
        value = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("customer_governance.background_threshold", "20000")
        )
        return int(value) if value.isdecimal() else 20000

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for review in self:
            if review.kind != "what_if" and review.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(name)s contains figures and decisions: cancel it instead of "
                        "deleting it.",
                        name=review.display_name,
                    )
                )

    # --- leader, committee and account managers
    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """EXTENDS mail: what is said in the review of a whole company is about everybody's customers.

        Account managers read the review, for their own lines, and not its talk.
        """
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation == "read" and not self.env.user.has_groups(TALKERS):
            # sudo: whether it is about one customer
            for review in self.sudo().filtered(lambda one: not one.partner_id):
                operations[review.with_env(self.env)] = "write"
        return operations

    def _feedback_activities(self, xmlid):
        """Close activities of a type that are done by what just happened."""
        self.activity_feedback([xmlid])

    def _is_at_once(self):
        """Whether approval decides alone: of one customer, where the usage says so."""
        self.ensure_one()
        return self.kind == "single" and self._usage().at_once

    def _notify_leader(self):
        """Ask the leader (or the heads) to lead the review, with a deadline."""
        for review in self.filtered(lambda review: not review._is_at_once()):
            for user in review.approver_ids:
                words = for_reader(review, user)
                words.activity_schedule(
                    "customer_governance.mail_activity_review_lead",
                    date_deadline=review.deadline or review.company_id._customer_today(),
                    user_id=user.id,
                    note=words.env._(
                        "The review has been computed. Customers: %(count)s; with manual "
                        "indicators to fill in: %(missing)s.",
                        count=review.line_count,
                        missing=review.missing_count,
                    ),
                )

    def _notify_account_managers(self):
        """Ask each account manager to fill the manual indicators of the own customers, once."""
        for review in self.filtered(lambda review: review._usage().managers):
            # sudo: counts the customers of all account managers, whoever computes.
            groups = (
                self.env["customer.review.line"]
                .sudo()
                ._read_group(
                    [
                        ("review_id", "=", review.id),
                        ("manual_missing", ">", 0),
                        ("partner_id.user_id.active", "=", True),
                    ],
                    ["partner_id.user_id"],
                    ["__count"],
                )
            )
            for user, count in groups:
                # sudo: for an account manager who can read the review through the group.
                if not review.sudo()._once(f"fill:{user.id}"):
                    continue
                if not user.has_group("customer_governance.group_sales"):
                    continue
                day = fields.Date.add(review.company_id._customer_today(), days=FILL_DAYS)
                words = for_reader(review, user)
                words.activity_schedule(
                    "customer_governance.mail_activity_review_fill",
                    date_deadline=min(day, review.deadline) if review.deadline else day,
                    user_id=user.id,
                    note=words.env._(
                        "Your customers with manual indicators to fill in: %(count)s.", count=count
                    ),
                )

    def _close_fill_activities(self):
        """Close what the account managers were asked to fill: done where it was, else dropped.

        What is missing at the end stays on record, with whose customers it is.
        """
        kind = self.env.ref("customer_governance.mail_activity_review_fill", False)
        for review in self:
            # sudo: the entries and activities of all account managers, whoever submits.
            waiting = (
                self.env["customer.review.line"]
                .sudo()
                ._read_group(
                    [("review_id", "=", review.id), ("manual_missing", ">", 0)],
                    ["partner_id.user_id"],
                )
            )
            late = self.env["res.users"].union(*(user for (user,) in waiting))
            activities = review.sudo().activity_ids.filtered(
                lambda activity: kind and activity.activity_type_id == kind
            )
            dropped = activities.filtered(lambda activity, late=late: activity.user_id in late)
            (activities - dropped).action_feedback()
            dropped.unlink()
            if review.manual_missing_text:
                house = in_house(review)
                text = house.env._(
                    "Submitted with missing entries. %(missing)s",
                    missing=review.manual_missing_text,
                )
                if late:
                    names = ", ".join(late.mapped("name"))
                    text += " " + house.env._("Account managers: %(names)s.", names=names)
                review.message_post(body=text)

    def _notify_committee(self):
        """Tell the members that there is something to decide."""
        for review in self:
            members = review.committee_ids.partner_id
            if members:
                review.message_subscribe(members.ids)
                tell_each(
                    review,
                    review.committee_ids,
                    None,
                    lambda env, review=review: env._(
                        "The review is ready for the committee. Customers to move up: "
                        "%(up)s; to move down: %(down)s; without a proposal: %(none)s.",
                        up=review.up_count,
                        down=review.down_count,
                        none=review.none_count,
                    ),
                )

    def _is_of_users_groups(self):
        """Whether the user is in a group that makes reviews of this usage itself."""
        groups = [",".join(usage.groups) for usage in {review._usage() for review in self}]
        return bool(groups) and all(
            xmlids and self.env.user.has_groups(xmlids) for xmlids in groups
        )

    def _transition_groups_ok(self, transition):
        """EXTENDS transition mixin: the groups of the usage take all steps."""
        return super()._transition_groups_ok(transition) or self._is_of_users_groups()

    def _may_decide(self):
        """Whether the user may decide: committee (its named members), leader, head; the groups of
        the usage.
        """
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_group("customer_governance.group_manager"):
            return True
        if self._is_of_users_groups():
            return True
        # sudo: who the members are is no secret.
        members = self.sudo().committee_ids | self.sudo().leader_id
        named = bool(self.sudo().committee_ids)
        return user.has_group("customer_governance.group_committee") and (
            not named or user in members
        )

    def _check_people(self):
        """Raise unless the user may decide in the reviews."""
        for review in self:
            if not review._may_decide():
                raise AccessError(
                    self.env._(
                        "Only members of the committee of %(review)s can decide.",
                        review=review.display_name,
                    )
                )

    # --- ways from the review to its lines, entries, appeals and papers
    def _lines_action(self, **filters):
        """List of the lines with filters switched on."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_review_line_action"
        )
        action["domain"] = [("review_id", "=", self.id)]
        action["display_name"] = self.name
        action["context"] = {"create": False, "default_review_id": self.id, **filters}
        return action

    def action_view_lines(self):
        """Open all lines."""
        return self._lines_action()

    def action_view_up(self):
        """Open the customers that move up."""
        return self._lines_action(search_default_up=1)

    def action_view_down(self):
        """Open the customers that move down."""
        return self._lines_action(search_default_down=1)

    def action_view_none(self):
        """Open the customers without a proposal."""
        return self._lines_action(search_default_none=1)

    def action_view_appeals(self):
        """Open the appeals."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_review_appeal_action"
        )
        action["domain"] = [("review_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def action_fill(self):
        """Open the manual indicators to fill; account managers see their own customers."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_review_score_action"
        )
        action["domain"] = [
            ("line_id.review_id", "=", self.id),
            ("indicator_id.measure", "=", "manual"),
        ]
        action["display_name"] = self.env._("Fill in: %(review)s", review=self.name)
        action["context"] = {"search_default_missing": 1}
        return action

    @api.model
    def action_fill_reviews(self):
        """Open what is to fill: the indicators of the one open review, or a list of the reviews.

        Two periods are never in one list: the same customer and indicator would stand there twice.
        """
        self.check_access("read")
        found = self.search([("state", "=", "computed"), ("kind", "!=", "what_if")])
        reviews = found.filtered("missing_count")
        if len(reviews) == 1:
            return reviews.action_fill()
        if not reviews:
            return self.env["ir.actions.act_window"]._for_xml_id(
                "customer_governance.customer_review_score_action"
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fill In Indicators"),
            "res_model": self._name,
            "view_mode": "list",
            "views": [
                (self.env.ref("customer_governance.customer_review_view_list_fill").id, "list")
            ],
            "domain": [("id", "in", reviews.ids)],
            "context": {"create": False},
        }

    def action_view_impact(self):
        """Open what the downgrades would mean."""
        self.ensure_one()
        return self.env["customer.review.impact"]._open(self)

    def action_print_committee(self):
        """Print the report for the committee."""
        self.check_access("read")
        return self.env.ref("customer_governance.review_committee_report").report_action(self)

    # --- what the report for the committee shows
    def _committee_lines(self):
        """Lines worth paper: moved, decided otherwise, without proposal; all where the review is
        small.
        """
        self.ensure_one()
        Line = self.env["customer.review.line"]
        domain = [("review_id", "=", self.id)]
        if self.line_count > MAX_LINES:
            domain += [
                "|",
                ("movement", "in", ("up", "down", "none")),
                ("decided_by_id", "!=", False),
            ]
        return Line.search(domain, order="rank, id", limit=MAX_LINES)

    def _committee_paper(self):
        """The report as data: title, date, approvals and lines."""
        self.ensure_one()
        lines = self._committee_lines()
        signers = [(self.env._("Leader"), self.leader_id.name)]
        signers += [(self.env._("Committee"), member.name) for member in self.committee_ids[:3]]
        if not self.committee_ids:
            signers.append((self.env._("Committee"), ""))
        signers.append((self.env._("Head of customer governance"), ""))
        return {
            "title": self.env._("Tier review report"),
            "number": f"R{self.id:05d}",
            "date": self.company_id._customer_today(),
            # sudo: the committee reads who approved.
            "approvals": self.sudo().review_ids,
            "lines": lines,
            "caption": self._paper_caption(lines),
            "signers": signers,
        }

    def _paper_caption(self, lines):
        if self.line_count > len(lines):
            return self.env._(
                "Customers that move or need a decision (%(shown)s of %(all)s)",
                shown=len(lines),
                all=self.line_count,
            )
        return self.env._("Customers")
