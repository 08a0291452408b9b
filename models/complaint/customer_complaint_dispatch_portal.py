from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date

from ..common.customer_reach_mixin import told
from .sla.customer_complaint_dispatch import WAITING

OVER_AT = {"done": "done_at", "returned": "returned_at", "cancelled": "write_date"}


class CustomerComplaintDispatch(models.Model):
    """What a provider sees of an order: page, files, deadlines; how the addressee is told."""

    _inherit = "customer.complaint.dispatch"
    _portal_path = "/my/dispatches"

    # -- page -----------------------------------------------------------------------------------

    def _mail_get_partner_fields(self, introspect_fields=False):
        """EXTENDS mail: an order is for the provider; the customer of the case gets none of it."""
        return ["provider_id"]

    def _portal_over_at(self):
        """EXTENDS portal mixin: the end of the work."""
        self.ensure_one()
        column = OVER_AT.get(self.state)
        return self[column] if column else False

    def _has_outsiders(self):
        """EXTENDS portal mixin: orders to our own teams have no page."""
        return bool(self.provider_id)

    def _is_outsider(self, partner, email):
        """EXTENDS portal mixin: people of the provider."""
        self.ensure_one()
        return bool(
            partner
            and self.provider_id
            and partner.commercial_partner_id == self.provider_id.commercial_partner_id
        )

    def _portal_messages(self):
        """Return the messages of the order that the provider may read, the first one first."""
        self.ensure_one()
        comment = self.env.ref("mail.mt_comment")
        shown = self.message_ids.filtered(lambda m: m.subtype_id == comment and not m.is_internal)
        return shown.sorted("id")

    def _portal_customer_files(self):
        """Return the files that the customer sent with the case: the provider needs them.

        Files of colleagues and of notes stay inside.
        """
        self.ensure_one()
        case = self.sudo().complaint_id
        company = case.partner_id.commercial_partner_id
        address = email_normalize(case.email_from or "")

        def from_customer(message):
            author = message.author_id
            if author:
                return bool(company) and author.commercial_partner_id == company
            return bool(address) and email_normalize(message.email_from or "") == address

        return case._portal_messages().filtered(from_customer).attachment_ids

    def _portal_files(self):
        """Return the files that the provider may open."""
        return self._portal_customer_files() | self._portal_messages().attachment_ids

    def _portal_deadlines(self):
        """Return by when the addressee does what: `[(what, when in words)]`, open ones only."""
        self.ensure_one()
        _ = self.env._
        labels = {
            "accept": _("Accept by"),
            "first_contact": _("Contact the customer by"),
            "first_result": _("First result by"),
            "answer": _("Answer to the customer due"),
        }
        if self.state not in WAITING:
            return []
        # sudo: deadlines of the case that the order is about
        clocks = {clock.milestone: clock for clock in self.sudo().complaint_id.clock_ids}
        return [
            (label, clock._instant_words(clock.deadline))
            for milestone, label in labels.items()
            if (clock := clocks.get(milestone)) and clock.state == "running" and clock.deadline
        ]

    def _portal_contact(self):
        """Return whom the addressee talks to at the customer: name, phone, e-mail, address."""
        self.ensure_one()
        case = self.sudo().complaint_id  # sudo: the addressee works for this customer
        contact, customer = case.contact_id, case.partner_id
        return {
            "customer": customer.name or "",
            "contact": contact.name or "",
            "phone": case.phone or contact.phone or customer.phone or "",
            "email": contact.email or customer.email or case.email_from or "",
            "address": (contact if contact.street else customer).contact_address_inline or "",
        }

    def _portal_add_files(self, files, text, author):
        """Keep files of the provider on the order, where the staff sees them.

        :param files: `[(name, bytes)]`
        """
        self.ensure_one()
        if self.state not in ("accepted", "reported"):
            raise UserError(self.env._("Files can be sent while you are working on the order."))
        self.message_post(
            body=text,
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=files,
        )

    # -- telling the addressee --------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS the dispatch: the addressee is told, with the deadlines that have just begun."""
        dispatches = super().create(vals_list)
        for dispatch in dispatches:
            dispatch._tell_addressee()
        return dispatches

    def _addressees(self):
        """Return whom the order is for: the responsible, else the team's leader, else its members;
        of a provider the people with an account, else the company. Each address once.
        """
        self.ensure_one()
        this = self.sudo()  # sudo: the addressee is told whoever sends it
        team, provider = this.team_id, this.provider_id
        if not provider:
            groups = (this.user_id, team.user_id, team.member_ids)
            return told(groups, this.company_id, this).partner_id
        company = provider.commercial_partner_id.id
        people = (
            this.env["res.users"].search([("partner_id.commercial_partner_id", "=", company)])
        ).partner_id
        # whoever was chosen comes first, then those who can answer in the portal
        chosen, seen = provider.browse(), set()
        for partner in provider | people:
            address = email_normalize(partner.email or "") or partner.id
            if address not in seen:
                seen.add(address)
                chosen |= partner
        return chosen

    def _tell_addressee(self):
        """Mail the order once to each addressee, in the reader's language, with link, task,
        customer and deadlines.
        """
        self.ensure_one()
        this = self.sudo()  # sudo: as above
        partners = this._addressees()
        default = this.company_id.partner_id.lang or this.env.lang
        reached = False
        for lang, readers in partners.grouped(lambda p: p.lang or default).items():
            order = this.with_context(lang=lang)
            message = order.message_post(
                subject=order.env._("Service order %s", order.name),
                body=order._order_mail_body(),
                partner_ids=readers.ids,
                subtype_xmlid="mail.mt_comment",
                email_layout_xmlid="mail.mail_notification_layout",
                # those of the other languages get their own
                notify_skip_followers=True,
            )
            reached = reached or this._was_reached(message)
        if this.provider_id and not reached:
            this._tell(
                lambda env: env._(
                    "The provider has no e-mail address: inform the provider of the dispatch"
                ),
                "undelivered",
            )
        this.message_subscribe(partners.ids)

    def _order_mail_body(self):
        """Return the order as the text of a mail, in the language of the environment."""
        return Markup(
            self.env["ir.qweb"]._render(
                "customer_governance.mail_dispatch_order",
                {
                    "dispatch": self,
                    "contact": self._portal_contact(),
                    "deadlines": self._portal_deadlines() or self._own_deadlines(),
                },
                minimal_qcontext=True,
            )
        )

    def _own_deadlines(self):
        """Return the deadline that holds without a policy: an order is accepted on its day."""
        self.ensure_one()
        day = self.company_id._customer_day(self.sent_at)
        return [(self.env._("Accept by"), format_date(self.env, day))]

    def _customer_sender(self, author=None):
        """EXTENDS portal mixin: the address of the team that sent the order."""
        self.ensure_one()
        return self.sudo().complaint_id._customer_sender(author)  # sudo: an address of ours

    def _notify_get_reply_to(self, default=None, author_id=False):
        """EXTENDS mail: answers come to the address of the team that sent the order.

        They join the thread of the order by their references.
        """
        found = {}
        for order in self.sudo():  # sudo: the addresses of the teams are no secret
            team = order.complaint_id.team_id
            if team.alias_name and team.alias_domain_id:
                found[order.id] = team._notify_get_reply_to(default=default, author_id=author_id)[
                    team.id
                ]
        if left := self.filtered(lambda order: not found.get(order.id)):
            found.update(
                super(CustomerComplaintDispatch, left)._notify_get_reply_to(
                    default=default, author_id=author_id
                )
            )
        return found
