from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .customer_complaint_callback import POSITIVE


class CustomerVisit(models.Model):
    """A visit that verifies the answer to a complaint, or that a complaint came from."""

    _inherit = "customer.visit"
    # who has a visit of a case reads the case
    _guard_fixed = ("complaint_id",)

    complaint_id = fields.Many2one(
        "customer.complaint",
        "Verifies",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
        help="The complaint whose answer is verified with the customer.",
    )
    reopening = fields.Integer(
        readonly=True, help="Number of times the complaint had been reopened when this was planned."
    )
    verification_result = fields.Selection(
        lambda self: self._verification_results(),
        "Result of the Call-back",
        tracking=True,
        copy=False,
    )
    is_positive = fields.Boolean(compute="_compute_is_positive")
    # What the caller has to know, on the screen of the call-back
    complaint_phone = fields.Char("Phone Number", compute="_compute_complaint_phone")
    complaint_description = fields.Html(
        related="complaint_id.description", string="Customer's Statement"
    )
    complaint_remedy = fields.Char(related="complaint_id.remedy_sought", string="Request")
    complaint_answer = fields.Html(related="complaint_id.answer", string="Answer Given")
    complaint_answered_at = fields.Datetime(related="complaint_id.last_answered_at")
    complaint_severity = fields.Selection(related="complaint_id.severity")
    raised_complaint_ids = fields.One2many(
        "customer.complaint", "visit_id", "Complaints from This Visit"
    )

    def get_formview_id(self, access_uid=None):
        """EXTENDS base: a call-back opens on its own screen, wherever it is opened from."""
        if self.complaint_id and self.purpose == "verification":
            return self.env.ref("customer_governance.customer_visit_view_form_callback").id
        return super().get_formview_id(access_uid)

    @api.model
    def _verification_results(self):
        """Return the outcomes of a call-back."""
        _ = self.env._
        return [
            ("satisfied", _("Satisfied")),
            ("accepts", _("Accepts the explanation")),
            ("not_solved", _("Not solved")),
            ("false_reply", _("Reply was false")),
            ("unreachable", _("Unreachable")),
        ]

    def _result_label(self):
        self.ensure_one()
        return dict(self._verification_results()).get(self.verification_result, "")

    @api.depends("complaint_id.phone", "contact_id.phone", "partner_id.phone")
    def _compute_complaint_phone(self):
        for visit in self:
            # sudo: who calls the customer back gets the number to call
            case = visit.sudo().complaint_id
            visit.complaint_phone = case.phone or visit.contact_id.phone or visit.partner_id.phone

    @api.depends("verification_result", "state")
    def _compute_is_positive(self):
        for visit in self:
            visit.is_positive = visit.state == "done" and visit.verification_result in POSITIVE

    @api.constrains("complaint_id", "purpose", "partner_id")
    def _check_complaint(self):
        for visit in self.filtered("complaint_id"):
            if visit.partner_id != visit.complaint_id.partner_id:
                raise ValidationError(self.env._("The complaint belongs to another customer."))
            if visit.purpose != "verification":
                raise ValidationError(
                    self.env._(
                        "A visit that verifies a complaint must have the purpose Verification."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A call-back belongs to the present round of its complaint."""
        visits = super().create(
            [{k: v for k, v in vals.items() if k != "reopening"} for vals in vals_list]
        )
        visits._join_round()
        return visits

    def _join_round(self):
        """Count call-backs in the present round of their complaints."""
        for complaint, group in self.grouped("complaint_id").items():
            if complaint:
                # sudo: the round is counted by the case
                group.sudo().write({"reopening": complaint.sudo().reopen_count})

    def _after_transition(self, transition):
        """EXTENDS visits: one planned again, or held after it was missed, is of the present
        round.
        """
        if transition.name in ("replan", "done"):
            self._join_round()
        return super()._after_transition(transition)

    def write(self, vals):
        """A call-back stays with its complaint and its result, once it is done."""
        fixed = {"complaint_id", "reopening", "purpose", "verification_result"} & vals.keys()
        if fixed and not self.env.su:
            if self.filtered(lambda v: v.complaint_id and v.state == "done"):
                raise ValidationError(
                    self.env._("A call-back that has been reported cannot be changed.")
                )
            if "reopening" in vals:
                raise ValidationError(self.env._("The round of a call-back cannot be entered."))
        res = super().write(vals)
        if "complaint_id" in vals:
            self._join_round()
        return res

    def _is_verification(self):
        return self.purpose == "verification" and bool(self.complaint_id)

    def _has_content(self):
        """EXTENDS visits: the result of a call-back is content."""
        return bool(super()._has_content() or self.verification_result)

    def _guard_done(self):
        """EXTENDS visits: the handler of a case does not verify it, whatever the role."""
        reasons = super()._guard_done()
        if not self._is_verification():
            return reasons
        case = self.complaint_id.sudo()  # sudo: callers need no right on the case
        handlers = case.user_id | case.handler_ids
        if self.env.user in handlers or self.user_id in handlers:
            reasons.append(
                self.env._(
                    "The call-back must be made by someone other than the handler of the case."
                )
            )
        if case.state not in ("answered", "verifying"):
            reasons.append(self.env._("The case has not been answered yet."))
        if not self._conclusion():
            reasons.append(self.env._("State what the customer thinks of the answer."))
        return reasons

    def _conclusion(self):
        """Return the result; where only the satisfaction was noted, what follows from it."""
        from_satisfaction = {
            "1": "not_solved",
            "2": "not_solved",
            "3": "accepts",
            "4": "satisfied",
            "5": "satisfied",
        }
        return self.verification_result or from_satisfaction.get(self.satisfaction)

    def action_done(self):
        """EXTENDS visits: a call-back moves its case on."""
        verifications = self.filtered(lambda v: v._is_verification())
        for visit in verifications.filtered(lambda v: not v.verification_result):
            if visit.state != "done" and (conclusion := visit._conclusion()):
                visit.verification_result = conclusion
        for visit in verifications.filtered(lambda v: v.verification_result == "unreachable"):
            visit.no_contact = True
        res = super().action_done()
        for visit in verifications:
            visit.complaint_id._callback_done(visit)
        # sudo: whoever calls the customer stops the clock of the first contact
        for visit in (self - verifications).filtered(lambda v: not v.no_contact):
            visit.sudo().raised_complaint_ids._contacted()
        return res

    def action_create_complaint(self):
        """Open the intake of a complaint with what the customer said."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_complaint_action_intake"
        )
        return {
            **action,
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_contact_id": self.contact_id.id,
                "default_subject": self.name,
                "default_description": self.issues or self.summary or False,
                "default_visit_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }
