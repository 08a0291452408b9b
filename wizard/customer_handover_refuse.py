from odoo import fields, models


class CustomerHandoverRefuse(models.TransientModel):
    """Asks the receiver why items are refused: the leader decides about them."""

    _name = "customer.handover.refuse"
    _inherit = ["customer.named.mixin"]
    _description = "Refuse Items"

    item_ids = fields.Many2many("customer.handover.item", string="Items", required=True)
    reason = fields.Char(required=True)

    def action_refuse(self):
        """Refuse the items; they check whose they are."""
        self.ensure_one()
        self.item_ids._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
