from odoo import fields, models


class CustomerArchiveInventoryScan(models.TransientModel):
    """A field for the scanner: the label of a place, then everything that stands there."""

    _name = "customer.archive.inventory.scan"
    _inherit = ["customer.named.mixin"]
    _description = "Inventory Scan"

    inventory_id = fields.Many2one("customer.archive.inventory", required=True)
    codes = fields.Text(
        "Scanned",
        required=True,
        help="One code per line, in the order scanned: first the location, then the items stored "
        "there.",
    )
    unknown = fields.Text("Not in This Inventory", readonly=True)

    def action_book(self):
        """Book what was scanned; codes that belong to nothing are shown."""
        self.ensure_one()
        unknown = self.inventory_id._book_scans(self.codes.splitlines())
        if not unknown:
            return {"type": "ir.actions.act_window_close"}
        self.write({"codes": "\n".join(unknown), "unknown": "\n".join(unknown)})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Scan"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
