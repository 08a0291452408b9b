from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

# What a case is: deadlines, figures and the conditions of its close follow.
CLASS = ("kind", "severity", "category_id")
SUPERVISOR = "customer_governance.group_service_supervisor"
REASON_KEY = "customer_complaint_change"


class Change(NamedTuple):
    """Why a case changes its class, and from when new promises count: None for now.

    An object: no caller by RPC can make one.
    """

    reason: str
    at: object = None


class CustomerComplaint(models.Model):
    """Kind, severity and category of a case that was registered change with a reason only."""

    _inherit = "customer.complaint"

    was_complaint = fields.Boolean(
        "Originally a Complaint",
        readonly=True,
        copy=False,
        help="The case was later changed to a repair request or an anomaly but still counts as a "
        "complaint.",
    )
    is_classified = fields.Boolean(
        compute="_compute_is_classified",
        export_string_translation=False,
        help="Kind, severity and category have been set: from now on, changing them requires a "
        "reason.",
    )

    # no dependency on the category: what is chosen on the form may be corrected until it is saved
    def _compute_is_classified(self):
        for complaint in self:
            complaint.is_classified = bool(complaint._origin.category_id)

    def _changed_because(self, reason, at=None):
        """Return the cases ready for a change of their class, with its reason.

        :param at: when promises that are new begin, now without it
        """
        return self.with_context(**{REASON_KEY: Change(reason, at)})

    def _change(self):
        """Return the change that is being written; without a reason where nobody gave one."""
        change = self.env.context.get(REASON_KEY)
        return change if isinstance(change, Change) else Change("")

    def write(self, vals):
        """EXTENDS the complaint: the class of a case changes with right and reason."""
        changing = self.filtered(lambda case: case._class_changes(vals))
        known = changing.filtered("category_id")
        if known and not self.env.su and not self._change().reason:
            known._refuse_change()
        if vals.get("kind") in ("repair", "anomaly"):
            # at intake it never was one: an e-mail is a complaint until somebody reads it
            known.filtered(lambda case: case.kind == "complaint")._write_facts(
                {"was_complaint": True}
            )
        if reason := self._change().reason:
            changing._track_set_log_message(reason)
        return super().write(vals)

    def _class_changes(self, vals):
        self.ensure_one()
        return any(
            name in vals
            and self._fields[name].convert_to_write(self[name], self) != (vals[name] or False)
            for name in CLASS
        )

    def _refuse_change(self):
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(
                self.env._(
                    "%(case)s has been registered: only the head of service can change its "
                    "kind, severity or category, stating a reason.",
                    case=self[0].display_name,
                )
            )
        raise UserError(
            self.env._(
                "Changing the kind, severity or category of a registered case requires a "
                "reason: use 'Reclassify' on the case."
            )
        )

    def _reclassify(self, vals, reason):
        """Change kind, severity or category with a reason.

        :param vals: values of `CLASS`
        :raises AccessError: for everybody but the head of service
        :raises UserError: without a reason
        """
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(SUPERVISOR):
            self._refuse_change()
        if not (reason or "").strip():
            raise UserError(self.env._("State why the case is reclassified."))
        return self._changed_because(reason.strip()).write(
            {name: vals[name] for name in CLASS if name in vals}
        )

    def action_change_class(self):
        """Ask for kind, severity, category and the reason of the change."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group(SUPERVISOR):
            self._refuse_change()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reclassify"),
            "res_model": "customer.complaint.class.change",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_complaint_id": self.id,
                "default_kind": self.kind,
                "default_severity": self.severity,
                "default_category_id": self.category_id.id,
            },
        }
