from odoo import fields, models


class CustomerLifecycleCause(models.Model):
    """Why a customer was lost or left."""

    _name = "customer.lifecycle.cause"
    _inherit = ["customer.guard.mixin"]
    _description = "Loss Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    applies_to = fields.Selection(
        [("both", "Lost and Churned"), ("lost", "Lost"), ("churned", "Churned")],
        required=True,
        default="both",
    )
    description = fields.Text(translate=True)

    _name_uniq = models.Constraint("UNIQUE(name)", "This reason already exists.")
