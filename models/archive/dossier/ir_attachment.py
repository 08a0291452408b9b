from odoo import api, models
from odoo.exceptions import UserError

DOCUMENT = "customer.archive.document"

# What says where a file belongs.
PLACE = {"res_model", "res_id"}


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

    def _archive_place_ids(self):
        # sudo: where the files belong
        return {file.res_id for file in self.sudo() if file.res_model == DOCUMENT and file.res_id}

    def _archive_linked(self):
        """Return the documents that have the files, wherever the files themselves say they belong."""
        Document = self.env[DOCUMENT].sudo()  # sudo: which documents; also of others, and removed
        if not self.ids:
            return Document
        return Document.with_context(active_test=False, skip_res_field_check=True).search(
            [("attachment_ids", "in", self.ids)]
        )

    def _archive_document_ids(self):
        """Return the ids of the documents that the files belong to, by their place or by the link."""
        # sudo: where the files belong; the fields of other records are no files of documents
        loose = self.sudo().filtered(lambda file: file.res_model != DOCUMENT and not file.res_field)
        return self._archive_place_ids() | set(loose._archive_linked()._ids)

    def _archive_check_move(self, vals):
        """Refuse to take files away from a document that has them: it would lose them unseen.

        :raises UserError: names the file and its document
        """
        # sudo: where the files belong
        moved = self.sudo().filtered(
            lambda file: any(
                (file[name] or False) != (vals.get(name, file[name]) or False) for name in PLACE
            )
        )
        for document in moved._archive_linked():
            for file in moved & document.attachment_ids:
                place = (vals.get("res_model", file.res_model), vals.get("res_id", file.res_id))
                if place != (DOCUMENT, document.id):
                    raise UserError(
                        self.env._(
                            "The file “%(file)s” belongs to the document “%(document)s”: remove it "
                            "there first.",
                            file=file.name,
                            document=document.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS base: no new files for documents of registered dossiers, none for everybody."""
        files = super().create(vals_list)
        # afterwards: the document may come from the defaults of the context
        if document_ids := files._archive_place_ids():
            self._archive_check(document_ids)
            # sudo: the mark of files that everybody may read, of files that were just made
            shown = files.sudo().filtered(
                lambda file: file.res_model == DOCUMENT and (file.public or file.access_token)
            )
            super(IrAttachment, shown).write({"public": False, "access_token": False})
        return files

    def write(self, vals):
        """EXTENDS base: files of registered dossiers stay; none becomes public."""
        if PLACE & vals.keys():
            self._archive_check_move(vals)
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
