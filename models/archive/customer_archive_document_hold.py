from odoo import api, models


class CustomerArchiveDocument(models.Model):
    """Documents on legal hold stay, also while their dossier is compiled."""

    _inherit = "customer.archive.document"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        # sudo: only whether there is a hold
        self.sudo().archive_id._check_not_held()
