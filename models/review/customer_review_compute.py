"""Computing a review: from its records to the plan of the set-based statements."""

from odoo import fields, models
from odoo.fields import Domain

from ...engine import periods
from ...queries import measures, review_lines, review_plan, reviews
from ...queries.customers import customers

# In the context of the transition at the end of a background job: the figures are there already.
# An object() cannot come over RPC.
COMPUTED = object()


class CustomerReview(models.Model):
    """The figures of a review."""

    _inherit = "customer.review"

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
        )

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
            tz=company.partner_id.tz or "UTC",
            partners=self._population(),
        )

    def _result_columns(self):
        """Columns of the result; a higher domain names its own for its usage."""
        return review_plan.TIERS

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
            reasons.append(self.env._("the scorecard was replaced by a newer version."))
        if self.kind == "single":
            partner = self.partner_id
            if partner.commercial_partner_id != partner:
                reasons.append(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: review the company.",
                        contact=partner.display_name,
                        company=partner.commercial_partner_id.display_name,
                    )
                )
            elif not self._population_size():
                reasons.append(
                    self.env._(
                        "%(customer)s is not among the customers of the scorecard %(scorecard)s.",
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
