from odoo import fields, models


class CustomerNumber(models.Model):
    """The ledger of document numbers: one row for each number given."""

    _name = "customer.number"
    _description = "Assigned Number"
    _rec_name = "period"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    scope = fields.Char(required=True, help="What is numbered, for example a model.")
    period = fields.Char(required=True, help="The number without its serial part.")
    serial = fields.Integer(required=True)

    _serial_uniq = models.Constraint(
        "UNIQUE(company_id, scope, period, serial)", "This number is already in use."
    )
