from odoo import fields, models
from odoo.exceptions import UserError


class CustomerComplaint(models.Model):
    """Talking to the customer: acknowledgement, first contact, plan, answer, report."""

    _inherit = "customer.complaint"

    contact_note = fields.Text("Note of the Contact", copy=False)

    def _customer_recipients(self):
        """Return the values of `message_post` that address the customer; none without an e-mail."""
        self.ensure_one()
        if reachable := (self.contact_id | self.partner_id).filtered("email"):
            return {"partner_ids": reachable[:1].ids}
        return {"outgoing_email_to": self.email_from} if self.email_from else {}

    def _contacted(self, at=None):
        """The customer was contacted by a person: keep the first time, stop the clock."""
        now = at or fields.Datetime.now()
        for complaint in self.filtered(lambda c: not c.first_contact_at):
            complaint._write_facts({"first_contact_at": now})
        self._sla_fact("first_contact", now)

    # -- acknowledgement ----------------------------------------------------------------------

    def _acknowledged(self, note=None):
        now = fields.Datetime.now()
        for complaint in self:
            complaint._write_facts({"acknowledged_at": now})
            if note:
                complaint.message_post(body=note)
        self._sla_fact("acknowledge", now)

    def _send_acknowledgement(self):
        """Send number and next step in the customer's language.

        The headers ask other machines not to answer it, so that two robots never talk.
        """
        for complaint in self:
            complaint._post_template(
                "customer_governance.mail_template_complaint_acknowledgement",
                message_type="auto_comment",
                mail_headers={
                    "Auto-Submitted": "auto-replied",
                    "X-Auto-Response-Suppress": "All",
                },
            )
        self._acknowledged()

    def _post_template(self, xmlid, **values):
        """Post a mail template to the customer in the customer's language."""
        self.ensure_one()
        # sudo: the text is rendered from the case only, the caller may send it
        template = self.env.ref(xmlid).sudo()
        rendered = template._generate_template(self.ids, ("subject", "body_html"))[self.id]
        return self.message_post(
            body=rendered["body_html"],
            subject=rendered["subject"],
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
            **{"message_type": "comment", **values, **self._customer_recipients()},
        )

    def action_log_acknowledgement(self):
        """The customer was told number and next step by phone."""
        self.check_access("write")
        self.filtered(lambda c: not c.acknowledged_at)._acknowledged(
            self.env._("Number and next step told by phone.")
        )
        return True

    # -- contact, plan, answer, report --------------------------------------------------------

    def action_log_contact(self):
        """The customer was spoken to; the note of the contact goes to the history."""
        self.check_access("write")
        for complaint in self:
            complaint.message_post(
                body=complaint.env._(
                    "Customer contacted: %s", complaint.contact_note or complaint.env._("by phone")
                )
            )
            complaint.contact_note = False
        self._contacted()
        return True

    def action_send_plan(self):
        """Tell the customer of a complex case what will be done until when."""
        self.check_access("write")
        now = fields.Datetime.now()
        for complaint in self:
            if not complaint.plan:
                raise UserError(self.env._("Write the plan first."))
            complaint._write_facts({"plan_sent_at": complaint.plan_sent_at or now})
            complaint.message_post(
                body=complaint.plan,
                subtype_xmlid="mail.mt_comment",
                **complaint._customer_recipients(),
            )
        self._contacted(now)
        self._sla_fact("plan", now)
        return True

    def _send_answer(self):
        self.ensure_one()
        if not self.answer:
            self.message_post(body=self.env._("Answer given by word of mouth."))
            return
        self._post_template("customer_governance.mail_template_complaint_answer")

    def action_send_report(self):
        """Send the written report of a major case to the management."""
        self.check_access("write")
        now = fields.Datetime.now()
        for complaint in self:
            if not (
                complaint.report_facts and complaint.report_analysis and complaint.report_proposal
            ):
                raise UserError(
                    self.env._("The report needs the facts, the analysis and a proposal.")
                )
            complaint._write_facts({"report_sent_at": complaint.report_sent_at or now})
            complaint.message_post(
                body=complaint.env._("Report on the major complaint %s", complaint.name),
                partner_ids=complaint.company_id._complaint_management().partner_id.ids,
                attachments=complaint._report_attachments(),
            )
        self._sla_fact("report", now)
        return True

    def _report_attachments(self):
        """Return the report of a major complaint as `[(file name, content)]`."""
        self.ensure_one()
        # sudo: reading the report's definition; its content is the case the caller may write
        content, kind = (
            self.env["ir.actions.report"]
            .sudo()
            ._render("customer_governance.report_complaint_major", self.ids)
        )
        return [(f"{self.name}.{'pdf' if kind == 'pdf' else 'html'}", content)]

    # -- paper --------------------------------------------------------------------------------

    def _paper_date(self):
        """Return today in the company's time zone, for the head of a paper."""
        self.ensure_one()
        return self.company_id._customer_today()

    def _photos(self):
        """Return the pictures attached to the case, for the report."""
        self.ensure_one()
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", False),
                ("mimetype", "in", ("image/jpeg", "image/png", "image/gif", "image/webp")),
            ],
            order="id",
        )
