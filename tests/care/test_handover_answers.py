from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .handover_case import HandoverCase


@tagged("post_install", "-at_install")
class TestHandoverAnswers(HandoverCase):
    """Item by item: the receiver accepts or refuses with a reason, the leader decides."""

    def setUp(self):
        super().setUp()
        self.handover = self._handover()
        self.handover.action_propose()
        self.lead_item = self._item(self.handover, self.lead)

    def _refuse_lead(self):
        self.env["customer.handover.refuse"].with_user(self.first).create(
            {"item_ids": [(6, 0, self.lead_item.ids)], "reason": "Not my branch"}
        ).action_refuse()

    def _accept_rest(self):
        self.handover.with_user(self.first).action_accept()

    def _decide(self, decision, **vals):
        self.env["customer.handover.decide"].with_user(self.user_manager).create(
            {"item_ids": [(6, 0, self.lead_item.ids)], "decision": decision, **vals}
        ).action_decide()

    def test_one_accepted_after_the_other(self):
        items = self.handover.sudo().item_ids
        for item in items:
            self.assertEqual(self.handover.state, "proposed")
            item.with_user(self.first).action_accept()
        self.assertEqual(self.handover.state, "accepted")
        self.assertTrue(self.handover.sudo().receiver_ids.answered_on)

    def test_one_refused_goes_to_the_leader(self):
        self._refuse_lead()
        self.assertEqual(self.handover.state, "proposed", "the others are not answered")
        self._accept_rest()
        self.assertEqual(self.handover.state, "disputed")
        self.assertEqual(self.lead_item.reason, "Not my branch")
        with self.assertRaises(UserError):
            self.handover.action_execute()
        self.assertEqual(self.mine.user_id, self.giver)

    def test_the_refused_one_stays(self):
        self._refuse_lead()
        self._accept_rest()
        self._decide("leave", note="The branch is closed")
        self.assertEqual(self.handover.state, "accepted")
        self.handover.action_execute()
        self.assertEqual(self.lead.user_id, self.giver)
        self.assertEqual(self.mine.user_id, self.first)
        self.assertIn("The branch is closed", self.lead_item.decision)

    def test_the_leader_insists(self):
        self._refuse_lead()
        self._accept_rest()
        self._decide("insist")
        self.handover.action_execute()
        self.assertEqual(self.lead.user_id, self.first)

    def test_another_receiver_is_asked(self):
        self._refuse_lead()
        self._accept_rest()
        self._decide("other", receiver_id=self.second.id)
        self.assertEqual(self.handover.state, "proposed")
        self.assertTrue(self.handover.with_user(self.second).can_answer)
        self.assertIn(self.second, self.handover.sudo().activity_ids.user_id)
        self.handover.with_user(self.second).action_accept()
        self.handover.action_execute()
        self.assertEqual(self.lead.user_id, self.second)
        self.assertEqual(self.mine.user_id, self.first)

    def test_everything_refused(self):
        self.env["customer.handover.refuse"].with_user(self.first).create(
            {"handover_id": self.handover.id, "reason": "Too much"}
        ).action_refuse()
        self.assertEqual(self.handover.state, "disputed")
        self.assertEqual(self._states(self.handover), {"refused": 4})

    def test_only_the_receiver_answers(self):
        for user in (self.second, self.giver, self.user_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.lead_item.with_user(user).action_accept()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.handover.with_user(user).action_accept()

    def test_only_the_leader_decides(self):
        self._refuse_lead()
        self._accept_rest()
        for user in (self.first, self.giver):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.lead_item.with_user(user).action_decide()

    def test_nothing_is_answered_twice(self):
        self._accept_rest()
        with self.assertRaises(UserError):
            self.lead_item.with_user(self.first).action_accept()
        with self.assertRaises(UserError):
            self.handover.with_user(self.first).action_accept()

    def test_what_cannot_be_is_not_insisted_on(self):
        self.first.group_ids -= self.env.ref("sales_team.group_sale_salesman")
        again = self._handover()
        again.action_propose()
        item = self._item(again, self.lead)
        self.assertEqual((item.state, item.is_blocked), ("refused", True))
        again.with_user(self.first).action_accept()
        self.lead_item = item
        with self.assertRaisesRegex(UserError, "no role"):
            self._decide("insist")
