from odoo import api, fields, models

from ...engine.completeness import completeness

DATA_FIELDS = (
    "customer_legal_representative",
    "customer_business_scope",
    "customer_registered_address",
    "customer_registered_capital",
    "customer_registered_capital_currency_id",
    "customer_founding_date",
    "customer_employee_count",
)


class ResPartner(models.Model):
    """Data of a customer that Odoo lacks, and what is still missing of the required data.

    They belong to the commercial partner, contacts carry them.
    """

    _inherit = "res.partner"

    customer_legal_representative = fields.Char(
        "Legal Representative", help="Who may sign for the company by law."
    )
    customer_business_scope = fields.Text(
        "Business Scope", help="What the company may do according to its licence."
    )
    customer_registered_address = fields.Char(
        "Registered Address", help="The seat in the commercial register, where it differs or not."
    )
    customer_registered_capital_currency_id = fields.Many2one(
        "res.currency",
        "Currency of Capital",
        default=lambda self: self.env.company.currency_id,
    )
    customer_registered_capital = fields.Monetary(
        "Registered Capital", currency_field="customer_registered_capital_currency_id"
    )
    customer_founding_date = fields.Date("Founded On")
    customer_employee_count = fields.Integer("Employees")

    # Instant, while the form is edited; lists and filters read `customer_data_completeness`.
    customer_data_status = fields.Json(
        "Data Completeness",
        compute="_compute_customer_data_status",
        compute_sudo=True,
        groups="base.group_user",
        help="{percent, required, present, missing: [{id, label, field}]}; percent is null "
        "when nothing is required.",
    )
    customer_data_percent = fields.Float(
        "Data Completeness Now (%)",
        digits=(5, 2),
        compute="_compute_customer_data_status",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.model
    def _commercial_fields(self):
        """EXTENDS base: contacts carry their company's values."""
        return super()._commercial_fields() + list(DATA_FIELDS)

    # The fields of the shipped list, so that the form follows while it is edited; a field that an
    # admin adds to the list is seen when the form is saved.
    @api.depends(
        "commercial_partner_id",
        "is_company",
        "name",
        "vat",
        "phone",
        "email",
        "website",
        "street",
        "city",
        "country_id",
        "industry_id",
        "company_registry",
        "bank_ids",
        "child_ids.type",
        "child_ids.active",
        "child_ids.is_company",
        "customer_tier_id",
        *DATA_FIELDS,
    )
    @api.depends_context("company", "lang")
    def _compute_customer_data_status(self):
        """Check what the tier requires; the same rules in SQL are `queries.completeness`."""
        _every, default, tiers = self.env["customer.data.field"]._requirements()
        for partner in self:
            customer = partner.commercial_partner_id or partner
            required = tiers.get(customer.customer_tier_id._origin.id, default)
            required = required._applicable(customer)
            missing = required.filtered(lambda item, who=customer: not item._is_present(who))
            percent = completeness(len(required), len(required) - len(missing))
            partner.customer_data_percent = float(percent or 0)
            partner.customer_data_status = {
                "percent": None if percent is None else float(percent),
                "required": len(required),
                "present": len(required) - len(missing),
                "missing": [
                    {"id": item.id, "label": item.name, "field": item._form_field()}
                    for item in missing
                ],
            }
