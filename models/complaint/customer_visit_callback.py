from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.locks import wait_for_lock


class CustomerVisit(models.Model):
    """The customer answers a call-back himself: in the portal or from the link in the mail."""

    _name = "customer.visit"
    _inherit = ["customer.visit", "customer.link.mixin"]

    answered_by_customer = fields.Boolean("Answered by the Customer", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Call-backs get a link that expires."""
        visits = super().create(vals_list)
        now = fields.Datetime.now()
        callbacks = visits.filtered(lambda v: v._is_verification())
        for company, own in callbacks.grouped("company_id").items():
            # sudo: a setting of the company
            own._give_link(now + timedelta(days=company.sudo().complaint_link_days))
        return visits

    def action_revoke_link(self):
        """Make the link in the mail worthless."""
        self.check_access("write")
        self._revoke_link()
        return True

    def _callback_url(self):
        """Return the address in the mail."""
        return self._link("/complaint/callback")

    def _check_callback_token(self, token):
        """Tell whether `token` opens this call-back now: right, not expired, not used."""
        return self._opens_by(token) and self._can_be_answered()

    def _can_be_answered(self):
        """Tell whether the question is still open."""
        self.ensure_one()
        return (
            self._is_verification()
            and self.state == "planned"
            and self.complaint_id.state in ("answered", "verifying")
            and self.company_id._customer_uses("complaint")
        )

    def _answer_by_customer(self, token, result, satisfaction, comment):
        """Take the answer of the customer; the first one stands, the link is used up.

        :param token: the secret of the link, checked again behind the lock
        """
        self.ensure_one()
        visit = self.sudo()  # the token is the right
        wait_for_lock(visit)
        visit.invalidate_recordset()
        if not visit._check_callback_token(token):
            raise UserError(self.env._("This question has already been answered."))
        self._take_answer(result, satisfaction, comment)

    def _answer_in_portal(self, result, comment):
        """Take the answer of a logged-in customer, whose company the caller checked."""
        self.ensure_one()
        visit = self.sudo()  # the caller checked whose call-back it is
        wait_for_lock(visit)
        visit.invalidate_recordset()
        if not visit._can_be_answered():
            raise UserError(self.env._("This question has already been answered."))
        self._take_answer(result, False, comment)

    def _take_answer(self, result, satisfaction, comment):
        """Report the call-back with the customer's own words."""
        visit = self.sudo()  # callers checked whose call-back it is
        visit.write(
            {
                "verification_result": result,
                "satisfaction": satisfaction,
                "issues" if result in ("not_solved", "false_reply") else "summary": comment
                or visit.env._("Answered by the customer."),
                "way": "online",
                "user_id": False,
                "answered_by_customer": True,
            }
        )
        visit._revoke_link()
        visit.action_done()
