import re

from odoo import api, fields, models, tools
from odoo.fields import Domain

# Senders that are machines: they get no acknowledgement, which they would only answer.
_ROBOTS = re.compile(
    r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|auto-?(reply|responder)|noreply)"
    r"([+._-].*)?@",
    re.IGNORECASE,
)
MAX_ACKNOWLEDGEMENTS = 3  # to one address within an hour: a person does not complain faster


class CustomerComplaint(models.Model):
    """Complaints by e-mail: the alias of a team creates them, answers join the thread."""

    _inherit = "customer.complaint"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """EXTENDS mail: an e-mail to a team's alias becomes a complaint.

        A known sender is the customer; an employee who passes a mail on is not; an unknown sender
        leaves the customer open.
        """
        self.check_access("create")
        author = self.env["res.partner"].browse(msg_dict.get("author_id"))
        # sudo: whether the sender is an employee is all that is asked
        employee = author.sudo().user_ids.filtered(lambda user: not user.share)
        customer = author.commercial_partner_id if author and not employee else author.browse()
        values = {
            "subject": msg_dict.get("subject") or self.env._("Complaint by e-mail"),
            "description": msg_dict.get("body") or False,
            "channel_id": self.env.ref("customer_governance.complaint_channel_email").id,
            "partner_id": customer.id,
            "contact_id": author.id if customer and customer != author else False,
            **(custom_values or {}),
        }
        team = self.env["customer.complaint.team"].browse(values.get("team_id"))
        values.setdefault("company_id", team.company_id.id or self.env.company.id)
        complaint = super().message_new(msg_dict, custom_values=values)
        complaint._acknowledge_mail(msg_dict)
        return complaint

    def message_update(self, msg_dict, update_vals=None):
        """EXTENDS mail: a mail on a case that is over goes to somebody who reads it."""
        self.check_access("write")
        res = super().message_update(msg_dict, update_vals=update_vals)
        for complaint in self.filtered(lambda c: c.state in ("closed", "force_closed")):
            complaint._remind(
                complaint.user_id or complaint.team_id.user_id,
                complaint.env._("The customer wrote after the close"),
            )
        return res

    def _acknowledge_mail(self, msg_dict):
        """Acknowledge a mail, unless a machine wrote it or the address got some within the hour."""
        address = tools.email_normalize(msg_dict.get("email_from") or "")
        if not address or _ROBOTS.match(address) or msg_dict.get("is_bounce"):
            return
        recent = self.sudo().search_count(  # sudo: cases of all teams count
            Domain("email_from", "ilike", address)
            & Domain(
                "acknowledged_at", ">=", fields.Datetime.subtract(fields.Datetime.now(), hours=1)
            )
        )
        if recent < MAX_ACKNOWLEDGEMENTS:
            self._send_acknowledgement()

    def _message_post_after_hook(self, message, msg_values):
        """EXTENDS mail: a person's message to the customer is the first contact."""
        res = super()._message_post_after_hook(message, msg_values)
        if self._is_contact(message):
            self._contacted()
        return res

    def _is_contact(self, message):
        """Tell whether a message was written by an employee to the customer."""
        comment = self.env.ref("mail.mt_comment")
        if message.message_type not in ("comment", "email") or message.subtype_id != comment:
            return False
        # sudo: whether the author is an employee is all that is asked
        author = message.author_id.sudo()
        if not author.user_ids.filtered(lambda user: not user.share):
            return False
        customer = self.partner_id | self.contact_id
        # sudo: followers of the case, whoever posts
        reached = message.partner_ids | self.sudo().message_partner_ids
        return any(
            partner.commercial_partner_id == self.partner_id or partner in customer
            for partner in reached.sudo()
            if partner != author
        ) or bool(message.outgoing_email_to and self.email_from)

    def _mail_get_partner_fields(self, introspect_fields=False):
        """EXTENDS mail: the contact person first, then the customer."""
        return ["contact_id", "partner_id"]
