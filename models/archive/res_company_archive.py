from odoo import fields, models


class ResCompany(models.Model):
    """How a company keeps its archive."""

    _inherit = "res.company"

    archive_days_a = fields.Integer(
        "A to B Within (working days)",
        default=3,
        help="Working days from the end of the project until role A has handed its dossier to role B.",
    )
    archive_days_b = fields.Integer(
        "B to Archive Within (working days)",
        default=2,
        help="Working days from then until role B has handed the dossier to the archive.",
    )
    archive_expiry_days = fields.Integer(
        "Documents Expire Soon (days)",
        default=30,
        help="So many days before a document ends somebody is asked for the next one.",
    )
    archive_signature_required = fields.Boolean(
        "Drawn Signatures",
        help="Nobody hands over or accepts a dossier without a signature drawn on the screen."
        " Off: name and time are enough, the inventory is signed on paper.",
    )

    _archive_days_valid = models.Constraint(
        "CHECK(archive_days_a >= 0 AND archive_days_b >= 0 AND archive_expiry_days >= 0)",
        "The days of the archive cannot be below 0.",
    )
