"""From the computed figures to tiers: submit, approve, apply, cancel."""

from odoo import api, fields, models

from ...queries import review_lines, review_plan, reviews, reviews_apply
from ...queries.tiers import TierMove
from ..common.digest import in_house
from ..common.guard import Settled

# Names listed in a message; the rest is counted.
NAMES_SHOWN = 20

SETTLED = {
    "applied": (
        "committee_ids",
        "company_id",
        "date_from",
        "date_to",
        "kind",
        "leader_id",
        "partner_id",
        "scorecard_id",
    )
}


class CustomerReview(models.Model):
    """The way of a review: one method for each transition."""

    _inherit = "customer.review"
    _guards = (Settled(SETTLED),)

    # --- guards -------------------------------------------------------------------------------

    def _guard_submit(self):
        """Reasons against submitting."""
        self.ensure_one()
        if self.kind == "what_if":
            return [
                self.env._("a what-if analysis is never applied: publish its scorecard instead.")
            ]
        reasons = []
        if self.scorecard_id.state == "draft":
            reasons.append(
                self.env._(
                    "the scorecard %(name)s is still a draft: publish it first, so that the "
                    "result can be explained later.",
                    name=self.scorecard_id.display_name,
                )
            )
        if (
            not self.env["customer.review.line"]
            .sudo()
            .search_count([("review_id", "=", self.id)], limit=1)
        ):
            reasons.append(self.env._("it contains no customers."))
        return reasons

    def _open_appeals(self):
        # sudo: counts appeals whoever approves; nothing of them is shown but the number.
        count = (
            self.env["customer.review.line"]
            .sudo()
            .search_count([("review_id", "=", self.id), ("appeal_state", "=", "open")])
        )
        if count:
            return [self.env._("appeals not yet decided: %(count)s.", count=count)]
        return []

    def _guard_approve(self):
        """Reasons against approving."""
        self.ensure_one()
        return self._open_appeals() + self._same_eyes(
            self.submitted_by_id,
            self.env._("you submitted it: another user must approve it."),
            self._usage().independent,
        )

    def _same_eyes(self, earlier, reason, always=False):
        """The reason, when two persons are wanted (or `always`) and the user took the step before."""
        # sudo: whether two persons are wanted is no secret.
        wanted = always or self.company_id.sudo().customer_review_four_eyes
        if wanted and not self.env.su and earlier == self.env.user:
            return [reason]
        return []

    def _may_decide_now(self):
        """EXTENDS approval mixin: whoever submits an independent review does not approve."""
        own = self._usage().independent and self._same_eyes(self.submitted_by_id, "own", True)
        return not own and super()._may_decide_now()

    @api.depends("state", "submitted_by_id", "approved_by_id", "company_id")
    @api.depends_context("uid")
    def _compute_other_eyes(self):
        for review in self:
            earlier = {"in_review": review.submitted_by_id, "approved": review.approved_by_id}
            before = earlier.get(review.state, self.env["res.users"])
            review.other_eyes = bool(review._same_eyes(before, "other"))

    def _guard_apply(self):
        """Reasons against applying."""
        self.ensure_one()
        reasons = self._open_appeals() + self._same_eyes(
            self.approved_by_id, self.env._("you approved it: another user must apply it.")
        )
        if self.kind == "what_if":
            reasons.append(self.env._("a what-if analysis is never applied."))
        later = self._later_applied()
        if later:
            reasons.append(
                self.env._(
                    "the later review %(name)s has already been applied: tiers of an older "
                    "period would overwrite its results.",
                    name=later.display_name,
                )
            )
        return reasons

    def _later_applied(self):
        """A review of the same kind for a later period that gave tiers already."""
        if self.kind != "regular":
            return self.browse()
        return self.search(
            [
                ("kind", "=", "regular"),
                ("scorecard_id.code", "=", self.scorecard_id.code),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "applied"),
                ("date_to", ">", self.date_to),
            ],
            limit=1,
        )

    # --- transitions --------------------------------------------------------------------------

    def action_submit(self):
        """Hand the figures to the committee and ask for the approvals."""
        self._check_no_background()
        for review in self:
            review._transition("submit", {"submitted_by_id": self.env.uid})
            review._close_fill_activities()
            review._request_approval()
            review._notify_committee()
        return True

    def action_submit_start(self):
        """Button: submit now, or in the background where a long computation comes first."""
        self._check_transition("submit")
        for review in self:
            if review.needs_recompute and review.is_large:
                review._start_background("_job_submit")
            else:
                review.action_submit()
        return True

    def _job_submit(self):
        """Background job: compute what people entered, then submit."""
        self._check_transition("submit")
        yield from self._compute_steps()
        self._write_computed()
        self._transition("submit", {"submitted_by_id": self.env.uid})
        self._close_fill_activities()
        self._request_approval()
        self._notify_committee()

    def action_approve(self):
        """Give the caller's own approval; the last one missing approves the review."""
        self._check_no_background()
        self._give_approval()
        return True

    def action_send_back(self):
        """Take the review back to the account managers; given approvals are void."""
        self._check_no_background()
        return self._transition("send_back")

    def action_revise(self):
        """Take an approved review back to the committee; it has to be approved again."""
        self._check_no_background()
        for review in self:
            # The approvals were given for other decisions: they go with the transition.
            review._approving()._transition("revise")
            review._request_approval()
        return True

    def action_cancel(self):
        """Cancel: nothing is applied; figures and decisions stay readable."""
        self._check_no_background()
        for review in self:
            review._transition("cancel")
            review.activity_unlink(
                [
                    "customer_governance.mail_activity_review_lead",
                    "customer_governance.mail_activity_review_fill",
                ]
            )
        return True

    def action_reopen(self):
        """Start again from the draft."""
        return self._transition("reopen")

    def _after_transition(self, transition):
        """EXTENDS transition mixin: remember when."""
        result = super()._after_transition(transition)
        if transition.name == "approve":
            # sudo: a stamp; the right to approve was checked by the transition.
            self.sudo()._write_job(approved_on=fields.Datetime.now(), approved_by_id=self.env.uid)
            self.filtered(lambda review: review._is_at_once()).action_apply()
        return result

    # --- applying -----------------------------------------------------------------------------

    def action_apply(self):
        """Write tiers and history of all lines in one transaction, all or nothing."""
        self._check_no_background()
        for review in self:
            # The transition locks the row: a second person waits or gets a clear message.
            review._transition(
                "apply", {"applied_by_id": self.env.uid, "applied_on": fields.Datetime.now()}
            )
            review._apply_lines()
        return True

    def action_apply_start(self):
        """Button: apply now, or in the background where it takes long."""
        self._check_transition("apply")
        for review in self:
            if review.line_count > self._background_threshold():
                review._start_background("_job_apply")
            else:
                review.action_apply()
        return True

    def _job_apply(self):
        """Background job: nothing is committed between the first and the last customer."""
        yield 5.0, self.env._("Updating tiers")
        self._transition(
            "apply", {"applied_by_id": self.env.uid, "applied_on": fields.Datetime.now()}
        )
        self._apply_lines()
        yield 99.0, self.env._("Tiers updated")

    def _apply_lines(self):
        """Write the decisions to the customers; the history row is the trace."""
        self.ensure_one()
        self.env.flush_all()
        skipped = self._gone_customers()
        plan = self._apply_plan()
        newer = self._kept_by_newer(plan)
        getattr(self, self._usage().apply)(plan)
        self.env.invalidate_all()  # what a domain wrote by the ORM is not lost
        self._mark_later_reviews()
        self._feedback_activities("customer_governance.mail_activity_review_lead")
        self._post_applied(skipped, newer)

    def _apply_plan(self):
        company = self.company_id
        return review_plan.ApplyPlan(
            review_id=self.id,
            company_id=company.id,
            user_id=self.env.uid,
            today=company._customer_today(),
            reason=self.env._("Review %(name)s", name=self.name),
            date_to=self.date_to,
            is_year=self.scorecard_id.period == "year",
            rule=company.customer_year_rule,
            order=tuple(self.env["customer.tier"].sudo().search([("kind", "=", "customer")]).ids),
            bounded_reason=self.env._(
                "Review %(name)s, within the limits of the yearly result", name=self.name
            ),
        )

    def _kept_by_newer(self, plan):
        """Count the customers of whom the result of a newer period stays."""
        if self.usage != "tier":
            return 0
        [(count,)] = self.env.execute_query(reviews_apply.kept_by_newer(plan))
        return count

    def _apply_tiers(self, plan):
        """Write the tiers to the customers (usage tier)."""
        self.env.cr.execute(reviews.apply_tiers(plan))
        moves = [
            TierMove(*row) for row in self.env.execute_query(review_lines.applied_moves(self.id))
        ]
        self.env.invalidate_all(flush=False)
        if moves:
            # sudo: the hook writes on customers the applying user need not be able to write.
            Partner = self.env["res.partner"].sudo().with_company(self.company_id)
            moved = Partner.browse([move.partner_id for move in moves])
            members = Partner.with_context(active_test=False)
            members.search([("commercial_partner_id", "in", moved.ids)])._spread_to_branches(
                ["customer_tier_id", "customer_tier_since", "customer_tier_origin"]
            )
            moved._after_tier_change(moves)

    def _mark_later_reviews(self):
        """Reviews computed before compare with tiers that are no longer the present ones."""
        later = self.search(
            [
                ("id", "!=", self.id),
                ("kind", "!=", "what_if"),
                ("company_id", "=", self.company_id.id),
                ("usage", "=", self.usage),
                ("state", "=", "computed"),
            ]
        )
        # sudo: bookkeeping on reviews of other people.
        later.sudo()._write_job(needs_recompute=True)

    def _gone_customers(self):
        """Customers that were archived or became a contact since: their lines are not applied."""
        # sudo: archived customers and those of other salespeople count as well.
        lines = (
            self.env["customer.review.line"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("review_id", "=", self.id),
                    "|",
                    ("partner_id.active", "=", False),
                    "&",
                    ("partner_id.is_company", "=", False),
                    ("partner_id.parent_id", "!=", False),
                ]
            )
        )
        return lines.partner_id

    def _post_applied(self, skipped, newer=0):
        """One message on the review instead of one on each customer."""
        house = in_house(self)
        body = house.env._(
            "Applied. Moved up: %(up)s; moved down: %(down)s; tier kept for lack of a "
            "decision: %(none)s.",
            up=self.up_count,
            down=self.down_count,
            none=self.none_count,
        )
        if skipped:
            names = ", ".join(skipped[:NAMES_SHOWN].mapped("display_name"))
            body += " " + house.env._(
                "Left out because they were archived or merged after the computation: "
                "%(names)s (%(count)s in total).",
                count=len(skipped),
                names=names,
            )
        if newer:
            body += " " + house.env._(
                "%(count)s customers keep the tier decided for a more recent period.", count=newer
            )
        self.message_post(body=body)

    def _get_under_validation_exceptions(self):
        """EXTENDS base_tier_validation: minutes and deadline stay open during approval."""
        return [*super()._get_under_validation_exceptions(), "note", "deadline"]

    def _get_all_validation_exceptions(self):
        """EXTENDS base_tier_validation: the same in the form."""
        return [*super()._get_all_validation_exceptions(), "note", "deadline"]
