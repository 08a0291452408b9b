from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewApply(ReviewCase):
    """Applying gives tiers and history to all customers, or to none."""

    def _approved(self, **vals):
        review = self._review(**vals)
        review.with_user(self.user_committee).action_submit()
        review.with_user(self.leader).action_approve()
        return review

    def test_reason_of_the_decision_is_in_the_history(self):
        review = self._review()
        self._line(review, self.small).write(
            {"decided_tier_id": self.key.id, "reason": "New plant"}
        )
        self._apply(review)
        history = self.small.customer_tier_history_ids
        self.assertEqual((history.new_tier_id, history.reason), (self.key, "New plant"))
        self.assertEqual(history.user_id, self.leader)
        self.assertIn(review.name, self.customer.customer_tier_history_ids.reason)

    def test_contacts_carry_the_tier(self):
        contact = self.env["res.partner"].create({"name": "Li", "parent_id": self.customer.id})
        self._apply(self._review())
        self.assertEqual(contact.customer_tier_id, self.strategic)

    def test_unchanged_tier_is_no_change(self):
        self.customer._set_customer_tier(self.strategic, "before", "manual")
        self._apply(self._review())
        self.assertEqual(len(self.customer.customer_tier_history_ids), 1)

    def test_twice(self):
        """The second person gets a clear message and nothing is written again."""
        review = self._apply(self._review())
        count = self.env["customer.tier.history"].search_count([])
        with self.assertRaises(UserError) as caught:
            review.with_user(self.user_manager).action_apply()
        self.assertIn("Applied", str(caught.exception))
        self.assertEqual(self.env["customer.tier.history"].search_count([]), count)

    def test_all_or_nothing(self):
        """An error in a hook of another domain leaves no tier and no state behind."""
        review = self._approved()
        failing = patch.object(
            type(self.env["res.partner"]),
            "_after_tier_change",
            side_effect=UserError("contact plan failed"),
        )
        with failing, self.assertRaises(UserError), self.cr.savepoint():
            review.action_apply()
        self.env.invalidate_all()
        self.assertEqual(review.state, "approved")
        self.assertFalse(self.customer.customer_tier_id)

    def test_hook_is_called_once_for_all(self):
        review = self._approved()
        with patch.object(type(self.env["res.partner"]), "_after_tier_change") as hook:
            review.action_apply()
        hook.assert_called_once()
        [moves] = hook.call_args.args
        self.assertEqual(
            {(move.partner_id, move.new_tier_id) for move in moves},
            {
                (self.customer.id, self.strategic.id),
                (self.foreign_customer.id, self.standard.id),
                (self.small.id, self.standard.id),
            },
        )

    def test_no_message_on_customers(self):
        before = self.customer.message_ids
        self._apply(self._review())
        self.assertEqual(self.customer.message_ids, before)

    def test_archived_customer_is_left_out_and_named(self):
        review = self._approved()
        self.small.active = False
        review.action_apply()
        self.assertEqual(review.state, "applied")
        self.assertFalse(self.small.customer_tier_id)
        self.assertIn("Small Works", review.message_ids[0].body)

    def test_customer_that_became_a_contact(self):
        review = self._approved()
        self.small.write({"parent_id": self.customer.id, "is_company": False})
        review.action_apply()
        self.assertEqual(self.small.customer_tier_id, self.strategic)
        self.assertFalse(
            self.env["customer.tier.history"].search_count([("partner_id", "=", self.small.id)])
        )

    def test_older_review_after_a_later_one(self):
        """Catching up must not put the tiers of an older period over those of a later one."""
        older = self._approved()
        later = self._approved(date_from=date(2026, 4, 1), date_to=date(2026, 6, 30))
        later.action_apply()
        with self.assertRaises(UserError) as caught:
            older.action_apply()
        self.assertIn("later review", str(caught.exception))

    def test_later_review_computed_before_the_older_was_applied(self):
        """Its "previous tier" is stale: it has to be computed again."""
        older = self._approved()
        later = self._review(date_from=date(2026, 4, 1), date_to=date(2026, 6, 30))
        older.action_apply()
        self.assertTrue(later.needs_recompute)
        later.action_submit()
        self.assertEqual(self._line(later, self.customer).previous_tier_id, self.strategic)

    def _merge(self, *partners, into):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        records = self.env["res.partner"].union(*partners)
        wizard._merge((records + into).ids, dst_partner=into, extra_checks=False)

    def test_merged_customer_follows(self):
        """A customer that is merged into one outside the review keeps its line and its scores."""
        review = self._review()
        other = self._new_customer("Harbour Glass International")
        self._merge(self.customer, into=other)
        line = self._line(review, other)
        self.assertEqual((line.rank, len(line.score_ids)), (1, 3))

    def test_merged_within_a_review(self):
        """Two lines of one review become one; lines of other reviews are all kept."""
        first = self._apply(self._review())
        scorecard = self._scorecard(
            name="Without Harbour", population=str([("id", "=", self.small.id)])
        )
        second = self._review(scorecard)
        self._merge(self.small, into=self.customer)
        self.assertEqual(len(first.line_ids), 3)
        self.assertEqual(self._line(first, self.customer).share, 60.0)
        self.assertEqual(second.line_ids.partner_id, self.customer)
        self.assertTrue(second.needs_recompute)
        self.assertFalse(first.needs_recompute)

    def test_who_decided_stays(self):
        review = self._apply(self._review())
        for vals in (
            {"leader_id": self.user_manager.id},
            {"committee_ids": [(6, 0, self.user_manager.ids)]},
            {"date_to": date(2026, 4, 30)},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                review.with_user(self.user_manager).write(vals)
