"""The one place that says whether somebody was reached, and the one that says who of us is told."""

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import email_split, html2plaintext, is_html_empty, mail

from .link_secrets import without_secrets

# What a mail ends as when nobody got it.
NOT_REACHED = ("bounce", "exception", "canceled")
SECRET = "customer_secret"  # begins the names of groups of recipients that get a secret link


class SecretLink:
    """A link that only the addressees of a message get, never its followers or the record.

    It goes from `_post_to_customer` to the rendering of the mails in the context. An object cannot come
    over RPC.
    """

    def __init__(self, url, words, recipients):
        """Keep the link with the words to show for it, for the `recipients` (see `recipients_of`)."""
        self.url, self.words = url, words
        self.partner_ids = set(recipients.get("partner_ids", ()))
        self.emails = set(addresses_in(recipients.get("outgoing_email_to")))

    def is_for(self, pdata):
        """Tell whether a recipient, as `_notify_get_recipients` describes it, gets the link."""
        if pdata["id"]:
            return pdata["id"] in self.partner_ids
        return pdata["email_normalized"] in self.emails


def addresses_in(text):
    """Return the valid addresses in a text, normalised: “not an address” has none, a field may have two."""
    found = (mail.email_normalize(address) for address in email_split(text or ""))
    return list(dict.fromkeys(address for address in found if address))


def recipients_of(partners, address=None):
    """Return the values of `message_post` that address the first of the partners that can be reached.

    :param address: taken where none of them can; nothing is returned where that is none either
    """
    if found := partners.filtered(lambda partner: addresses_in(partner.email))[:1]:
        return {"partner_ids": found.ids}
    if found := addresses_in(address):
        return {"outgoing_email_to": ", ".join(found)}
    return {}


def able(users, company, record=None):
    """Return those of the users who can act: active, ours, in the company, with the right to read.

    :param record: what they would have to open
    """
    found = users.sudo().filtered(  # sudo: who works here is asked, nothing is shown
        lambda user: user.active and not user.share and company in user.company_ids
    )
    if record:
        context = {"allowed_company_ids": company.ids}
        found = found.filtered(
            lambda user: record.with_user(user).with_context(**context).has_access("read")
        )
    return found.with_env(users.env)


def told(groups, company, record=None, everybody=False):
    """Return who is told: the first group in which somebody can act and is there.

    Where everybody is out of office the first who can act is told all the same.

    :param groups: users in the order in which they are responsible, the handler first
    :param everybody: tell all groups at once, those who are away too (somebody could get hurt)
    """
    away = None
    everyone = company.env["res.users"]
    for group in groups:
        found = able(group, company, record)
        if everybody:
            everyone |= found
            continue
        # sudo: whether somebody is away is no secret to those who need him
        if present := found.filtered(lambda user: not user.sudo().is_out_of_office):
            return present
        away = away or found
    return everyone if everybody else away or everyone


class CustomerReachMixin(models.AbstractModel):
    """A record whose messages go to a customer or provider.

    A fact that says the other side was told (`reach_facts`) hangs on the message that told it: when the
    mail fails or bounces the fact is taken back, and somebody is told.
    """

    _name = "customer.reach.mixin"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Record with messages to a customer"

    reach_facts = fields.Json(
        copy=False,
        groups="base.group_system",
        export_string_translation=False,
        help="{fact: {message: id, later: instant, lost: true}}: which message told the customer what.",
    )

    # -- who is on the other side -------------------------------------------------------------

    def _reach_partners(self):
        """Return the partners of the other side, whose company counts too."""
        return self.partner_id

    def _reach_address(self):
        """Return the address of the other side where there is no partner yet."""
        return False

    def _is_other_side(self, partner):
        """Tell whether a partner belongs to the other side."""
        # sudo: of which company somebody is
        ours = self.sudo()._reach_partners().commercial_partner_id
        return bool(ours) and partner.sudo().commercial_partner_id in ours

    # -- was somebody reached -----------------------------------------------------------------

    def _was_reached(self, message):
        """Tell whether a message has reached the other side, as far as anybody knows.

        It is on its way to, or arrived at, an address that is one; what failed or bounced has not.
        """
        self.ensure_one()
        address = set(addresses_in(self.sudo()._reach_address()))
        # sudo: who was notified of a message of the record
        for notification in message.sudo().notification_ids:
            if notification.notification_status in NOT_REACHED:
                continue
            partner = notification.res_partner_id
            if partner and self._is_other_side(partner):
                if notification.notification_type == "inbox" or addresses_in(partner.email):
                    return True
            elif not partner and address & set(addresses_in(notification.mail_email_address)):
                return True
        return False

    def _is_contact(self, message):
        """Tell whether a message is a contact: a person of ours wrote it and the other side got it."""
        comment = self.env.ref("mail.mt_comment")
        if message.message_type not in ("comment", "email") or message.subtype_id != comment:
            return False
        if message.is_internal:
            return False
        # sudo: whether the author is an employee is all that is asked
        author = message.author_id.sudo()
        if not author.user_ids.filtered(lambda user: not user.share):
            return False
        return self._was_reached(message)

    # -- who is told --------------------------------------------------------------------------

    def _told_groups(self):
        """Return the users who are responsible, in order: handler, leader, members, supervisors."""
        return [self.user_id]

    def _who_is_told(self, first=None, everybody=False):
        """Return who of us is told of something; see `told`.

        :param first: users who come before the others, as far as they can act
        """
        self.ensure_one()
        groups = self.sudo()._told_groups()  # sudo: who is responsible, whoever acts
        if first is not None:
            groups = [first, *groups]
        return told(groups, self.company_id or self.env.company, self, everybody)

    def _tell(self, summary, reason, users=None):
        """Give an activity to who is told (or to `users` who can act), in the reader's language.

        :param summary: ``summary(env)``
        :param reason: code; of one reason there is one activity for each person
        """
        self.ensure_one()
        people = self._who_is_told(users)
        self._forget_reminders(reason)
        for user in people:
            record = self.sudo().with_context(lang=user.sudo().lang)
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                date_deadline=(self.company_id or self.env.company)._customer_today(),
                summary=summary(record.env),
                customer_reason=reason,
            )

    def _forget_reminders(self, *reasons):
        """Take back the reminders of some reasons: nobody has to do it any more."""
        # sudo: reminders of everybody; the caller was allowed to make the step that ends them
        reminders = self.sudo().activity_ids.filtered(lambda a: a.customer_reason in reasons)
        reminders.unlink()

    # -- sending ------------------------------------------------------------------------------

    def _reach_sender(self):
        """Return (author id, address) of automatic messages: the company, from the address of the team."""
        company = (self.company_id or self.env.company).sudo()  # sudo: its name and address
        address = self._customer_sender() if hasattr(self, "_customer_sender") else False
        return company.partner_id.id, address or (company.email and company.email_formatted) or None

    def _post_to_customer(self, body, recipients, automatic=False, secret=None, **values):
        """Post a message to the other side; nobody of it is left out because he caused it.

        :param recipients: values of `message_post`, see `recipients_of`
        :param automatic: nobody wrote it. It comes from the team, and asks machines not to answer
        :param secret: (address, words) of a link that only the recipients get
        """
        self.ensure_one()
        # templates of older versions have the link in their text
        body = without_secrets(body)
        record = self
        if secret:
            link = SecretLink(*secret, recipients)
            record = record.with_context(customer_secret_link=link)
        if automatic:
            author_id, address = self._reach_sender()
            # the system: whoever sends by it is not the author, and so is not left out
            record = record.with_user(SUPERUSER_ID)
            values = {
                "message_type": "auto_comment",
                "author_id": author_id,
                **({"email_from": address} if address else {}),
                "mail_headers": {
                    "Auto-Submitted": "auto-replied",
                    "X-Auto-Response-Suppress": "All",
                },
                **values,
            }
        return record.message_post(
            body=body,
            **{
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "email_layout_xmlid": "mail.mail_notification_layout",
                **recipients,
                **values,
            },
        ).with_env(self.env)

    def _notify_get_recipients_groups_fillup(self, groups, model_description, msg_vals=False):
        """EXTENDS mail: a secret link goes to those it is for, whatever groups there are."""
        secret = self.env.context.get("customer_secret_link")
        if not isinstance(secret, SecretLink):
            return super()._notify_get_recipients_groups_fillup(
                groups, model_description, msg_vals=msg_vals
            )
        # as the groups they would be in, and apart from them
        mine = [
            [
                f"{SECRET}_{name}",
                lambda data, belongs=belongs: secret.is_for(data) and belongs(data),
                dict(values),
            ]
            for name, belongs, values in groups
        ]
        return super()._notify_get_recipients_groups_fillup(
            [*mine, *groups], model_description, msg_vals=msg_vals
        )

    def _notify_by_email_render_layout(
        self, message, recipients_group, msg_vals=False, render_values=None
    ):
        """EXTENDS mail: the secret link stands at the end of the text, for those it is for."""
        html = super()._notify_by_email_render_layout(
            message, recipients_group, msg_vals=msg_vals, render_values=render_values
        )
        secret = self.env.context.get("customer_secret_link")
        if not isinstance(secret, SecretLink) or not recipients_group.get(
            "notification_group_name", ""
        ).startswith(SECRET):
            return html
        body = Markup(message.body or "")
        link = Markup('<p><a href="%s">%s</a></p>') % (secret.url, secret.words)
        if body and body in html:
            return Markup(html).replace(body, body + link, 1)
        return Markup(html).replace(Markup("</body>"), link + Markup("</body>"), 1)

    # -- facts that hang on a message ---------------------------------------------------------

    def _remember_told(self, message, *facts):
        """Remember that a message told facts; without a message somebody told them, which is sure."""
        record = self.sudo()  # sudo: the system's memory
        kept = dict(record.reach_facts or {})
        for fact in facts:
            if message:
                kept[fact] = {"message": message.id}
            else:
                kept.pop(fact, None)
        record.reach_facts = kept

    def _facts_told_by(self, message, lost=False):
        """Return the facts that hang on a message: those that stand, or those that were lost."""
        kept = self.sudo().reach_facts or {}  # sudo: the system's memory
        return [
            fact
            for fact, how in kept.items()
            if how.get("message") == message.id and bool(how.get("lost")) == lost
        ]

    def _mark_lost(self, facts, lost=True):
        record = self.sudo()  # sudo: the system's memory
        kept = dict(record.reach_facts or {})
        record.reach_facts = kept | {fact: {**kept[fact], "lost": lost} for fact in facts}

    def _delivery_failed(self, message, failed):
        """A mail of ours failed or bounced: take back what it told, and tell somebody.

        :param failed: its notifications that failed
        """
        self.ensure_one()
        facts = [] if self._was_reached(message) else self._facts_told_by(message)
        if facts:
            self._mark_lost(facts)
            self._take_back(facts, message)
        outside = self._outside(failed)
        if facts or outside:
            self._tell_undelivered(outside or failed)

    def _delivery_done(self, message, missed):
        """A mail went out, perhaps one that had failed.

        :param missed: those of its notifications that had failed before
        """
        self.ensure_one()
        if not self._was_reached(message):
            return
        if facts := self._facts_told_by(message, lost=True):
            self._mark_lost(facts, lost=False)
            self._give_back(facts, message)
        # sudo: who was notified of a message of the record
        left = self._outside(message.sudo().notification_ids).filtered(
            lambda n: n.notification_status in NOT_REACHED
        )
        if missed and not left:
            self._forget_reminders("undelivered")

    def _outside(self, notifications):
        """Return the notifications that go to people outside."""
        return notifications.filtered(
            lambda n: n.mail_email_address or self._is_other_side(n.res_partner_id)
        )

    def _take_back(self, facts, message):
        """Hook: the facts did not happen."""

    def _give_back(self, facts, message):
        """Hook: the facts happened after all, now."""

    def _tell_undelivered(self, failed):
        """Tell who is told that a mail did not arrive.

        :param failed: its notifications that failed
        """
        names = ", ".join(
            notification.mail_email_address or notification.res_partner_id.name or "?"
            for notification in failed
        )
        self._tell(
            lambda env: env._("An e-mail did not reach %s: contact them in another way", names),
            "undelivered",
        )

    # -- what the other side writes -----------------------------------------------------------

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """EXTENDS mail: once it is known who gets a message, it may be a contact or news."""
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if self.id and message.model == self._name and message.message_type in ("comment", "email"):
            self._message_is_out(message)
        return recipients

    def _message_is_out(self, message):
        """Somebody wrote on the record: news from outside finds somebody who can act."""
        author = message.author_id.sudo()  # sudo: whether the author is one of us
        if author.user_ids.filtered(lambda user: not user.share):
            return
        comment = self.env.ref("mail.mt_comment")
        if message.subtype_id != comment or message.is_internal:
            return
        if author and self._is_other_side(author) or message.message_type == "email":
            self._other_side_wrote(message)

    def _other_side_wrote(self, message):
        """Tell who is told, unless one of them was notified of the message itself."""
        # sudo: who was notified
        notified = message.sudo().notified_partner_ids.user_ids
        if not self._who_is_told() & notified:
            self._tell(self._wrote_words, "wrote")

    @api.model
    def _wrote_words(self, env):
        return env._("New message: read and answer it")

    @api.model
    def _short(self, html, limit=80):
        """Return the beginning of a text, for a summary."""
        text = "" if is_html_empty(html) else " ".join(html2plaintext(html).split())
        return text if len(text) <= limit else f"{text[:limit]}…"
