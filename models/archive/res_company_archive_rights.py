from odoo import fields, models

from ...queries.archive_retention import Clock


class ResCompany(models.Model):
    """Numbers and clocks of retention and disposal."""

    _inherit = "res.company"

    archive_disposal_pattern = fields.Char(
        "Numbers of Disposals",
        required=True,
        default="DISP-{year}-{serial:4}",
        help="{year}, {month}, {day} and {serial:4}: the serial padded to four digits.",
    )

    def _archive_clocks(self):
        """Return today and the time zone of each company, for statements over many companies."""
        return [
            Clock(company.id, company._customer_today(), company._customer_timezone())
            for company in self
        ]
