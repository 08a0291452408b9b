from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .handover_case import HandoverCase


@tagged("post_install", "-at_install")
class TestHandoverRights(HandoverCase):
    """The head, and the leader of the giver's team; receivers answer; the auditor reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls.user_sales
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Led",
                "user_id": cls.leader.id,
                "member_ids": [Command.set(cls.giver.ids)],
            }
        )

    def test_leader_of_the_team(self):
        handover = self._handover(user=self.leader)
        self.assertTrue(handover.is_led)
        handover.action_propose()
        handover.with_user(self.first).action_accept()
        handover.action_execute()
        self.assertEqual(self.mine.user_id, self.first)

    def test_leader_of_another_team(self):
        with self.assertRaises(AccessError):
            self._handover(user=self.other_sales)
        with self.assertRaises(AccessError):
            self._handover(user=self.giver)

    def test_leader_of_somebody_who_left(self):
        self.giver.with_context(active_test=False).sudo().action_archive()
        self.assertFalse(self.giver.active)
        handover = self._handover(user=self.leader)
        self.assertEqual(handover.team_id, self.team)

    def test_leaders_pass_on_no_rights(self):
        definition = self.env["tier.definition"].create(
            {
                "name": "Loans",
                "model_id": self.env["ir.model"]._get_id("customer.archive.loan"),
                "review_type": "individual",
                "reviewer_id": self.giver.id,
            }
        )
        handover = self._handover(user=self.leader)
        handover.action_count()
        kind = handover.kind_ids.filtered(lambda one: one.key == "approver")
        self.assertTrue(kind.is_reserved)
        self.assertFalse(kind.included)
        with self.assertRaises(AccessError):
            kind.included = True
        handover.action_propose()
        handover.with_user(self.first).action_accept()
        handover.action_execute()
        self.assertEqual(definition.reviewer_id, self.giver)
        self._executed()
        self.assertEqual(definition.reviewer_id, self.first, "the head does")

    def test_who_reads(self):
        handover = self._handover(user=self.leader)
        readers = (self.leader, self.user_manager, self.user_auditor)
        parties = (self.giver, self.first)
        for user in parties:
            self.assertFalse(handover.with_user(user).has_access("read"), "a draft is the leader's")
        handover.action_propose()
        for user in (*readers, *parties):
            self.assertTrue(handover.with_user(user).has_access("read"), user.login)
            self.assertTrue(handover.item_ids.with_user(user).has_access("read"), user.login)
        for user in (self.second, self.plain_user, self.other_sales):
            self.assertFalse(handover.with_user(user).has_access("read"), user.login)

    def test_who_does_what(self):
        handover = self._handover(user=self.leader)
        for user in (self.user_auditor, self.other_sales, self.plain_user, self.giver):
            for step in ("action_count", "action_propose", "action_execute", "action_cancel"):
                with self.subTest(user.login, step=step), self.assertRaises(AccessError):
                    getattr(handover.with_user(user), step)()
        handover.action_propose()
        with self.assertRaises(AccessError):
            handover.with_user(self.first).action_execute()
        with self.assertRaises(AccessError):
            handover.with_user(self.first).write({"note": "Mine"})

    def test_another_company(self):
        handover = self._handover()
        stranger = self.user_manager.copy(
            {
                "login": "stranger",
                "company_id": self.other_company.id,
                "company_ids": [Command.set(self.other_company.ids)],
            }
        )
        self.assertFalse(handover.with_user(stranger).has_access("read"))

    def test_signatures(self):
        handover = self._handover()
        handover.action_propose()
        sign = self.env["customer.handover.sign"]
        picture = b"iVBORw0KGgo="
        for user in (self.giver, self.first):
            sign.with_user(user).create(
                {"handover_id": handover.id, "signature": picture}
            ).action_sign()
        self.assertTrue(handover.giver_signature)
        self.assertTrue(handover.receiver_ids.signature)
        with self.assertRaises(AccessError):
            handover.action_sign()
        with self.assertRaises(AccessError):
            handover.giver_signature = picture
