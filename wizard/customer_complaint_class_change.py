from odoo import fields, models

from ..models.complaint.customer_complaint_class import CLASS


class CustomerComplaintClassChange(models.TransientModel):
    """Another kind, severity or category of a case that was registered, and why."""

    _name = "customer.complaint.class.change"
    _inherit = ["customer.named.mixin"]
    _description = "Reclassify a Complaint"

    complaint_id = fields.Many2one(
        "customer.complaint", "Case", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("repair", "Repair request"),
            ("anomaly", "Anomaly (no loss)"),
        ],
        required=True,
    )
    severity = fields.Selection(
        [("general", "General"), ("complex", "Complex"), ("major", "Major")], required=True
    )
    category_id = fields.Many2one("customer.complaint.category", required=True, ondelete="cascade")
    reason = fields.Text(required=True)

    def action_change(self):
        """Change the case."""
        self.ensure_one()
        values = {name: self._fields[name].convert_to_write(self[name], self) for name in CLASS}
        self.complaint_id._reclassify(values, self.reason)
        return {"type": "ir.actions.act_window_close"}
