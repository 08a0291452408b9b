import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import collection as engine
from ..common.cron import commit_progress

_logger = logging.getLogger(__name__)

BATCH = 50
MAX_FAILURES = 5


class CustomerCollectionStep(models.Model):
    """Sending: a mail goes into the queue in the transaction that marks its step as done."""

    _inherit = "customer.collection.step"

    @api.model
    def _send_company(self, company):
        """Send the mails of a company that are due; False: no time left.

        A step that fails is tried again by later runs and does not stop the others.
        """
        last = 0
        while company._collection_at_work(fields.Datetime.now()):
            batch = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "planned"),
                    ("is_automatic", "=", True),
                    ("failures", "<", MAX_FAILURES),
                    ("id", ">", last),
                ],
                order="id",
                limit=BATCH,
            )
            if not batch:
                return True
            last = batch[-1].id
            locked = batch.try_lock_for_update(allow_referencing=True)
            locked._send_due(company)
            more = int(len(batch) == BATCH)
            if not commit_progress(self.env, len(locked), remaining=more):
                return False
        return True

    def _send_due(self, company):
        """Send the steps whose items still may be chased; note on each why that failed."""
        situations = self._situations(company, self.partner_id.ids)
        for step in self:
            # paid or held since it was planned: the next run ends it or sends it later
            if situations[step.partner_id.id].claim.outcome != engine.WAIT:
                continue
            try:
                with self.env.cr.savepoint():
                    step._send()
            except Exception as error:
                _logger.exception("Collection step %s could not be sent", step.id)
                step._write_facts({"failures": step.failures + 1, "error": str(error)[:200]})
        gone = self.filtered(lambda s: s.failures >= MAX_FAILURES and s.state == "planned")
        gone._ask_people()

    def _send(self):
        """Put the mail of one step into the queue and mark the step as done."""
        self.ensure_one()
        contact = self._customer_contact()
        if not contact.email:
            raise UserError(self.env._("%s has no e-mail address.", self.partner_id.display_name))
        self._transition(
            "done",
            {"done_at": fields.Datetime.now(), "done_by_id": self.env.uid, "error": False},
        )
        author = self.user_id.partner_id or self.company_id.partner_id
        self.with_context(lang=self._customer_lang()).message_post(
            body=self._mail_body(),
            subject=self.subject,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=contact.ids,
            author_id=author.id,
            email_layout_xmlid="mail.mail_notification_light",
            # the queue sends after the commit: a rolled back step has sent nothing
            force_send=False,
        )
        return True

    def _mail_body(self):
        """Return the text with the list of items, in the customer's language."""
        step = self.with_context(lang=self._customer_lang())
        table = self.env["ir.qweb"]._render(
            "customer_governance.collection_items_table",
            {"step": step, "items": step.item_ids},
            lang=self._customer_lang(),
        )
        return Markup("%s%s") % (step.body or Markup(), table)

    def action_send(self):
        """Send the mail of the step now."""
        self.check_access("write")
        for step in self:
            if step.way != "mail":
                raise UserError(self.env._("“%s” is no e-mail: print or call.", step.display_name))
            # sudo: writing to the customer is the right of who may do the step; it is checked above
            step.sudo()._send()
        return True
