from odoo import models
from odoo.tools import email_normalize, formataddr

from ...engine.sla_ledger import OPEN_STATES as OPEN_CLOCKS

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

    def _portal_answer(self):
        """Return the answer as the customer got it, or False."""
        self.ensure_one()
        return self.answer if self.answered_at and self.state != "investigating" else False

    def _portal_messages(self):
        """Return what people outside may read, the first one first: no notes, nothing internal."""
        self.ensure_one()
        comment = self.env.ref("mail.mt_comment")
        shown = self.message_ids.filtered(lambda m: m.subtype_id == comment and not m.is_internal)
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
