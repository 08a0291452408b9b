from odoo import api, fields, models


class MailActivityType(models.Model):
    """Which activities, once done, are a contact with the customer."""

    _inherit = "mail.activity.type"

    customer_contact = fields.Boolean(
        "Customer Contact",
        compute="_compute_customer_contact",
        store=True,
        readonly=False,
        help="Completing an activity of this type counts as a contact with the customer.",
    )

    @api.depends("category")
    def _compute_customer_contact(self):
        """Calls and meetings are contacts, and so is Odoo's e-mail type, which has no category of
        its own.
        """
        email = self.env.ref("mail.mail_activity_data_email", raise_if_not_found=False)
        for activity_type in self:
            activity_type.customer_contact = (
                activity_type.category in ("phonecall", "meeting") or activity_type == email
            )
