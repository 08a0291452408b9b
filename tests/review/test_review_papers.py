from odoo.exceptions import AccessError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewPapers(ReviewCase):
    """What the committee and the account managers get on paper."""

    def _html(self, report, record):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            f"customer_governance.{report}", record.ids
        )
        return html.decode()

    def test_why_sheet(self):
        self.customer.name = "扬子陶瓷有限公司"
        line = self._line(self._review(), self.customer)
        html = self._html("review_why_report", line)
        for text in ("扬子陶瓷有限公司", "Volume", "85.71", "Missing for Next Tier", "no data"):
            self.assertIn(text, html)
        self.assertIn(f"{line.review_id.id}-{line.id}", html)

    def test_why_sheet_of_a_line_without_figures(self):
        html = self._html("review_why_report", self._line(self._review(), self.idle))
        self.assertIn("keeps its tier", html)

    def test_committee_report(self):
        review = self._review(committee_ids=[(6, 0, self.user_committee.ids)])
        self._line(review, self.small).write({"decided_tier_id": self.key.id, "reason": "Plant"})
        html = self._html("review_committee_report", review)
        for text in ("Harbour Glass", "): Plant", "cg leader", "cg committee"):
            self.assertIn(text, html)

    def test_all_lines_are_in_one_table(self):
        many = self.env["res.partner"].create(
            [{"name": f"C{n}", "is_company": True, "customer_rank": 1} for n in range(40)]
        )
        scorecard = self._scorecard(name="Many", population=str([("id", "in", many.ids)]))
        review = self._review(scorecard)
        self.assertEqual(len(review._committee_paper()["lines"]), 40)
        html = self._html("review_committee_report", review)
        self.assertEqual(html.count("C39"), 1)

    def test_not_for_account_managers(self):
        review = self._review()
        with self.assertRaises(AccessError):
            self.env["ir.actions.report"].with_user(self.user_sales)._render_qweb_html(
                "customer_governance.review_why_report",
                self._line(review, self.foreign_customer).ids,
            )
