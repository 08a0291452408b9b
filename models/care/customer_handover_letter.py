from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..common.customer_reach_mixin import recipients_of
from ..common.guard import Facts

FACT = "handover"


class CustomerHandoverLetter(models.Model):
    """Tells one customer who its contact is now: by e-mail, or printed.

    It counts as sent when somebody got it: a mail that fails or bounces takes that back.
    """

    _name = "customer.handover.letter"
    _inherit = ["customer.reach.mixin", "customer.guard.mixin"]
    _description = "Letter about a Handover"
    _order = "handover_id DESC, id"
    _rec_name = "partner_id"
    _mail_post_access = "read"
    # what became of a letter is recorded by its events; new ones come from the execution
    _guards = (Facts(frozenset({"state", "told_on"})),)

    handover_id = fields.Many2one(
        "customer.handover", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="handover_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "New Contact", required=True, readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("waiting", "To Be Sent Tonight"),
            ("sent", "Sent"),
            ("print", "To Be Printed"),
            ("posted", "Posted or Told"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    told_on = fields.Date("Told On", readonly=True)

    def _letter_contact(self):
        """Return whom of the customer to write to."""
        self.ensure_one()
        found = self.partner_id.address_get(["contact"]).get("contact")
        return self.env["res.partner"].browse(found) if found else self.partner_id

    def _letter_lang(self):
        """Return the language of the customer."""
        partner = self._letter_contact()
        return partner.lang or self.company_id.partner_id.lang or self.env.lang

    def _reach_partners(self):
        """EXTENDS reach mixin: the customer, and the person written to."""
        return self.partner_id | self._letter_contact()

    def _letter_text(self):
        """Return the text of the letter: (subject, body), in the language of the environment."""
        self.ensure_one()
        _ = self.env._
        # sudo: names and numbers of colleagues, for the customer
        handover, person = self.sudo().handover_id, self.sudo().user_id
        begins = handover.date_from or self.company_id._customer_day(
            handover.executed_on or fields.Datetime.now()
        )
        first = format_date(self.env, begins)
        values = {"person": person.name, "giver": handover.giver_id.name, "day": first}
        if handover.duration == "temporary":
            subject = _("Your contact until %s", format_date(self.env, handover.date_until))
            who = _(
                "From %(day)s to %(last)s, %(person)s stands in for %(giver)s as your contact.",
                last=format_date(self.env, handover.date_until),
                **values,
            )
        else:
            subject = _("Your new contact")
            who = _(
                "From %(day)s, %(person)s is your contact. %(person)s takes over from %(giver)s.",
                **values,
            )
        reach = ", ".join(filter(None, (person.phone, person.email)))
        paragraphs = [
            _("Dear Sir or Madam,"),
            who,
            _("You can reach %(person)s here: %(reach)s.", person=person.name, reach=reach)
            if reach
            else "",
            _("Open matters continue without a gap."),
            _("Yours faithfully,"),
            self.company_id.sudo().name,  # sudo: the name of our own company
        ]
        body = Markup("").join(Markup("<p>%s</p>") % text for text in paragraphs if text)
        return subject, body

    @api.model
    def _due_letters(self, company, after, limit):
        """Return letters of a company and its branches that wait to be sent."""
        return self.search(
            [
                ("id", ">", after),
                ("company_id", "child_of", company.id),
                ("state", "=", "waiting"),
            ],
            order="id",
            limit=limit,
        )

    def _send(self):
        """Mail the letters; those without an address are to be printed."""
        for letter in self:
            recipients = recipients_of(letter._letter_contact() | letter.partner_id)
            if not recipients:
                letter.state = "print"
                continue
            words = letter.with_context(lang=letter._letter_lang())
            subject, body = words._letter_text()
            message = words._post_to_customer(
                body,
                recipients,
                automatic=True,
                subject=subject,
                # the queue sends after the commit: what is rolled back has told nobody
                force_send=False,
            )
            letter.write({"state": "sent", "told_on": letter.company_id._customer_today()})
            letter._remember_told(message, FACT)

    def _take_back(self, facts, message):
        """EXTENDS reach mixin: the mail did not arrive; print it instead."""
        if FACT in facts:
            # sudo: what became of the mail
            self.sudo().write({"state": "print", "told_on": False})
        return super()._take_back(facts, message)

    def _give_back(self, facts, message):
        """EXTENDS reach mixin: the mail arrived after all."""
        if FACT in facts and self.state == "print":
            # sudo: what became of the mail
            self.sudo().write({"state": "sent", "told_on": self.company_id._customer_today()})
        return super()._give_back(facts, message)

    def action_told(self):
        """Record that the printed letters were posted, or the customers told in another way."""
        self.check_access("read")
        mine = self.filtered(lambda letter: letter.user_id == self.env.user)
        (self - mine).handover_id._check_leads()
        if self.filtered(lambda letter: letter.state not in ("waiting", "print")):
            raise UserError(self.env._("Some of these customers have already been told."))
        for letter in self.sudo():  # sudo: the receiver or the leader says so, see above
            letter.write({"state": "posted", "told_on": letter.company_id._customer_today()})
            letter._remember_told(None, FACT)
        return True
