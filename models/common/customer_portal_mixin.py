from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import consteq, email_normalize

# Days that the link in a mail opens the page after the matter is over.
LINK_DAYS = 90


class CustomerPortalMixin(models.AbstractModel):
    """A record with a page for people outside: every mail to them leads to it.

    The secret in the link opens the page for reading, without a login, until some time after the
    end of the matter. Whoever wants to answer logs in or replies to the mail. Models say who these
    people are (`_is_outsider`) and when it was over (`_portal_over_at`), and name their page
    (`_portal_path`).
    """

    _name = "customer.portal.mixin"
    _inherit = "portal.mixin"
    _description = "Record with a page for people outside"
    _portal_path = None

    # the secret goes into mails to the addressee, users have no use for it
    access_token = fields.Char(groups="base.group_system")

    def _compute_access_url(self):
        for record in self:
            record.access_url = f"{self._portal_path}/{record.id}" if record.id else "#"

    def _portal_over_at(self):
        """Return when the matter was over, or False."""
        return False

    def _is_outsider(self, partner, email):
        """Tell whether the recipient of a mail is one for whom the page is made."""
        return False

    def _has_outsiders(self):
        """Tell whether there is anybody outside for whom the page is made."""
        return True

    def _portal_opens_by(self, token):
        """Tell whether the secret of a link shows the page now."""
        self.ensure_one()
        record = self.sudo()  # the secret is compared, not shown
        return bool(
            isinstance(token, str)
            and record.access_token
            and consteq(record.access_token, token)
            and record._portal_link_is_open()
        )

    def _portal_link_is_open(self):
        over_at = self._portal_over_at()
        return not over_at or over_at + timedelta(days=LINK_DAYS) > fields.Datetime.now()

    def action_revoke_portal_link(self):
        """Make the links in all mails sent so far worthless; the next mail has a new one."""
        self.check_access("write")
        self.sudo().write({"access_token": False})  # sudo: nobody but the system has the secret
        return True

    def _portal_ensure_token(self):
        """EXTENDS portal: only the system reads the secret."""
        return super(CustomerPortalMixin, self.sudo())._portal_ensure_token()

    def get_portal_url(self, *args, **kwargs):
        """EXTENDS portal: callable over RPC, and it tells the secret."""
        self.check_access("read")
        if not self.env.su and not self.env.is_system():
            raise AccessError(self.env._("The link goes to the addressee, in a mail."))
        return super().get_portal_url(*args, **kwargs)

    @api.model
    def action_share(self):
        """EXTENDS portal: who may read the records may share them."""
        self.check_access("read")
        if not self.env.context.get("active_id"):
            raise UserError(self.env._("Open a record to share it."))
        return super().action_share()

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, share_token=True):
        """EXTENDS portal: as above; who may share is who may read.

        The secret goes to an addressee (`pid`), in a mail; the link that the dialog shows asks for a login.
        """
        self.check_access("read")
        share_token = share_token and (bool(pid) or self.env.su or self.env.is_system())
        return super(CustomerPortalMixin, self.sudo())._get_share_url(
            redirect=redirect, signup_partner=signup_partner, pid=pid, share_token=share_token
        )

    def _sign_token(self, pid):
        """EXTENDS portal: as above."""
        return super(CustomerPortalMixin, self.sudo())._sign_token(pid)

    @api.model
    def _get_thread_with_access(
        self,
        thread_id,
        *,
        mode="read",
        hash=None,
        pid=None,
        token=None,
        **kwargs,  # noqa: A002
    ):
        """EXTENDS portal: the secret opens the thread for reading only, while it is good.

        Odoo takes it for writing too (and for posting, see `controllers/mail.py`). Without a secret on the
        record no signature opens it either.
        """
        thread = self.sudo().browse(thread_id).exists()
        if (
            mode != "read"
            or not thread
            or not thread.access_token
            or not thread._portal_link_is_open()
        ):
            hash = pid = token = None  # noqa: A001
        return super()._get_thread_with_access(
            thread_id, mode=mode, hash=hash, pid=pid, token=token, **kwargs
        )

    def _customer_sender(self, author=None):
        """Return the address that mails to people outside come from, False for the writer's own.

        :param author: who writes, empty where the system does
        """
        return False

    def message_post(self, **kwargs):
        """EXTENDS mail: what we write to people outside comes from the address of the team.

        Answers then come back to the team and into the thread.
        """
        if not kwargs.get("email_from") and len(self) == 1:
            given, users = kwargs.get("author_id"), self.env.user
            author = self.env["res.partner"].browse(given) if given else users.partner_id
            if given:
                # sudo: whether the author is one of us is all that is asked
                users = author.sudo().with_context(active_test=False).user_ids
            machine = author == self.env.ref("base.partner_root")
            if machine or any(not user.share for user in users):
                if sender := self._customer_sender(None if machine else author):
                    kwargs = {**kwargs, "email_from": sender, "author_id": author.id}
        return super().message_post(**kwargs)

    def _mail_get_partners(self, introspect_fields=False):
        """EXTENDS mail: while recipients are sorted there is one person outside, or none."""
        partners = super()._mail_get_partners(introspect_fields=introspect_fields)
        most = self.env.context.get("customer_partners")
        if most is None:
            return partners
        return {key: found[:most] for key, found in partners.items()}

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """EXTENDS portal: everybody outside for whom the page is made gets the link with its
        secret.
        """
        kind = (msg_vals or {}).get("message_type") or message.message_type
        # notices are for colleagues: no secret is made for them
        outside_too = (
            kind != "user_notification" and len(self) == 1 and self.sudo()._has_outsiders()
        )
        limited = self.with_context(customer_partners=int(outside_too))
        groups = super(CustomerPortalMixin, limited)._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if not outside_too:
            return groups
        record = self.sudo()  # sudo: whoever writes to the customer, the mail has the link

        def outside(data):
            partner = record.env["res.partner"].browse(data["id"] or [])
            email = data.get("email_normalized") or email_normalize(data.get("email") or "")
            return data["type"] != "user" and record._is_outsider(partner, email)

        link = self._notify_get_action_link(
            "view", **{**(msg_vals or {}), "access_token": record._portal_ensure_token()}
        )
        own = {"active": True, "has_button_access": True, "button_access": {"url": link}}
        # people with an account of their own go there by it: the page checks whose it is
        return [["customer_outside", outside, own], *groups]
