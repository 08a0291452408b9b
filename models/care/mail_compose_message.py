from odoo import models


class MailComposeMessage(models.TransientModel):
    """Customers that must not be contacted for marketing get no mass mail."""

    _inherit = "mail.compose.message"

    def _get_blacklist_record_ids(self, mail_values_dict, recipients_info=None):
        """EXTENDS mail: like addresses on the blacklist."""
        blocked = super()._get_blacklist_record_ids(mail_values_dict, recipients_info)
        if self.model == "res.partner" and self.use_exclusion_list:
            partners = self.env["res.partner"].browse(mail_values_dict)
            blocked = blocked | set(partners._care_blocked("marketing"))
        return blocked
