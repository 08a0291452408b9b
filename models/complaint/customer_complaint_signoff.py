from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..common.customer_reach_mixin import told
from ..common.digest import in_house

SUPERVISOR = "customer_governance.group_service_supervisor"
WITH_RESULT = ("answered", "verifying")


class CustomerComplaint(models.Model):
    """After the call-back the head of service looks at the result and signs off."""

    _inherit = "customer.complaint"

    signed_off_at = fields.Datetime("Signed Off On", readonly=True, copy=False)
    signed_off_by_id = fields.Many2one("res.users", "Signed Off By", readonly=True, copy=False)
    can_sign_off = fields.Boolean(compute="_compute_can_sign_off", export_string_translation=False)
    needs_decision = fields.Boolean(
        compute="_compute_needs_decision",
        search="_search_needs_decision",
        export_string_translation=False,
        help="Waits for the head of service: to be signed off, returned too often, or with a "
        "request that is to be approved.",
    )
    report_due = fields.Char("Report Due", compute="_compute_report_due")

    @api.depends("severity", "report_sent_at", "clock_ids.state", "clock_ids.deadline")
    @api.depends_context("lang")
    def _compute_report_due(self):
        for case in self:
            major = case.severity == "major" and not case.report_sent_at
            case.report_due = major and case._report_due_words(case.env)

    def _needs_signoff(self):
        """Tell whether the setting of the company asks for a sign-off of the case."""
        self.ensure_one()
        if self.kind != "complaint" and not self.was_complaint:
            return False
        which = self.company_id.sudo().complaint_signoff  # sudo: a setting
        return which == "all" or (
            which == "major" and (self.severity == "major" or self.reopen_count > 0)
        )

    def _waits_for_signoff(self):
        """Tell whether the call-back is done and nobody has signed off yet."""
        self.ensure_one()
        called = self.unreachable or self._last_verification().is_positive
        return bool(called) and not self.signed_off_at and self._needs_signoff()

    @api.depends(
        "state",
        "severity",
        "reopen_count",
        "signed_off_at",
        "unreachable",
        "visit_ids.state",
        "visit_ids.verification_result",
    )
    @api.depends_context("uid")
    def _compute_can_sign_off(self):
        allowed = self.env.user.has_group(SUPERVISOR)
        for case in self:
            case.can_sign_off = allowed and case.state in WITH_RESULT and case._waits_for_signoff()

    @api.depends("signed_off_at")
    def _compute_step_hint(self):
        """EXTENDS the steps: the sign-off is one of the conditions of the close."""
        super()._compute_step_hint()

    def _guard_close(self):
        """EXTENDS the flow: the close waits for the sign-off."""
        reasons = super()._guard_close()
        if self._waits_for_signoff():
            reasons.append(
                self.env._("The head of service must sign off the result of the call-back.")
            )
        return reasons

    def _compute_needs_decision(self):
        waiting = self.filtered_domain(self._search_needs_decision("in", [True]))
        for case in self:
            case.needs_decision = case in waiting

    @api.model
    def _search_needs_decision(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = {bool(flag) for flag in value}
        if wanted == {True, False}:
            return Domain.TRUE
        domain = Domain.OR(
            self._decision_domain(company) & Domain("company_id", "=", company.id)
            for company in self.env.companies
        )
        # sudo: that something waits; what the user may read the rules decide
        found = self.sudo()._search(domain & Domain("state", "not in", ("cancelled",)))
        return Domain("id", "in" if True in wanted else "not in", found)

    @api.model
    def _decision_domain(self, company):
        """Return the cases of a company in which the head of service has to decide something."""
        settings = company.sudo()  # sudo: settings
        asked = Domain.OR(
            Domain(f"{name}.state", "=", "submitted")
            for name in ("force_close_ids", "sla_extension_ids", "compensation_ids")
        )
        returned = Domain("state", "=", "registered") & Domain(
            "return_count", ">=", max(settings.complaint_max_returns, 1)
        )
        if settings.complaint_signoff == "none":
            return asked | returned
        called = Domain("state", "=", "verifying") & Domain("signed_off_at", "=", False)
        called &= Domain("kind", "=", "complaint") | Domain("was_complaint", "=", True)
        called &= ~Domain(
            "visit_ids", "any", [("state", "=", "planned"), ("purpose", "=", "verification")]
        )
        if settings.complaint_signoff == "major":
            called &= Domain("severity", "=", "major") | Domain("reopen_count", ">", 0)
        return asked | returned | called

    def action_sign_off(self):
        """The head of service has seen the result of the call-back."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("The head of service signs off."))
        for case in self:
            if case.state not in WITH_RESULT or not case._waits_for_signoff():
                raise UserError(self.env._("%s is not waiting for a sign-off.", case.display_name))
            case._write_facts(
                {"signed_off_at": fields.Datetime.now(), "signed_off_by_id": self.env.uid}
            )
            case.message_post(body=in_house(self).env._("Result of the call-back signed off."))
            case._forget_reminders("signoff")
            case._remind(
                case.user_id or case.team_id.user_id,
                lambda env: env._("Signed off: close the case"),
                reason="close",
            )
        return True

    def _callback_done(self, visit):
        """EXTENDS the call-back: who signs off hears first, then the handler closes."""
        res = super()._callback_done(visit)
        # sudo: as the call-back does
        case = self.sudo()
        if case._waits_for_signoff():
            case._forget_reminders("close")
            case._remind(
                case._signers(),
                lambda env: env._("Call-back completed: sign off the result"),
                reason="signoff",
            )
        return res

    def _signers(self):
        """Return who is asked to sign off: the team's leader if he may, else the heads of service."""
        self.ensure_one()
        leader = self.team_id.user_id.filtered(lambda user: user.has_group(SUPERVISOR))
        return told([leader, self.company_id._complaint_supervisors()], self.company_id, self)

    def _after_transition(self, transition):
        """EXTENDS transition mixin: each round of the case is signed off anew."""
        res = super()._after_transition(transition)
        if transition.name == "reopen":
            signed = self.filtered("signed_off_at")
            signed._write_facts({"signed_off_at": False, "signed_off_by_id": False})
        return res
