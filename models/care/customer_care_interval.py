from odoo import api, fields, models

from .customer_care_source import KIND_NAMES


class CustomerCareInterval(models.Model):
    """A customer is contacted more or less often than its tier says."""

    _name = "customer.care.interval"
    _inherit = ["customer.head.company.mixin"]
    _description = "Own Contact Interval"
    _order = "partner_id, kind, id"
    _rec_name = "kind"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain=[("parent_id", "=", False)],
    )
    kind = fields.Selection(KIND_NAMES, required=True, default="contact")
    days = fields.Integer("Every (days)", help="0: not planned for this customer.")
    reason = fields.Char(required=True)
    since = fields.Date(
        required=True,
        default=lambda self: self.env.company._customer_today(),
        help="Counts from here if the customer was never contacted and has no tier.",
    )
    last_day = fields.Date(help="From the next day the tier applies again. Leave empty for always.")

    _partner_kind_uniq = models.UniqueIndex(
        "(company_id, partner_id, kind)",
        "The customer already has an interval of its own for this: change that one.",
    )
    _days_positive = models.Constraint("CHECK(days >= 0)", "An interval cannot be negative.")

    @api.model_create_multi
    def create(self, vals_list):
        """The interval is the customer's, also where a contact is given."""
        return super().create([self._of_customer(vals) for vals in vals_list])

    @api.model
    def _of_customer(self, vals):
        if not vals.get("partner_id"):
            return vals
        partner = self._customer_named(vals, "partner_id")
        return {**vals, "partner_id": partner.commercial_partner_id.id}

    def _merge_partners(self, column, sources, target):
        """Keep the interval of the customer that remains, else one of the merged."""
        rows = self.search([("partner_id", "in", (sources | target).ids)])
        for some in rows.grouped(lambda row: (row.company_id, row.kind)).values():
            kept = some.filtered(lambda row: row.partner_id == target)[:1] or some[-1:]
            (some - kept).unlink()
