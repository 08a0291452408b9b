from odoo import fields, models


class CustomerComplaint(models.Model):
    """A complaint that was raised at a visit."""

    _inherit = "customer.complaint"

    visit_id = fields.Many2one(
        "customer.visit",
        "Raised At Visit",
        index="btree_not_null",
        check_company=True,
        copy=False,
        ondelete="set null",
    )
