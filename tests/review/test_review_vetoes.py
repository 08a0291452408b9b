from odoo import Command
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewVetoes(ReviewCase):
    """Vetoes cap a result; low coverage makes no proposal at all."""

    def _with_veto(self, operator, threshold, cap):
        return self._scorecard(
            name="Veto",
            veto_ids=[
                Command.create(
                    {
                        "measure": "purchase_amount",
                        "operator": operator,
                        "threshold": threshold,
                        "cap_tier_id": cap.id,
                    }
                )
            ],
        )

    def test_border(self):
        """600 bought: "more than 600" does not apply, "at least 600" does."""
        line = self._line(self._review(self._with_veto(">", 600, self.standard)), self.customer)
        self.assertEqual(line.proposed_tier_id, self.strategic)
        line = self._line(self._review(self._with_veto(">=", 600, self.standard)), self.customer)
        self.assertEqual(
            (line.computed_tier_id, line.proposed_tier_id), (self.strategic, self.standard)
        )
        self.assertIn("Veto", line.reason_text)

    def test_a_veto_never_lifts(self):
        line = self._line(self._review(self._with_veto(">=", 0, self.key)), self.small)
        self.assertEqual(line.proposed_tier_id, self.standard)

    def test_no_data_no_veto(self):
        line = self._line(self._review(self._with_veto("<", 1, self.standard)), self.idle)
        self.assertFalse(line.explanation and any(r["code"] == "veto" for r in line.explanation))

    def test_coverage_threshold(self):
        """70 % of the points have data: exactly 70 is enough, 70.01 is not."""
        line = self._line(
            self._review(self._scorecard(name="A", coverage_threshold=70)), self.customer
        )
        self.assertEqual((line.coverage, line.proposed_tier_id), (70.0, self.strategic))
        line = self._line(
            self._review(self._scorecard(name="B", coverage_threshold=70.01)), self.customer
        )
        self.assertFalse(line.proposed_tier_id)
        self.assertTrue(line.has_score)
        self.assertEqual(line.movement, "none")
        self.assertIn("no proposal", line.reason_text)

    def test_without_proposal_the_tier_stays(self):
        self.customer._set_customer_tier(self.key, "before", "manual")
        review = self._review(self._scorecard(name="B", coverage_threshold=90))
        self._apply(review)
        self.assertEqual(self.customer.customer_tier_id, self.key)

    def test_impact_of_downgrades(self):
        self.customer._set_customer_tier(self.strategic, "before", "manual")
        review = self._review(self._with_veto(">=", 600, self.standard))
        action = review.with_user(self.user_committee).action_view_impact()
        impact = self.env["customer.review.impact"].browse(action["res_id"])
        self.assertEqual(impact.customer_count, 1)
        self.assertEqual(impact.line_ids.partner_id, self.customer)
        self.assertTrue(
            any("visit" in (text or "").lower() for text in impact.line_ids.mapped("text"))
        )
        self.assertEqual(self.customer.customer_tier_id, self.strategic)
