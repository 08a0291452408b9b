from lxml import etree

from odoo import api, fields, models

from .customer_approval_mixin import REJECTION_FACTS

OPEN_ROWS = ("waiting", "pending")
# What changes whose turn it is, beside the state of the record.
APPROVAL_FIELDS = ("review_ids.status", "review_ids.can_review", "review_ids.reviewer_ids")


class CustomerApprovalMixin(models.AbstractModel):
    """What people see of an approval: whose turn it is, one pair of buttons, why it was rejected.

    A form of the models has one button `_approve_button` and one ``action_ask_rejection``, both
    ``invisible="not can_approve"``; banner and list of approvals come by themselves where the form
    has a sheet. base_tier_validation makes a form read-only as soon as approvals exist; names in
    `_filled_later` are those that people fill in once it is approved.
    """

    _inherit = "customer.approval.mixin"

    _approve_button = "action_approve"
    _filled_later = ()
    # What the approver needs on the record; approvals are rows of their own.
    _approval_access = "write"

    can_approve = fields.Boolean(
        compute="_compute_can_approve",
        groups="base.group_user",
        help="This user can decide now.",
    )
    approval_waits_for = fields.Char(
        "Waiting For", compute="_compute_approval_waits", groups="base.group_user"
    )
    approval_waits_since = fields.Datetime(
        "Waiting since", compute="_compute_approval_waits", groups="base.group_user"
    )
    approval_rejection = fields.Text(
        "Reason for Rejection", readonly=True, copy=False, groups="base.group_user"
    )
    approval_rejected_by_id = fields.Many2one(
        "res.users", "Rejected By", readonly=True, copy=False, groups="base.group_user"
    )

    # --- whose turn ---------------------------------------------------------------------------

    def _waiting_for_approval(self):
        """Return the records that are asked for and not decided."""
        return self.filtered(
            lambda r: (
                isinstance(r.id, int)
                and r[r._state_field] in r._state_from
                and r.validation_status not in ("rejected", "validated")
            )
        )

    def _open_approvals(self):
        """Return the approvals that are missing."""
        return self.review_ids.filtered(lambda row: row.status in OPEN_ROWS)

    def _may_decide_now(self):
        """Whether the caller is the next to decide; buttons follow it, methods check again."""
        self.ensure_one()
        if not self._approval_groups_ok():
            return False
        rows = self._open_approvals()
        if rows:
            return any(row.can_review and self.env.user in row.reviewer_ids for row in rows)
        if self.validation_status != "no":
            return False
        # nobody asked for the approvals yet: the button asks first, then it is the first one's turn
        return not self.need_validation or self.env.user in self._first_approvers()

    def _first_approvers(self):
        """Return who would decide first if the approvals were asked for now."""
        definitions = self.env["tier.definition"].search(
            [("model", "=", self._name), ("company_id", "in", [False, *self._get_company().ids])],
            order="sequence desc",
        )
        first = next((one for one in definitions if self.evaluate_tier(one)), definitions[:0])
        row = self.env["tier.review"].new(self._prepare_tier_review_vals(first, 1))
        return row._get_reviewers()

    def _prepare_tier_review_vals(self, definition, sequence):
        """EXTENDS base_tier_validation: who asked, also where the first approver opens the rows."""
        vals = super()._prepare_tier_review_vals(definition, sequence)
        asker = self._approval_requesters()[:1]
        return {**vals, "requested_by": asker.id} if asker else vals

    def _approval_groups_ok(self):
        """Whether the caller is in one of the groups of the transition that approves."""
        if self._transitions is None:
            return True
        return self._transition_groups_ok(self._transitions.get(self._approval_transition))

    @api.depends(lambda self: (self._state_field, *APPROVAL_FIELDS))
    @api.depends_context("uid")
    def _compute_can_approve(self):
        waiting = self._waiting_for_approval()._filtered_access(self._approval_access)
        waiting.review_ids.mapped("reviewer_ids")  # one read for all
        for record in self:
            record.can_approve = record in waiting and record._may_decide_now()

    @api.depends(lambda self: (self._state_field, *APPROVAL_FIELDS))
    @api.depends_context("lang")
    def _compute_approval_waits(self):
        waiting = self._waiting_for_approval()
        for record in self:
            people, since = record._approval_waits() if record in waiting else (False, False)
            record.approval_waits_for = people
            record.approval_waits_since = since

    def _approval_waits(self):
        """Return who has to decide now, in words, and since when."""
        rows = self._open_approvals()
        turn = rows.filtered("can_review") or rows[:1]
        if not turn:
            return False, False
        before = [day for day in (self.review_ids - rows).mapped("reviewed_date") if day]
        since = max([*turn.mapped("create_date"), *before])
        return ", ".join(dict.fromkeys(row._approver_names() for row in turn)), since

    @api.model
    def _approval_groups(self, group):
        """Return the entries of the counter for this model; one document is opened at once.

        :param group: the entry of base_tier_validation
        """
        records = self.with_context(active_test=False).search([("can_review", "=", True)])
        return [
            {
                **group,
                "name": name,
                "pending_count": len(part),
                "customer_action": {
                    "type": "ir.actions.act_window",
                    "name": name,
                    "res_model": self._name,
                    "domain": [("id", "in", part.ids)],
                    "context": {"create": False},
                    "views": views if len(part) > 1 else views[1:],
                    **({"res_id": part.id} if len(part) == 1 else {}),
                },
            }
            for name, part, views in records._approval_parts(group["name"])
        ]

    def _approval_parts(self, name):
        """Return [(name, records, views)]: screens may differ within a model."""
        return [(name, self, [(False, "list"), (False, "form")])] if self else []

    # --- rejecting ----------------------------------------------------------------------------

    def action_ask_rejection(self):
        """Open the dialog that asks why it is rejected."""
        self.ensure_one()
        self._check_approval_turn(rejecting=True)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": "customer.rejection",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def _reject_because(self, reason):
        """Refuse in the caller's name; who asked is told why.

        :raises ApprovalMissing: when it is not this user's turn
        """
        self.ensure_one()
        self._check_approval_turn(rejecting=True)
        rows = self._open_approvals().filtered(
            lambda row: row.can_review and self.env.user in row.reviewer_ids
        )
        people = self._approval_requesters()
        if rows:
            rows.with_env(self._approving().env).comment = reason
            self._rejected_tier(rows)
            self._approving()._update_counter({"review_deleted": True})
            self._after_decision()
        elif self._rejection_transition:
            self._transition(self._rejection_transition)
        # sudo: what the decision leaves; the right to decide was checked
        self.sudo().write({"approval_rejection": reason, "approval_rejected_by_id": self.env.uid})
        for user in people - self.env.user if "message_ids" in self._fields else ():
            told = self.with_context(lang=user.lang)
            told.sudo().message_post(  # sudo: approvers need not be able to write the record
                body=told.env._(
                    "Rejected by %(user)s: %(reason)s", user=self.env.user.name, reason=reason
                ),
                partner_ids=user.partner_id.ids,
            )

    def _approval_requesters(self):
        """Return who asked and is told how it was decided."""
        return self.review_ids.requested_by

    def _forget_rejection(self):
        """It is asked for again: the last rejection is history."""
        rejected = self.sudo().filtered("approval_rejection")  # sudo: a fact, whoever asks again
        if rejected:
            rejected.write(dict.fromkeys(REJECTION_FACTS, False))

    # --- views --------------------------------------------------------------------------------

    @api.model
    def _get_after_validation_exceptions(self):
        """EXTENDS base_tier_validation: what is filled in once it is approved."""
        return [
            *super()._get_after_validation_exceptions(),
            *self._filled_later,
            *REJECTION_FACTS,
        ]

    @api.model
    def _get_under_validation_exceptions(self):
        """EXTENDS base_tier_validation: what a rejection writes."""
        return [*super()._get_under_validation_exceptions(), *REJECTION_FACTS]

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        """EXTENDS base_tier_validation: it leaves the form read-only for good once approved."""
        res = super().get_view(view_id, view_type, **options)
        if view_type != "form" or self._tier_validation_manual_config:
            return res
        late = set(self._get_after_validation_exceptions())
        blanket = self._get_tier_validation_readonly_domain()
        doc = etree.XML(res["arch"])
        for node in doc.xpath("//field[@name][@readonly][not(ancestor::field)]"):
            if node.get("name") in late:
                open_again = "validation_status not in ('no', False, 'validated')"
                node.set("readonly", node.get("readonly").replace(blanket, open_again))
        res["arch"] = etree.tostring(doc, encoding="unicode")
        return res

    def _add_tier_validation_label(self, node, params):
        """REPLACES base_tier_validation: one banner, without a second pair of buttons."""
        return self._approval_part("customer_governance.approval_banner")

    def _add_tier_validation_reviews(self, node, params):
        """REPLACES base_tier_validation: who approved what and when, in plain words."""
        return self._approval_part("customer_governance.approval_rows")

    def _approval_part(self, template):
        return etree.fromstring(self.env["ir.qweb"]._render(template, {}))
