from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..common.customer_reach_mixin import able
from ..common.digest import in_house
from .customer_complaint import OPEN_STATES
from .customer_complaint_force_close import FORCE_KEY, FORCE_SENTINEL
from .dialogs import record_dialog

SEVERITIES = ("general", "complex", "major")

# Reminders that a step of the case makes pointless. What is not named here goes with the close.
GONE_WITH = {
    "dispatch": ("returned", "new"),
    "investigate": ("returned", "new"),
    "answer": ("returned", "answer", "reopened", "wrote"),
    "reopen": ("close", "wrote", "answer", "signoff", "ineffective"),
}


class CustomerComplaint(models.Model):
    """The way of a case: answer, call-back, close, reopen; each step is a fact for the clocks."""

    _inherit = "customer.complaint"

    open_action_count = fields.Integer(compute="_compute_open_action_count")
    force_close_note = fields.Char(
        compute="_compute_force_close_note",
        groups="customer_governance.group_service,customer_governance.group_auditor",
    )

    # --- who handles a case, and the order in which cases wait
    user_id = fields.Many2one(
        compute="_compute_user_id", store=True, readonly=False, precompute=True
    )
    queue_rank = fields.Integer(
        compute="_compute_queue",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="0: not assigned yet; these cases come first in lists.",
    )
    urgency = fields.Integer(
        compute="_compute_queue",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="Danger to people first, then severity, then the SLA priority of the customer's "
        "tier: determines which of two cases due at the same time comes first.",
    )

    _queue_idx = models.Index(
        "(queue_rank, sla_deadline, urgency DESC)"
        " WHERE state NOT IN ('closed', 'force_closed', 'cancelled')"
    )

    # --- buttons of the case: what cannot be done now says why, what needs something asks for
    is_ready = fields.Boolean(
        compute="_compute_step_hint",
        export_string_translation=False,
        help="Everything required for the next step is complete.",
    )
    step_hint = fields.Text("Missing for Next Step", compute="_compute_step_hint")
    is_mine_to_verify = fields.Boolean(
        compute="_compute_is_mine_to_verify",
        export_string_translation=False,
        help="A call-back is planned, and the user has not handled the case.",
    )

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
                        "%s is open: close it, or cancel it and state why it is not a "
                        "complaint, before archiving it.",
                        complaint.display_name,
                    )
                )

    # -- guards -------------------------------------------------------------------------------
    def _guard_complete(self):
        """Return what must be known before anybody works on the case."""
        reasons = []
        if not self.partner_id:
            reasons.append(self.env._("Specify the customer first."))
        if not self.category_id:
            reasons.append(self.env._("Specify the category first."))
        return reasons

    def _guard_close(self):
        """Return why the case cannot be closed yet: the call-back and, for quality, the work."""
        reasons = []
        if not self.unreachable and not self._last_verification().is_positive:
            reasons.append(
                self.env._("The customer has not yet confirmed the result in a call-back.")
            )
        if self.is_quality and (self.kind == "complaint" or self.was_complaint):
            if not self.root_cause:
                reasons.append(self.env._("A quality complaint requires a root cause."))
            if names := self.action_ids.filtered("is_open").mapped("name"):
                reasons.append(self.env._("Actions are still open: %s.", ", ".join(names)))
            if names := self._unchecked_actions().mapped("name"):
                reasons.append(
                    self.env._("The effectiveness has not been checked yet: %s.", ", ".join(names))
                )
        return reasons

    def _unchecked_actions(self):
        """Return the actions whose effect has to be checked before the close.

        Where the category lets the check come later, a day for it is enough.
        """
        waiting = self.action_ids.filtered("awaits_check")
        if self.category_id.effect_check_later:
            waiting = waiting.filtered(lambda action: not action.check_date)
        return waiting

    def _guard_answer(self):
        """Return why the customer cannot be answered; kinds of cases add their reasons."""
        return []

    def _guard_unanswer(self):
        """Only a mail that did not arrive takes an answer back."""
        return (
            []
            if self.env.su
            else [self.env._("An answer that has been communicated cannot be taken back.")]
        )

    def _guard_cancel(self):
        return [] if self.cancel_reason else [self.env._("State why this is not a complaint.")]

    def _guard_force_close(self):
        """Only an approved request closes by force."""
        if self.env.context.get(FORCE_KEY) is FORCE_SENTINEL:
            return []
        return [self.env._("Request it with a reason: approval is required.")]

    # -- transitions --------------------------------------------------------------------------
    def action_register(self):
        """Finish the intake: tell the customer the number and the next step.

        By phone where the agent ticked it, else by e-mail. Safe to repeat: told once is told.

        :return: True, or a message to show when somebody has no address and must be called
        """
        self.check_access("write")
        for complaint in self.filtered(lambda c: not c.acknowledged_at):
            if complaint.acknowledged_by_phone:
                complaint._acknowledged(
                    in_house(complaint).env._("Number and next step communicated by phone.")
                )
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
                    "The customer has no e-mail address: communicate the number by phone."
                ),
            },
        }

    def action_register_intake(self):
        """Register from the intake dialog: show the number to tell the customer, open the case."""
        self.ensure_one()
        self.action_register()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "title": self.env._("Registered: %s", self.name),
                "message": self.env._("Give this number to the customer."),
                "next": self.action_open_case(),
            },
        }

    def action_investigate(self):
        """Start to investigate without a dispatch: the caller handles the case."""
        self.check_access("write")
        for complaint in self.filtered(lambda c: not c.user_id):
            complaint.user_id = self.env.user
        return self._transition("investigate")

    def action_answer(self):
        """Send the customer the answer; :raises UserError: without a text or an address that is one."""
        return self._answer()

    def _answer(self, at=None, **sending):
        """Give the answer.

        :param at: when the customer was told, for an answer by word of mouth
        :param sending: see `_send_answer`
        """
        self._check_transition("answer")
        now = at or fields.Datetime.now()
        if not sending.get("told"):
            for complaint in self:
                whom = sending.get("recipients") or complaint._customer_recipients()
                complaint._check_sendable(complaint.answer, whom)
        for complaint in self:
            complaint._transition(
                "answer",
                {
                    "answered_at": complaint.answered_at or now,
                    "last_answered_at": now,
                    "answered_by_id": self.env.uid,
                    "user_id": complaint.user_id.id or self.env.uid,
                    "handler_ids": [
                        fields.Command.link(user.id) for user in complaint.user_id | self.env.user
                    ],
                },
            )
        self._plan_callback(answered_at=now)
        for complaint in self:
            complaint._remember_answer(now, complaint._send_answer(**sending))
        self._answer_facts(now)
        return True

    def _remember_answer(self, now, message):
        """Keep what told the answer.

        :param message: that told it; None where somebody did
        """
        self.ensure_one()
        self._remember_told(message, "answer")
        if message:
            # sudo: the system's memory
            case = self.sudo()
            kept = dict(case.reach_facts)
            kept["answer"] = {**kept["answer"], "at": fields.Datetime.to_string(now)}
            case.reach_facts = kept
        self._note_contact(now, message)

    def _answer_facts(self, now):
        """The answers were given: stop the clocks."""
        self._sla_fact("first_contact", now)
        self._sla_fact("first_result", now)
        # who has the answer does not wait for the plan any more
        self._sla_fact("plan", now)
        self._sla_fact("answer", now)
        self._forget_reminders("undelivered")

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
            raise UserError(self.env._("The reason must be text."))
        return self._reopen(reason)

    def _reopen(self, reason=None, by_customer=False):
        """Take cases up again; see `action_reopen`.

        :param by_customer: the reason is in the customer's own words
        """
        now = fields.Datetime.now()
        # of before: what the customer does not accept is the answer that was given
        answered = self.filtered(lambda case: case._is_answered())
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
        self.env["customer.complaint.project"]._open_for(was_closed.filtered("escalated_at"))
        self.env["customer.complaint.followup"]._create_for(self, reason, answered, by_customer)
        again = ["answer", "callback"]
        words = reason or in_house(self).env._("Reopened")
        (self - was_closed)._sla_restart(again, now, words)
        was_closed._sla_restart([*again, "close"], now, words)
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
        # an end of its own: what was promised and did not happen is missed, the close too
        self._sla_over(now)
        self._case_over()
        for complaint in self:
            complaint.message_post(
                body=in_house(complaint).env._("Administratively closed: %s", reason)
            )

    def _case_over(self):
        """Nobody has to do anything any more for a case that is over."""
        self._cancel_callbacks()
        self.env["customer.complaint.project"]._close_for(self)
        self.dispatch_ids.filtered(lambda d: d.state in ("sent", "accepted", "reported"))._void()
        self._close_reminders()

    def action_close_dialog(self):
        """Open the dialog that closes the case and asks for the lesson learned."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close Case"),
            "res_model": "customer.complaint.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def _waiting_force_close(self):
        return self.force_close_ids.filtered(lambda r: r.state in ("draft", "submitted"))[:1]

    @api.depends("force_close_ids.state")
    def _compute_force_close_note(self):
        for case in self:
            request = case._waiting_force_close()
            case.force_close_note = bool(request) and self.env._(
                "%(who)s requested administrative closure of the case. The request is "
                "waiting for %(approver)s.",
                who=request.requested_by_id.name,
                approver=request.approval_waits_for or self.env._("approval"),
            )

    def action_ask_force_close(self):
        """Open a new request to close the case by force; one that waits is shown instead."""
        self.ensure_one()
        if waiting := self._waiting_force_close():
            return waiting.get_formview_action()
        return self.env["customer.complaint.force.close"]._ask_dialog(
            self.env._("Close Administratively"),
            "customer_complaint_force_close_view_form_request",
            complaint_id=self.id,
        )

    def action_dispatch(self):
        """Open a new dispatch of the case."""
        self.ensure_one()
        action = self._ask(
            "customer.complaint.dispatch",
            self.env._("Dispatch"),
            default_team_id=self._likely_team().id,
        )
        view = self.env.ref("customer_governance.customer_complaint_dispatch_view_form_new")
        return {**action, "views": [(view.id, "form")]}

    def _likely_team(self):
        """Return the team to propose: who got the last order of this category, or the only one."""
        self.ensure_one()
        # sudo: only which team it was
        last = (
            self.env["customer.complaint.dispatch"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("complaint_id.category_id", "=", self.category_id.id),
                    ("team_id.active", "=", True),
                    ("state", "!=", "returned"),
                ],
                order="id DESC",
                limit=1,
            )
        )
        if last:
            return last.team_id
        working = self.env["customer.complaint.team"].search(
            [("company_id", "=", self.company_id.id), ("takes_complaints", "=", False)], limit=2
        )
        return working if len(working) == 1 else working.browse()

    # --- who handles a case, and the order in which cases wait
    @api.depends("team_id")
    def _compute_user_id(self):
        """Who registers a case of the own team handles it; others wait for somebody to take them."""
        me = self.env.user
        for complaint in self:
            if not complaint.user_id and not complaint._origin:
                complaint.user_id = me if me in complaint.team_id.member_ids else False

    @api.depends("user_id", "severity", "partner_id", "safety_relevant")
    def _compute_queue(self):
        for complaint in self:
            # sudo: an order of lists, for everybody the same
            case = complaint.sudo()
            tier = case.with_company(case.company_id).partner_id.customer_tier_id
            severity = SEVERITIES.index(case.severity) if case.severity in SEVERITIES else 0
            complaint.queue_rank = 1 if case.user_id else 0
            danger = 100 if case.safety_relevant else 0
            complaint.urgency = danger + severity * 10 + int(tier.sla_priority or 0)

    def _handled_by(self, user):
        """Cases that nobody handles get a handler: who takes a step first."""
        if not user.share and (free := self.filtered(lambda case: not case.user_id)):
            free.user_id = user

    def action_take(self):
        """The caller handles these cases; a case of somebody else stays with that person."""
        self.check_access("write")
        if not self.env.user.has_group("customer_governance.group_service"):
            raise AccessError(self.env._("Cases can be taken only by customer service."))
        free = self.filtered(lambda case: not case.user_id and case.state in self._open_states())
        if not free:
            taken = self.filtered("user_id")[:1]
            raise UserError(
                self.env._(
                    "%(case)s is handled by %(person)s.",
                    case=taken.name,
                    person=taken.user_id.name,
                )
                if taken
                else self.env._("There are no open cases to take.")
            )
        free.user_id = self.env.user
        return True

    # --- reminders of a case: the one place where they are made, and where they go again
    def _remind(self, users, summary, note=None, reason=None):
        """Give each user who can act an activity on the case, due today; one for each reason.

        Where none of them can, whoever is responsible next is told (`_who_is_told`).

        :param summary: ``summary(env)`` returns the text in the language of `env`, the reader's
        :param note: the same, or None
        :param reason: code of the reason, see `GONE_WITH`
        """
        self.ensure_one()
        if reason:
            self._forget_reminders(reason)
        for user in able(users, self.company_id, self) or self._who_is_told():
            # sudo: the reminded person need not be one the caller may assign activities to
            case = self.sudo().with_context(lang=user.sudo().lang)
            case.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                date_deadline=self.company_id._customer_today(),
                summary=summary(case.env),
                note=note and note(case.env),
                customer_reason=reason,
            )

    def _after_transition(self, transition):
        """EXTENDS transition mixin: reminders do not outlive their reason."""
        res = super()._after_transition(transition)
        if reasons := GONE_WITH.get(transition.name):
            self._forget_reminders(*reasons)
        return res

    def _close_reminders(self):
        """The case is over: automatic reminders go, what people planned themselves counts as done."""
        # sudo: as above; those on its orders and call-backs too, which nobody works on any more
        case = self.sudo()
        orders, visits = case.dispatch_ids, case.visit_ids.filtered(lambda v: v.state != "done")
        activities = (
            case.with_context(active_test=True).activity_ids
            | orders.activity_ids
            | visits.activity_ids
        )
        automatic = activities.filtered("customer_reason")
        automatic.unlink()
        (activities - automatic).action_feedback()

    # --- buttons of the case: what cannot be done now says why, what needs something asks for
    @api.depends(
        "state",
        "partner_id",
        "category_id",
        "unreachable",
        "root_cause",
        "kind",
        "visit_ids.state",
        "visit_ids.verification_result",
        "action_ids.state",
    )
    def _compute_step_hint(self):
        """Say what the guard of the next step would say, before its button is pressed."""
        for case in self:
            reasons = []
            if case.state == "registered":
                reasons = case._guard_complete()
            elif case.state in ("answered", "verifying"):
                reasons = case._guard_close()
            case.is_ready = not reasons
            case.step_hint = "\n".join(reasons)

    @api.depends("user_id", "handler_ids", "visit_ids.state", "state")
    @api.depends_context("uid")
    def _compute_is_mine_to_verify(self):
        me = self.env.user
        for case in self:
            handlers = case.user_id | case.handler_ids
            case.is_mine_to_verify = bool(me not in handlers and case._planned_callback())

    def _planned_callback(self):
        return self.visit_ids.filtered(
            lambda v: v.purpose == "verification" and v.state == "planned"
        )[:1]

    def action_open_callback(self):
        """Open the call-back that is planned."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Call-back"),
            "res_model": "customer.visit",
            "res_id": self._planned_callback().id,
            "views": [
                (self.env.ref("customer_governance.customer_visit_view_form_callback").id, "form")
            ],
        }

    # -- dialogs ------------------------------------------------------------------------------
    def _ask(self, model, name, **context):
        """Return the action that opens a dialog about these cases."""
        self.check_access("write")
        if len(self) == 1:
            context = {"default_complaint_id": self.id, **context}
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    def action_answer_dialog(self):
        """Write the answer and see what the customer gets."""
        self.ensure_one()
        return self._ask(
            "customer.complaint.reply", self.env._("Answer Customer"), default_kind="answer"
        )

    def action_plan_dialog(self):
        """Write what will be done until when and see what the customer gets."""
        self.ensure_one()
        return self._ask(
            "customer.complaint.reply", self.env._("Plan for Customer"), default_kind="plan"
        )

    def action_log_contact_dialog(self):
        """Ask how, with whom and when the customer was spoken to."""
        self.ensure_one()
        return self._ask(
            "customer.complaint.step", self.env._("Log Contact"), default_step="contact"
        )

    def action_acknowledge_dialog(self):
        """Ask how, whom and when somebody told the number."""
        self.ensure_one()
        return self._ask(
            "customer.complaint.step", self.env._("Number Communicated"), default_step="acknowledge"
        )

    def action_reopen_dialog(self):
        """Ask what the customer objects to."""
        self.ensure_one()
        return self._ask(
            "customer.complaint.step", self.env._("Reopen Case"), default_step="reopen"
        )

    def action_cancel_dialog(self):
        """Ask why it is no complaint."""
        return record_dialog(
            self, self.env._("Not a Complaint"), "customer_complaint_view_form_cancel"
        )

    def action_report_dialog(self):
        """Ask for the facts, the analysis and the proposal of the report."""
        return record_dialog(
            self, self.env._("Report to Management"), "customer_complaint_view_form_report"
        )

    def action_ask_compensation(self):
        """Ask for a compensation."""
        self.ensure_one()
        return self.env["customer.compensation"]._ask_dialog(
            self.env._("Request Compensation"),
            "customer_compensation_view_form_request",
            complaint_id=self.id,
        )

    def action_open_case(self):
        """Open the case, from a list that shows something else."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.complaint",
            "res_id": self.id,
            "views": [(False, "form")],
        }
