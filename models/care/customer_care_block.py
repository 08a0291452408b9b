from odoo import api, fields, models


class CustomerCareBlock(models.Model):
    """A customer must not be contacted for a purpose; complaints and collection go on."""

    _name = "customer.care.block"
    _inherit = ["customer.head.company.mixin"]
    _description = "Do Not Contact"
    _order = "partner_id, id"
    _rec_name = "purpose"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain=[("parent_id", "=", False)],
    )
    purpose = fields.Selection(
        [
            ("care", "Care"),
            ("marketing", "Marketing"),
            ("survey", "Surveys"),
            ("all", "All purposes"),
        ],
        "Do Not Contact For",
        required=True,
        default="care",
        help="Care: not on the list of due contacts. Marketing: left out of mass mailings. Surveys: "
        "not asked. Complaints and collection are not affected.",
    )
    reason = fields.Char(required=True)
    last_day = fields.Date(help="Leave empty if there is no end.")
    is_active = fields.Boolean("In Force", compute="_compute_is_active")

    @api.depends("last_day")
    def _compute_is_active(self):
        today = self.env.company._customer_today()
        for block in self:
            block.is_active = not block.last_day or block.last_day >= today

    @api.model_create_multi
    def create(self, vals_list):
        """The customer is meant, also where a contact is given."""
        own = self.env["customer.care.interval"]._of_customer
        return super().create([own(vals) for vals in vals_list])
