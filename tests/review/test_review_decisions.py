from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewDecisions(ReviewCase):
    """The committee decides lines; whoever departs from the proposal says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.review = cls._review()
        cls.line = cls.review.line_ids.filtered(lambda line: line.partner_id == cls.customer)

    def test_reason_needed(self):
        line = self.line.with_user(self.user_committee)
        for reason in (False, "", "  "):
            with self.assertRaises(ValidationError) as caught, self.cr.savepoint():
                line.write({"decided_tier_id": self.key.id, "reason": reason})
            self.assertIn("explain why", str(caught.exception))
        line.write({"decided_tier_id": self.key.id, "reason": "Contract ends in June"})
        self.assertEqual(line.decided_by_id, self.user_committee)
        self.assertEqual(line.decided_tier_id, self.key)

    def test_reason_cannot_be_taken_away(self):
        self.line.write({"decided_tier_id": self.key.id, "reason": "Contract ends"})
        with self.assertRaises(ValidationError):
            self.line.write({"reason": False})

    def test_decision_survives_another_computation(self):
        self.line.write({"decided_tier_id": self.key.id, "reason": "Contract ends"})
        self.review.action_compute()
        self.assertEqual(self.line.decided_tier_id, self.key)
        self.assertEqual(self.line.proposed_tier_id, self.strategic)

    def test_undecided_lines_follow_a_new_proposal(self):
        self._invoice(self.foreign_customer, 2000, self.review.date_to)
        self.review.action_compute()
        self.assertEqual(self.line.decided_tier_id, self.line.proposed_tier_id)
        self.assertNotEqual(self.line.proposed_tier_id, self.strategic)

    def test_emptied_decision_is_the_proposal(self):
        self.line.write({"decided_tier_id": self.key.id, "reason": "Contract ends"})
        self.line.with_user(self.user_committee).write({"decided_tier_id": False})
        self.assertEqual(self.line.decided_tier_id, self.strategic)
        self.assertFalse(self.line.decided_by_id or self.line.reason)

    def test_line_without_proposal_can_be_decided(self):
        line = self._line(self.review, self.idle)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            line.decided_tier_id = self.standard
        line.write({"decided_tier_id": self.standard.id, "reason": "New contract"})
        self.assertEqual(line.movement, "new")

    def test_movement_follows_the_decision(self):
        self.customer._set_customer_tier(self.key, "before", "manual")
        self.review.action_compute()
        self.assertEqual(self.line.movement, "up")
        self.line.write({"decided_tier_id": self.standard.id, "reason": "Left us"})
        self.assertEqual(self.line.movement, "down")
        self.line.write({"decided_tier_id": self.key.id, "reason": "Kept on File"})
        self.assertEqual(self.line.movement, "same")

    def test_tiers_of_the_lifecycle_are_not_decided(self):
        lapsed = self.env.ref("customer_governance.tier_lapsed")
        with self.assertRaises(ValidationError):
            self.line.write({"decided_tier_id": lapsed.id, "reason": "Gone"})

    def test_roles(self):
        vals = {"decided_tier_id": self.key.id, "reason": "Because"}
        for user in (self.user_sales, self.user_auditor, self.user_credit, self.plain_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.line.with_user(user).write(vals)
        for user in (self.user_committee, self.user_manager, self.leader):
            self.line.with_user(user).write(vals)

    def test_named_members_only(self):
        """Where members are named, other committee users do not decide."""
        self.review.committee_ids = self.leader
        with self.assertRaises(AccessError):
            self.line.with_user(self.user_committee).write(
                {"decided_tier_id": self.key.id, "reason": "Because"}
            )

    def test_figures_cannot_be_written(self):
        for vals in ({"score": 100}, {"proposed_tier_id": self.key.id}, {"decided_by_id": 1}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self.line.with_user(self.user_manager).write(vals)

    def test_closed_after_the_first_approval(self):
        self.review.action_submit()
        self.line.with_user(self.user_committee).write(
            {"decided_tier_id": self.key.id, "reason": "In the meeting"}
        )
        self.review.with_user(self.leader).action_approve()
        with self.assertRaises(UserError):
            self.line.with_user(self.user_committee).write(
                {"decided_tier_id": self.standard.id, "reason": "After the meeting"}
            )
