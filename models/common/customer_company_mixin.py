from odoo import fields, models


class CustomerCompanyMixin(models.AbstractModel):
    """A record that belongs to exactly one company."""

    _name = "customer.company.mixin"
    _inherit = ["customer.guard.mixin"]
    _description = "Single-Company Record"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
