from odoo import models

from .marks import Attempt


class MailMail(models.Model):
    """A mail is called failed while it is being sent, which is no news of anybody's record."""

    _inherit = "mail.mail"

    def _send(self, *args, **kwargs):
        """EXTENDS mail: the notifications are written as failed before the try."""
        trying = self.with_context(customer_attempt=Attempt())
        return super(MailMail, trying)._send(*args, **kwargs)

    def _postprocess_sent_message(self, *args, **kwargs):
        """EXTENDS mail: now it is known what became of the mail."""
        attempt = self.env.context.get("customer_attempt")
        known = self
        if isinstance(attempt, Attempt):
            known = self.with_context(customer_attempt=attempt.over())
        return super(MailMail, known)._postprocess_sent_message(*args, **kwargs)
