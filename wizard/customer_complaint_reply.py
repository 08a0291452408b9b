from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty, plaintext2html

from ..models.common.customer_reach_mixin import addresses_in, recipients_of

TEMPLATES = {"answer": "customer_governance.mail_template_complaint_answer"}


class CustomerComplaintReply(models.TransientModel):
    """Write the answer or the plan, see what the customer gets, and send it or say who told it."""

    _name = "customer.complaint.reply"
    _inherit = ["customer.complaint.told"]
    _description = "Answer to a Complaint"

    kind = fields.Selection(
        [("answer", "Answer"), ("plan", "Plan")], required=True, default="answer"
    )
    by = fields.Selection(
        [("mail", "Send by e-mail"), ("told", "Communicated in person or by phone")],
        "Delivery Method",
        compute="_compute_recipients",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    recipient_ids = fields.Many2many(
        "res.partner",
        string="Recipients",
        compute="_compute_recipients",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'child_of', partner_id), ('email', '!=', False)]",
    )
    email_to = fields.Char("E-mail", related="complaint_id.email_from", readonly=True)
    body = fields.Html("Text", compute="_compute_body", store=True, readonly=False, precompute=True)
    canned_id = fields.Many2one(
        "mail.canned.response", "Canned Answer", help="This text is inserted into the answer."
    )
    lesson_id = fields.Many2one(
        "customer.complaint.lesson",
        "Lesson from a Similar Case",
        domain="[('id', 'in', suggested_lesson_ids)]",
        help="What helped then is inserted into the answer.",
    )
    suggested_lesson_ids = fields.Many2many(related="complaint_id.suggested_lesson_ids")
    attachment_ids = fields.Many2many(
        "ir.attachment", "customer_complaint_reply_attachment_rel", string="Attachments"
    )
    description = fields.Html(related="complaint_id.description", string="Customer's Statement")
    remedy_sought = fields.Char(related="complaint_id.remedy_sought")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("complaint_id")
    def _compute_recipients(self):
        for reply in self:
            case = reply.complaint_id
            found = case._customer_recipients() if case else {}
            reply.recipient_ids = self.env["res.partner"].browse(found.get("partner_ids", []))
            reply.by = "mail" if found else "told"

    @api.depends("complaint_id", "kind")
    def _compute_body(self):
        for reply in self:
            case = reply.complaint_id
            reply.body = case.plan if reply.kind == "plan" else case.answer

    @api.onchange("canned_id")
    def _onchange_canned_id(self):
        if self.canned_id:
            self._add_text(self.canned_id.substitution)
            self.canned_id = False

    @api.onchange("lesson_id")
    def _onchange_lesson_id(self):
        if self.lesson_id:
            self._add_text(self.lesson_id.measure or self.lesson_id.lesson)
            self.lesson_id = False

    def _add_text(self, text):
        before = Markup("") if is_html_empty(self.body) else Markup(self.body)
        self.body = before + plaintext2html(text or "")

    @api.depends("body", "kind", "complaint_id", "by")
    def _compute_preview(self):
        """Show the mail with its frame, as the customer gets it."""
        for reply in self:
            case = reply.complaint_id._origin
            template = TEMPLATES.get(reply.kind)
            if reply.by != "mail" or not case or is_html_empty(reply.body):
                reply.preview = False
            elif template:
                text = case._preview(template, **{reply.kind: reply.body})
                # the secret is nobody's but the customer's: the preview shows where it stands
                link = Markup('<p><a href="#">%s</a></p>') % case._callback_words()
                reply.preview = text + link
            else:
                reply.preview = reply.body

    def action_send(self):
        """Keep the text on the case and give it to the customer."""
        self.ensure_one()
        case = self.complaint_id
        case.check_access("write")
        if is_html_empty(self.body):
            raise UserError(self.env._("Enter the text first."))
        case.write({self.kind: self.body})
        sending = {"attachments": self.attachment_ids.ids}
        at = None
        if self.by == "told":
            at = self._told_when()

            def what(env):
                if self.kind == "plan":
                    return env._("Plan communicated")
                return env._("Answer communicated")

            sending["told"] = Markup("%s<br/>%s") % (self._told_words(what), Markup(self.body))
        else:
            sending["recipients"] = self._recipients()
        if self.kind == "plan":
            return case._send_plan(at=at, **sending)
        return case._answer(at=at, **sending)

    def _recipients(self):
        """Return the values of `message_post` that address the customer; nobody else gets it."""
        case = self.complaint_id
        company = case.partner_id.commercial_partner_id
        strangers = self.recipient_ids.filtered(
            lambda partner: partner.commercial_partner_id != company
        )
        if strangers:
            raise UserError(
                self.env._(
                    "%(people)s is not a contact of the customer.",
                    people=", ".join(strangers.mapped("display_name")),
                )
            )
        if reachable := self.recipient_ids.filtered(lambda one: addresses_in(one.email)):
            return {"partner_ids": reachable.ids}
        if not case.partner_id and (found := recipients_of(case.partner_id, self.email_to)):
            return found
        raise UserError(
            self.env._(
                "None of the recipients has an e-mail address: state who informed the customer, "
                "and when."
            )
        )
