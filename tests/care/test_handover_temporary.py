from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .handover_case import HandoverCase


@tagged("post_install", "-at_install")
class TestHandoverTemporary(HandoverCase):
    """For a time: what was handed over and is still with the receiver goes back, once."""

    def test_the_day_after_the_last_day(self):
        handover = self._temporary(days=3)
        self._night(days=3)
        self.assertEqual(handover.state, "executed", "the last day is still the receiver's")
        self._night(days=4)
        self.assertEqual(handover.state, "returned")
        for record in (self.mine, self.contact, self.visit, self.lead):
            self.assertEqual(record.user_id, self.giver, record)

    def test_twice_and_late(self):
        handover = self._temporary(days=1)
        self._night(days=40)
        returned = handover.returned_on
        self.lead.user_id = self.second
        self._night(days=41)
        self.assertEqual(handover.returned_on, returned)
        self.assertEqual(self.lead.user_id, self.second)

    def test_what_went_on_to_somebody_else_stays_there(self):
        handover = self._temporary()
        self.lead.user_id = self.second
        handover.action_return()
        self.assertEqual(self.lead.user_id, self.second)
        self.assertEqual(self._item(handover, self.lead).state, "kept")
        self.assertEqual(self.mine.user_id, self.giver)

    def test_what_is_finished_stays_with_who_did_it(self):
        handover = self._temporary()
        self.visit.action_cancel()
        handover.action_return()
        self.assertEqual(self.visit.user_id, self.first)
        self.assertEqual(self._item(handover, self.visit).state, "kept")

    def test_what_the_receiver_got_otherwise_stays(self):
        own = self._new_customer("Own", user_id=self.first.id)
        handover = self._temporary()
        new = self.env["customer.visit"].create(
            {"partner_id": self.mine.id, "user_id": self.first.id}
        )
        handover.action_return()
        self.assertEqual(own.user_id, self.first)
        self.assertEqual(new.user_id, self.first)

    def test_a_member_already_stays_a_member(self):
        teams = self.env["customer.complaint.team"].create(
            [
                {"name": "Both", "member_ids": [Command.set((self.giver | self.first).ids)]},
                {"name": "One", "member_ids": [Command.set(self.giver.ids)]},
            ]
        )
        handover = self._temporary()
        self.assertEqual(teams[0].member_ids, self.first)
        self.assertEqual(teams[1].member_ids, self.first)
        handover.action_return()
        self.assertEqual(teams[0].member_ids, self.giver | self.first)
        self.assertEqual(teams[1].member_ids, self.giver)

    def test_followers_leave(self):
        self.lead.message_subscribe(self.giver.partner_id.ids)
        self.mine.message_subscribe((self.giver | self.first).partner_id.ids)
        handover = self._temporary()
        handover.action_return()
        self.assertNotIn(self.first.partner_id, self.lead.message_partner_ids)
        self.assertIn(self.first.partner_id, self.mine.message_partner_ids)

    def test_a_giver_who_left_gets_nothing_back(self):
        handover = self._temporary(days=1)
        self.giver.active = False
        self._night(days=3)
        self._night(days=4)
        self.assertEqual(handover.state, "executed")
        self.assertEqual(self.mine.user_id, self.first)
        asked = handover.sudo().activity_ids
        self.assertEqual(asked.user_id, self.user_manager)
        self.assertEqual(len(asked), 1, "told once")

    def test_a_permanent_one_does_not_go_back(self):
        handover = self._executed()
        with self.assertRaises(UserError):
            handover.action_return()
        self._night(days=400)
        self.assertEqual(self.mine.user_id, self.first)

    def test_it_can_last_longer_and_end_earlier(self):
        handover = self._temporary(days=2)
        handover.date_until = self.today + timedelta(days=20)
        self._night(days=10)
        self.assertEqual(handover.state, "executed")
        handover.action_return()
        self.assertEqual(handover.state, "returned")

    def test_executed_in_the_night_of_its_day(self):
        handover = self._accepted(date_from=self.today + timedelta(days=5))
        self.assertFalse(handover.sudo().activity_ids)
        self._night(days=4)
        self.assertEqual(handover.state, "accepted")
        self._night(days=5)
        self.assertEqual(handover.state, "executed")
        self.assertEqual(self.mine.user_id, self.first)
        self._night(days=6)
        self.assertEqual(self._states(handover), {"moved": 4})

    def test_without_a_day_nothing_happens_by_itself(self):
        handover = self._accepted()
        self._night(days=30)
        self.assertEqual(handover.state, "accepted")
