from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewSingle(ReviewCase):
    """One customer out of turn: same engine, places taken from all customers."""

    def _single(self, partner, **vals):
        return self._review(kind="single", partner_id=partner.id, **vals)

    def test_rank_comes_from_the_whole_population(self):
        regular = self._review()
        single = self._single(self.foreign_customer)
        self.assertEqual(single.line_ids.partner_id, self.foreign_customer)
        mine, theirs = single.line_ids, self._line(regular, self.foreign_customer)
        for name in ("score", "coverage", "rank", "share", "cumulative_share", "proposed_tier_id"):
            self.assertEqual(mine[name], theirs[name], name)
        self.assertEqual(self._score(single, self.foreign_customer, "Volume").rank, 2)

    def test_without_a_periodic_review(self):
        line = self._single(self.foreign_customer).line_ids
        self.assertEqual(line.score_ids.filtered("rank").rank, 2)

    def test_applies_to_this_customer_only(self):
        review = self._apply(self._single(self.customer))
        self.assertEqual(review.state, "applied")
        self.assertEqual(self.customer.customer_tier_id, self.strategic)
        self.assertFalse(self.foreign_customer.customer_tier_id)

    def test_button_on_the_customer(self):
        contact = self.env["res.partner"].create({"name": "Li", "parent_id": self.customer.id})
        action = contact.with_user(self.user_committee).action_review_out_of_turn()
        self.assertEqual(action["context"]["default_partner_id"], self.customer.id)
        with self.assertRaises(AccessError):
            contact.with_user(self.user_sales).action_review_out_of_turn()

    def test_contacts_and_strangers_are_refused(self):
        contact = self.env["res.partner"].create({"name": "Li", "parent_id": self.customer.id})
        with self.assertRaises(UserError) as caught:
            self._single(contact)
        self.assertIn("Harbour Glass", str(caught.exception))
        with self.assertRaises(UserError) as caught:
            self._single(self._new_customer("Stranger"))
        self.assertIn("not covered by the scorecard", str(caught.exception))

    def test_may_be_older_than_the_last_periodic_review(self):
        """Out of turn is not stopped by a later periodic review, nor does it stop one."""
        self._apply(self._review())
        self._apply(self._single(self.customer))
