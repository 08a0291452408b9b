from odoo import fields, models


class CustomerCompensationDocumentType(models.Model):
    """A document that has to be there before a compensation is paid."""

    _name = "customer.compensation.document.type"
    _description = "Document of a Compensation"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_required = fields.Boolean(
        "Required", default=True, help="Without it nothing is paid; others may be left out."
    )
    min_amount = fields.Float(
        "From Amount", help="Only asked for compensations of at least this amount."
    )
