from odoo import api, models

from ..common.customer_transition_mixin import SENTINEL

CONTENT = {"datas", "raw", "db_datas", "index_content"}
# In the context while a paper is rendered: its pictures are part of what is logged as printed.
PRINTED = "customer_archive_printed"
# What says where a file belongs, and what is in it.
PLACE = {"res_model", "res_id"}


class IrAttachment(models.Model):
    """Files of dossiers: reading their content is a download; held files stay."""

    _inherit = "ir.attachment"

    def _archive_note_download(self):
        """Write the access log for files of dossiers and of what belongs to them.

        Content is content: also as part of a list or of the form of another model.
        """
        if self.env.su or self.env.context.get(PRINTED) is SENTINEL:
            return
        log = self.env["customer.archive.access"]
        # sudo: where the files belong
        for file in self.sudo():
            if file.res_id and log._is_logged(file.res_model):
                log._note(self.env[file.res_model].browse(file.res_id), "download", file.name)

    def _read_format(self, fnames, load="_classic_read"):
        """EXTENDS base: the content read over RPC is a download."""
        result = super()._read_format(fnames, load)
        if not self.env.context.get("bin_size") and CONTENT & set(fnames):
            self._archive_note_download()
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """EXTENDS base: content in an export is a download."""
        result = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        if any(path[0] in CONTENT for path in fields if path):
            self._archive_note_download()
        return result

    def copy_data(self, default=None):
        """EXTENDS base: a copy has the content."""
        self._archive_note_download()
        return super().copy_data(default)

    def write(self, vals):
        """EXTENDS base: files on legal hold stay where they are, with what is in them."""
        if (PLACE | CONTENT) & vals.keys():
            self._unlink_except_held()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        """Files of dossiers on legal hold stay, also while these are compiled."""
        documents = self._archive_document_ids()
        if documents:
            # sudo: only whether there is a hold
            held = self.env["customer.archive.document"].sudo().with_context(active_test=False)
            held.browse(documents).exists().archive_id._check_not_held()
