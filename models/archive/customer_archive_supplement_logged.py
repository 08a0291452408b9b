from odoo import models


class CustomerArchiveSupplement(models.Model):
    """Opening a supplement is logged: it brings files along."""

    _name = "customer.archive.supplement"
    _inherit = ["customer.archive.supplement", "customer.archive.logged.mixin"]
