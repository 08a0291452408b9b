from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import tagged

from .handover_case import HandoverCase


@tagged("post_install", "-at_install")
class TestHandoverGuards(HandoverCase):
    """Why a handover is refused; what happens when people leave, or a step breaks off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")

    def _refused(self, handover, step, text):
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            getattr(handover, step)()
        # in the reader's language: what does not depend on our words is Chinese already
        reader = handover.with_context(lang="zh_CN")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            getattr(reader, step)()

    def test_without_a_receiver(self):
        handover = self._handover({"user_id": self.first.id})
        handover.receiver_ids.unlink()
        self._refused(handover, "action_propose", "at least one receiver")

    def test_to_oneself(self):
        self._refused(self._handover(self.giver), "action_propose", "giver and receiver")

    def test_to_an_archived_receiver(self):
        handover = self._handover()
        self.first.active = False
        self._refused(handover, "action_propose", "not an active user")

    def test_to_somebody_of_another_company(self):
        handover = self._handover()
        self.first.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        self._refused(handover, "action_propose", "not an active user")

    def test_temporary_without_an_end(self):
        self._refused(self._handover(duration="temporary"), "action_propose", "last day")

    def test_temporary_into_the_past(self):
        handover = self._handover(duration="temporary", date_until=self.today - timedelta(days=1))
        self._refused(handover, "action_propose", "before the handover begins")

    def test_until_today(self):
        handover = self._handover(duration="temporary", date_until=self.today)
        handover.action_propose()
        self.assertEqual(handover.state, "proposed")

    def test_chosen_but_none(self):
        self._refused(self._handover(scope="chosen"), "action_propose", "select the customers")

    def test_nothing_held(self):
        self._refused(
            self._handover(giver_id=self.user_credit.id), "action_propose", "nothing to hand over"
        )

    def test_one_customer_for_two(self):
        chosen = [Command.set(self.mine.ids)]
        handover = self._handover(
            {"user_id": self.first.id, "partner_ids": chosen},
            {"user_id": self.second.id, "partner_ids": chosen},
        )
        self._refused(handover, "action_propose", "several receivers")

    def test_nobody_for_the_rest(self):
        self._new_customer("Rest", user_id=self.giver.id)
        handover = self._handover(
            {"user_id": self.first.id, "partner_ids": [Command.set(self.mine.ids)]}
        )
        self._refused(handover, "action_propose", "no receiver")

    def test_the_receiver_left_since(self):
        handover = self._accepted()
        self.first.active = False
        self._refused(handover, "action_execute", "not an active user")
        self.assertEqual(self.mine.user_id, self.giver)

    def test_the_receiver_lost_a_role_since(self):
        handover = self._accepted()
        self.first.group_ids -= self.env.ref("sales_team.group_sale_salesman")
        self._refused(handover, "action_execute", "Nothing was handed over")
        self.assertEqual(self.mine.user_id, self.giver)
        self.assertEqual(handover.state, "accepted")

    def test_killed_half_way(self):
        handover = self._accepted()
        lead = type(self.env["crm.lead"])
        with (
            patch.object(lead, "_handed_over", side_effect=UserError("Power failure")),
            self.assertRaisesRegex(UserError, "Power failure"),
            self.env.cr.savepoint(),
        ):
            handover.action_execute()
        self.env.invalidate_all()
        for record in (self.mine, self.contact, self.visit, self.lead):
            self.assertEqual(record.user_id, self.giver, record)
        self.assertEqual(handover.state, "accepted")
        self.assertEqual(self._states(handover), {"accepted": 4})
        handover.action_execute()
        self.assertEqual(self.mine.user_id, self.first)

    def test_a_night_killed_half_way_is_repeated(self):
        handover = self._temporary(days=1)
        lead = type(self.env["crm.lead"])
        with (
            patch.object(lead, "_handed_over", side_effect=ValueError("Power failure")),
            self.assertLogs("odoo.addons.customer_governance.models.common.jobs", "WARNING"),
        ):
            self._night(days=3)
        self.assertEqual(handover.state, "executed")
        self.assertEqual(self.mine.user_id, self.first)
        self._night(days=3)
        self.assertEqual(handover.state, "returned")
        self.assertEqual(self.mine.user_id, self.giver)

    def test_what_cannot_be_done_in_the_night_is_told_once(self):
        handover = self._accepted(date_from=self.today)
        self.first.group_ids -= self.env.ref("sales_team.group_sale_salesman")
        self._night()
        self._night(days=1)
        self.assertEqual(handover.state, "accepted")
        self.assertEqual(self.mine.user_id, self.giver)
        told = handover.sudo().activity_ids
        self.assertEqual(told.user_id, self.user_manager)
        self.assertIn("Nothing was handed over", told.summary)

    def test_executed_once(self):
        handover = self._executed()
        self._refused(handover, "action_execute", "possible only in status")

    def test_two_people_at_once(self):
        """Who comes second waits, then looks again: the button's row is locked first."""
        handover = self._accepted()
        waited = []

        def second(records):
            waited.append(records)
            raise ConcurrencyError("somebody else was first")

        name = "odoo.addons.customer_governance.models.common.customer_transition_mixin"
        with patch(f"{name}.wait_for_lock", second), self.assertRaises(ConcurrencyError):
            handover.action_execute()
        self.assertEqual(waited, [handover])
        self.assertEqual(self.mine.user_id, self.giver)

    def test_the_same_customers_in_two_handovers(self):
        one = self._accepted(self.first)
        other = self._accepted(self.second)
        one.action_execute()
        other.action_execute()
        self.assertEqual(self.mine.user_id, self.first)
        self.assertEqual(self._states(other), {"gone": 4})

    def test_records_of_another_company_stay(self):
        abroad = self._new_customer(
            "Abroad", user_id=self.giver.id, company_id=self.other_company.id
        )
        self._executed()
        self.assertEqual(abroad.user_id, self.giver)
        self.assertEqual(self.mine.user_id, self.first)

    def test_records_of_a_branch_go_along(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.first.company_ids |= branch
        there = self._new_customer("There", user_id=self.giver.id, company_id=branch.id)
        self._executed()
        self.assertEqual(there.user_id, self.first)

    def test_what_was_agreed_stays(self):
        handover = self._handover()
        handover.action_propose()
        for vals in (
            {"giver_id": self.second.id},
            {"duration": "temporary"},
            {"reason": "Other"},
            {"receiver_ids": [Command.create({"user_id": self.second.id})]},
        ):
            with self.subTest(vals), self.assertRaises(UserError), self.env.cr.savepoint():
                handover.write(vals)
        with self.assertRaises(UserError):
            handover.receiver_ids.write({"user_id": self.second.id})
        with self.assertRaises(UserError):
            handover.unlink()

    def test_facts_come_from_the_buttons(self):
        handover = self._handover()
        for vals in ({"name": "X"}, {"executed_on": "2026-01-01"}, {"state": "executed"}):
            with self.subTest(vals), self.assertRaises(UserError), self.env.cr.savepoint():
                handover.write(vals)
