from odoo import fields, models

from .barcode_picture import barcode_picture


class CustomerArchiveDocument(models.Model):
    """The place of a document is that of its dossier; it can be lent alone."""

    _inherit = "customer.archive.document"

    location_id = fields.Many2one(related="archive_id.location_id", string="Place")
    loan_line_ids = fields.One2many("customer.archive.loan.line", "document_id", "Loans")

    def _barcode_picture(self):
        """Return the barcode of the document, as the address of a drawing for papers."""
        self.ensure_one()
        return barcode_picture(self.barcode)

    def _set_paper_state(self, state, sources=("in_place", "lent", "missing")):
        """Record where the paper is; documents without paper have none.

        :param sources: only documents whose paper is in one of these states change
        """
        # sudo, thawed: the state of the paper follows from loan or inventory, also of a frozen dossier
        papers = self.sudo().filtered(
            lambda d: d.medium != "electronic" and d.paper_state in sources
        )
        papers.with_context(**papers.archive_id._thawed().env.context).write({"paper_state": state})
