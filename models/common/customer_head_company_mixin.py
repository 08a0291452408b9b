from odoo import api, fields, models


class CustomerHeadCompanyMixin(models.AbstractModel):
    """A decision of a company: of a branch it is one of the company it belongs to."""

    _name = "customer.head.company.mixin"
    _inherit = ["customer.company.mixin"]
    _description = "Record of a Company with Its Branches"

    company_id = fields.Many2one(
        default=lambda self: self.env.company._customer_company(),
        domain=[("parent_id", "=", False)],
    )

    @api.model_create_multi
    def create(self, vals_list):
        """What is decided in a branch is decided for the company."""
        return super().create([self._for_head_company(vals) for vals in vals_list])

    def write(self, vals):
        """The same for a change."""
        return super().write(self._for_head_company(vals))

    @api.model
    def _for_head_company(self, vals):
        if not vals.get("company_id"):
            return vals
        company = self._customer_named(vals, "company_id")
        return {**vals, "company_id": company._customer_company().id}
