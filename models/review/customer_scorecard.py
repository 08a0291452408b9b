"""Scorecards: the written rule by which customers are scored."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ...engine import tiering
from ...engine.transitions import Transition, TransitionTable
from .usage import TIERS

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
        "share_measure",
        "share_uom_id",
    }
)


class CustomerScorecard(models.Model):
    """A versioned set of indicators, bands and vetoes; a published version never changes."""

    _name = "customer.scorecard"
    _inherit = ["mail.thread", "mail.activity.mixin", "customer.transition.mixin"]
    _description = "Scorecard"
    _order = "usage, name, version desc, id desc"
    _rec_names_search = ["name", "code"]
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
        help="All versions of a scorecard share this code.",
    )
    active = fields.Boolean(default=True)
    description = fields.Html("Purpose", translate=True)
    usage = fields.Selection(
        [("tier", "Customer Tiers")],
        "Used For",
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
        help="Periods follow the company's fiscal year.",
    )
    population = fields.Char(
        "Customers",
        default="[]",
        required=True,
        tracking=True,
        help="Customers to be scored. Only companies and individuals that buy in their own name "
        "(commercial partners) are included.",
    )
    company_id = fields.Many2one(
        "res.company",
        "Company",
        index=True,
        help="Leave empty to use the scorecard in all companies.",
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
    published_on = fields.Date("Published On", copy=False, readonly=True)
    indicator_ids = fields.One2many(
        "customer.scorecard.indicator", "scorecard_id", "Indicators", copy=True
    )
    band_ids = fields.One2many("customer.scorecard.band", "scorecard_id", "Bands", copy=True)
    veto_ids = fields.One2many("customer.scorecard.veto", "scorecard_id", "Vetoes", copy=True)
    max_points = fields.Float("Total Points", compute="_compute_max_points", digits=(16, 4))
    coverage_threshold = fields.Float(
        "Required Coverage (%)",
        default=60.0,
        digits=(16, 2),
        tracking=True,
        help="A customer with data for a smaller share of the points gets a score but no proposal.",
    )
    share_measure = fields.Selection(
        [("amount", "Amount sold"), ("quantity", "Quantity sold")],
        "Basis of Shares",
        required=True,
        default="amount",
        tracking=True,
        help="Defines what the shares in the bands refer to.",
    )
    share_uom_id = fields.Many2one(
        "uom.uom",
        "Unit for Shares",
        ondelete="restrict",
        help="Quantities that cannot be converted into this unit are ignored.",
    )
    downgrade_periods = fields.Integer(
        "Periods before Downgrade",
        default=1,
        tracking=True,
        help="A lower tier is proposed only after this many consecutive periods below the "
        "current tier.",
    )
    leader_id = fields.Many2one(
        "res.users", "Leader", tracking=True, help="Leads the review and approves it."
    )
    committee_ids = fields.Many2many(
        "res.users", "customer_scorecard_committee_rel", "scorecard_id", "user_id", "Committee"
    )
    review_delay_days = fields.Integer(
        "Opens After (days)",
        default=5,
        help="Number of days after the end of the period when the review is opened and computed.",
    )
    review_due_days = fields.Integer(
        "Due Within (days)",
        default=20,
        help="Number of days from opening until the result should be applied; after that the "
        "review is overdue.",
    )
    auto_open = fields.Boolean(
        "Opens Automatically",
        tracking=True,
        help="The review is opened and computed after the end of each period, including periods "
        "that were missed.",
    )
    review_ids = fields.One2many("customer.review", "scorecard_id", "Reviews")
    review_count = fields.Integer(
        compute="_compute_review_count",
        groups="customer_governance.group_sales,customer_governance.group_committee,customer_governance.group_auditor",
    )
    trial_count = fields.Integer(
        compute="_compute_trial_count",
        groups="customer_governance.group_committee,customer_governance.group_auditor",
    )
    problems = fields.Text(
        "To Do before Publishing",
        compute="_compute_problems",
        help="Why the scorecard cannot be published yet.",
    )

    _version_uniq = models.Constraint(
        "UNIQUE(code, version)", "This version of the scorecard already exists."
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
                        "%(name)s: this filter cannot be used to find customers (%(error)s).",
                        name=scorecard.name,
                        error=error,
                    )
                ) from error

    @api.constrains("coverage_threshold", "downgrade_periods", "review_delay_days")
    def _check_figures(self):
        for scorecard in self:
            if not 0 <= scorecard.coverage_threshold <= 100:
                raise ValidationError(
                    self.env._("The required coverage is a percentage between 0 and 100.")
                )
            if scorecard.downgrade_periods < 1:
                raise ValidationError(self.env._("A downgrade needs at least one period."))
            if scorecard.review_delay_days < 0 or scorecard.review_due_days < 0:
                raise ValidationError(self.env._("Delays in days cannot be negative."))

    def _population_domain(self):
        """Domain on partners, as typed; an invalid text raises."""
        self.ensure_one()
        return Domain(safe_eval(self.population or "[]", {"uid": self.env.uid}))

    @api.model
    def _usages(self):
        """Return {usage: `Usage`}; a domain adds the usage that it brings."""
        return {"tier": TIERS}

    def _usage(self):
        """Return what the scorecard decides and who takes part."""
        self.ensure_one()
        return self._usages()[self.usage or "tier"]

    def _result_order(self):
        """Ids of all results, the best first."""
        # sudo: archived results count, as the present result of a customer.
        results = self.env[self._usage().model].sudo().with_context(active_test=False)
        return tuple(results.search([]).ids)

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
            today = (scorecard.company_id or self.env.company)._customer_today()
            scorecard._transition("publish", {"published_on": today})
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
                        "%(name)s has been published and is used by reviews. Retire or "
                        "archive it instead.",
                        name=scorecard.display_name,
                    )
                )

    # --- checks before publishing and computing
    def _problems(self):
        """Reasons in words why nothing can be computed with it; empty when it is fine."""
        self.ensure_one()
        problems = []
        if not self.indicator_ids:
            problems.append(self.env._("There are no indicators: add at least one."))
        if self.share_measure == "quantity" and not self.share_uom_id:
            problems.append(
                self.env._(
                    "Shares are based on the quantity sold: choose a unit, because pieces "
                    "and tons cannot be added up."
                )
            )
        for indicator in self.indicator_ids:
            problems += [f"{indicator.name}: {problem}" for problem in indicator._problems()]
        return problems + self._band_problems()

    def _band_problems(self):
        """Reasons why the bands do not lead every customer to a result."""
        self.ensure_one()
        bands = self.band_ids.sorted(lambda band: (band.sequence, band.id))
        if not bands:
            return [self.env._("There are no bands: add the results and their conditions.")]
        problems = []
        for index, band in enumerate(bands):
            if not band._result():
                problems.append(self.env._("Band %(number)s has no result.", number=index + 1))
            if band.is_fallback and band != bands[-1]:
                problems.append(
                    self.env._(
                        'The band "%(rule)s" matches all customers, so the bands below it '
                        "can never apply: move it to the end.",
                        rule=band.summary,
                    )
                )
        if not bands[-1].is_fallback:
            problems.append(
                self.env._(
                    'The last band "%(rule)s" has a condition: customers that match no band '
                    "would have no result. Add a final band without a condition.",
                    rule=bands[-1].summary,
                )
            )
        for veto in self.veto_ids:
            if not veto._cap():
                problems.append(
                    self.env._(
                        'The veto "%(rule)s" does not specify the highest possible result.',
                        rule=veto.summary,
                    )
                )
        return problems

    def _guard_publish(self):
        """Reasons against publishing (guard of the transition)."""
        return self._problems()

    def _check_usable(self):
        """Raise with all reasons when nothing can be computed with the scorecard."""
        for scorecard in self:
            problems = scorecard._problems()
            if problems:
                raise UserError(
                    self.env._(
                        "The scorecard %(name)s cannot be used yet:\n- %(problems)s",
                        name=scorecard.display_name,
                        problems="\n- ".join(problems),
                    )
                )

    # --- ways from the scorecard to its reviews and what-ifs
    def _compute_review_count(self):
        counts = dict(
            self.env["customer.review"]._read_group(
                [("scorecard_id", "in", self.ids), ("kind", "!=", "what_if")],
                ["scorecard_id"],
                ["__count"],
            )
        )
        for scorecard in self:
            scorecard.review_count = counts.get(scorecard, 0)

    def _compute_trial_count(self):
        counts = dict(
            self.env["customer.scorecard.trial"]._read_group(
                [("scorecard_id", "in", self.ids)], ["scorecard_id"], ["__count"]
            )
        )
        for scorecard in self:
            scorecard.trial_count = counts.get(scorecard, 0)

    def action_view_reviews(self):
        """Open the reviews computed with this version."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_review_action"
        )
        action["domain"] = [("scorecard_id", "=", self.id), ("kind", "!=", "what_if")]
        action["context"] = {"default_scorecard_id": self.id}
        return action

    def action_view_trials(self):
        """Open the what-ifs of this version."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_scorecard_trial_action"
        )
        action["domain"] = [("scorecard_id", "=", self.id)]
        action["context"] = {"default_scorecard_id": self.id}
        return action

    def action_what_if(self):
        """Open a new what-if of this version."""
        self.ensure_one()
        self.env["customer.scorecard.trial"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What-If Analysis"),
            "res_model": "customer.scorecard.trial",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_scorecard_id": self.id,
                "default_company_id": (self.company_id or self.env.company).id,
            },
        }
