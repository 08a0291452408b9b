from odoo import models


class CustomerArchive(models.Model):
    """Reading a dossier is logged."""

    _name = "customer.archive"
    _inherit = ["customer.archive", "customer.archive.logged.mixin"]
