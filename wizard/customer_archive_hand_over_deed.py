from odoo import fields, models

from ..models.archive.deed.customer_archive_deed import KINDS


class CustomerArchiveHandOverDeed(models.TransientModel):
    """A deed that A hands over."""

    _name = "customer.archive.hand.over.deed"
    _inherit = ["customer.named.mixin"]
    _description = "Deed to Hand Over"

    hand_over_id = fields.Many2one("customer.archive.hand.over", required=True, ondelete="cascade")
    name = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True, default="ownership")
    deed_number = fields.Char("Certificate Number")
    owner_name = fields.Char("Registered Owner")
    quantity = fields.Integer("Pieces", required=True, default=1)

    def _vals(self):
        self.ensure_one()
        names = ("name", "kind", "deed_number", "owner_name", "quantity")
        return {name: self[name] for name in names}
