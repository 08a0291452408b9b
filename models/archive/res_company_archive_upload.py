from odoo import fields, models


class ResCompany(models.Model):
    """What customers may send by an upload link; each link can differ."""

    _inherit = "res.company"

    archive_upload_days = fields.Integer(
        "Upload Links Open (days)", default=14, help="Proposed for a new upload link."
    )
    archive_upload_files = fields.Integer("Files of an Upload Link", default=20)
    archive_upload_mb = fields.Integer("Megabytes of an Upload Link", default=50)
    archive_upload_endings = fields.Char(
        "Kinds of Files",
        default="pdf, jpg, jpeg, png, heic, tif, tiff, docx, xlsx, odt, ods, ofd",
        help="Endings of files that customers may send. Empty: every kind.",
    )

    _archive_upload_valid = models.Constraint(
        "CHECK(archive_upload_days >= 0 AND archive_upload_files > 0 AND archive_upload_mb > 0)",
        "An upload link takes at least one file and one megabyte.",
    )
