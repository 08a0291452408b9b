from odoo import fields, models


class CustomerArchiveSection(models.Model):
    """A part of the dossiers of a class, in the order of the paper."""

    _name = "customer.archive.section"
    _inherit = ["customer.guard.mixin"]
    _description = "Dossier Section"
    _order = "class_id, sequence, id"

    class_id = fields.Many2one(
        "customer.archive.class", "Dossier Type", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="class_id.company_id", store=True, index=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
