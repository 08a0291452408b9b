from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..common.customer_reach_mixin import told

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
                case.action_reopen(visit.issues or visit.summary or visit._result_label())
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
