"""The report of a review for the committee."""

from odoo import models

# Rows of a page; the first page has the summary as well.
FIRST_PAGE, NEXT_PAGES = 12, 26
# Customers on paper: all that move and all decisions, then the largest. A review of 100,000 is no
# book.
MAX_LINES = 400


class CustomerReview(models.Model):
    """Pages with number, date and page in the body: headers and footers are unreliable."""

    _inherit = "customer.review"

    def _committee_lines(self):
        """Lines worth paper: moved, decided otherwise, without proposal; all where the review is
        small.
        """
        self.ensure_one()
        Line = self.env["customer.review.line"]
        domain = [("review_id", "=", self.id)]
        if self.line_count > MAX_LINES:
            domain += [
                "|",
                ("movement", "in", ("up", "down", "none")),
                ("decided_by_id", "!=", False),
            ]
        return Line.search(domain, order="rank, id", limit=MAX_LINES)

    def _committee_paper(self):
        """The report as data: title, date, approvals and pages of lines."""
        self.ensure_one()
        lines = self._committee_lines()
        chunks = [lines[:FIRST_PAGE]]
        chunks += [
            lines[start : start + NEXT_PAGES] for start in range(FIRST_PAGE, len(lines), NEXT_PAGES)
        ]
        signers = [(self.env._("Leader"), self.leader_id.name)]
        signers += [(self.env._("Committee"), member.name) for member in self.committee_ids[:3]]
        if not self.committee_ids:
            signers.append((self.env._("Committee"), ""))
        signers.append((self.env._("Head of customer governance"), ""))
        number = f"R{self.id:05d}"
        pages = []
        for index, chunk in enumerate(chunks):
            last = index == len(chunks) - 1
            pages.append(
                {
                    "first": index == 0,
                    "number": number,
                    "lines": chunk,
                    "caption": self._paper_caption(lines),
                    "signers": signers if last else [],
                    "foot": self.env._(
                        "%(number)s · page %(page)s of %(pages)s",
                        number=number,
                        page=index + 1,
                        pages=len(chunks),
                    ),
                }
            )
        return {
            "title": self.env._("Tier review report"),
            "date": self.company_id._customer_today(),
            # sudo: the committee reads who approved.
            "approvals": self.sudo().review_ids,
            "pages": pages,
        }

    def _paper_caption(self, lines):
        if self.line_count > len(lines):
            return self.env._(
                "Customers that move or need a decision (%(shown)s of %(all)s)",
                shown=len(lines),
                all=self.line_count,
            )
        return self.env._("Customers")
