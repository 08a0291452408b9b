import codecs
import logging
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import email_normalize, html2plaintext, plaintext2html

from ...engine import mail_kinds
from .link_secrets import without_secrets

_logger = logging.getLogger(__name__)

MAX_SUBJECT = 250

MAX_BODY = 500_000

# Controls and what turns the writing round: a subject is one line that reads as it stands.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")

_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,250}@[^<>\s@]{1,250}>")


class MailThread(models.AbstractModel):
    """Mails that a page without a login causes have a sender."""

    _inherit = "mail.thread"

    def _message_compute_author(self, author_id=None, email_from=None):
        """EXTENDS mail: the public user has no address; its company speaks, by the system."""
        author_id, email_from = super()._message_compute_author(author_id, email_from)
        ours = self._name.startswith("customer.") or self._name == "mail.thread"
        if email_from or not ours or not self.env.user._is_public():
            return author_id, email_from
        # sudo: the address of the company is in every mail
        record = self.sudo()[:1]
        company = ("company_id" in record._fields and record.company_id) or self.env.company.sudo()
        root = self.env.ref("base.partner_root").sudo()
        if author_id == self.env.user.partner_id.id:
            author_id = root.id
        return author_id, company.email_formatted or root.email_formatted

    def _check_can_update_message_content(self, messages):
        """EXTENDS mail: of the history of our records only own notes are changed, by nobody else."""
        messages.sudo(False)._customer_check_history()
        return super()._check_can_update_message_content(messages)

    # --- what the mail gateway takes for a person's mail, and from whom

    # -- reading ------------------------------------------------------------------------------
    @api.model
    def message_parse(self, message, save_original=False):
        """EXTENDS mail: a mail in a writing nobody knows, or with a character that cannot be stored,
        is not lost; a reply quotes the mail it answers, and no link in it opens anything.
        """
        for part in message.walk():
            charset = part.get_content_charset()
            try:
                codecs.lookup(charset or "ascii")
            except LookupError:
                part.set_param("charset", "utf-8")
        values = super().message_parse(message, save_original=save_original)
        for name, value in values.items():
            if isinstance(value, str) and "\x00" in value:
                values[name] = type(value)(value.replace("\x00", ""))
        if body := values.get("body"):
            values["body"] = without_secrets(body)
        values["attachments"] = [
            attachment._replace(fname=(attachment.fname or "attachment").replace("\x00", ""))
            for attachment in values.get("attachments", ())
        ]
        if self._customer_mail_kind(message) != mail_kinds.PERSON:
            values["customer_by_machine"] = True
        return values

    def _get_message_create_valid_field_names(self):
        """EXTENDS mail: what wrote a mail is kept with it."""
        return super()._get_message_create_valid_field_names() | {"customer_by_machine"}

    @api.model
    def _customer_mail_kind(self, message):
        """Return the kind of an incoming message, see `engine.mail_kinds`."""
        # sudo: our own domains
        domains = (
            self.env["mail.alias.domain"].sudo().search([("name", "!=", False)]).mapped("name")
        )
        companies = self.env["res.company"].sudo().search([("email", "!=", False)])
        own = domains + [
            address.split("@")[1]
            for company in companies
            if (address := email_normalize(company.email))
        ]
        params = {name: str(message.get_param(name) or "") for name in ("report-type", "method")}
        return mail_kinds.kind_of(
            self._customer_mail_headers(message), message.get_content_type(), params, own
        )

    @api.model
    def _customer_mail_headers(self, message):
        """Return the headers of an incoming message; one that cannot be read counts as empty."""
        headers = []
        for name in message:
            try:
                headers.append((name, str(message.get(name) or "")))
            except Exception:
                _logger.info("A mail has a header that cannot be read: %s", name)
        return headers

    # -- bounces ------------------------------------------------------------------------------
    @api.model
    def _detect_is_bounce(self, message, message_dict):
        """EXTENDS mail: delivery programs that send no report leave the return path empty."""
        if super()._detect_is_bounce(message, message_dict):
            return True
        sender = email_normalize(message_dict.get("email_from") or "") or ""
        return mail_kinds.is_delivery_program(sender) and mail_kinds.has_no_return_path(
            self._customer_mail_headers(message)
        )

    @api.model
    def _message_parse_extract_bounce(self, email_message, message_dict):
        """EXTENDS mail: of our messages, reports of success and delay are no bounces, and bounces
        without a report find their message by its id in the text.
        """
        values = super()._message_parse_extract_bounce(email_message, message_dict)
        if not values.get("is_bounce"):
            return values
        bounced = values.get("bounced_message") or self._customer_bounced_message(email_message)
        if not bounced or not self._customer_is_ours(bounced.model):
            return values
        nobody = {"bounced_email": False, "bounced_partner": self.env["res.partner"].sudo()}
        if not self._customer_is_failure(email_message):
            return {**values, **nobody}
        values["bounced_message"] = bounced
        values["bounced_msg_ids"] = values.get("bounced_msg_ids") or [bounced.message_id]
        # sudo: whom the message went to
        sent = bounced.sudo().notification_ids.filtered(lambda n: n.notification_type == "email")
        if not values.get("bounced_email") and len(sent) == 1:
            partner = sent.res_partner_id
            values["bounced_partner"] = partner
            values["bounced_email"] = sent.mail_email_address or partner.email_normalized
        return values

    @api.model
    def _customer_is_ours(self, model):
        return bool(model) and model.startswith("customer.")

    @api.model
    def _customer_is_failure(self, message):
        """Tell whether a report says that the mail was given up: not delayed, delivered or opened."""
        if mail_kinds.RECEIPT == self._customer_mail_kind(message):
            return False
        actions = []
        for part in message.walk():
            if part.get_content_type() != "message/delivery-status":
                continue
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else ():
                if action := block.get("Action"):
                    actions.append(str(action).strip().lower())
        return not actions or "failed" in actions

    @api.model
    def _customer_bounced_message(self, message):
        """Return our message that a bounce quotes by its id, in a text without a report."""
        found = []
        for part in message.walk():
            if part.get_content_maintype() == "text" and len(found) < 20:
                try:
                    found += _MESSAGE_ID.findall(part.get_content())
                except Exception:
                    _logger.info("A bounce has a text that cannot be read")
        # sudo: whether the id is that of a message of ours
        messages = self.env["mail.message"].sudo()
        if not found:
            return messages
        return messages.search([("message_id", "in", found[:20])], order="id DESC", limit=1)

    # -- routes -------------------------------------------------------------------------------
    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """EXTENDS mail: each route to a record of ours is looked at once more."""
        routes = super().message_route(
            message,
            message_dict,
            model=model,
            thread_id=thread_id,
            custom_values=custom_values,
        )
        kept = []
        for route in routes or []:
            if route[0] in self.env and self._customer_is_ours(route[0]):
                route = self.env[route[0]]._customer_route(message, message_dict, route, kept)
            if route:
                kept.append(route)
        return kept

    @api.model
    def _customer_route(self, message, message_dict, route, kept):
        """Return the route of a mail to a record of ours, or None where the mail was dealt with.

        What a machine sent in answer to a record is a note on it, which tells nobody outside.

        :param kept: routes of the same mail before this one
        """
        self._customer_trim(message_dict)
        kind = self._customer_mail_kind(message)
        if kind == mail_kinds.PERSON or not route[1]:
            return route
        self._customer_keep_as_note(self.browse(route[1]), message_dict)
        return None

    @api.model
    def _customer_trim(self, values):
        """Cut a mail to what people read: one line of subject, a text of a size, a time that can be."""
        subject = _CONTROLS.sub(" ", values.get("subject") or "").strip()
        values["subject"] = subject if len(subject) <= MAX_SUBJECT else f"{subject[:MAX_SUBJECT]}…"
        body = values.get("body") or ""
        if len(body) > MAX_BODY:
            kept = type(self)._Attachment("original.html", str(body), {})
            values["attachments"] = [*values.get("attachments", ()), kept]
            values["body"] = plaintext2html(html2plaintext(body)[: MAX_BODY // 10] + "\n…")
        now = fields.Datetime.now()
        sent = fields.Datetime.to_datetime(values.get("date"))
        if sent and (sent > now + timedelta(days=1) or sent.year < 2000):
            values["date"] = fields.Datetime.to_string(now)

    @api.model
    def _customer_keep_as_note(self, record, values, **more):
        """Keep a mail as an internal note of a record."""
        # sudo: the gateway; a note is nobody's right to see but that of who reads the record
        record = record.sudo().with_user(self.env.ref("base.user_root"))
        return record.with_context(mail_post_autofollow_author_skip=True).message_post(
            body=values.get("body") or "",
            subject=values.get("subject"),
            email_from=values.get("email_from"),
            message_id=values.get("message_id"),
            date=values.get("date") or fields.Datetime.now(),
            attachments=values.get("attachments") or [],
            incoming_email_to=values.get("to_filtered"),
            incoming_email_cc=values.get("cc_filtered"),
            **{"message_type": "auto_comment", "subtype_xmlid": "mail.mt_note", **more},
        )

    # -- answers ------------------------------------------------------------------------------
    def message_update(self, msg_dict, update_vals=None):
        """EXTENDS mail: a mail is what its sender says it is; facts come from people who logged in.

        On a record of ours the mail of somebody who has nothing to do with it, or that claims to be of
        one of us, is an internal note: nobody outside gets it.
        """
        if self._customer_is_ours(self._name):
            self.check_access("write")
        result = super().message_update(msg_dict, update_vals=update_vals)
        if len(self) == 1 and self._customer_is_ours(self._name):
            self._customer_judge_sender(msg_dict)
        return result

    def _customer_judge_sender(self, msg_dict):
        # sudo: who the sender is
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id") or [])
        employee = author.user_ids.filtered(lambda user: not user.share)
        reaches = "reach_facts" in self._fields
        # sudo: of which kind the message was that this one answers
        parent = self.env["mail.message"].sudo().browse(msg_dict.get("parent_id") or [])
        if parent.message_type == "auto_comment":
            # nobody wrote it, so nobody waits for the answer to it: who is told is our business
            msg_dict.pop("parent_id")
        if employee and not reaches:
            return
        if not employee and self._customer_knows(author, msg_dict):
            return
        msg_dict["is_internal"] = True
        # an answer to a note is sent to the author of the note
        msg_dict.pop("parent_id", None)
        if not reaches:
            return
        if employee:
            self._tell(
                lambda env: env._(
                    "The e-mail from %s was kept as a note and did not reach the customer: "
                    "answer from here",
                    employee[:1].name,
                ),
                "mailed",
                users=employee[:1],
            )
        else:
            self._tell(
                lambda env: env._(
                    "An e-mail from an unknown sender was kept as a note: check whether it "
                    "is from the customer"
                ),
                "unknown",
            )

    def _customer_knows(self, author, msg_dict):
        """Tell whether the sender of a mail has to do with the record."""
        record = self.sudo()  # sudo: see above
        address = email_normalize(msg_dict.get("email_from") or "")
        if "reach_facts" in record._fields:
            known = record._reach_address()
            if address and address == email_normalize(known or ""):
                return True
            if author and record._is_other_side(author):
                return True
        return bool(author and author in record.message_partner_ids)
