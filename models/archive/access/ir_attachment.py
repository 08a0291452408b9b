from odoo import api, models
from odoo.exceptions import AccessError

from ...common.customer_transition_mixin import SENTINEL
from ..dossier.ir_attachment import PLACE

CONTENT = {"datas", "raw", "db_datas", "index_content"}

# What shows it: also a picture of the first page.
SHOWN = CONTENT | {"thumbnail"}

# In the context while a paper is rendered: its pictures are part of what is logged as printed.
PRINTED = "customer_archive_printed"


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
        files = self.sudo()  # sudo: where the files belong
        placed = files.filtered(lambda file: file.res_id and log._is_logged(file.res_model))
        for file in placed:
            log._note(self.env[file.res_model].browse(file.res_id), "download", file.name)
        # what hangs on another record is still the document's: its right, and its log
        loose = (files - placed).filtered(lambda file: not file.res_field)
        for document in loose._archive_linked():
            document.sudo(False).check_access("read")
            names = (loose & document.attachment_ids).mapped("name")
            log._note(document.sudo(False), "download", ", ".join(names))

    def _read_format(self, fnames, load="_classic_read"):
        """EXTENDS base: the content read over RPC is a download."""
        result = super()._read_format(fnames, load)
        if not self.env.context.get("bin_size") and SHOWN & set(fnames):
            self._archive_note_download()
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """EXTENDS base: content in an export is a download."""
        result = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        if any(path[0] in SHOWN for path in fields if path):
            self._archive_note_download()
        return result

    def _read_group_groupby(self, alias, groupby_spec, query):
        """EXTENDS base: nobody reads content by grouping by it, also from another model."""
        self._refuse_grouping(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        """EXTENDS base: the same for an aggregate."""
        self._refuse_grouping(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    def _refuse_grouping(self, spec):
        if not self.env.su and spec.split(":")[0] in SHOWN:
            raise AccessError(self.env._("Files cannot be grouped by their contents."))

    def _archive_unindexed(self):
        """Forget the words in files of dossiers: who searched for them would read unseen."""
        log = self.env["customer.archive.access"]
        # sudo: where the files belong, and what the search would find
        for file in self.sudo():
            if file.index_content and file.res_model and log._is_logged(file.res_model):
                super(IrAttachment, file).write({"index_content": False})

    def _set_attachment_data(self, asbytes):
        """EXTENDS base: new content of a file of a dossier is not searched either."""
        result = super()._set_attachment_data(asbytes)
        self._archive_unindexed()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS base: the words in files of dossiers are not searched."""
        files = super().create(vals_list)
        files._archive_unindexed()
        return files

    def copy_data(self, default=None):
        """EXTENDS base: a copy has the content."""
        self._archive_note_download()
        return super().copy_data(default)

    def _archive_check_move(self, vals):
        """EXTENDS dossiers: nobody takes a file by hand away from a dossier or deed either, where it hangs
        without a list of files.
        """
        super()._archive_check_move(vals)
        if self.env.su:
            return
        log = self.env["customer.archive.access"]
        for file in self._archive_moved(vals):
            if file.res_id and not file.res_field and log._is_logged(file.res_model):
                # sudo: what it is called; the right to the file is checked by Odoo
                owner = self.env[file.res_model].sudo().browse(file.res_id).exists()
                if owner:
                    self._archive_refuse_move(file, owner)

    def write(self, vals):
        """EXTENDS base: files on legal hold stay where they are, with what is in them."""
        if (PLACE | CONTENT) & vals.keys():
            self._unlink_except_held()
        result = super().write(vals)
        if (PLACE | CONTENT) & vals.keys():
            self._archive_unindexed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        """Files of dossiers on legal hold stay, also while these are compiled."""
        documents = self._archive_document_ids()
        if documents:
            # sudo: only whether there is a hold
            held = self.env["customer.archive.document"].sudo().with_context(active_test=False)
            held.browse(documents).exists().archive_id._check_not_held()
