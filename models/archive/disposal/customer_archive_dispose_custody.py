from odoo import models

# A slip that was asked for binds the dossier as well as one that is out.
OPEN_LOANS = ("submitted", "approved", "issued")


class CustomerArchive(models.Model):
    """What is out of the house, and originals that belong to the customer, stop a disposal."""

    _inherit = "customer.archive"

    def _destroy(self, disposal):
        """EXTENDS disposal: what is gone is neither counted nor waited for."""
        result = super()._destroy(disposal)
        self.env["customer.archive.inventory.line"]._take_off(
            [("archive_id", "in", self.ids), ("deed_id", "=", False)],
            self.env._("disposed of by list %s", disposal.name),
        )
        # sudo: follows from the disposal
        self.env["customer.archive.waiting"].sudo()._give_up(self)
        return result

    def _disposal_blockers(self):
        """EXTENDS retention: loans that are not closed and deeds that were not given back."""
        blockers = super()._disposal_blockers()
        # sudo: the reasons name the borrower and the number of the deed, nothing more of them
        lines = (
            self.env["customer.archive.loan.line"]
            .sudo()
            .search(
                [
                    ("dossier_id", "in", self.ids),
                    ("state", "in", ("requested", "issued")),
                    ("loan_id.state", "in", OPEN_LOANS),
                ]
            )
        )
        for line in lines:
            # the dossier itself is named where its reasons are listed
            blockers[line.dossier_id.id].append(
                self.env._("lent or reserved for %s", line.borrower_id.name)
                if line.kind == "archive"
                else self.env._(
                    "%(item)s is lent or reserved for %(borrower)s",
                    item=line.name,
                    borrower=line.borrower_id.name,
                )
            )
        deeds = (
            self.env["customer.archive.deed"]
            .sudo()
            .with_context(active_test=False)
            .search([("archive_id", "in", self.ids), ("state", "!=", "returned")])
        )
        for deed in deeds:
            blockers[deed.archive_id.id].append(
                self.env._("deed %s has not been returned to the customer", deed.display_name)
            )
        return blockers
