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
        ours = [vals for vals in vals_list if vals.get("res_model") == DOCUMENT]
        if not ours:
            return super().create(vals_list)
        self._archive_check({vals["res_id"] for vals in ours if vals.get("res_id")})
        return super().create(
            [
                {**vals, "public": False, "access_token": False} if vals in ours else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """EXTENDS base: files of registered dossiers stay; none becomes public."""
        document_ids = self._archive_document_ids()
        if vals.get("res_model", DOCUMENT) == DOCUMENT and vals.get("res_id"):
            into = (
                self
                if vals.get("res_model")
                else self.sudo().filtered(lambda file: file.res_model == DOCUMENT)
            )
            document_ids |= {vals["res_id"]} if into else set()
        if document_ids:
            self._archive_check(document_ids)
            vals = {**vals, "public": False, "access_token": False}
        return super().write(vals)

    def unlink(self):
        """EXTENDS base: files of registered dossiers stay."""
        self._archive_check(self._archive_document_ids())
        return super().unlink()
