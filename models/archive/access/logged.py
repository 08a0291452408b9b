from odoo import models


class CustomerArchive(models.Model):
    """Reading a dossier is logged."""

    _name = "customer.archive"
    _inherit = ["customer.archive", "customer.archive.logged.mixin"]


class CustomerArchiveDocument(models.Model):
    """Reading a document is logged."""

    _name = "customer.archive.document"
    _inherit = ["customer.archive.document", "customer.archive.logged.mixin"]


class CustomerArchiveSupplement(models.Model):
    """Opening a supplement is logged: it brings files along."""

    _name = "customer.archive.supplement"
    _inherit = ["customer.archive.supplement", "customer.archive.logged.mixin"]


class CustomerArchiveDeed(models.Model):
    """Reading a deed is logged."""

    _name = "customer.archive.deed"
    _inherit = ["customer.archive.deed", "customer.archive.logged.mixin"]
