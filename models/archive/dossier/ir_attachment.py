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

    def _archive_moved(self, vals):
        """Return the files that a write takes to another record, as the system."""
        # sudo: where the files belong
        return self.sudo().filtered(
            lambda file: any(
                (file[name] or False) != (vals.get(name, file[name]) or False) for name in PLACE
            )
        )

    def _archive_check_move(self, vals):
        """Refuse to take files away from what has them (a document, a supplement, what a customer sent): it
        would lose them unseen.

        The files of a supplement that was applied are those of its document.

        :raises UserError: names the file and its owner
        """
        if not (moved := self._archive_moved(vals)):
            return
        owners = {file: self.browse() for file in moved}
        for model in self._archive_file_models():
            # sudo: which records; also of others, and removed
            records = self.env[model].sudo().with_context(active_test=False)
            records = records.with_context(skip_res_field_check=True)
            for record in records.search([("attachment_ids", "in", moved.ids)]):
                for file in moved & record.attachment_ids:
                    # the first model is that of the documents
                    owners[file] = owners[file] or record
        for file, owner in owners.items():
            place = (vals.get("res_model", file.res_model), vals.get("res_id", file.res_id))
            if owner and place != (owner._name, owner.id):
                self._archive_refuse_move(file, owner)

    def _archive_refuse_move(self, file, owner):
        raise UserError(
            self.env._(
                "The file “%(file)s” belongs to “%(owner)s”: remove it there first.",
                file=file.name,
                owner=owner.with_env(self.env).sudo().display_name,
            )
        )

    @api.model
    def _archive_file_models(self):
        """Return the names of the models whose records have files of their own, documents first."""
        found = self.env.registry.descendants(["customer.archive.files.mixin"], "_inherit")
        own = {name for name in found if not self.env[name]._abstract}
        return [DOCUMENT, *sorted(own - {DOCUMENT})]

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
            self.check_access("write")  # a refusal names what has the files
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
