from odoo import api, models

DOCUMENT = "customer.archive.document"


class IrAttachment(models.Model):
    """Files of dossiers are frozen with their document and are never public."""

    _inherit = "ir.attachment"

    @api.model
    def _archive_files_of(self, documents):
        """Return the files that belong to documents of dossiers."""
        return self.search([("res_model", "=", DOCUMENT), ("res_id", "in", documents.ids)])

    @api.model
    def _archive_check(self, document_ids):
        """Refuse changes of the files of registered dossiers."""
        if document_ids:
            # sudo: only whether the dossier is frozen; the right to the document is checked by Odoo
            documents = self.env[DOCUMENT].sudo().with_context(active_test=False)
            documents.browse(document_ids).exists()._check_not_frozen()

    def _archive_document_ids(self):
        # sudo: where the files belong
        return {file.res_id for file in self.sudo() if file.res_model == DOCUMENT and file.res_id}

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS base: no new files for documents of registered dossiers, none for everybody."""
        files = super().create(vals_list)
        # afterwards: the document may come from the defaults of the context
        if document_ids := files._archive_document_ids():
            self._archive_check(document_ids)
            # sudo: the mark of files that everybody may read, of files that were just made
            shown = files.sudo().filtered(
                lambda file: file.res_model == DOCUMENT and (file.public or file.access_token)
            )
            super(IrAttachment, shown).write({"public": False, "access_token": False})
        return files

    def write(self, vals):
        """EXTENDS base: files of registered dossiers stay; none becomes public."""
        # sudo: where the files belong, and will belong
        places = {
            (vals.get("res_model", file.res_model), vals.get("res_id", file.res_id))
            for file in self.sudo()
        }
        into = {res_id for model, res_id in places if model == DOCUMENT and res_id}
        document_ids = self._archive_document_ids() | into
        if document_ids:
            self._archive_check(document_ids)
            vals = {**vals, "public": False, "access_token": False}
        return super().write(vals)

    def unlink(self):
        """EXTENDS base: files of registered dossiers stay."""
        self._archive_check(self._archive_document_ids())
        return super().unlink()
