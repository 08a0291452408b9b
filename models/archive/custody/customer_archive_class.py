from odoo import fields, models


class CustomerArchiveClass(models.Model):
    """How much an inventory looks at the dossiers of a class."""

    _inherit = "customer.archive.class"

    custody_risk = fields.Integer(
        "Risk",
        default=1,
        required=True,
        help="Weight in the sample of an inventory: 1 for ordinary documents, 3 for documents "
        "that would be hard to replace.",
    )

    _custody_risk_valid = models.Constraint(
        "CHECK(custody_risk BETWEEN 0 AND 10)",
        "The risk of a dossier type must be a number from 0 to 10.",
    )
