from odoo import api, fields, models
from odoo.exceptions import AccessError

from .customer_approval_mixin import APPROVAL_KEY
from .customer_transition_mixin import SENTINEL

# Names of approvers in a sentence; more of them are called by their group.
NAMES_SHOWN = 3


class TierReview(models.Model):
    """Approval rows of our models change through the approval methods only.

    base_tier_validation gives every user create, write and unlink on them: over RPC anybody could
    approve anything.
    """

    _inherit = "tier.review"

    # in words of ours, which are translated here
    status = fields.Selection(
        [
            ("waiting", "Later"),
            ("pending", "Waiting"),
            ("rejected", "Rejected"),
            ("approved", "Approved"),
            ("cancel", "Cancelled"),
        ],
        "Status",
    )
    approver_words = fields.Char(
        "By",
        compute="_compute_approver_words",
        help="Who gives the approval; `todo_by` is kept in the language of who computed it.",
    )

    @api.depends("reviewer_ids", "reviewer_group_id")
    @api.depends_context("lang")
    def _compute_approver_words(self):
        for row in self:
            row.approver_words = row._approver_names()

    def _is_guarded(self, model_name):
        mixin = self.env.registry["customer.approval.mixin"]
        return model_name in self.env and issubclass(self.env.registry[model_name], mixin)

    def _check_guard(self, model_names):
        if self.env.su or self.env.context.get(APPROVAL_KEY) is SENTINEL:
            return
        if any(self._is_guarded(name) for name in model_names if name):
            raise AccessError(
                self.env._(
                    "Approvals are given with the buttons of the document and cannot be entered "
                    "directly."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse approval rows that do not come from a request for approval."""
        self._check_guard({vals.get("model") for vals in vals_list})
        return super().create(vals_list)

    def write(self, vals):
        """Refuse approvals that do not come from the methods of the document."""
        self._check_guard({*self.mapped("model"), vals.get("model")})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_guarded(self):
        self._check_guard(set(self.mapped("model")))

    def _update_review_status(self):
        """EXTENDS base_tier_validation: promotes waiting rows, called by the systray of any user."""
        marked = self.with_context(**{APPROVAL_KEY: SENTINEL})
        return super(TierReview, marked)._update_review_status()

    def _get_reviewers(self):
        """EXTENDS base_tier_validation: who implies the group approves too, as elsewhere."""
        reviewers = super()._get_reviewers()
        group = self.reviewer_group_id
        # sudo: who is in a group is no secret where it has to approve
        implied = group.sudo().all_user_ids.filtered("active") - reviewers
        if self.definition_id.exclude_requester:
            implied -= self.requested_by
        return reviewers | implied.sudo(False)

    def _approver_names(self):
        """Return who gives the approval, in words of the reader."""
        self.ensure_one()
        # sudo: who has to approve is no secret to who may read the document
        row = self.sudo()
        names = ", ".join(row.reviewer_ids.mapped("name"))
        group = row.reviewer_group_id.name
        if not group or not names:
            return group or names or row.name
        return f"{group} ({names})" if len(row.reviewer_ids) <= NAMES_SHOWN else group
