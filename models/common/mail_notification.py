import logging

from odoo import models

from .customer_reach_mixin import NOT_REACHED
from .marks import Attempt

_logger = logging.getLogger(__name__)


class MailNotification(models.Model):
    """What becomes of a mail decides whether the customer was told."""

    _inherit = "mail.notification"

    def write(self, vals):
        """EXTENDS mail: a mail that failed or bounced, or went out after all, is news of its record.

        While a mail is tried it is called failed, which is none: what it was before the try counts.
        """
        status = vals.get("notification_status")
        if not status:
            return super().write(vals)
        before = {one.id: one.notification_status for one in self}
        attempt = self.env.context.get("customer_attempt")
        if isinstance(attempt, Attempt):
            before = attempt.remember(before)
        result = super().write(vals)
        if isinstance(attempt, Attempt) and not attempt.is_over:
            return result
        # what follows is nobody's try
        news = self.with_context(customer_attempt=None)
        missed = news.filtered(lambda one: before[one.id] in NOT_REACHED)
        if status == "sent":
            news.filtered(lambda one: before[one.id] != status)._tell_records(status, missed)
        elif status in NOT_REACHED:
            # what was given up after it had failed is no news
            (news - missed)._tell_records(status, missed)
        return result

    def _tell_records(self, status, missed):
        """Tell the records of the messages what became of them; the mail goes on whatever happens.

        :param missed: notifications that had failed before
        """
        # sudo: the mail queue and the gateway report it
        for message, own in self.sudo().grouped("mail_message_id").items():
            model = self.env.get(message.model) if message.model else None
            if model is None or "reach_facts" not in model._fields:
                continue
            record = model.sudo().browse(message.res_id).exists()
            if not record:
                continue
            try:
                with self.env.cr.savepoint():
                    if status == "sent":
                        record._delivery_done(message, own & missed)
                    else:
                        record._delivery_failed(message, own)
            except Exception:
                _logger.exception("%s could not follow what became of its mail", record)
