"""What-if: a scorecard over past periods, side by side with what was applied."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine import periods

# More periods than this at once are a mistake (ten years of quarters).
MAX_PERIODS = 40


class CustomerScorecardTrial(models.Model):
    """A run of a scorecard, usually a draft, over past periods. Nothing of it is ever applied."""

    _name = "customer.scorecard.trial"
    _description = "What-If Analysis"
    _guard_movable = ("scorecard_id",)
    _inherit = ["mail.thread", "customer.company.mixin", "customer.background.mixin"]
    _order = "id desc"
    _background_jobs = ("_job_run",)

    title = fields.Char("Own Name", copy=False, help="A name somebody gave the run.")
    name = fields.Char(
        "What-If Analysis", compute="_compute_name", inverse="_inverse_name", search="_search_name"
    )
    scorecard_id = fields.Many2one(
        "customer.scorecard", "Scorecard", required=True, index=True, ondelete="cascade"
    )
    scorecard_state = fields.Selection(related="scorecard_id.state", string="Scorecard Status")
    date_to = fields.Date(
        "Up To",
        required=True,
        default=lambda self: self.env.company._customer_today(),
        help="The latest period that has ended by this day.",
    )
    period_count = fields.Integer(
        "Periods",
        default=4,
        required=True,
        help="Number of periods to run, counting back from that day.",
    )
    user_id = fields.Many2one(
        "res.users", "Run By", default=lambda self: self.env.user, readonly=True
    )
    review_ids = fields.One2many("customer.review", "trial_id", "Periods Run", readonly=True)
    run_on = fields.Datetime("Run On", readonly=True)
    is_stale = fields.Boolean(
        "Changed Since",
        compute="_compute_is_stale",
        help="The scorecard has been changed since the run: run it again.",
    )
    customer_count = fields.Integer("Results", compute="_compute_moves")
    up_count = fields.Integer("Moved Up", compute="_compute_moves")
    down_count = fields.Integer("Moved Down", compute="_compute_moves")
    matrix = fields.Html("From / To", compute="_compute_matrix", sanitize=False)

    @api.depends("title", "scorecard_id.name", "scorecard_id.version")
    @api.depends_context("lang")
    def _compute_name(self):
        """The name somebody gave, else that of the scorecard in the reader's language."""
        for trial in self:
            trial.name = trial.title or trial._own_name()

    def _own_name(self):
        return self.env._(
            "What-if analysis: %(scorecard)s",
            scorecard=self.scorecard_id.display_name or self.env._("scorecard"),
        )

    def _inverse_name(self):
        for trial in self:
            trial.title = trial.name if trial.name != trial._own_name() else False

    @api.model
    def _search_name(self, operator, value):
        """By the name somebody gave or by the scorecard."""
        if operator not in ("ilike", "="):
            return NotImplemented
        return Domain("title", operator, value) | Domain("scorecard_id.name", operator, value)

    @api.constrains("period_count")
    def _check_period_count(self):
        for trial in self:
            if not 1 <= trial.period_count <= MAX_PERIODS:
                raise UserError(self.env._("Enter between 1 and %(max)s periods.", max=MAX_PERIODS))

    def _compute_is_stale(self):
        for trial in self:
            scorecard = trial.scorecard_id
            parts = (
                scorecard.indicator_ids,
                scorecard.indicator_ids.range_ids,
                scorecard.indicator_ids.choice_ids,
                scorecard.band_ids,
                scorecard.veto_ids,
            )
            written = [
                scorecard.write_date,
                *(date for part in parts for date in part.mapped("write_date")),
            ]
            trial.is_stale = bool(
                trial.run_on
                and scorecard.state == "draft"
                and max((date for date in written if date), default=trial.run_on) > trial.run_on
            )

    def _compute_moves(self):
        counts = {}
        for trial, movement, count in self.env["customer.review.move"]._read_group(
            [("trial_id", "in", self.ids)], ["trial_id", "movement"], ["__count"]
        ):
            counts[trial.id, movement] = count
        for trial in self:
            trial.up_count = counts.get((trial.id, "up"), 0)
            trial.down_count = counts.get((trial.id, "down"), 0)
            trial.customer_count = sum(
                count for (key, _m), count in counts.items() if key == trial.id
            )

    def _compute_matrix(self):
        Move = self.env["customer.review.move"]
        for trial in self:
            blocks = []
            for review in trial.review_ids.sorted("date_from"):
                cells = Move._read_group(
                    [("review_id", "=", review.id)], ["from_tier_id", "to_tier_id"], ["__count"]
                )
                base = review.base_review_id
                title = (
                    self.env._(
                        "%(period)s compared with %(review)s",
                        period=review._period_label(),
                        review=base.name,
                    )
                    if base
                    else self.env._(
                        "%(period)s compared with current tiers", period=review._period_label()
                    )
                )
                blocks.append(self.env["customer.review"]._render_matrix(cells, title))
            trial.matrix = Markup("").join(blocks)

    def _trial_periods(self):
        """The periods to run, the oldest first."""
        self.ensure_one()
        probe = self.env["customer.review"].new(
            {"scorecard_id": self.scorecard_id.id, "company_id": self.company_id.id}
        )
        fiscal, kind = probe._fiscal_year(), self.scorecard_id.period
        period = periods.last_ended(self.date_to + periods.ONE_DAY, kind, fiscal)
        found = []
        for _number in range(self.period_count):
            found.append(period)
            period = periods.period_of(period.date_from - periods.ONE_DAY, kind, fiscal)
        return found[::-1]

    def _check_runnable(self):
        """Raise unless the user may run it and the scorecard can be used."""
        self.check_access("write")
        self._check_no_background()
        for trial in self:
            trial.scorecard_id._check_usable()
            company = trial.scorecard_id.company_id
            if company and company != trial.company_id:
                raise UserError(
                    self.env._(
                        "%(scorecard)s belongs to %(company)s.",
                        scorecard=trial.scorecard_id.display_name,
                        company=company.name,
                    )
                )

    def action_run(self):
        """Run now and show the result."""
        self._check_runnable()
        for trial in self:
            for _step in trial._trial_steps():
                pass
        return True

    def action_run_start(self):
        """Button: run now, or in the background where it takes long."""
        self.ensure_one()
        self._check_runnable()
        Review = self.env["customer.review"]
        probe = Review.new(
            {
                "scorecard_id": self.scorecard_id.id,
                "company_id": self.company_id.id,
                "date_from": self.date_to,
                "date_to": self.date_to,
                "kind": "what_if",
            }
        )
        if probe._population_size() * self.period_count > Review._background_threshold():
            return self._start_background("_job_run")
        return self.action_run()

    def _job_run(self):
        """Background job."""
        yield from self._trial_steps()

    def _trial_steps(self):
        """Compute each period; yields (done percent, message)."""
        self.ensure_one()
        self.review_ids.unlink()
        wanted = self._trial_periods()
        for index, period in enumerate(wanted):
            review = self.env["customer.review"].create(self._prepare_review_vals(period))
            for percent, message in review._compute_steps():
                done = (index + percent / 100.0) / len(wanted)
                yield 100.0 * done, f"{review._period_label()}: {message}"
            review.with_context(**review._computed_context())._transition("compute")
        # sudo: a stamp of the run.
        self.sudo()._write_job(run_on=fields.Datetime.now())

    def _prepare_review_vals(self, period):
        """Values of the what-if review of one period."""
        base = self.env["customer.review"].search(
            [
                ("kind", "=", "regular"),
                ("state", "=", "applied"),
                ("company_id", "=", self.company_id.id),
                ("usage", "=", self.scorecard_id.usage),
                ("date_from", "=", period.date_from),
                ("date_to", "=", period.date_to),
            ],
            order="id desc",
        )
        same = base.filtered(lambda review: review.scorecard_id.code == self.scorecard_id.code)
        return {
            "kind": "what_if",
            "trial_id": self.id,
            "scorecard_id": self.scorecard_id.id,
            "company_id": self.company_id.id,
            "date_from": period.date_from,
            "date_to": period.date_to,
            "base_review_id": (same or base)[:1].id,
        }

    def action_publish(self):
        """Make the scorecard of the run the published version."""
        self.ensure_one()
        if self.is_stale:
            raise UserError(
                self.env._(
                    "The scorecard has been changed since this run. Run it again before you "
                    "publish it."
                )
            )
        self.scorecard_id.action_publish()
        return True

    def action_view_moves(self):
        """Open the customers that would be in another tier."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_review_move_action"
        )
        action["domain"] = [("trial_id", "=", self.id)]
        action["context"] = {
            "search_default_moved": 1,
            "search_default_group_period": int(self.period_count > 1),
        }
        return action

    def unlink(self):
        """Its reviews go with it."""
        self.review_ids.unlink()
        return super().unlink()

    @api.autovacuum
    def _gc_trials(self):
        """Drop the rows of old runs: they are large and can be run again."""
        # sudo: a setting of the addon, no secret.
        days = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("customer_governance.what_if_keep_days", "60")
        )
        border = fields.Datetime.subtract(
            fields.Datetime.now(), days=int(days) if days.isdecimal() else 60
        )
        old = self.env["customer.review"].search([("trial_id.run_on", "<", border)], limit=10)
        done = len(old)
        old.unlink()
        return done, self.env["customer.review"].search_count([("trial_id.run_on", "<", border)])
