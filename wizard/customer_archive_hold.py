from odoo import fields, models


class CustomerArchiveHold(models.TransientModel):
    """Asks for the reason of a legal hold."""

    _name = "customer.archive.hold"
    _inherit = ["customer.named.mixin"]
    _description = "Legal Hold"

    archive_ids = fields.Many2many("customer.archive", string="Dossiers", required=True)
    action = fields.Selection(
        [("hold", "Place dossiers on hold"), ("lift", "Lift hold")], required=True, default="hold"
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Set or lift the hold; the dossiers check the right."""
        self.ensure_one()
        if self.action == "hold":
            self.archive_ids.action_hold(self.reason)
        else:
            self.archive_ids.action_lift_hold(self.reason)
        return {"type": "ir.actions.act_window_close"}
