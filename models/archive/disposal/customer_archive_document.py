from odoo import api, models


class CustomerArchiveDocument(models.Model):
    """Documents on legal hold stay, also while their dossier is compiled."""

    _inherit = "customer.archive.document"

    def write(self, vals):
        """EXTENDS archive: a document on hold does not go to another dossier."""
        if "archive_id" in vals:
            self._unlink_except_held()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        # sudo: only whether there is a hold
        self.sudo().archive_id._check_not_held()
