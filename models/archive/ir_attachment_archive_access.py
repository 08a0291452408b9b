from odoo import api, models

from ..common.customer_transition_mixin import SENTINEL
from .customer_archive_logged_mixin import QUIET

CONTENT = {"datas", "raw", "db_datas", "index_content"}


class IrAttachment(models.Model):
    """Files of dossiers: reading their content is a download; held files stay."""

    _inherit = "ir.attachment"

    def _archive_note_download(self):
        """Write the access log for files of dossiers and of what belongs to them."""
        if self.env.context.get(QUIET) is SENTINEL:
            return
        log = self.env["customer.archive.access"]
        # sudo: where the files belong
        for file in self.sudo():
            if file.res_id and log._is_logged(file.res_model):
                log._note(self.env[file.res_model].browse(file.res_id), "download", file.name)

    def _read_format(self, fnames, load="_classic_read"):
        """EXTENDS base: the content read over RPC is a download."""
        result = super()._read_format(fnames, load)
        if not self.env.su and not self.env.context.get("bin_size") and CONTENT & set(fnames):
            self._archive_note_download()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        """Files of dossiers on legal hold stay, also while these are compiled."""
        documents = self._archive_document_ids()
        if documents:
            # sudo: only whether there is a hold
            held = self.env["customer.archive.document"].sudo().with_context(active_test=False)
            held.browse(documents).exists().archive_id._check_not_held()
