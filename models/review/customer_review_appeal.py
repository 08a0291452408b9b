"""Appeals against the result of a review."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.transitions import Transition, TransitionTable
from ..common.digest import for_reader

LEADERS = ("group_committee", "group_manager")


class CustomerReviewAppeal(models.Model):
    """The account manager asks for another tier; the leader decides.

    Nothing is deleted: that is the trail.
    """

    _name = "customer.review.appeal"
    _description = "Appeal"
    _inherit = [
        "customer.confidential.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.transition.mixin",
    ]
    _order = "id desc"

    _transitions = TransitionTable(
        "open",
        (
            Transition("accept", ("open",), "accepted", "_guard_decide", LEADERS),
            Transition("reject", ("open",), "rejected", "_guard_decide", LEADERS),
            Transition("withdraw", ("open",), "withdrawn"),
        ),
    )

    line_id = fields.Many2one(
        "customer.review.line", "Review Line", required=True, index=True, ondelete="cascade"
    )
    review_id = fields.Many2one(related="line_id.review_id", store=True, index=True)
    partner_id = fields.Many2one(related="line_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Appealed By", required=True, readonly=True, default=lambda self: self.env.user
    )
    proposed_tier_id = fields.Many2one("customer.tier", "Result Appealed", readonly=True)
    wanted_tier_id = fields.Many2one(
        "customer.tier", "Tier Requested", required=True, domain="[('kind', '=', 'customer')]"
    )
    reason = fields.Text("Reason", required=True)
    state = fields.Selection(
        [
            ("open", "Pending"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
        ],
        "Status",
        default="open",
        required=True,
        index=True,
        tracking=True,
    )
    answer = fields.Text("Answer", tracking=True, help="Why the appeal is accepted or rejected.")
    decided_by_id = fields.Many2one("res.users", "Decided By", readonly=True)
    decided_on = fields.Datetime("Decided On", readonly=True)

    is_author = fields.Boolean(compute="_compute_rights")
    can_answer = fields.Boolean(compute="_compute_rights")

    _open_uniq = models.UniqueIndex(
        "(line_id) WHERE state = 'open'", "There is already an open appeal for this customer."
    )

    @api.depends("state", "user_id", "review_id.leader_id")
    @api.depends_context("uid")
    def _compute_rights(self):
        for appeal in self:
            appeal.is_author = appeal.user_id == self.env.user
            appeal.can_answer = appeal.state == "open" and appeal._is_leader()

    @api.depends("partner_id.name", "review_id.name")
    def _compute_display_name(self):
        for appeal in self:
            appeal.display_name = self.env._(
                "Appeal: %(customer)s, %(review)s",
                customer=appeal.partner_id.display_name or "",
                review=appeal.review_id.display_name or "",
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Check that an appeal is possible, keep what it is against, tell the leader."""
        appeals = super().create(
            [
                {
                    **{
                        key: value
                        for key, value in vals.items()
                        if key not in ("answer", "decided_by_id", "decided_on")
                    },
                    "user_id": self.env.uid,
                }
                for vals in vals_list
            ]
        )
        appeals._check_possible()
        for appeal in appeals:
            line = (
                appeal.line_id.sudo()
            )  # sudo: account managers cannot write lines; the state follows the appeal
            super(CustomerReviewAppeal, appeal).write(
                {"proposed_tier_id": (line.decided_tier_id or line.proposed_tier_id).id}
            )
            line.write({"appeal_state": "open"})
            appeal._notify_leader()
        return appeals

    def _check_possible(self):
        """Raise unless each line can be appealed against by this user now."""
        for appeal in self:
            # sudo: read the state of the review; own lines are checked by the access rule of the
            # appeal.
            review = appeal.line_id.sudo().review_id
            appeal.line_id.check_access("read")
            if not review._usage().managers:
                raise UserError(
                    self.env._(
                        "Only customer tiers can be appealed against: this result is corrected by "
                        "the decision or by a new review."
                    )
                )
            if review.kind == "what_if" or review.state not in (
                "computed",
                "in_review",
                "approved",
            ):
                raise UserError(
                    self.env._(
                        "An appeal can be submitted after the review is computed and before "
                        "it is applied; this is not the case for %(review)s.",
                        review=review.display_name,
                    )
                )
            if not (appeal.reason or "").strip():
                raise UserError(self.env._("Enter the reason for the appeal."))
            if appeal.wanted_tier_id.kind != "customer":
                raise UserError(
                    self.env._(
                        "%(tier)s is determined by the lifecycle and cannot be requested.",
                        tier=appeal.wanted_tier_id.name,
                    )
                )

    def _notify_leader(self):
        # sudo: an activity for somebody else on a record of one's own.
        for user in self.review_id.sudo().approver_ids:
            self.sudo().activity_schedule(
                "customer_governance.mail_activity_review_appeal", user_id=user.id, note=self.reason
            )

    def write(self, vals):
        """The words of an appeal stay as they were written; only the answer is added."""
        allowed = {"answer", "state", "message_main_attachment_id"}
        if not self.env.su and not set(vals) <= allowed:
            raise AccessError(
                self.env._("An appeal cannot be changed: withdraw it and submit a new one.")
            )
        if not self.env.su and "answer" in vals:
            self._check_leader()
            if any(appeal.state != "open" for appeal in self):
                raise UserError(
                    self.env._("The appeal has been decided: its answer can no longer be changed.")
                )
        return super().write(vals)

    def _check_leader(self):
        """Raise unless the user leads the reviews of the appeals."""
        for appeal in self:
            if not appeal._is_leader():
                raise AccessError(
                    self.env._(
                        "Appeals against %(review)s are decided by its leader.",
                        review=appeal.review_id.display_name,
                    )
                )

    def _is_leader(self):
        """Whether the user leads the review: its leader or a head of customer governance."""
        self.ensure_one()
        user = self.env.user
        # sudo: who leads is no secret.
        return (
            self.env.su
            or user.has_group("customer_governance.group_manager")
            or (
                user.has_group("customer_governance.group_committee")
                and user in self.sudo().review_id.approver_ids
            )
        )

    def _guard_decide(self):
        """Reasons against a decision."""
        self.ensure_one()
        reasons = []
        if self.review_id.state not in ("computed", "in_review", "approved"):
            reasons.append(self.env._("its review is closed."))
        if not (self.answer or "").strip():
            reasons.append(self.env._("enter the answer first."))
        return reasons

    def _close(self, name):
        """Make the transition and put its result on the line."""
        for appeal in self:
            # sudo: the stamp of a decision whose right is checked by the callers.
            appeal._transition(name)
            appeal.flush_recordset(["state"])  # the index on open appeals sees the new state
            models.Model.write(
                appeal.sudo(), {"decided_by_id": self.env.uid, "decided_on": fields.Datetime.now()}
            )
            state = appeal.state if name != "withdraw" else False
            appeal.line_id.sudo().write({"appeal_state": state})
            appeal.sudo().activity_feedback(["customer_governance.mail_activity_review_appeal"])

    def action_answer(self):
        """Open the dialog that asks for the answer and decides."""
        self.ensure_one()
        self._check_leader()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide the appeal"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [
                (
                    self.env.ref("customer_governance.customer_review_appeal_view_form_answer").id,
                    "form",
                )
            ],
            "target": "new",
        }

    def action_accept(self):
        """Give the customer the tier asked for; an approved review goes back to the committee."""
        self._check_leader()
        for appeal in self:
            appeal._close("accept")
            review = appeal.review_id
            if review.state == "approved":
                review.action_revise()
            # sudo: the leader decides the appeal even where the approvals of the review have begun.
            appeal.line_id.sudo()._decide_appeal(
                appeal.wanted_tier_id,
                self.env._("Appeal accepted: %(answer)s", answer=appeal.answer),
            )
            appeal._tell_author()
        return True

    def action_reject(self):
        """Leave the result as it is."""
        self._check_leader()
        for appeal in self:
            appeal._close("reject")
            appeal._tell_author()
        return True

    def action_withdraw(self):
        """The author takes the appeal back."""
        for appeal in self:
            if appeal.user_id != self.env.user and not self.env.su:
                raise AccessError(
                    self.env._("Only the person who submitted the appeal can withdraw it.")
                )
            appeal._close("withdraw")
        return True

    def _tell_author(self):
        """Tell the account manager the decision."""
        words = for_reader(self, self.user_id)
        self.message_post(
            body=words.env._(
                "Decision: %(state)s. %(answer)s", state=words._state_text(), answer=self.answer
            ),
            partner_ids=self.user_id.partner_id.ids,
        )

    def _state_text(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Appeals are kept for the record: withdraw it instead."))
