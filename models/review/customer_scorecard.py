"""Scorecards: the written rule by which customers are scored."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ...engine import tiering
from ...engine.transitions import Transition, TransitionTable

MANAGER = ("group_manager",)
# Everything that changes a score, a result or how they read. Who decides and when the review opens
# may change.
FROZEN_FIELDS = frozenset(
    {
        "name",
        "code",
        "usage",
        "period",
        "population",
        "company_id",
        "version",
        "previous_version_id",
        "coverage_threshold",
        "downgrade_periods",
    }
)


class CustomerScorecard(models.Model):
    """A versioned set of indicators, bands and vetoes; a published version never changes."""

    _name = "customer.scorecard"
    _description = "Scorecard"
    _inherit = ["mail.thread", "mail.activity.mixin", "customer.transition.mixin"]
    _order = "usage, name, version desc, id desc"
    _check_company_auto = True

    _transitions = TransitionTable(
        "draft",
        (
            Transition("publish", ("draft",), "published", guard="_guard_publish", groups=MANAGER),
            Transition("retire", ("published",), "retired", groups=MANAGER),
        ),
    )

    name = fields.Char("Scorecard", required=True, translate=True, tracking=True)
    code = fields.Char(
        "Code",
        required=True,
        copy=False,
        default=lambda self: self._default_code(),
        help="All versions of one scorecard share the code.",
    )
    active = fields.Boolean(default=True)
    description = fields.Html("Purpose", translate=True)
    usage = fields.Selection(
        [
            ("tier", "Customer Tiers"),
            ("credit", "Credit Grades"),
            ("provider", "Service Providers"),
        ],
        "Used for",
        required=True,
        default="tier",
        tracking=True,
    )
    period = fields.Selection(
        [("quarter", "Quarter"), ("half", "Half-year"), ("year", "Year")],
        "Period",
        required=True,
        default="quarter",
        tracking=True,
        help="Periods follow the fiscal year of the company.",
    )
    population = fields.Char(
        "Customers",
        default="[]",
        required=True,
        tracking=True,
        help="Which customers are scored. Only companies and persons that buy themselves "
        "(commercial partners) count.",
    )
    company_id = fields.Many2one(
        "res.company",
        "Company",
        index=True,
        help="Empty: the scorecard is used by every company.",
        tracking=True,
    )
    version = fields.Integer("Version", default=1, required=True, copy=False, readonly=True)
    previous_version_id = fields.Many2one(
        "customer.scorecard",
        "Previous Version",
        copy=False,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    next_version_ids = fields.One2many("customer.scorecard", "previous_version_id", "Next Versions")
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
        "Status",
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    published_on = fields.Date("Published on", copy=False, readonly=True)
    indicator_ids = fields.One2many(
        "customer.scorecard.indicator", "scorecard_id", "Indicators", copy=True
    )
    band_ids = fields.One2many("customer.scorecard.band", "scorecard_id", "Bands", copy=True)
    veto_ids = fields.One2many("customer.scorecard.veto", "scorecard_id", "Vetoes", copy=True)
    max_points = fields.Float("Points in All", compute="_compute_max_points", digits=(16, 4))
    coverage_threshold = fields.Float(
        "Coverage Needed (%)",
        default=60.0,
        digits=(16, 2),
        tracking=True,
        help="A customer with data for fewer points than this gets a score but no proposal.",
    )
    downgrade_periods = fields.Integer(
        "Periods before a Downgrade",
        default=1,
        tracking=True,
        help="A lower tier is proposed only after this many periods in a row below the present "
        "one.",
    )
    leader_id = fields.Many2one(
        "res.users", "Leader", tracking=True, help="Leads the review and approves it."
    )
    committee_ids = fields.Many2many(
        "res.users", "customer_scorecard_committee_rel", "scorecard_id", "user_id", "Committee"
    )
    review_delay_days = fields.Integer(
        "Opens after (days)",
        default=5,
        help="Days after the end of the period when the review is opened and computed.",
    )
    review_due_days = fields.Integer(
        "Due within (days)",
        default=20,
        help="Days from opening until the result should be applied; then it is late.",
    )
    auto_open = fields.Boolean(
        "Opens by Itself",
        default=True,
        tracking=True,
        help="The review is opened and computed after each period ends, also for periods that "
        "were missed.",
    )
    review_ids = fields.One2many("customer.review", "scorecard_id", "Reviews")
    review_count = fields.Integer(compute="_compute_review_count")
    trial_count = fields.Integer(compute="_compute_trial_count")
    problems = fields.Text(
        "To Do before Publishing",
        compute="_compute_problems",
        help="Why the scorecard cannot be published yet.",
    )

    _version_uniq = models.Constraint(
        "UNIQUE(code, version)", "This version of the scorecard exists already."
    )

    @api.model
    def _default_code(self):
        # Unique enough without a sequence: the code only ties versions together and an admin may
        # change it.
        last = self.sudo().with_context(active_test=False).search([], order="id desc", limit=1)
        return f"SC{last.id + 1:04d}"

    @api.model
    def _number(self, value):
        """Format a figure without needless zeros: 45, 1.5, 0.000001."""
        text = f"{value or 0.0:.6f}".rstrip("0").rstrip(".")
        return "0" if text in ("", "-0") else text

    @api.depends("indicator_ids.max_points")
    def _compute_max_points(self):
        for scorecard in self:
            scorecard.max_points = sum(scorecard.indicator_ids.mapped("max_points"))

    @api.depends("name", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for scorecard in self:
            scorecard.display_name = f"{scorecard.name or ''} (v{scorecard.version})"

    @api.depends("state", "indicator_ids", "band_ids", "veto_ids")
    def _compute_problems(self):
        for scorecard in self:
            problems = (
                scorecard._problems() if scorecard.state == "draft" and scorecard._origin else []
            )
            scorecard.problems = "\n".join(problems)

    @api.constrains("population")
    def _check_population(self):
        for scorecard in self:
            try:
                domain = scorecard._population_domain()
                # sudo: validates the domain against the model; the result is thrown away.
                self.env["res.partner"].sudo().search(domain, limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the customers cannot be searched with this filter (%(error)s).",
                        name=scorecard.name,
                        error=error,
                    )
                ) from error

    @api.constrains("coverage_threshold", "downgrade_periods", "review_delay_days")
    def _check_figures(self):
        for scorecard in self:
            if not 0 <= scorecard.coverage_threshold <= 100:
                raise ValidationError(
                    self.env._("The coverage needed is a percentage between 0 and 100.")
                )
            if scorecard.downgrade_periods < 1:
                raise ValidationError(self.env._("A downgrade needs at least one period."))
            if scorecard.review_delay_days < 0 or scorecard.review_due_days < 0:
                raise ValidationError(self.env._("Delays are counted in days from 0 on."))

    def _population_domain(self):
        """Domain on partners, as typed; an invalid text raises."""
        self.ensure_one()
        return Domain(safe_eval(self.population or "[]", {"uid": self.env.uid}))

    def _result_order(self):
        """Ids of all results, the best first; higher domains return theirs (credit grades)."""
        # sudo: archived tiers count, as the present result of a customer.
        return tuple(
            self.env["customer.tier"].sudo().with_context(active_test=False).search([]).ids
        )

    def _policy(self):
        """The deciding part of the scorecard as the engine knows it."""
        self.ensure_one()
        return tiering.Policy(
            bands=tuple(
                band._band() for band in self.band_ids.sorted(lambda band: (band.sequence, band.id))
            ),
            order=self._result_order(),
            coverage_threshold=Decimal(f"{self.coverage_threshold:.2f}"),
            downgrade_periods=self.downgrade_periods,
        )

    def action_publish(self):
        """Publish: from now on the version is frozen; an older published version retires."""
        for scorecard in self:
            scorecard._transition("publish", {"published_on": fields.Date.context_today(scorecard)})
            # The older version stays for the reviews computed with it, but opens no new ones.
            older = self.search(
                [
                    ("code", "=", scorecard.code),
                    ("state", "=", "published"),
                    ("id", "!=", scorecard.id),
                ]
            )
            older.action_retire()
        return True

    def action_retire(self):
        """Retire: no new reviews; old reviews keep the version."""
        return self._transition("retire") if self else True

    @api.model
    def _publish_shipped(self, xmlids):
        """Publish the scorecards that come with the addon (called once, by the data files)."""
        for xmlid in xmlids:
            scorecard = self.env.ref(xmlid, raise_if_not_found=False)
            if scorecard and scorecard.state == "draft":
                scorecard.action_publish()
        return True

    def action_new_version(self):
        """Copy into the next version, a draft that may be changed; return its form."""
        self.ensure_one()
        self.check_access("write")
        draft = self.search([("code", "=", self.code), ("state", "=", "draft")], limit=1)
        if not draft:
            versions = (
                self.with_context(active_test=False)
                .search([("code", "=", self.code)])
                .mapped("version")
            )
            draft = self.copy(
                {
                    "code": self.code,
                    "name": self.name,
                    "version": max(versions) + 1,
                    "previous_version_id": self.id,
                }
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def copy_data(self, default=None):
        """A plain duplicate is a scorecard of its own and says so in its name."""
        default = dict(default or {})
        vals_list = super().copy_data(default)
        if "name" not in default:
            for scorecard, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", scorecard.name)
        return vals_list

    def write(self, vals):
        """A published version is frozen on every route."""
        if FROZEN_FIELDS & set(vals):
            frozen = self.filtered(lambda s: s.state != "draft")
            if frozen:
                names = ", ".join(
                    self._fields[name].string for name in sorted(FROZEN_FIELDS & set(vals))
                )
                raise UserError(
                    self.env._(
                        "%(name)s is published and cannot be changed (%(fields)s). "
                        'Use "New version", change the copy and publish it.',
                        name=frozen[0].display_name,
                        fields=names,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        for scorecard in self:
            if scorecard.state != "draft":
                raise UserError(
                    self.env._(
                        "%(name)s was published: reviews refer to it. Retire or archive it "
                        "instead.",
                        name=scorecard.display_name,
                    )
                )
