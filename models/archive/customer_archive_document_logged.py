from odoo import models


class CustomerArchiveDocument(models.Model):
    """Reading a document is logged."""

    _name = "customer.archive.document"
    _inherit = ["customer.archive.document", "customer.archive.logged.mixin"]
