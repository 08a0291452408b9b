from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewAppeal(ReviewCase):
    """The account manager appeals until applying; the leader decides; a trail stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.review = cls._review()
        cls.line = cls.review.line_ids.filtered(lambda line: line.partner_id == cls.small)

    def _appeal(self, user=None, line=None, **vals):
        return (
            self.env["customer.review.appeal"]
            .with_user(user or self.user_sales)
            .create(
                {
                    "line_id": (line or self.line).id,
                    "wanted_tier_id": self.key.id,
                    "reason": "They sign in May",
                    **vals,
                }
            )
        )

    def test_accepted(self):
        appeal = self._appeal()
        self.assertEqual(self.line.appeal_state, "open")
        self.assertEqual(appeal.proposed_tier_id, self.standard)
        self.assertEqual(appeal.activity_ids.user_id, self.leader)
        appeal = appeal.with_user(self.leader)
        appeal.answer = "Contract seen"
        appeal.action_accept()
        self.assertEqual((appeal.state, appeal.decided_by_id), ("accepted", self.leader))
        self.assertEqual(self.line.decided_tier_id, self.key)
        self.assertIn("Contract seen", self.line.reason)
        self.assertEqual(self.line.appeal_state, "accepted")
        self.assertIn(self.user_sales.partner_id, appeal.message_ids.partner_ids)
        self.assertFalse(appeal.activity_ids)

    def test_rejected(self):
        appeal = self._appeal().with_user(self.leader)
        appeal.answer = "No contract"
        appeal.action_reject()
        self.assertEqual(self.line.decided_tier_id, self.standard)
        self.assertEqual(self.line.appeal_state, "rejected")

    def test_an_answer_is_needed(self):
        with self.assertRaises(UserError):
            self._appeal().with_user(self.leader).action_reject()

    def test_leader_decides(self):
        appeal = self._appeal()
        for user in (self.user_sales, self.user_committee, self.user_auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                appeal.with_user(user).write({"answer": "yes"})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                appeal.with_user(user).action_accept()

    def test_own_customers_only(self):
        line = self._line(self.review, self.foreign_customer)
        with self.assertRaises(AccessError):
            self._appeal(line=line)

    def test_nobody_speaks_for_another(self):
        appeal = self._appeal(user_id=self.leader.id, answer="granted")
        self.assertEqual(appeal.user_id, self.user_sales)
        self.assertFalse(appeal.answer)

    def test_words_stay(self):
        appeal = self._appeal()
        for vals in ({"reason": "other"}, {"wanted_tier_id": self.strategic.id}):
            with self.assertRaises(AccessError):
                appeal.write(vals)
        with self.assertRaises(UserError):
            appeal.sudo().unlink()

    def test_one_open_appeal(self):
        self._appeal()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._appeal()

    def test_withdrawn(self):
        appeal = self._appeal()
        with self.assertRaises(AccessError):
            appeal.with_user(self.user_manager).action_withdraw()
        appeal.action_withdraw()
        self.assertFalse(self.line.appeal_state)
        self.assertTrue(self._appeal())

    def test_open_appeals_stop_approval_and_applying(self):
        self._appeal()
        self.review.action_submit()
        with self.assertRaises(UserError) as caught:
            self.review.action_approve()
        self.assertIn("appeals not yet decided", str(caught.exception))

    def test_appeal_after_the_approval(self):
        """Accepting it takes the review back to the committee: it approved another result."""
        self.review.with_user(self.user_committee).action_submit()
        self.review.with_user(self.leader).action_approve()
        appeal = self._appeal()
        with self.assertRaises(UserError):
            self.review.action_apply()
        appeal = appeal.with_user(self.leader)
        appeal.answer = "Contract seen"
        appeal.action_accept()
        self.assertEqual(self.review.state, "in_review")
        self.review.with_user(self.leader).action_approve()
        self.review.with_user(self.leader).action_apply()
        self.assertEqual(self.small.customer_tier_id, self.key)

    def test_too_late(self):
        self._apply(self.review)
        with self.assertRaises(UserError):
            self._appeal()

    def test_survives_another_computation(self):
        self._appeal()
        self.review.action_compute()
        self.assertEqual(self.line.appeal_state, "open")
        self.assertEqual(self.review.appeal_count, 1)
