from odoo import fields, models


class CustomerArchiveSettle(models.TransientModel):
    """Settle a loss: asks what was done about it."""

    _name = "customer.archive.settle"
    _inherit = ["customer.named.mixin"]
    _description = "Settle Loss"

    line_id = fields.Many2one(
        "customer.archive.loan.line", "Item", required=True, readonly=True, ondelete="cascade"
    )
    measures = fields.Text(required=True, help="Search, declared void, copy obtained, who pays.")

    def action_settle(self):
        """Record the measures and settle the loss."""
        self.ensure_one()
        self.line_id._check_desk()
        self.line_id.lost_measures = self.measures
        return self.line_id.action_settle() and {"type": "ir.actions.act_window_close"}
