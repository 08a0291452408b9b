from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .customer_complaint import OPEN_STATES
from .customer_complaint_force_close import FORCE_KEY, FORCE_SENTINEL


class CustomerComplaint(models.Model):
    """The way of a case: answer, call-back, close, reopen; each step is a fact for the clocks."""

    _inherit = "customer.complaint"

    open_action_count = fields.Integer(compute="_compute_open_action_count")

    def _compute_open_action_count(self):
        for complaint in self:
            complaint.open_action_count = len(complaint.action_ids.filtered("is_open"))

    @api.constrains("active", "state")
    def _check_active(self):
        """A case that is archived leaves lists and jobs: first it has to be over."""
        for complaint in self:
            if not complaint.active and complaint.state in OPEN_STATES:
                raise ValidationError(
                    self.env._(
                        "%s is open: close it, or cancel it and say why it is none, and archive it then.",
                        complaint.display_name,
                    )
                )

    # -- guards -------------------------------------------------------------------------------

    def _guard_complete(self):
        """Return what must be known before anybody works on the case."""
        reasons = []
        if not self.partner_id:
            reasons.append(self.env._("Say first who the customer is."))
        if not self.category_id:
            reasons.append(self.env._("Say first what it is about (category)."))
        return reasons

    def _guard_close(self):
        """Return why the case cannot be closed yet: the call-back and, for quality, the work."""
        reasons = []
        if not self.unreachable and not self._last_verification().is_positive:
            reasons.append(
                self.env._("The customer has not yet confirmed the result in a call-back.")
            )
        if self.is_quality and self.kind == "complaint":
            if not self.root_cause:
                reasons.append(self.env._("A quality complaint needs its root cause."))
            if count := len(self.action_ids.filtered("is_open")):
                reasons.append(self.env._("%s actions are still open.", count))
        return reasons

    def _guard_cancel(self):
        return [] if self.cancel_reason else [self.env._("Write why this is no complaint.")]

    def _guard_force_close(self):
        """Only an approved request closes by force."""
        if self.env.context.get(FORCE_KEY) is FORCE_SENTINEL:
            return []
        return [self.env._("Ask for it with a reason: it needs an approval.")]

    # -- transitions --------------------------------------------------------------------------

    def action_register(self):
        """Finish the intake: tell the customer the number and the next step.

        By phone where the agent ticked it, else by e-mail. Safe to repeat: told once is told.

        :return: True, or a message to show when somebody has no address and must be called
        """
        self.check_access("write")
        for complaint in self.filtered(lambda c: not c.acknowledged_at):
            if complaint.acknowledged_by_phone:
                complaint._acknowledged(complaint.env._("Number and next step told by phone."))
            elif complaint._customer_recipients():
                complaint._send_acknowledgement()
        if all(self.mapped("acknowledged_at")):
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "The customer has no e-mail address: tell the number by phone."
                ),
            },
        }

    def action_register_intake(self):
        """Register from the intake dialog and show the number to tell the customer."""
        self.ensure_one()
        self.action_register()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "title": self.env._("Registered: %s", self.name),
                "message": self.env._("Tell the customer this number."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_investigate(self):
        """Start to investigate without a dispatch: the caller handles the case."""
        self.check_access("write")
        for complaint in self.filtered(lambda c: not c.user_id):
            complaint.user_id = self.env.user
        return self._transition("investigate")

    def action_answer(self):
        """Give the customer the answer: by e-mail where there is a text, else it was spoken."""
        now = fields.Datetime.now()
        for complaint in self:
            complaint._transition(
                "answer",
                {
                    "answered_at": complaint.answered_at or now,
                    "answered_by_id": self.env.uid,
                    "user_id": complaint.user_id.id or self.env.uid,
                    "handler_ids": [
                        fields.Command.link(user.id) for user in complaint.user_id | self.env.user
                    ],
                },
            )
        self._plan_callback()
        for complaint in self:
            complaint._send_answer()
        self._contacted(now)
        self._sla_fact("first_result", now)
        self._sla_fact("answer", now)
        return True

    def action_request_close(self):
        """Ask for the close: the call-back decides."""
        self._transition("request_close")
        self._plan_callback()
        return True

    def action_close(self):
        """Close the case after the call-back."""
        now = fields.Datetime.now()
        for complaint in self:
            complaint._transition(
                "close",
                {"closed_at": now, "first_closed_at": complaint.first_closed_at or now},
            )
        self._sla_fact("close", now)
        self._case_over()
        return True

    def action_reopen(self, reason=None):
        """Take the same case up again; the first answer and the first close stay on record.

        :param reason: what the customer objects to
        """
        if reason is not None and not isinstance(reason, str):
            raise UserError(self.env._("The reason is a text."))
        now = fields.Datetime.now()
        was_closed = self.filtered(lambda c: c.state in ("closed", "force_closed"))
        for complaint in self:
            complaint._transition(
                "reopen",
                {
                    "active": True,
                    "closed_at": False,
                    "unreachable": False,
                    "reopen_count": complaint.reopen_count + 1,
                },
            )
        self._cancel_callbacks()
        self.env["customer.complaint.followup"]._create_for(self, reason)
        again = ["answer", "callback"]
        (self - was_closed)._sla_restart(again, now, reason or self.env._("Reopened"))
        was_closed._sla_restart([*again, "close"], now, reason or self.env._("Reopened"))
        self._escalate_reopening(reason)
        return True

    def action_cancel(self):
        """It is no complaint: say why."""
        self._transition("cancel")
        for complaint in self:
            complaint._sla_drop(complaint.cancel_reason)
        self._case_over()
        return True

    def _force_close(self, reason):
        """Close by force; called by the approved request, whose approval is the right to do it."""
        now = fields.Datetime.now()
        for complaint in self:
            complaint.with_context(**{FORCE_KEY: FORCE_SENTINEL})._transition(
                "force_close",
                {"closed_at": now, "first_closed_at": complaint.first_closed_at or now},
            )
        self._sla_fact("close", now)
        self._case_over()
        for complaint in self:
            complaint.message_post(body=complaint.env._("Closed by force: %s", reason))

    def _case_over(self):
        """Nobody has to do anything any more for a case that is over."""
        self._cancel_callbacks()
        self.dispatch_ids.filtered(lambda d: d.state in ("sent", "accepted", "reported"))._void()
        self.activity_ids.action_feedback()

    def action_close_dialog(self):
        """Open the dialog that closes the case and asks for the lesson learned."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close the Case"),
            "res_model": "customer.complaint.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def action_ask_force_close(self):
        """Open a new request to close the case by force."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close by Force"),
            "res_model": "customer.complaint.force.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def action_dispatch(self):
        """Open a new dispatch of the case."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispatch"),
            "res_model": "customer.complaint.dispatch",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }
