from odoo import models

# From the question to the owner on: what the owner consents to stays where it is.
LIVE = ("consent", "submitted", "approved")


class CustomerArchiveLoanLine(models.Model):
    """What is about to be disposed of is not lent."""

    _inherit = "customer.archive.loan.line"

    def _not_available(self):
        """EXTENDS loans: what is on a disposal list, until it is taken off."""
        lines = self.sudo()  # sudo: that and where it is listed is told to who asks for it
        listed = lines.env["customer.archive.disposal.line"].search(
            [
                ("archive_id", "in", lines.dossier_id.ids),
                ("state", "=", "open"),
                ("disposal_id.state", "in", LIVE),
            ]
        )
        lists = {entry.archive_id: entry.disposal_id for entry in listed}
        return super()._not_available() + [
            self.env._(
                "“%(item)s” is on disposal list %(list)s: it must first be taken off the list",
                item=line.name,
                list=lists[line.dossier_id].name,
            )
            for line in lines
            if line.dossier_id in lists
        ]
