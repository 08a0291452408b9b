from odoo import api, fields, models


class CustomerHandoverRefuse(models.TransientModel):
    """Asks the receiver why items are refused: the leader decides about them."""

    _name = "customer.handover.refuse"
    _inherit = ["customer.named.mixin"]
    _description = "Refuse Items"

    handover_id = fields.Many2one(
        "customer.handover", ondelete="cascade", help="Everything of it that waits for an answer."
    )
    item_ids = fields.Many2many("customer.handover.item", string="Items")
    reason = fields.Char(required=True)

    @api.model
    def _open(self, context):
        """Return the action that opens the dialog."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    def action_refuse(self):
        """Refuse the items; they, or the handover, check whose they are."""
        self.ensure_one()
        if self.handover_id:
            self.handover_id._answer_all("refused", self.reason)
        else:
            self.item_ids._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
