import logging

from odoo import models

_logger = logging.getLogger(__name__)


class CustomerArchiveDocument(models.Model):
    """Documents that end: somebody gets the next one."""

    _name = "customer.archive.document"
    _inherit = ["customer.archive.document", "customer.once.mixin"]

    def _ask_for_next(self):
        """Give the account manager of the customer, else A, the task to get the next document."""
        self.ensure_one()
        archive = self.archive_id
        candidates = (archive.partner_id.user_id, archive.role_a_id, archive.archivist_id)
        user = next((one for one in candidates if one.active and not one.share), None)
        if not user:
            _logger.info("Document %s ends, but its dossier has nobody to ask", self.id)
            return
        archive.activity_schedule(
            "customer_governance.activity_type_archive_expiry",
            user_id=user.id,
            summary=self.env._("“%s” ends", self.name),
            note=self.env._("Valid until %s: get the next one from the customer.", self.date_until),
            date_deadline=self.date_until,
        )
