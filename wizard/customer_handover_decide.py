from odoo import fields, models
from odoo.exceptions import UserError


class CustomerHandoverDecide(models.TransientModel):
    """The leader decides what becomes of refused items, or of those nobody answers."""

    _name = "customer.handover.decide"
    _inherit = ["customer.named.mixin"]
    _description = "Decide about Items"

    item_ids = fields.Many2many("customer.handover.item", string="Items", required=True)
    decision = fields.Selection(
        [
            ("other", "Ask another receiver"),
            ("insist", "The receiver takes them anyway"),
            ("leave", "They stay where they are"),
        ],
        required=True,
        default="other",
    )
    receiver_id = fields.Many2one("res.users", "Another Receiver", domain="[('share', '=', False)]")
    note = fields.Char("Reason")

    def action_decide(self):
        """Carry the decision out; the items check who decides."""
        self.ensure_one()
        if self.decision == "other" and not self.receiver_id:
            raise UserError(self.env._("Choose the other receiver."))
        self.item_ids._decide(self.decision, self.receiver_id, self.note)
        return {"type": "ir.actions.act_window_close"}
