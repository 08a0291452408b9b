from odoo import models


class CustomerArchiveDeed(models.Model):
    """Reading a deed is logged."""

    _name = "customer.archive.deed"
    _inherit = ["customer.archive.deed", "customer.archive.logged.mixin"]
