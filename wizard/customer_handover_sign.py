from odoo import fields, models


class CustomerHandoverSign(models.TransientModel):
    """Giver or receiver draws the signature on the list of a handover."""

    _name = "customer.handover.sign"
    _inherit = ["customer.named.mixin"]
    _description = "Sign a Handover"

    handover_id = fields.Many2one("customer.handover", required=True, ondelete="cascade")
    signature = fields.Binary(required=True, attachment=False)

    def action_sign(self):
        """Sign; the handover checks who."""
        self.ensure_one()
        self.handover_id._sign(self.signature)
        return {"type": "ir.actions.act_window_close"}
