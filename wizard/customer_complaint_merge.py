from odoo import fields, models


class CustomerComplaintMerge(models.TransientModel):
    """Which case goes on for the same matter, and why the other one is a duplicate."""

    _name = "customer.complaint.merge"
    _inherit = ["customer.named.mixin"]
    _description = "Merge a Duplicate Case"

    complaint_id = fields.Many2one(
        "customer.complaint", "Duplicate", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id")
    partner_id = fields.Many2one(related="complaint_id.partner_id")
    into_id = fields.Many2one(
        "customer.complaint",
        "Merge Into",
        required=True,
        ondelete="cascade",
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id),"
        " ('id', '!=', complaint_id),"
        " ('state', 'not in', ('closed', 'force_closed', 'cancelled'))]",
        help="The case that continues. Open cases of the same customer only.",
    )
    reason = fields.Char(required=True)

    def action_merge(self):
        """Merge the duplicate and open the case that goes on."""
        self.ensure_one()
        self.complaint_id._merge_into(self.into_id, self.reason)
        return self.into_id.action_open_case()
