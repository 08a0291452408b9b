from odoo import fields, models


class PrivacyLog(models.Model):
    """The log of an erasure says what stays and why."""

    _inherit = "privacy.log"

    kept_description = fields.Text("What Stays and Why", readonly=True)
