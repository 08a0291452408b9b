from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.numbering import Pattern, PatternError


class ResCompany(models.Model):
    """Figures of loans and inventories."""

    _inherit = "res.company"

    archive_loan_pattern = fields.Char(
        "Number of a Loan", required=True, default="L{year}-{serial:4}"
    )
    archive_loan_days = fields.Integer(
        "Loans Last (days)", required=True, default=14, help="Proposed length of a loan."
    )
    archive_loan_remind_days = fields.Integer(
        "Remind Before (days)",
        required=True,
        default=3,
        help="So many days before the last day the borrower is reminded; 0: on the last day only.",
    )
    archive_loan_remind_every = fields.Integer(
        "Remind Late Loans Every (days)",
        required=True,
        default=7,
        help="0: late loans are reminded once.",
    )
    archive_inventory_months = fields.Integer(
        "Inventory Every (months)", required=True, default=6, help="0: planned by hand only."
    )
    archive_inventory_share = fields.Float(
        "Sample (%)",
        required=True,
        default=5.0,
        digits=(16, 2),
        help="Share of the dossiers that an inventory looks at; deeds are counted all.",
    )
    archive_inventory_minimum = fields.Integer(
        "At Least", required=True, default=20, help="So many dossiers at least."
    )

    _archive_custody_valid = models.Constraint(
        "CHECK(archive_loan_days >= 0 AND archive_loan_remind_days >= 0"
        " AND archive_loan_remind_every >= 0 AND archive_inventory_months >= 0"
        " AND archive_inventory_minimum >= 0 AND archive_inventory_share BETWEEN 0 AND 100)",
        "Days and months cannot be below 0, a share is a percentage from 0 to 100.",
    )

    @api.constrains("archive_loan_pattern")
    def _check_archive_loan_pattern(self):
        for company in self:
            try:
                names = Pattern(company.archive_loan_pattern).names()
            except PatternError as error:
                raise ValidationError(
                    self.env._("The number pattern of loans does not work: %s.", error)
                ) from error
            if names:
                raise ValidationError(
                    self.env._(
                        "The number of a loan knows {year}, {month}, {day} and {serial} only."
                    )
                )
