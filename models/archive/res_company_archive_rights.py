from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.numbering import Pattern, PatternError
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

    @api.constrains("archive_disposal_pattern")
    def _check_archive_disposal_pattern(self):
        for company in self:
            try:
                names = Pattern(company.archive_disposal_pattern).names()
            except PatternError as error:
                raise ValidationError(
                    self.env._("The number pattern of disposals does not work: %s.", error)
                ) from error
            if names:
                raise ValidationError(
                    self.env._(
                        "The number of a disposal knows {year}, {month}, {day} and {serial} only."
                    )
                )

    def _archive_clocks(self):
        """Return today and the time zone of each company, for statements over many companies."""
        return [
            Clock(company.id, company._customer_today(), company._customer_timezone())
            for company in self
        ]
