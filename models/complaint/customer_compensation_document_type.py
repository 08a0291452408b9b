from odoo import fields, models


class CustomerCompensationDocumentType(models.Model):
    """A document that has to be there before a compensation is paid."""

    _name = "customer.compensation.document.type"
    _inherit = ["customer.guard.mixin"]
    _description = "Compensation Document"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_required = fields.Boolean(
        "Required",
        default=True,
        help="Without it, compensation cannot be settled; other documents are optional.",
    )
    min_amount = fields.Float(
        "From Amount", help="Required only for compensation of at least this amount."
    )
