from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerArchiveFilesMixin(models.AbstractModel):
    """Files that belong to exactly one record and follow its rights."""

    _name = "customer.archive.files.mixin"
    _description = "Files of an Archive Record"

    attachment_ids = fields.Many2many("ir.attachment", string="Files", copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Files are bound to their record."""
        records = super().create(vals_list)
        records._bind_files()
        return records

    def write(self, vals):
        """Files are bound to their record."""
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._bind_files()
        return result

    def _bind_files(self):
        """Give the files to their record: they follow its rights and are frozen with it.

        :raises UserError: for a file that belongs to another record
        """
        for record in self:
            # sudo: files the caller uploaded are theirs, others are refused
            for file in record.sudo().attachment_ids:
                if (file.res_model, file.res_id) == (self._name, record.id):
                    continue
                if not self._may_bind(file):
                    raise UserError(
                        self.env._(
                            "The file “%s” belongs to another record: upload a copy of it.",
                            file.name,
                        )
                    )
                file.write({"res_model": self._name, "res_id": record.id})

    def _may_bind(self, file):
        """Tell whether the record may take the file: it is nobody's and the caller's own."""
        return not file.res_id and (file.create_uid == self.env.user or self.env.su)
