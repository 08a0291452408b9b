import logging
import re
from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext, is_html_empty
from odoo.tools.sql import escape_psql

from ...engine import mail_kinds
from ..common.customer_reach_mixin import addresses_in, recipients_of, told
from ..common.digest import LISTED, for_reader, in_house, tell

_logger = logging.getLogger(__name__)

MAX_ACKNOWLEDGEMENTS = 3  # to one address within an hour: a person does not complain faster

MAX_DESCRIPTION = 200_000

MANY = 1  # more new cases at once are imported, and told of in one message

_CID = re.compile(r"src=[\"']cid:")


class CustomerComplaint(models.Model):
    """Talking to the customer: acknowledgement, first contact, plan, answer, report."""

    _inherit = "customer.complaint"

    # --- complaints by e-mail: the alias of a team creates them, answers join the thread
    email_normalized = fields.Char(
        compute="_compute_email_normalized",
        store=True,
        index="btree_not_null",
        export_string_translation=False,
        help="The address of the sender, to compare with.",
    )

    # -- who is on the other side, who of us is told ------------------------------------------
    def _reach_partners(self):
        """EXTENDS reach mixin: the customer with its people."""
        return self.partner_id | self.contact_id

    def _reach_address(self):
        """EXTENDS reach mixin: the address the case came from."""
        return self.email_from

    def _customer_recipients(self):
        """Return the values of `message_post` that address the customer; none without an address
        that is one.
        """
        self.ensure_one()
        return recipients_of(self.contact_id | self.partner_id, self.email_from)

    def _told_groups(self):
        """EXTENDS reach mixin: handler, leader, members, heads of service, management."""
        company, team = self.company_id, self.team_id
        return [
            self.user_id,
            team.user_id,
            team.member_ids,
            company._complaint_supervisors(),
            company._complaint_management(),
        ]

    # -- facts --------------------------------------------------------------------------------
    def _contacted(self, at=None, message=None):
        """The customer was contacted by a person: keep the first time, stop the clock.

        :param message: that did it; without one somebody spoke to the customer, which no bounce
            takes back
        """
        now = at or fields.Datetime.now()
        for complaint in self:
            complaint._note_contact(now, message)
        self._sla_fact("first_contact", now)

    def _note_contact(self, at, message):
        """Keep when the customer was first contacted; the clock is the business of the caller."""
        self.ensure_one()
        if not self.first_contact_at:
            self._write_facts({"first_contact_at": at})
            self._remember_told(message, "first_contact")
        elif not message:
            self._remember_later("first_contact", at)

    def _remember_later(self, fact, at):
        """Remember a sure fact that came after one that hangs on a message."""
        record = self.sudo()  # sudo: the system's memory
        kept = dict(record.reach_facts or {})
        if fact in kept and not kept[fact].get("later"):
            kept[fact] = {**kept[fact], "later": fields.Datetime.to_string(at)}
            record.reach_facts = kept

    # -- acknowledgement ----------------------------------------------------------------------
    def _acknowledged(self, note=None, at=None, message=None):
        now = at or fields.Datetime.now()
        for complaint in self:
            complaint._write_facts({"acknowledged_at": now})
            complaint._remember_told(message, "acknowledge")
            complaint._forget_reminders("number", "undelivered")
            if note:
                complaint.message_post(body=note)
        self._sla_fact("acknowledge", now)

    def _send_acknowledgement(self):
        """Send number and next step in the customer's language.

        The headers ask other machines not to answer it, so that two robots never talk. What cannot
        reach anybody acknowledges nothing.
        """
        for complaint in self:
            message = complaint._post_template(
                "customer_governance.mail_template_complaint_acknowledgement", automatic=True
            )
            if complaint._was_reached(message):
                complaint._acknowledged(message=message)
            else:
                complaint._ask_for_number()

    def _ask_for_number(self):
        """Nobody could be told the number by mail: somebody tells it."""
        self._tell(
            lambda env: env._("The customer does not know the number yet: communicate it by phone"),
            "number",
        )

    def _post_template(self, xmlid, source=None, automatic=False, recipients=None, **values):
        """Post a mail template to the customer in the customer's language.

        :param source: the record it is rendered from, the case without one
        :param automatic: nobody wrote it, see `_post_to_customer`
        :param recipients: values of `message_post`; without them the customer
        """
        self.ensure_one()
        # sudo: the text is rendered from the case only, the caller may send it
        template = self.env.ref(xmlid).sudo()
        source = source or self
        rendered = template._generate_template(source.ids, ("subject", "body_html"))[source.id]
        return self._post_to_customer(
            rendered["body_html"],
            recipients or self._customer_recipients(),
            automatic,
            subject=rendered["subject"],
            **values,
        )

    def _preview(self, xmlid, **values):
        """Return what a mail template would send with other values of the case, which stay unsaved.

        The values live in the cache only while the text is rendered.
        """
        self.ensure_one()
        case = self.sudo()  # sudo: as `_post_template`
        case.flush_recordset(values)
        try:
            for name, value in values.items():
                field = case._fields[name]
                field._update_cache(case, field.convert_to_cache(value, case))
            template = self.env.ref(xmlid).sudo()
            return template._generate_template(case.ids, ("body_html",))[case.id]["body_html"]
        finally:
            case.invalidate_recordset(values, flush=False)

    # -- contact, plan, answer, report --------------------------------------------------------
    def _log_contact(self, told, at):
        """The customer was spoken to.

        :param told: the fact in words: how, with whom, when, what was said
        :param at: when that was
        """
        for complaint in self:
            complaint.message_post(body=told)
        self._contacted(at)
        self._forget_reminders("undelivered")

    def action_send_plan(self):
        """Tell the customer of a complex case what will be done until when."""
        self.check_access("write")
        return self._send_plan()

    def _check_sendable(self, text, recipients):
        """Refuse to send nothing, or to nobody: then somebody says who told the customer, and when.

        :raises UserError: without a text or an address
        """
        self.ensure_one()
        if is_html_empty(text):
            raise UserError(self.env._("%s: enter the text first.", self.name))
        if not recipients:
            raise UserError(
                self.env._(
                    "%s: none of the recipients has an e-mail address: state who informed "
                    "the customer, and when.",
                    self.name,
                )
            )

    def _check_out(self, message):
        """Return a message that is on its way to the customer; :raises UserError: one that is not."""
        if not self._was_reached(message):
            raise UserError(
                self.env._(
                    "%s: none of the recipients has an e-mail address: state who informed "
                    "the customer, and when.",
                    self.name,
                )
            )
        return message

    def _send_plan(self, at=None, told=None, recipients=None, attachments=()):
        """Tell the plan; the parameters are those of `_send_answer`."""
        now = at or fields.Datetime.now()
        for complaint in self:
            if not complaint.plan:
                raise UserError(self.env._("Enter the plan first."))
            message = None
            if told:
                complaint.message_post(body=told, attachment_ids=list(attachments))
            else:
                whom = recipients or complaint._customer_recipients()
                complaint._check_sendable(complaint.plan, whom)
                message = complaint._check_out(
                    complaint._post_to_customer(
                        complaint.plan, whom, attachment_ids=list(attachments)
                    )
                )
            complaint._write_facts({"plan_sent_at": complaint.plan_sent_at or now})
            complaint._remember_told(message, "plan")
            complaint._contacted(now, message)
            complaint._forget_reminders("undelivered")
        self._sla_fact("plan", now)
        return True

    def _send_answer(self, told=None, recipients=None, attachments=()):
        """Send the answer, or note that it was told.

        :param told: the fact in words, where somebody told it by word of mouth
        :param recipients: values for `message_post`; without them the customer
        :param attachments: ids of files that go with it
        :return: the message that tells it, None where somebody told it
        """
        self.ensure_one()
        # sudo: the system's memory
        if (self.sudo().reach_facts or {}).get("answer", {}).get("lost"):
            # the link that did not arrive ends: nobody knows where it is
            self._replan_callback(new_link=True)
        if told:
            self.message_post(body=told, attachment_ids=list(attachments))
            return None
        url = self._callback_url()
        return self._check_out(
            self._post_template(
                "customer_governance.mail_template_complaint_answer",
                attachment_ids=list(attachments),
                recipients=recipients,
                secret=(url, self._callback_words()) if url else None,
            )
        )

    def _callback_words(self):
        """Return the words of the link to the call-back, in the customer's language."""
        return self.with_context(lang=self._customer_lang()).env._(
            "Tell us here whether this resolves the matter for you"
        )

    # -- what did not arrive ------------------------------------------------------------------
    def _take_back(self, facts, message):
        """EXTENDS reach mixin: what a mail told that bounced did not happen; the clocks run again.

        What is over stays as it was; so does an answer that the customer has spoken about since.
        """
        super()._take_back(facts, message)
        if self.state not in self._open_states():
            return
        for extension in self.sla_extension_ids:
            if f"extension:{extension.id}" in facts:
                extension._write_facts(told_at=False)
        if "answer" in facts and self.state == "answered" and not self._verifications():
            self._take_back_answer()
        if "plan" in facts:
            self._write_facts({"plan_sent_at": False})
            if self.state != "answered":
                self._sla_undo("plan", self._undone_words())
        if "acknowledge" in facts:
            self._write_facts({"acknowledged_at": False})
            self._sla_undo("acknowledge", self._undone_words())
        if "first_contact" in facts:
            self._take_back_contact(message)

    def _undone_words(self):
        house = in_house(self, self.company_id)
        return house.env._("The e-mail did not reach the customer.")

    def _take_back_answer(self):
        """The answer did not arrive: the case is being investigated as before it.

        The call-back stays planned, for nobody to report: the mail may go out after all, with its link.
        """
        first = self.answered_at == self._answer_told_at()
        before = self.followup_ids.filtered(lambda form: form.number == self.reopen_count)
        self._transition(
            "unanswer",
            {
                "last_answered_at": before.answered_at,
                **({"answered_at": False} if first else {}),
            },
        )
        self._sla_drop(self._undone_words(), ["callback"])
        for milestone in ("answer", *(() if self._result_reported() else ("first_result",))):
            self._sla_undo(milestone, self._undone_words())
        if not self.plan_sent_at:
            self._sla_undo("plan", self._undone_words())

    def _replan_callback(self, new_link=False):
        """The answer was taken back and is given again: the call-back is promised from now.

        :param new_link: the old link ends; without it the link in the mail is good for as long again
        """
        self.ensure_one()
        # sudo: those who answer need no right on visits of others
        case = self.sudo()
        planned = case.visit_ids.filtered(lambda v: v._is_verification() and v.state == "planned")
        if not planned:
            return
        vals = case._prepare_callback_vals()
        until = fields.Datetime.now() + timedelta(days=case.company_id.complaint_link_days)
        planned.write({"planned_date": vals["planned_date"], "link_until": until})
        if new_link:
            planned._give_link(until)
        # whoever handled the case since does not verify it
        handled = planned.filtered(lambda v: v.user_id in case.user_id | case.handler_ids)
        handled.user_id = vals["user_id"]

    def _answer_told_at(self):
        """Return when the answer that hangs on a message was given."""
        # sudo: the system's memory
        how = (self.sudo().reach_facts or {}).get("answer", {})
        return fields.Datetime.to_datetime(how.get("at"))

    def _result_reported(self):
        """Tell whether somebody who worked on an order reported a result."""
        return any(self.sudo().dispatch_ids.mapped("first_result_at"))

    def _take_back_contact(self, message):
        """Another contact counts instead of the one that did not arrive, if there was one."""
        # sudo: messages of the case, and the system's memory
        case = self.sudo()
        how = (case.reach_facts or {}).get("first_contact", {})
        others = case.message_ids.filtered(lambda m: m != message and case._is_contact(m))
        other = others.sorted("id")[:1]
        later = fields.Datetime.to_datetime(how.get("later"))
        at = min((when for when in (later, other.date) if when), default=None)
        self._write_facts({"first_contact_at": False})
        self._sla_undo("first_contact", self._undone_words())
        if at:
            self._contacted(at, other if other and other.date == at else None)

    def _give_back(self, facts, message):
        """EXTENDS reach mixin: the mail went out after all, now."""
        result = super()._give_back(facts, message)
        now = fields.Datetime.now()
        if "acknowledge" in facts and not self.acknowledged_at:
            self._acknowledged(message=message)
        if "first_contact" in facts:
            self._contacted(now, message)
        if "plan" in facts and not self.plan_sent_at:
            self._write_facts({"plan_sent_at": now})
            self._sla_fact("plan", now)
        if "answer" in facts and self.state == "investigating":
            self._transition(
                "answer", {"answered_at": self.answered_at or now, "last_answered_at": now}
            )
            self._replan_callback()
            self._plan_callback()
            self._remember_answer(now, message)
            self._answer_facts(now)
        self._forget_reminders("undelivered")
        return result

    def action_send_report(self):
        """Send the written report of a major case to the management."""
        self.check_access("write")
        now = fields.Datetime.now()
        for complaint in self:
            if not (
                complaint.report_facts and complaint.report_analysis and complaint.report_proposal
            ):
                raise UserError(
                    self.env._("The report must contain facts, analysis and a proposal.")
                )
            complaint._write_facts({"report_sent_at": complaint.report_sent_at or now})
            complaint.message_post(
                body=in_house(complaint).env._("Report on major complaint %s", complaint.name),
                partner_ids=complaint.company_id._complaint_management().partner_id.ids,
                attachments=complaint._report_attachments(),
            )
        self._sla_fact("report", now)
        self._forget_reminders("major")
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

    # --- complaints by e-mail: the alias of a team creates them, answers join the thread
    @api.depends("email_from")
    def _compute_email_normalized(self):
        for complaint in self:
            complaint.email_normalized = tools.email_normalize(complaint.email_from or "")

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """EXTENDS mail: addresses are the same or not."""
        return [("email_normalized", "=", email_from_normalized)]

    # -- routes -------------------------------------------------------------------------------
    @api.model
    def _customer_route(self, message, message_dict, route, kept):
        """EXTENDS mail: a number in the subject finds its case; a mail to two teams is one case."""
        route = super()._customer_route(message, message_dict, route, kept)
        if route and route[1] and route[0] == self._name:
            # sudo: the gateway; an answer in the thread of a duplicate is one on the case that goes on
            if main := self.sudo().browse(route[1]).exists().duplicate_of_id:
                message_dict.pop("parent_id", None)
                return (route[0], main.id, *route[2:])
        if not route or route[1]:
            return route
        team = self.env["customer.complaint.team"].browse((route[2] or {}).get("team_id") or [])
        company = team.sudo().company_id or self.env.company
        kind = self._customer_mail_kind(message)
        case = self._numbered_in(message_dict.get("subject"), company)
        if kind != mail_kinds.PERSON:
            self._keep_machine_mail(kind, case or team, message_dict)
            return None
        if case:
            message_dict.pop("parent_id", None)
            if any(other[:2] == (route[0], case.id) for other in kept):
                return None  # once is enough, however many addresses of ours the mail has
            return (route[0], case.id, *route[2:])
        for other in kept:
            if other[0] == self._name and not other[1]:
                first = self.env["customer.complaint.team"].browse(other[2].get("team_id") or [])
                if first.sudo().company_id == company:
                    other[2].setdefault("mail_other_team_ids", []).append(team.id)
                    return None
        sender = tools.email_normalize(message_dict.get("email_from") or "") or ""
        headers = self._customer_mail_headers(message)
        defaults = {
            **(route[2] or {}),
            "mail_is_answered": mail_kinds.may_be_answered(headers, sender),
        }
        return (route[0], route[1], defaults, *route[3:])

    @api.model
    def _numbered_in(self, subject, company):
        """Return the case of the company whose number stands in a subject, if it is one."""
        if not (numbers := mail_kinds.numbers_in(subject or "")):
            return self.browse()
        # sudo: the gateway; who may write to the case is judged with the mail
        cases = self.sudo().with_context(active_test=False)
        found = cases.search([("name", "in", numbers), ("company_id", "=", company.id)], limit=2)
        if len(found) != 1:
            return self.browse()
        return (found.duplicate_of_id or found).with_env(self.env)

    @api.model
    def _keep_machine_mail(self, kind, record, message_dict):
        """Keep what a machine sent as a note; of what may be a matter somebody of the team is told."""
        if not record:
            return
        self._customer_keep_as_note(record, message_dict)
        if kind == mail_kinds.GENERATED and record._name == "customer.complaint.team":
            record.sudo()._tell_machine_mail(message_dict)  # sudo: the gateway

    # -- new cases ----------------------------------------------------------------------------
    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """EXTENDS mail: an e-mail to a team's alias becomes a complaint.

        A known sender is the customer. Of a mail that an employee passes on the customer is whom it was
        from, where that can be read; the employee is never the customer.
        """
        self.check_access("create")
        defaults = dict(custom_values or {})
        answered = defaults.pop("mail_is_answered", True)
        others = self.env["customer.complaint.team"].browse(defaults.pop("mail_other_team_ids", ()))
        team = self.env["customer.complaint.team"].browse(defaults.get("team_id"))
        company = team.company_id or self.env.company
        # sudo: whether the sender is an employee is all that is asked
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id") or [])
        employee = author.user_ids.filtered(lambda user: not user.share)[:1]
        sender = tools.email_normalize(msg_dict.get("email_from") or "")
        if employee:
            sender = self._passed_on_from(msg_dict, author)
        person = self._customer_at(sender, company)
        if author and not employee and author != person:
            # somebody of another company: the address stays, the name is not ours to show
            msg_dict["author_id"] = person.id
        customer = person.commercial_partner_id
        house = in_house(self, company)
        values = {
            "subject": msg_dict.get("subject") or house.env._("Complaint by e-mail"),
            "description": self._description_of(msg_dict.get("body")),
            "channel_id": self.env.ref("customer_governance.complaint_channel_email").id,
            "partner_id": customer.id,
            "contact_id": person.id if person != customer else False,
            "company_id": company.id,
            **defaults,
        }
        try:
            with self.env.cr.savepoint():
                complaint = super().message_new(msg_dict, custom_values=values)
        except UserError as error:
            # a value is refused: the case comes without a customer, and says why
            _logger.warning("A mail became a case without its customer: %s", error)
            bare = {**values, "partner_id": False, "contact_id": False}
            complaint = super().message_new(msg_dict, custom_values=bare)
            complaint.message_post(
                body=house.env._(
                    "The customer of this e-mail was not recognised: %s", str(error)[:500]
                )
            )
        if employee:
            complaint.email_from = sender or False
            complaint._passed_on_by(employee)
        elif answered:
            complaint._acknowledge_mail()
        else:
            complaint._ask_for_number()
        for other in others:
            complaint._tell_other_team(other)
        return complaint

    def _tell_other_team(self, team):
        """Tell somebody of a team that a mail to it and to another team is the case of that other one."""
        self.ensure_one()
        # sudo: who is responsible in the team
        groups = (team.sudo().user_id, team.sudo().member_ids)
        for user in told(groups, self.company_id, self) - self._who_is_told():
            # sudo: the gateway
            reader = self.sudo().with_context(lang=user.sudo().lang)
            reader.message_notify(
                partner_ids=user.partner_id.ids,
                subject=reader.env._("%s: your team received this e-mail as well", reader.name),
                body=reader.env._(
                    "The e-mail was addressed to several teams. %(team)s has the case; agree with "
                    "them if part of it is for %(other)s.",
                    team=reader.team_id.name,
                    other=team.with_env(reader.env).name,
                ),
            )

    @api.model
    def _description_of(self, body):
        if is_html_empty(body):
            return False
        return body if len(body) <= MAX_DESCRIPTION else self._short(body, MAX_DESCRIPTION // 10)

    @api.model
    def _customer_at(self, address, company):
        """Return the contact with an address that a company may have; none where two customers have it.

        People of ours are no customers, and contacts of another company are none here.
        """
        partners = self.env["res.partner"].sudo()  # sudo: the gateway looks for the sender
        if not address:
            return partners
        # sudo: a branch works with the contacts of its head
        companies = company.sudo().parent_ids.ids
        found = partners.search(
            [
                ("email", "ilike", escape_psql(address)),
                ("company_id", "in", [False, *companies]),
            ]
        )
        found = found.filtered(
            lambda partner: (
                address in addresses_in(partner.email)
                and not partner.user_ids.filtered(lambda user: not user.share)
                and partner.commercial_partner_id not in company.partner_id
            )
        )
        customers = found.commercial_partner_id
        if len(customers) > 1:
            customers = customers.filtered("customer_rank")
        if len(customers) != 1:
            return partners.with_env(self.env)
        own = found.filtered(lambda partner: partner.commercial_partner_id == customers)
        # a person before the company with the same address
        return own.sorted(lambda partner: (partner == customers, partner.id))[:1].with_env(self.env)

    @api.model
    def _passed_on_from(self, msg_dict, author):
        """Return the address of whom a mail was from that an employee passes on, as far as it says."""
        own = addresses_in(author.email)
        for attachment in msg_dict.get("attachments", ()):
            if hasattr(attachment[1], "get_content_type"):  # the mail itself
                for address in addresses_in(str(attachment[1].get("From") or "")):
                    if address not in own:
                        return address
        text = html2plaintext(msg_dict.get("body") or "", include_references=False)
        return mail_kinds.forwarded_from(text[:MAX_DESCRIPTION], own)

    def _passed_on_by(self, employee):
        """Tell the employee the number, and somebody that the customer does not know it."""
        self.ensure_one()
        # sudo: who passed it on hears the number, whatever he may read
        self.sudo().message_notify(
            partner_ids=employee.partner_id.ids,
            subject=self.with_context(lang=employee.lang).env._("Registered as %s", self.name),
            body=self.with_context(lang=employee.lang).env._(
                "The e-mail you forwarded is case %s. The customer has not been informed.",
                self.display_name,
            ),
        )
        self._tell(
            lambda env: env._(
                "Forwarded by %s: specify the customer, then communicate the number", employee.name
            ),
            "number",
        )

    def _acknowledge_mail(self):
        """Acknowledge a mail, unless the address got some within the hour; never at its expense."""
        self.ensure_one()
        address = self.email_normalized
        if not address:
            self._ask_for_number()
            return
        recent = self.sudo().search_count(  # sudo: cases of all teams count
            Domain("email_normalized", "=", address)
            & Domain(
                "acknowledged_at", ">=", fields.Datetime.subtract(fields.Datetime.now(), hours=1)
            )
        )
        if recent >= MAX_ACKNOWLEDGEMENTS:
            return
        try:
            with self.env.cr.savepoint():
                self._send_acknowledgement()
        except Exception:
            _logger.exception("%s was not acknowledged", self.name)
            self._ask_for_number()

    def _message_post_after_hook(self, message, msg_values):
        """EXTENDS mail: pictures in the text of a mail are seen in the description too.

        Of the mail that made the case: a picture that did not come stays away, whatever comes later.
        """
        res = super()._message_post_after_hook(message, msg_values)
        if message.message_type == "email" and _CID.search(self.description or ""):
            # sudo: messages of the case, whoever may read them
            earlier = [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("message_type", "=", "email"),
                ("id", "<", message.id),
            ]
            if not self.env["mail.message"].sudo().search_count(earlier, limit=1):
                self.description = message.body
        return res

    # -- news ---------------------------------------------------------------------------------
    def _message_is_out(self, message):
        """EXTENDS reach mixin: a person's message that the customer gets is a contact."""
        result = super()._message_is_out(message)
        if self.company_id._customer_uses("complaint") and self._is_contact(message):
            self._contacted(message=message)
        return result

    def _other_side_wrote(self, message):
        """EXTENDS reach mixin: on a case that is over, and on one that is new, a message is not enough."""
        if not self.company_id._customer_uses("complaint"):
            return
        # sudo: messages and reminders of everybody; who hears of a new case hears of its first message
        case = self.sudo()
        earlier = case.message_ids.filtered(
            lambda m: m.id < message.id and m.message_type in ("email", "comment")
        )
        if not earlier and case.activity_ids.filtered(
            lambda a: a.customer_reason in ("new", "number", "safety")
        ):
            return
        if self.state in self._open_states():
            super()._other_side_wrote(message)
            return
        self._tell(self._wrote_after_words, "wrote")

    @api.model
    def _wrote_words(self, env):
        return env._("The customer wrote")

    @api.model
    def _wrote_after_words(self, env):
        return env._("The customer wrote after the case was closed")

    def _announce(self):
        """New cases that nobody handles, and those in which somebody could get hurt, find somebody."""
        free = self.filtered(lambda c: c.state == "registered" and not c.user_id)
        if len(free) > MANY:
            free._announce_many()
        else:
            for case in free:
                case._tell(lambda env, s=case.subject: env._("New case: %s", s), "new")
        self.filtered("safety_relevant")._inform_of_danger()

    def _announce_many(self):
        """Tell of many new cases at once, in one message a person."""
        for cases in self.grouped(lambda c: (c.company_id, c.team_id)).values():
            for user in cases[0]._who_is_told():
                # sudo: who is told of a case reads its name
                reader = cases.sudo().with_context(lang=user.sudo().lang)
                rows = [(c._name, c.id, c.display_name, "") for c in reader[:LISTED]]
                subject = reader.env._("New cases without a handler: %(n)s", n=len(cases))
                tell(reader.env, user, subject, rows, len(cases))

    def _inform_of_danger(self):
        """Somebody could get hurt: everybody who is responsible is told at once, each case once.

        Of many cases at once everybody hears in one message.
        """
        cases = self.filtered(lambda c: c.state in c._open_states())._once("safety")
        told_of = {}
        if many := len(cases) > MANY:
            # the activities come without a mail each
            cases = cases.with_context(mail_activity_quick_update=True)
        for case in cases:
            people = case._who_is_told(everybody=True)
            case._remind(
                people,
                lambda env, subject=case.subject: env._("Someone could get hurt: %s", subject),
                reason="safety",
            )
            for user in people:
                if many:
                    told_of[user] = told_of.get(user, self.browse()) | case
                    continue
                # sudo: whoever registers the case may warn
                reader = case.sudo().with_context(lang=user.sudo().lang)
                reader.message_notify(
                    partner_ids=user.partner_id.ids,
                    subject=reader.env._("Someone could get hurt: %s", case.display_name),
                    body=reader.env._(
                        "%(case)s of %(customer)s concerns safety: act immediately.",
                        case=case.display_name,
                        customer=case.partner_id.display_name or case.email_from or "?",
                    ),
                )
        for user, his in told_of.items():
            reader = for_reader(his.sudo(), user)  # sudo: as above
            rows = [
                (c._name, c.id, c.display_name, c.partner_id.display_name or c.email_from)
                for c in reader[:LISTED]
            ]
            subject = reader.env._("Cases in which someone could get hurt: %(n)s", n=len(his))
            tell(reader.env, user, subject, rows, len(his))

    def _mail_get_partner_fields(self, introspect_fields=False):
        """EXTENDS mail: the contact person first, then the customer."""
        return ["contact_id", "partner_id"]
