from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, formataddr

from ...engine.sla_ledger import OPEN_STATES as OPEN_CLOCKS
from ..common.locks import wait_for_lock

OVER = ("closed", "force_closed", "cancelled")
# What the customer waits for, in the order in which it comes.
PROMISES = ("first_contact", "plan", "answer")


class CustomerComplaint(models.Model):
    """What the customer sees of a case: page, state, promised date, files; mails of the team."""

    _inherit = "customer.complaint"
    _portal_path = "/my/complaints"

    # -- page -----------------------------------------------------------------------------------

    def _portal_over_at(self):
        """EXTENDS portal mixin: the end of the case."""
        self.ensure_one()
        return (self.closed_at or self.write_date) if self.state in OVER else False

    def _is_outsider(self, partner, email):
        """EXTENDS portal mixin: people of the customer, or the address that wrote."""
        self.ensure_one()
        if partner:
            return bool(self.partner_id) and (
                partner.commercial_partner_id == self.partner_id.commercial_partner_id
            )
        return bool(email) and email == email_normalize(self.email_from or "")

    def _portal_state(self):
        """Return where the case stands, as the customer would say it."""
        self.ensure_one()
        _ = self.env._
        if self.state == "registered":
            return _("Received")
        if self.state in ("dispatched", "investigating"):
            return _("In progress")
        if self.state in ("answered", "verifying"):
            return _("Answered")
        if self.duplicate_of_id:
            return _("Continued as %s", self.duplicate_of_id.name)
        return _("Closed")

    def _portal_promises(self):
        """Return what the customer was promised and has not got yet: `[(what, when in words)]`."""
        self.ensure_one()
        _ = self.env._
        labels = {
            "first_contact": _("We will contact you by"),
            "plan": _("You will receive our plan by"),
            "answer": _("You will receive our answer by"),
        }
        clocks = {clock.milestone: clock for clock in self.clock_ids}
        promises = []
        for milestone in PROMISES:
            clock = clocks.get(milestone)
            if not clock or clock.state not in OPEN_CLOCKS or not clock.deadline:
                continue
            if clock.state == "paused":
                promises.append((labels[milestone], _("date to follow")))
            else:
                promises.append((labels[milestone], clock._instant_words(clock.deadline)))
        return promises

    def _portal_reopen_until(self):
        """Return the last day on which the customer may reopen the closed case, or False."""
        self.ensure_one()
        days = self.company_id.complaint_reopen_days
        if self.state != "closed" or self.kind == "anomaly" or days <= 0:
            return False
        return self.company_id._customer_day(self.closed_at) + timedelta(days=days)

    def _portal_can_reopen(self):
        """Tell whether the customer may say now that the problem is back.

        Of a closed case for the days of the settings; before the close once the call-back is over:
        until then it asks the same. What was closed with an approval, only we take up again.
        """
        self.ensure_one()
        if self.state == "verifying" and self.company_id.complaint_reopen_days > 0:
            asked = any(visit._can_be_answered() for visit in self.visit_ids)
            return bool(self._last_verification()) and not asked
        until = self._portal_reopen_until()
        return bool(until) and self.company_id._customer_today() <= until

    def _portal_may_repeat(self):
        """Tell whether the customer files a new case about the same matter."""
        self.ensure_one()
        return self.state in ("closed", "force_closed") and not self._portal_can_reopen()

    def _reopen_by_customer(self, words, number):
        """Take the case up again because the customer says the problem is back; once.

        The same as a call-back that says “not solved”. The caller checked whose case it is.

        :param words: what the customer says
        :param number: how often it had been reopened when the page was shown: a form that is sent
            again comes too late
        """
        self.ensure_one()
        case = self.sudo()  # the caller checked whose case it is
        wait_for_lock(case)
        case.invalidate_recordset()
        if case.reopen_count != number or not case._portal_can_reopen():
            raise UserError(self.env._("The case has been reopened already, or can no longer be."))
        if not words:
            raise UserError(self.env._("Describe what is not solved."))
        case._reopen(words, by_customer=True)

    def _portal_messages(self):
        """Return what people outside may read, the first one first: no notes, nothing internal."""
        self.ensure_one()
        comment = self.env.ref("mail.mt_comment")
        # what the customer wrote to a duplicate belongs here
        written = self.message_ids | self.duplicate_ids.message_ids
        shown = written.filtered(lambda m: m.subtype_id == comment and not m.is_internal)
        return shown.sorted("id")

    def _portal_files(self):
        """Return the files of the messages that the customer may read."""
        return self._portal_messages().attachment_ids

    # -- mails ----------------------------------------------------------------------------------

    def _customer_sender(self, author=None):
        """EXTENDS portal mixin: the address of the team, with the name of who writes."""
        self.ensure_one()
        team = self.team_id.sudo()  # sudo: the address of the team is no secret
        if not (team.alias_name and team.alias_domain_id):
            return False
        # the team speaks in the name of the company: its name is the one the customer knows
        name = (author and author.name) or f"{self.company_id.name} · {team.name}"
        return formataddr((name, team.alias_email))

    def _notify_get_reply_to(self, default=None, author_id=False):
        """EXTENDS mail: answers come to the team's address."""
        teams = self.sudo().team_id  # sudo: the addresses of the teams are no secret
        aliases = teams._notify_get_reply_to(default=default, author_id=author_id)
        found = {
            case.id: aliases[case.sudo().team_id.id]
            for case in self
            if aliases.get(case.sudo().team_id.id)
        }
        if left := self.filtered(lambda case: case.id not in found):
            found.update(
                super(CustomerComplaint, left)._notify_get_reply_to(
                    default=default, author_id=author_id
                )
            )
        return found
