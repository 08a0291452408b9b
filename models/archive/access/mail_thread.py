from odoo import models


class MailThread(models.AbstractModel):
    """Files of dossiers that go out with a message are read by whoever sends them."""

    _inherit = "mail.thread"

    def _process_attachments_for_post(self, attachments, attachment_ids, message_values):
        """EXTENDS mail: it takes any file; of a dossier only what the sender reads, and logged."""
        if attachment_ids and not self.env.su:
            log = self.env["customer.archive.access"]
            # sudo: where the files belong
            files = self.env["ir.attachment"].sudo().browse(attachment_ids)
            kept = files.filtered(lambda file: file.res_model and log._is_logged(file.res_model))
            kept = kept.sudo(False)
            kept.check_access("read")
            kept._archive_note_download()
        return super()._process_attachments_for_post(attachments, attachment_ids, message_values)
