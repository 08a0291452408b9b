from odoo import api, fields, models


class CustomerArchive(models.Model):
    """Dossiers ask their customer for documents."""

    _inherit = "customer.archive"

    upload_ids = fields.One2many("customer.archive.upload", "archive_id", "Upload Links")
    upload_waiting_count = fields.Integer(
        "Customer Files to Review", compute="_compute_upload_waiting_count"
    )

    @api.depends("upload_ids.line_ids.state")
    def _compute_upload_waiting_count(self):
        counts = dict(
            self.env["customer.archive.upload.line"]._read_group(
                [("archive_id", "in", self.ids), ("state", "=", "received")],
                ["archive_id"],
                ["__count"],
            )
        )
        for archive in self:
            archive.upload_waiting_count = counts.get(archive._origin, 0)

    def _destroy(self, disposal):
        """EXTENDS disposal: links end, and what the customer wrote to the files goes."""
        result = super()._destroy(disposal)
        # sudo: follows from the execution of an approved list, whose right was checked
        uploads = self.sudo().upload_ids
        uploads.filtered(lambda one: one.state != "closed").action_close()
        uploads.line_ids.write({"note": False})
        return result
