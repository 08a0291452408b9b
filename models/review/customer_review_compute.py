"""Computing a review: from its records to the plan of the set-based statements."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine import periods
from ...queries import measures, review_lines, review_plan, reviews
from ...queries.customers import customers
from ..common.digest import in_house
from ..common.jobs import Batches, Step
from .usage import TIERS

# In the context of the transition at the end of a background job: the figures are there already.
# An object() cannot come over RPC.
COMPUTED = object()

_logger = logging.getLogger(__name__)

REMINDED = 50

# A review may have 100,000 lines; its form shows the first, the list has them all.
TOP_LINES = 80


class CustomerReview(models.Model):
    """The figures of a review."""

    _name = "customer.review"
    _inherit = ["customer.review", "customer.job.mixin"]

    # --- opening of due reviews
    _job_of_heads = True

    def _population(self, members=False):
        """Subselect of the ids of the customers that are scored.

        Customers by the company's definition that meet the scorecard's filter. Prospects and lapsed
        customers follow the lifecycle: they are scored only when they bought in the period.

        :param members: only those that get a line: out of turn one customer, else all
        """
        self.ensure_one()
        company = self.company_id
        # sudo: a review is about all customers of its company, whoever computes it; company filters
        # are in SQL.
        Partner = (
            self.env["res.partner"].sudo().with_company(company).with_context(active_test=True)
        )
        domain = Domain("is_company", "=", True) | Domain("parent_id", "=", False)
        domain &= self.scorecard_id._population_domain()
        if members and self.kind == "single":
            domain &= Domain("id", "=", self.partner_id.id)
        partners = Partner._search(domain).subselect()
        return review_lines.population(
            customers(company.id, tuple(company.parent_ids.ids), partners),
            company.id,
            self.date_from,
            self.date_to,
            self._population_more(),
        )

    def _population_more(self):
        """Hook: select of customers that are scored whatever their tier and purchases, or None."""

    def _population_size(self):
        """Number of customers that would be scored."""
        self.ensure_one()
        if not (self.scorecard_id and self.company_id and self.date_from and self.date_to):
            return 0
        [(size,)] = self.env.execute_query(review_lines.count(self._population(members=True)))
        return size

    def _review_plan(self):
        """Everything the statements need, read from the scorecard."""
        self.ensure_one()
        scorecard = self.scorecard_id
        registry = self.env["customer.measure"]._measures()
        earlier = self._earlier_reviews(max(scorecard.downgrade_periods - 1, 1))
        return review_plan.ReviewPlan(
            review_id=self.id,
            context=self._measure_context(),
            members=self._population(members=True),
            indicators=tuple(
                review_plan.IndicatorPlan(
                    indicator.id,
                    indicator._rule(),
                    registry[indicator.measure] if indicator.measure != "manual" else None,
                    indicator.uom_id.id or None,
                )
                for indicator in scorecard.indicator_ids
            ),
            policy=scorecard._policy(),
            vetoes=tuple(
                review_plan.VetoPlan(veto._veto(), registry[veto.measure])
                for veto in scorecard.veto_ids
            ),
            history=tuple(earlier[: scorecard.downgrade_periods - 1].ids),
            previous_review_id=earlier[:1].id or None,
            rank_review_id=self._rank_review().id or None,
            entered_columns=("decided_by_id", "reason", "appeal_state"),
            result=self._result_columns(),
            is_new=not self._has_lines(),
            share_uom_id=scorecard.share_uom_id.id
            if scorecard.share_measure == "quantity"
            else None,
        )

    def _has_lines(self):
        """Whether the review was computed before, for any customer."""
        # sudo: lines the user may not read count as well.
        Line = self.env["customer.review.line"].sudo()
        return bool(Line.search_count([("review_id", "=", self.id)], limit=1))

    def _measure_context(self):
        """For whom and when measures are taken."""
        company = self.company_id
        return measures.MeasureContext(
            company_id=company.id,
            date_from=self.date_from,
            date_to=self.date_to,
            tz=company._customer_timezone(),
            partners=self._population(),
        )

    def _usage(self):
        """Return what the review decides and who takes part."""
        self.ensure_one()
        return self.scorecard_id._usage() if self.scorecard_id else TIERS

    def _result_columns(self):
        """Columns of the result of the lines."""
        return self._usage().columns

    def _earlier_reviews(self, count):
        """Reviews of the periods just before, the latest first and without a gap.

        Only those that came to a result count; a what-if takes the earlier periods of its own run
        where it has them.
        """
        self.ensure_one()
        found = self.browse()
        kind, fiscal = self.scorecard_id.period, self._fiscal_year()
        period = periods.Period(self.date_from, self.date_to)
        for _number in range(count):
            if periods.period_of(period.date_from, kind, fiscal) == period:
                period = periods.period_of(period.date_from - periods.ONE_DAY, kind, fiscal)
            else:
                period = periods.previous(period)
            earlier = self.search(self._period_domain(period), order="trial_id, id desc", limit=1)
            if not earlier:
                break
            found |= earlier
        return found

    def _period_domain(self, period):
        """Domain of the review of a period that this one may be compared with."""
        applied = Domain("kind", "=", "regular") & Domain("state", "in", ("approved", "applied"))
        if self.trial_id:
            applied |= Domain("trial_id", "=", self.trial_id.id)
        return (
            Domain("scorecard_id.code", "=", self.scorecard_id.code)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("date_from", "=", period.date_from)
            & Domain("date_to", "=", period.date_to)
            & applied
        )

    def _rank_review(self):
        """Out of turn: the periodic review in whose lines the customer is placed."""
        if self.kind != "single":
            return self.browse()
        return self.search(
            [
                ("kind", "=", "regular"),
                ("scorecard_id.code", "=", self.scorecard_id.code),
                ("company_id", "=", self.company_id.id),
                ("state", "not in", ("draft", "cancelled")),
                ("date_to", "<=", self.date_to),
            ],
            order="date_to desc, id desc",
            limit=1,
        )

    def _compute_steps(self):
        """Run the statements; yields (done percent, message) after each.

        Nothing is committed here. Running it again gives the same figures and keeps what people
        entered.
        """
        self.ensure_one()
        self.env.flush_all()
        plan = self._review_plan()
        steps = list(reviews.compute_steps(plan))
        names = {indicator.id: indicator.name for indicator in self.scorecard_id.indicator_ids}
        titles = {"lines": self.env._("Customers"), "result": self.env._("Results")}
        for index, (code, params, statement) in enumerate(steps):
            if code == "result" and self.base_review_id:
                # A what-if of the past starts from the tiers of that time.
                self.env.cr.execute(
                    review_lines.copy_previous(self.id, self.base_review_id.id, plan.result)
                )
            self.env.cr.execute(statement)
            title = names.get(params.get("indicator_id")) or titles.get(code, code)
            yield 99.0 * (index + 1) / len(steps), title
        self.env.invalidate_all(flush=False)

    def _guard_compute(self):
        """Reasons against computing."""
        self.ensure_one()
        reasons = self.scorecard_id._problems()
        if (
            self.scorecard_id.state == "draft"
            and self.kind != "what_if"
            and self.scorecard_id.next_version_ids
        ):
            reasons.append(self.env._("the scorecard has been replaced by a newer version."))
        if self.kind == "single":
            partner = self.partner_id
            if partner.commercial_partner_id != partner:
                reasons.append(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: review the company instead.",
                        contact=partner.display_name,
                        company=partner.commercial_partner_id.display_name,
                    )
                )
            elif not self._population_size():
                reasons.append(
                    self.env._(
                        "%(customer)s is not covered by the scorecard %(scorecard)s.",
                        customer=partner.display_name,
                        scorecard=self.scorecard_id.display_name,
                    )
                )
        return reasons

    def action_compute(self):
        """Compute all figures now; can be run again and keeps what people entered."""
        for review in self:
            review._check_no_background()
            review._compute_now()
        return True

    def _compute_now(self):
        """Lock, check, compute and set the state, in this transaction."""
        first = self.state == "draft"
        self._transition("compute")
        self._after_compute(first)

    def _before_transition(self, transition):
        """Compute before the state says so."""
        result = super()._before_transition(transition)
        if self.env.context.get("review_computed") is COMPUTED:
            return result
        for review in self:
            if transition.name == "compute" or (
                transition.name == "submit" and review.needs_recompute
            ):
                for _step in review._compute_steps():
                    pass
                review._write_computed()
        return result

    def _write_computed(self):
        # sudo: written by the computation only.
        self.sudo()._write_job(computed_on=fields.Datetime.now(), needs_recompute=False)

    def _after_compute(self, first):
        """Tell the people what to do next, once for each review."""
        if self.kind == "what_if":
            return
        if first:
            self._notify_leader()
        self._notify_account_managers()

    def action_compute_start(self):
        """Button: compute now, or in the background where it takes long."""
        self._check_transition("compute")
        for review in self:
            if review.is_large:
                review._start_background("_job_compute")
            else:
                review.action_compute()
        return True

    def _job_compute(self):
        """Background job: the same in committed steps; only a complete run may be submitted."""
        self._check_transition("compute")
        first = self.state == "draft"
        # sudo: bookkeeping of the job. Until the last step the figures are mixed, so they need
        # another run.
        self.sudo()._write_job(needs_recompute=True)
        yield from self._compute_steps()
        self._write_computed()
        self.with_context(**self._computed_context())._transition("compute")
        self._after_compute(first)

    def _computed_context(self):
        """Context of a transition whose figures are computed already."""
        return {"review_computed": COMPUTED}

    # --- opening of due reviews
    @api.model
    def _cron_open_due_reviews(self):
        """Open and compute the review of each active scorecard, company and period that is over.

        Missed periods are caught up, the oldest first. Running it again changes nothing. One
        scorecard that fails does not stop the others; the error is logged and told to the heads.
        """
        scorecards = self.env["customer.scorecard"].search(
            [("state", "=", "published"), ("auto_open", "=", True)], order="id"
        )
        companies = self._job_companies()
        late = Domain(self._late_domain()) & Domain("company_id", "in", companies.ids)
        return self._run_steps(
            [
                *(
                    Step(
                        f"open:{scorecard.id}:{company.id}",
                        lambda after, s=scorecard, c=company: self._open_next(s, c, after),
                    )
                    for scorecard in scorecards
                    for company in companies
                    if scorecard.company_id in (company, company.browse())
                ),
                Batches(
                    "late",
                    lambda after, limit: self.search(
                        Domain("id", ">", after) & late, order="id", limit=limit
                    ),
                    lambda reviews: reviews._remind_late(),
                    REMINDED,
                ),
            ]
        )

    @api.model
    def _open_next(self, scorecard, company, after):
        """Open the review of the next period behind the day `after`.

        :return: (periods done, last day of that period or None when no other is due)
        """
        due = [
            period
            for period in self._due_periods(scorecard, company)
            if not after or fields.Date.to_string(period.date_to) > after
        ]
        if not due:
            return 0, None
        self._open_review(scorecard, company, due[0])
        return 1, fields.Date.to_string(due[0].date_to) if len(due) > 1 else None

    @api.model
    def _due_periods(self, scorecard, company):
        """Periods that are over, waited for, and have no review yet; the oldest first."""
        new = self.new({"scorecard_id": scorecard.id, "company_id": company.id})
        fiscal = new._fiscal_year()
        due_day = fields.Date.subtract(company._customer_today(), days=scorecard.review_delay_days)
        # Other versions count: a period is reviewed once, whichever version was published then.
        reviews = self.search(
            [
                ("scorecard_id.code", "=", scorecard.code),
                ("company_id", "=", company.id),
                ("kind", "=", "regular"),
            ]
        )
        last = max(reviews.mapped("date_to"), default=None)
        if last is None and scorecard.published_on:
            # Nothing reviewed yet: from the last period that was over when the scorecard was
            # published.
            first = periods.last_ended(scorecard.published_on, scorecard.period, fiscal)
            last = first.date_from - periods.ONE_DAY
        missed = periods.missed(last, due_day + periods.ONE_DAY, scorecard.period, fiscal)
        return [period for period in missed if period.date_to <= due_day]

    @api.model
    def _open_review(self, scorecard, company, period):
        """Create and compute one review; a failure is undone and told."""
        vals = {
            "scorecard_id": scorecard.id,
            "company_id": company.id,
            "date_from": period.date_from,
            "date_to": period.date_to,
        }
        reviews = self.with_company(company)
        try:
            with self.env.cr.savepoint():
                if not reviews.new({**vals, "kind": "regular"})._population_size():
                    # Nobody to score: no review that somebody would have to close. It opens once
                    # there is a customer.
                    return
                days = scorecard.review_due_days
                review = reviews.create(
                    {**vals, "deadline": fields.Date.add(company._customer_today(), days=days)}
                )
                review.action_compute()
        except UserError as error:
            _logger.warning("Review of %s for %s: %s", scorecard.display_name, company.name, error)
            self._tell_failure(scorecard, company, period, error)

    @api.model
    def _tell_failure(self, scorecard, company, period, error):
        """Put what went wrong on the scorecard, once for each period and day."""
        scorecard.message_post(
            body=in_house(self).env._(
                "The review of %(company)s for the period %(date_from)s to %(date_to)s "
                "could not be computed: %(error)s",
                company=company.name,
                date_from=period.date_from,
                date_to=period.date_to,
                error=error,
            ),
            partner_ids=scorecard.leader_id.partner_id.ids,
        )

    @api.model
    def _reminder_days(self):
        """Days after the deadline at which the leader is reminded, from the settings."""
        # sudo: a setting of the addon, no secret.
        text = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("customer_governance.review_reminder_days", "")
        )
        return sorted(int(part) for part in text.split(",") if part.strip().isdecimal())

    def _remind_late(self):
        """Remind the leaders of late reviews, once for each step, also after a pause."""
        for review in self:
            late = (review.company_id._customer_today() - review.deadline).days
            steps = [step for step in self._reminder_days() if step <= late]
            new = [step for step in steps if review._once(f"late:{review.deadline}:{step}")]
            # Several steps at once after a pause are one reminder.
            if new:
                review._send_reminder(late)

    def _send_reminder(self, late):
        """Post to the leader what waits and for whom."""
        self.ensure_one()
        house = in_house(self)
        state = dict(self._fields["state"]._description_selection(house.env))[self.state]
        self.message_post(
            body=house.env._(
                "This review is %(days)s days overdue: it has been in status %(state)s "
                "since the deadline %(deadline)s.",
                days=late,
                state=state.lower(),
                deadline=self.deadline,
            ),
            partner_ids=self.approver_ids.partner_id.ids,
        )

    # --- figures that screens show
    def _compute_line_figures(self):
        Line = self.env["customer.review.line"]
        moves = {}
        for review, movement, count in Line._read_group(
            [("review_id", "in", self.ids)], ["review_id", "movement"], ["__count"]
        ):
            moves[review.id, movement] = count
        missing = dict(
            Line._read_group(
                [("review_id", "in", self.ids), ("manual_missing", ">", 0)],
                ["review_id"],
                ["__count"],
            )
        )
        appeals = dict(
            Line._read_group(
                [("review_id", "in", self.ids), ("appeal_state", "=", "open")],
                ["review_id"],
                ["__count"],
            )
        )
        for review in self:
            review.line_count = sum(count for (key, _m), count in moves.items() if key == review.id)
            review.up_count = moves.get((review.id, "up"), 0)
            review.down_count = moves.get((review.id, "down"), 0)
            review.none_count = moves.get((review.id, "none"), 0)
            review.missing_count = missing.get(review, 0)
            review.appeal_count = appeals.get(review, 0)

    @api.depends("line_ids")
    @api.depends_context("uid")
    def _compute_top_line_ids(self):
        Line = self.env["customer.review.line"]
        for review in self:  # only forms show it, so it is one review
            review.top_line_ids = Line.search(
                [("review_id", "in", review.ids)], order="rank, id", limit=TOP_LINES
            )

    @api.depends_context("lang")
    def _compute_manual_progress(self):
        counts = {}
        if self.ids:
            self.env["customer.review.score"].flush_model()
            rows = self.env.execute_query(review_lines.manual_progress(self.ids))
            counts = {review_id: (done, total) for review_id, done, total in rows}
        for review in self:
            done, total = counts.get(review.id, (0, 0))
            review.manual_count = total
            review.manual_progress = 100.0 * done / total if total else 100.0
            review.manual_missing_text = total > done and self.env._(
                "Values not yet entered: %(missing)s of %(total)s.",
                missing=total - done,
                total=total,
            )

    @api.depends(
        lambda self: tuple(
            f"line_ids.{name}"
            for name in self.env["customer.review.line"]._columns_of("decided", "proposed")
        )
    )
    def _compute_matrix(self):
        Line = self.env["customer.review.line"]
        for review in self:
            result = review._result_columns()
            mine = Domain("review_id", "in", review.ids)
            undecided = Domain(result.decided, "=", False)
            cells = Line._read_group(
                mine & undecided, [result.previous, result.proposed], ["__count"]
            ) + Line._read_group(mine & ~undecided, [result.previous, result.decided], ["__count"])
            review.matrix = review._render_matrix(cells, "") if cells else False

    @api.model
    def _render_matrix(self, cells, title):
        """Picture of moves between results.

        :param cells: rows (tier before, tier after, customers), the tiers (grades) as records
        """
        counts = {}
        for before, after, count in cells:
            counts[before, after] = counts.get((before, after), 0) + count
        none = cells[0][0].browse() if cells else self.env["customer.tier"]
        tiers = none.union(*(tier for pair in counts for tier in pair)).sorted(
            lambda tier: (tier.sequence, tier.id)
        )
        rows = [*tiers, *([none] if any(not before for before, _after in counts) else [])]
        columns = [*tiers, *([none] if any(not after for _before, after in counts) else [])]
        return self.env["ir.qweb"]._render(
            "customer_governance.review_matrix",
            {
                "title": title,
                "rows": rows,
                "columns": columns,
                "counts": counts,
                "place": {tier: index for index, tier in enumerate([*tiers, none])},
                "largest": max(counts.values(), default=1),
            },
        )
