import secrets

from odoo import fields, models
from odoo.tools import consteq


class CustomerLinkMixin(models.AbstractModel):
    """A record that somebody without a login reaches by a secret link, until a moment.

    Whoever has the link has the right: it goes into one mail, is compared in constant time, ends by
    itself and can be made worthless.
    """

    _name = "customer.link.mixin"
    _description = "Record Shared by Secret Link"

    link_token = fields.Char(
        copy=False, groups="base.group_system", help="The secret token in the e-mailed link."
    )
    link_until = fields.Datetime(copy=False, groups="base.group_system")

    def _give_link(self, until):
        """Give each record a new secret; an older link ends.

        :param until: UTC datetime after which the link opens nothing
        """
        for record in self.sudo():  # sudo: nobody but the system reads or writes the secret
            record.write({"link_token": secrets.token_urlsafe(32), "link_until": until})

    def _revoke_link(self):
        """Make the links worthless."""
        # sudo: see _give_link
        self.sudo().write({"link_token": False, "link_until": False})

    def _link(self, path):
        """Return the address for the mail, or False without a link: BASE/path/id/secret."""
        self.ensure_one()
        record = self.sudo()  # the mail to the customer is the one place the secret goes to
        if not record.link_token:
            return False
        return f"{record.get_base_url()}{path}/{record.id}/{record.link_token}"

    def _opens_by(self, token):
        """Tell whether the secret opens the record now: right and not over."""
        self.ensure_one()
        record = self.sudo()  # the secret is compared, not shown
        return bool(
            isinstance(token, str)
            and record.link_token
            and consteq(record.link_token, token)
            and record.link_until
            and record.link_until > fields.Datetime.now()
        )
