from lxml import etree

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from .customer_transition_mixin import SENTINEL
from .digest import LISTED, tell
from .facts import without

MANY_KEY = "customer_many_requests"
REJECTION_FACTS = ("approval_rejection", "approval_rejected_by_id")
APPROVAL_KEY = "customer_approval"
# Context keys of base_tier_validation that switch its checks off; anybody can send them over RPC.
_FORGEABLE = ("skip_validation_check", "skip_check_state_condition")


class ApprovalMissing(UserError):
    """The record waits for the approval of somebody else."""


class CustomerApprovalMixin(models.AbstractModel):
    """OCA tier validation (its "tier" is a level of approval) joined to a transition.

    The model sets ``_state_from`` (waiting for approval), ``_state_to`` and
    ``_approval_transition`` (made by the last approval) and may set ``_rejection_transition``.
    Its ``action_<name>`` calls `_give_approval`. Who approves what in which order are
    ``tier.definition`` records.

    base_tier_validation lets every user write ``tier.review`` rows and trusts context keys; here
    rows change through these methods only (`tier_review.py`), and the keys are dropped.
    """

    _name = "customer.approval.mixin"
    _inherit = ["tier.validation"]
    _description = "Multi-Level Approval"

    _tier_validation_manual_config = False
    _cancel_state = "cancelled"
    _approval_transition = "approve"
    _rejection_transition = None
    _transitions = None  # of the transition mixin, where the model has it
    # What approvals leave on the record, never written by users.
    _approval_facts = ("validation_status",)

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS base_tier_validation: nothing is born approved."""
        if not self.env.su:
            self, vals_list = without(self, vals_list, (*self._approval_facts, *REJECTION_FACTS))
        return super().create(vals_list)

    def _approving(self):
        """Return the records with the mark that opens their approval rows."""
        context = {key: False for key in _FORGEABLE if self.env.context.get(key)}
        return self.with_context(**context, **{APPROVAL_KEY: SENTINEL})

    def _request_approval(self):
        """Create the approval rows of the definitions that apply and tell the approvers.

        Of several requests at once each approver is told in one message.
        """
        self._forget_rejection()
        if len(self) < 2:
            return self._approving().request_validation()
        many = self._approving().with_context(**{MANY_KEY: SENTINEL})
        rows = many.request_validation()
        self._tell_approvers()
        return rows

    def _tell_approvers(self):
        """Tell each person once of all the requests that wait for his approval."""
        # sudo: approval rows of other people
        waiting = self.sudo().review_ids.filtered(
            lambda row: (
                row.status == "pending"
                and (row.definition_id.notify_on_pending or row.definition_id.notify_on_create)
            )
        )
        for user in waiting.reviewer_ids:
            ids = waiting.filtered(lambda row, user=user: user in row.reviewer_ids).mapped("res_id")
            # sudo: who has to approve reads what it is about
            requests = self.sudo().browse(dict.fromkeys(ids))
            requests = requests.with_context(lang=user.lang, tz=user.tz or "UTC")
            rows = [(self._name, one.id, one.display_name, "") for one in requests[:LISTED]]
            subject = requests.env._(
                "%(n)s requests are waiting for your approval", n=len(requests)
            )
            tell(requests.env, user, subject, rows, len(requests))

    def _notify_review_available(self, tier_reviews):
        """EXTENDS base_tier_validation: of many requests `_tell_approvers` tells at once."""
        if self.env.context.get(MANY_KEY) is not SENTINEL:
            super()._notify_review_available(tier_reviews)

    def _notify_review_requested(self, tier_reviews):
        """EXTENDS base_tier_validation: of many requests `_tell_approvers` tells at once."""
        if self.env.context.get(MANY_KEY) is not SENTINEL:
            super()._notify_review_requested(tier_reviews)

    def _give_approval(self):
        """Give the caller's own approval; make the transition where it was the last one missing.

        :raises ApprovalMissing: when it is not this user's turn
        :return: the records that made the transition
        """
        done = self.browse()
        for record in self:
            record._check_approval_turn()
            if record._is_system() and record.review_ids:
                record._approve_as_system()
            elif record.review_ids:
                record._validate_tier()
                record._approving()._update_counter({"review_deleted": True})
            if record.validation_status in ("no", "validated"):
                record._transition(self._approval_transition)
                done |= record
        return done

    def _check_approval_turn(self, rejecting=False):
        """Check state and guard of the transition and that the caller is the next approver.

        :param rejecting: who may approve may refuse also what cannot be approved any more
        """
        self.ensure_one()
        self._check_transition(self._approval_transition, guarded=not rejecting)
        if not self.review_ids and self.need_validation:
            self._request_approval()
        open_rows = self.review_ids.filtered(lambda r: r.status in ("waiting", "pending"))
        if self.validation_status == "rejected":
            raise ApprovalMissing(
                self.env._(
                    "“%(record)s” was rejected. Send it back, correct it and submit it again.",
                    record=self.display_name,
                )
            )
        if self._is_system():
            return
        if open_rows and not open_rows.filtered(
            lambda r: r.can_review and self.env.user in r.reviewer_ids
        ):
            raise ApprovalMissing(
                self.env._(
                    "“%(record)s” is waiting for the approval of %(people)s.",
                    record=self.display_name,
                    people=", ".join(r._approver_names() for r in open_rows),
                )
            )

    def _is_system(self):
        """Whether the database's own user acts: scheduled actions and server code, nobody over RPC.

        It is inactive, so no row can ever name it as an approver.
        """
        return self.env.su and self.env.uid == SUPERUSER_ID

    def _approve_as_system(self):
        """Give all approvals that are missing in the name of the system."""
        self.ensure_one()
        rows = self._approving().review_ids
        rows.filtered(lambda row: row.status in ("waiting", "pending")).write(
            {
                "status": "approved",
                "done_by": self.env.uid,
                "reviewed_date": fields.Datetime.now(),
            }
        )

    def request_validation(self):
        """EXTENDS base_tier_validation: needs the right to write the record."""
        self.check_access("write")
        rows = super(CustomerApprovalMixin, self._approving()).request_validation()
        # It declares no dependencies: in this transaction it would still say "needed".
        self.invalidate_recordset(["need_validation"])
        return rows

    def restart_validation(self):
        """EXTENDS base_tier_validation: needs the right to write the record."""
        self.check_access("write")
        return super(CustomerApprovalMixin, self._approving()).restart_validation()

    def validate_tier(self):
        """EXTENDS base_tier_validation: the last approval makes the transition."""
        self.ensure_one()
        self._check_approval_turn()
        action = super(CustomerApprovalMixin, self._approving()).validate_tier()
        return action or self._after_decision()

    def reject_tier(self):
        """EXTENDS base_tier_validation: a rejection may send the record back."""
        self.ensure_one()
        self._check_approval_turn(rejecting=True)
        action = super(CustomerApprovalMixin, self._approving()).reject_tier()
        return action or self._after_decision()

    def _after_decision(self):
        """Make the transition that the approvals decided, once there is a decision."""
        if self.state not in self._state_from:
            return None
        if self.validation_status == "validated":
            self._transition(self._approval_transition)
        elif self.validation_status == "rejected" and self._rejection_transition:
            self._transition(self._rejection_transition)
        return None

    def _validate_tier(self, tiers=False):
        """EXTENDS base_tier_validation: only rows whose turn it is."""
        rows = (tiers or self.review_ids).filtered("can_review")
        if not rows.filtered(lambda r: self.env.user in r.reviewer_ids):
            return None
        return super(CustomerApprovalMixin, self._approving())._validate_tier(
            rows.with_env(self._approving().env)
        )

    def _rejected_tier(self, tiers=False):
        """EXTENDS base_tier_validation: only rows whose turn it is."""
        rows = (tiers or self.review_ids).filtered("can_review")
        return super(CustomerApprovalMixin, self._approving())._rejected_tier(
            rows.with_env(self._approving().env)
        )

    def write(self, vals):
        """EXTENDS base_tier_validation: without the context keys that skip its checks.

        :raises AccessError: for what only approvals write (a stored computed field takes any value)
        """
        facts = (*self._approval_facts, *REJECTION_FACTS)
        if not self.env.su and not vals.keys().isdisjoint(facts):
            raise AccessError(
                self.env._(
                    "Approvals are given with the buttons of the document and cannot be entered "
                    "directly."
                )
            )
        if any(self.env.context.get(key) for key in _FORGEABLE) and not self.env.su:
            self = self.with_context(**dict.fromkeys(_FORGEABLE, False))
        return super().write(vals)

    def _before_transition(self, transition):
        """Approvals of a record that leaves the waiting state another way are void."""
        res = super()._before_transition(transition)
        # the library computes it without dependencies: it may be older than the approvals
        self.invalidate_recordset(["need_validation"])
        if transition.target not in (*self._state_from, *self._state_to):
            # sudo: who may make the transition may void its approvals
            self._approving().review_ids.sudo().unlink()
            self.invalidate_recordset(["review_ids"])
        return res

    def unlink(self):
        """EXTENDS base_tier_validation: its approval rows go with the record."""
        return super(CustomerApprovalMixin, self._approving()).unlink()

    def _add_tier_validation_buttons(self, node, params):
        """Our own transition buttons replace the ones of base_tier_validation."""
        return etree.fromstring('<div><field name="validation_status" invisible="1"/></div>')
