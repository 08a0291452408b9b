from odoo import fields, models

from ..models.archive.custody.customer_archive import MOVE_REASON


class CustomerArchiveRelocate(models.TransientModel):
    """Give dossiers their place or another one."""

    _name = "customer.archive.relocate"
    _inherit = ["customer.named.mixin"]
    _description = "Move Dossiers"

    archive_ids = fields.Many2many("customer.archive", string="Dossiers", required=True)
    location_id = fields.Many2one(
        "customer.archive.location",
        "New Location",
        required=True,
        domain="[('is_safe', '=', False)]",
        help="Scan the label of the location or type its name.",
    )
    reason = fields.Char()

    def action_move(self):
        """Move; each move is logged, a full place is refused."""
        self.ensure_one()
        self.archive_ids.with_context(**{MOVE_REASON: self.reason or ""}).write(
            {"location_id": self.location_id.id}
        )
        return {"type": "ir.actions.act_window_close"}
