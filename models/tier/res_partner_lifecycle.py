from odoo import fields, models

from ...engine.lifecycle import STATES


class ResPartner(models.Model):
    """Where a customer stands in its life with the current company."""

    _inherit = "res.partner"

    customer_lifecycle = fields.Selection(
        STATES, "Lifecycle", company_dependent=True, copy=False, groups="base.group_user"
    )
    customer_lifecycle_since = fields.Date(
        "In Lifecycle Since", company_dependent=True, copy=False, groups="base.group_user"
    )
