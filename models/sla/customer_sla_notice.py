import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ...queries.sla_job import LATE, WARNED
from ..common.jobs import Batches, give_back
from ..common.moments import moment_words

_logger = logging.getLogger(__name__)

# Cases listed in a message; the rest is behind its link.
LISTED = 50

BATCH = 100

MAX_FAILURES = 5


class CustomerSlaNotice(models.Model):
    """What a person must be told about deadlines: one message for all clocks that came due
    together.

    The rows are written in the same statement that moves the clocks, and marked in the transaction
    that makes the message, so each is told exactly once.
    """

    _name = "customer.sla.notice"
    _inherit = ["customer.job.mixin"]
    _description = "SLA Message"
    _order = "id DESC"
    _rec_name = "level"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", "Recipient", required=True, readonly=True, ondelete="cascade", index=True
    )
    res_model = fields.Char("Model", required=True, readonly=True)
    level = fields.Integer(
        required=True,
        readonly=True,
        help="1: warning, 2: past deadline, 3 and above: escalation level.",
    )
    clock_ids = fields.Json("Clocks", readonly=True)
    clock_count = fields.Integer("Deadlines", readonly=True)
    created_at = fields.Datetime(readonly=True)
    sent_at = fields.Datetime(readonly=True)
    failures = fields.Integer(readonly=True)
    error = fields.Char(readonly=True)

    _unsent_idx = models.Index("(id) WHERE sent_at IS NULL")

    @api.model
    def _send_step(self):
        """Return the step that sends what is not sent yet; one that fails is tried again and does
        not stop the others.
        """
        # sudo: the job tells everybody
        notices = self.sudo()
        scope = Domain.OR(
            Domain("res_model", "=", model._name) & Domain("company_id", "in", companies.ids)
            for model, companies in self.env["customer.sla.clock"]._job_scopes()
        )
        unsent = scope & Domain("sent_at", "=", False) & Domain("failures", "<", MAX_FAILURES)
        return Batches(
            "send",
            lambda after, limit: notices.search(
                unsent & Domain("id", ">", after), order="id", limit=limit
            ),
            lambda batch: batch._send_each(),
            BATCH,
        )

    @api.model
    def _send_all(self):
        """Send what is not sent yet."""
        return self._run_steps([self._send_step()])

    def _send_each(self):
        for notice in self:
            notice._send()

    def _send(self):
        """Make the message of one row and mark it, or note why that failed."""
        self.ensure_one()
        self.invalidate_recordset(["sent_at"])
        if self.sent_at:
            return
        try:
            with self.env.cr.savepoint():
                self._notify()
                self.sent_at = fields.Datetime.now()
        except Exception as error:
            give_back(self.env, error)
            _logger.exception("SLA message %s to %s failed", self.id, self.user_id.login)
            self.write({"failures": self.failures + 1, "error": str(error)[:200]})

    def _notify(self):
        user = self.user_id
        company = self.env["customer.sla.clock"].browse(self.clock_ids).exists().company_id[:1]
        reader = self.with_context(
            lang=user.lang, tz=user.tz or (company or user.company_id)._customer_timezone()
        )
        clocks = reader.env["customer.sla.clock"].browse(self.clock_ids).exists()
        if not clocks:
            return
        records = reader._records(clocks)
        is_one = len(records) == 1 and hasattr(records, "message_notify")
        (records if is_one else reader.env["mail.thread"]).message_notify(
            partner_ids=user.partner_id.ids,
            subject=reader._subject(clocks),
            body=reader._body(clocks),
            email_layout_xmlid="mail.mail_notification_light",
            force_send=False,
            subtype_xmlid="mail.mt_note",
        )

    @api.model
    def _records(self, clocks):
        """Return the records of clocks of one model."""
        return self.env[clocks[0].res_model].browse(dict.fromkeys(clocks.mapped("res_id")))

    def _subject(self, clocks):
        _ = self.env._
        if len(clocks) == 1:
            values = {"case": clocks.display_name}
            if self.level == WARNED:
                return _("Nearly due: %(case)s", **values)
            if self.level == LATE:
                return _("Past deadline: %(case)s", **values)
            return _("Past deadline, escalated to you: %(case)s", **values)
        values = {"n": len(clocks)}
        if self.level == WARNED:
            return _("%(n)s deadlines are nearly due", **values)
        if self.level == LATE:
            return _("%(n)s deadlines have passed", **values)
        return _("%(n)s deadlines have passed and are escalated to you", **values)

    def _body(self, clocks):
        _ = self.env._
        names = dict(clocks._fields["milestone"]._description_selection(self.env))
        rows = []
        records = self._records(clocks)
        partners = {
            record.id: record.partner_id.display_name if "partner_id" in record._fields else ""
            for record in records
        }
        for clock in clocks.sorted(lambda c: (c.deadline, c.id))[:LISTED]:
            rows.append(
                Markup(
                    "<tr><td><a "
                    "href='/odoo/%s/%s'>%s</a></td><td>%s</td><td>%s</td><td>%s</td></tr>"
                )
                % (
                    clock.res_model,
                    clock.res_id,
                    clock.record_name,
                    partners[clock.res_id] or "",
                    names.get(clock.milestone, ""),
                    moment_words(self.env, clock.deadline, self.env.context["tz"]),
                )
            )
        head = Markup("").join(
            Markup("<th style='text-align:left'>%s</th>") % text
            for text in (records._sla_word(), _("Customer"), _("Milestone"), _("Deadline"))
        )
        more = len(clocks) - len(rows)
        rest = Markup("<p>%s</p>") % _("and %(n)s more", n=more) if more > 0 else ""
        return Markup("<table cellpadding='4'><tr>%s</tr>%s</table>%s") % (
            head,
            Markup("").join(rows),
            rest,
        )

    @api.autovacuum
    def _gc_sent(self):
        """Forget messages that were sent half a year ago: the clocks keep their level."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), months=6)
        rows = self.search([("sent_at", "<", limit)], limit=10000)
        rows.unlink()
        return len(rows), 0
