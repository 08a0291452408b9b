from odoo import fields, models


class CustomerComplaintEvidence(models.Model):
    """What the report of a major complaint needs: a view or a piece of data, by product group."""

    _name = "customer.complaint.evidence"
    _inherit = ["customer.guard.mixin"]
    _description = "Evidence for Major Complaints"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection([("photo", "Photo"), ("data", "Data")], required=True, default="photo")
    categ_ids = fields.Many2many(
        "product.category",
        "customer_complaint_evidence_categ_rel",
        "evidence_id",
        "categ_id",
        "Product Groups",
        help="Required for products of these groups and their subgroups. Leave empty for every "
        "major complaint.",
    )
    note = fields.Char(
        "Method", translate=True, help="How to take the photo, where to find the data."
    )
