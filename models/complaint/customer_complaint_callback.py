from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..common.customer_reach_mixin import told
from ..common.moments import moment_words

POSITIVE = ("satisfied", "accepts")


class CustomerComplaint(models.Model):
    """The call-back: somebody else asks the customer whether the answer solved the matter."""

    _inherit = "customer.complaint"

    callback_attempts = fields.Integer(
        "Call-back Attempts", compute="_compute_callbacks", help="Since the last answer."
    )
    callback_result = fields.Selection(
        lambda self: self.env["customer.visit"]._verification_results(),
        compute="_compute_callbacks",
    )

    dialogue = fields.Html(
        "Answers and Replies",
        compute="_compute_dialogue",
        sanitize=False,
        help="What was answered, and what the customer said to it, also before a reopening.",
    )

    @api.depends("visit_ids.state", "visit_ids.verification_result", "visit_ids.reopening")
    def _compute_callbacks(self):
        for complaint in self:
            done = complaint._verifications()
            complaint.callback_attempts = len(
                done.filtered(lambda v: v.verification_result == "unreachable")
            )
            complaint.callback_result = done[:1].verification_result

    def _verifications(self):
        """Return the call-backs held since the last (re)opening, the last reported first."""
        self.ensure_one()
        return self.visit_ids.filtered(
            lambda v: (
                v.purpose == "verification"
                and v.state == "done"
                and v.reopening == self.reopen_count
            )
        ).sorted(lambda v: (v.reported_at or v.create_date, v.id), reverse=True)

    def _last_verification(self):
        return self._verifications()[:1]

    # -- what was said: answers of ours, replies of the customer ------------------------------

    def _is_answered(self):
        """Tell whether the customer has the answer of the present round."""
        self.ensure_one()
        if self.state in ("answered", "verifying", "closed"):
            return bool(self.answered_at)
        if self.state != "force_closed":
            return False
        last, reopened = self.last_answered_at or self.answered_at, self.followup_ids[-1:].date
        return bool(last) and (not reopened or last > reopened)

    def _answer_given(self, is_answered):
        """Return the answer of the round as values of its follow-up form."""
        self.ensure_one()
        if not is_answered:
            return {}
        return {
            "first_answer": self.answer,
            "answered_at": self.last_answered_at or self.answered_at,
            "answered_by_id": self.answered_by_id.id,
        }

    @api.depends(
        "state",
        "answer",
        "last_answered_at",
        "visit_ids.state",
        "visit_ids.verification_result",
        "followup_ids",
    )
    @api.depends_context("lang")
    def _compute_dialogue(self):
        for case in self:
            entries = case._dialogue() if case.id else []
            said = any(entry["kind"] == "reply" for entry in entries)
            case.dialogue = said and self.env["ir.qweb"]._render(
                "customer_governance.complaint_dialogue",
                {"entries": entries},
                minimal_qcontext=True,
            )

    def _dialogue(self, outside=False):
        """Return answers and replies in the order in which they were given, of all rounds.

        :param outside: for the customer, who reads nothing of what callers noted
        :return: [{kind (answer, reply), title, when (in words), text (HTML)}]
        """
        self.ensure_one()
        case = self.sudo()  # sudo: call-backs belong to their callers, what was said to the case
        calls = case.visit_ids.filtered(lambda v: v._is_verification() and v.state == "done")
        calls = calls.sorted(lambda v: (v.reported_at or v.create_date, v.id))
        forms = {form.number: form for form in case.followup_ids}
        entries = []
        for number in range(case.reopen_count + 1):
            form = forms.get(number + 1, case.env["customer.complaint.followup"])
            if number < case.reopen_count:
                given = (form.first_answer, form.answered_at, form.answered_by_id)
            else:
                given = (
                    case.answer if case._is_answered() else False,
                    case.last_answered_at or case.answered_at,
                    case.answered_by_id,
                )
            if given[0]:
                entries.append(case._said_answer(outside, *given))
            held = calls.filtered(lambda v, number=number: v.reopening == number)
            entries += [entry for call in held if (entry := case._said_in_call(outside, call))]
            if form and not held.filtered(
                lambda v: v.verification_result in ("not_solved", "false_reply")
            ):
                entries.append(case._said_again(outside, form))
        return entries

    def _said(self, kind, title, at, text):
        zone = self.company_id._customer_timezone()
        when = moment_words(self.env, at, zone)
        return {"kind": kind, "title": title, "when": when, "text": text}

    def _said_answer(self, outside, text, at, user):
        _ = self.env._
        title = _("Our answer") if outside or not user else _("Answer by %s", user.name)
        return self._said("answer", title, at, text)

    def _said_in_call(self, outside, call):
        """Return what came of a call-back; None where the customer was not spoken to."""
        _ = self.env._
        if outside and call.verification_result == "unreachable":
            return None
        values = {"result": call._result_label(), "person": call.reported_by_id.name or ""}
        if call.answered_by_customer:
            title = _("Your reply: %(result)s", **values)
            if not outside:
                title = _("Reply of the customer: %(result)s", **values)
        elif outside or not values["person"]:
            title = _("Call-back: %(result)s", **values)
        else:
            title = _("Call-back by %(person)s: %(result)s", **values)
        words = call.issues or call.summary or ""
        if outside and not call.answered_by_customer:
            words = ""
        return self._said("reply", title, call.reported_at, plaintext2html(words) if words else "")

    def _said_again(self, outside, form):
        """Return a reopening that no call-back brought."""
        _ = self.env._
        words = form.objection or ""
        if form.by_customer:
            title = _("Your reply: not solved") if outside else _("The customer: not solved")
        else:
            title = _("Case reopened")
            words = "" if outside else words
        return self._said("reply", title, form.date, plaintext2html(words) if words else "")

    def _plan_callback(self, date=None, answered_at=None):
        """Plan a call-back for each case that has none planned, not by somebody who handled it.

        :param answered_at: when the customer had the answer, now without it: the promise runs from it
        """
        vals_list = []
        for complaint in self:
            planned = complaint.visit_ids.filtered(
                lambda v: v.purpose == "verification" and v.state == "planned"
            )
            last = complaint._last_verification()
            if planned or complaint.unreachable or last.is_positive:
                continue
            vals_list.append(complaint._prepare_callback_vals(date, answered_at))
        # sudo: those who answer need no right on visits of others
        return self.env["customer.visit"].sudo().create(vals_list)

    def _prepare_callback_vals(self, date=None, answered_at=None):
        self.ensure_one()
        company = self.company_id.sudo()
        handlers = self.user_id | self.handler_ids
        team = self.team_id
        groups = (team.callback_user_id, team.user_id, team.member_ids)
        caller = told([group - handlers for group in groups], company)[:1]
        return {
            "complaint_id": self.id,
            "reopening": self.reopen_count,
            "company_id": company.id,
            "partner_id": self.partner_id.id,
            "contact_id": self.contact_id.id,
            "user_id": caller.id,
            "way": "phone",
            "purpose": "verification",
            "planned_date": date or self._callback_day(answered_at),
        }

    def _callback_day(self, answered_at=None):
        """Return the day the call-back is promised for; where nothing is promised, today."""
        self.ensure_one()
        company = self.company_id.sudo()
        # sudo: deadlines of the case
        case = self.sudo()
        clock = case._sla_clocks(Domain("milestone", "=", "callback"))[:1]
        if clock and clock.deadline:
            return company._customer_day(clock.deadline)
        promise = case._sla_promised().get((case, "callback"))
        if not promise:
            return company._customer_today()
        return company._customer_day(
            case._sla_due(case, promise, answered_at or fields.Datetime.now())
        )

    def _callback_url(self):
        """Return the link under which the customer answers the planned call-back, if any.

        It is a secret of the customer: it goes as `secret` of a message, never into its text.
        """
        self.ensure_one()
        # sudo: the link goes to the customer only
        planned = self.sudo().visit_ids.filtered(lambda v: v._can_be_answered())
        return planned[:1]._callback_url() if planned else False

    def _cancel_callbacks(self):
        """Planned call-backs of cases that went back or are over are not needed."""
        # sudo: follows from a transition the caller was allowed to make
        planned = self.sudo().visit_ids.filtered(
            lambda v: v.purpose == "verification" and v.state == "planned"
        )
        if planned:
            planned.action_cancel()

    def _callback_done(self, visit):
        """Draw the conclusion from a call-back: ready to close, open again, or try once more."""
        self.ensure_one()
        # sudo: the caller verified as somebody who may report the call-back
        case = self.sudo()
        case._sla_fact("callback", fields.Datetime.now())
        result = visit.verification_result
        if result in ("not_solved", "false_reply"):
            if case.state in ("answered", "verifying"):
                words = visit.issues or visit.summary or visit._result_label()
                case._reopen(words, by_customer=visit.answered_by_customer)
            return
        if result in POSITIVE:
            case._write_facts({"unreachable": False})
        elif case.callback_attempts >= case.company_id.complaint_callback_attempts:
            case._write_facts({"unreachable": True})
        else:
            case._plan_callback(case.company_id._customer_today() + timedelta(days=1))
            return
        if case.state == "answered":
            case._transition("request_close")
        case._remind(
            case._who_is_told(),
            lambda env: env._("Call-back completed: close the case"),
            reason="close",
        )
