from odoo import fields, models


class CustomerArchiveWitness(models.TransientModel):
    """The witness at the safe counts blindly: without being shown what the custodian counted."""

    _name = "customer.archive.witness"
    _inherit = ["customer.named.mixin"]
    _description = "Count as Witness"

    move_id = fields.Many2one(
        "customer.archive.deed.move", "Entry", required=True, readonly=True, ondelete="cascade"
    )
    quantity = fields.Integer("Pieces You Counted", help="Compared with the custodian's count.")

    def action_confirm(self):
        """Confirm the entry with the own count."""
        self.ensure_one()
        self.move_id.action_confirm(self.quantity)
        return {"type": "ir.actions.act_window_close"}
