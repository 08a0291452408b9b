from odoo import models


class IrBinary(models.AbstractModel):
    """Downloads by the routes of Odoo, whatever gave the right: a rule or a token."""

    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        """EXTENDS base: files of dossiers are logged."""
        stream = super()._record_to_stream(record, field_name)
        if record._name == "ir.attachment":
            record.with_env(self.env)._archive_note_download()
        elif self.env["customer.archive.access"]._is_logged(record._name):
            self.env["customer.archive.access"]._note(record, "download", field_name)
        return stream
