from odoo import fields, models

from ..dossier.customer_archive_supplement import VALUES
from .barcode_picture import barcode_picture


class CustomerArchiveDocument(models.Model):
    """The place of a document is that of its dossier; it can be lent alone."""

    _inherit = "customer.archive.document"

    location_id = fields.Many2one(related="archive_id.location_id", string="Location")
    loan_line_ids = fields.One2many("customer.archive.loan.line", "document_id", "Loans")

    # --- pages of a document that did not come back
    pages_missing = fields.Integer(
        readonly=True,
        copy=False,
        help="Pages found missing. Until this is resolved, the document is incomplete and the "
        "next loan slip expects fewer pages accordingly.",
    )

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

    # --- pages of a document that did not come back
    def _lose_pages(self, pages):
        """Record that so many pages more are missing (negative: turned up)."""
        self.ensure_one()
        # sudo, thawed: follows from what was counted, whose right was checked
        own = self.sudo()
        own = own.with_context(**own.archive_id._thawed().env.context)
        missing = min(max(own.pages_missing + pages, 0), own.page_count)
        if missing != own.pages_missing:
            own.pages_missing = missing

    def _missing_now(self):
        """Return how many pages of the paper are not there: some of them, or all."""
        self.ensure_one()
        return self.page_count if self.paper_state == "missing" else self.pages_missing

    def _turn_up(self, pages):
        """Record that pages were found, of a lost paper or of one that was short."""
        self.ensure_one()
        rest = self._missing_now() - pages
        if self.paper_state == "missing":
            self._set_paper_state("in_place", ("missing",))
        self._lose_pages(rest - self.pages_missing)

    def _gone_for_good(self, reason):
        """Correct the record by a supplement: what is gone will not be found any more.

        A lost paper is withdrawn, or its file stays alone; of a short one the pages are corrected.
        """
        self.ensure_one()
        values = {
            name: self[name].id if self._fields[name].relational else self[name] for name in VALUES
        }
        kind = "correct"
        if self.paper_state != "missing":
            values |= {
                "page_count": self.page_count - self.pages_missing,
                "page_from": False,
                "page_to": False,
            }
        elif self.medium == "both":
            values |= {"medium": "electronic", "is_original": False}
        else:
            kind = "withdraw"
        self.env["customer.archive.supplement"].create(
            {
                "archive_id": self.archive_id.id,
                "kind": kind,
                "document_id": self.id,
                "reason": reason,
                **values,
            }
        ).action_apply()
        self._lose_pages(-self.pages_missing)

    def action_clear_up(self):
        """Open the dialog that clears up missing pages of the document."""
        self.ensure_one()
        self.check_access("read")
        self.archive_id._check_keeper()
        return self.archive_id._clear_up_dialog(archive_id=self.archive_id.id, document_id=self.id)
