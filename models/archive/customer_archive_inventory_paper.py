from odoo import api, models
from odoo.tools import split_every

from .barcode_picture import barcode_picture

# Rows of the sheet that fit on a page of paper, each with its barcode.
ROWS_PER_PAGE = 22


class CustomerArchiveInventory(models.Model):
    """What the papers of an inventory show: only lines the printing user may read."""

    _inherit = "customer.archive.inventory"

    def _sheet_lines(self):
        return self.env["customer.archive.inventory.line"].search(
            [("inventory_id", "=", self.id)], order="location_name, kind, code, id"
        )

    def _sheet_pages(self):
        """Return the lines of the sheet, place after place, cut into pages; at least one."""
        self.ensure_one()
        lines = self._sheet_lines()
        return list(split_every(ROWS_PER_PAGE, lines, self._join)) or [lines]

    @api.model
    def _barcode_picture(self, code):
        """Return a number as Code 128, as the address of a drawing."""
        return barcode_picture(code)

    def _join(self, lines):
        return self.env["customer.archive.inventory.line"].union(*lines)

    def _lines_not_in_order(self):
        """Return what was missing, damaged or misplaced; nothing for readers without the lines."""
        self.ensure_one()
        lines = self.env["customer.archive.inventory.line"]
        if not lines.has_access("read"):
            return lines
        bad = ("missing", "damaged", "misplaced")
        return self._sheet_lines().filtered(lambda line: line.result in bad)
