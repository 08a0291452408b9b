from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .complaint_case import ComplaintCase

STEPS = (
    "action_investigate",
    "action_answer",
    "action_request_close",
    "action_close",
    "action_reopen",
    "action_cancel",
)
ALLOWED = {
    "registered": {"action_investigate", "action_cancel"},
    "dispatched": {"action_investigate", "action_cancel"},
    "investigating": {"action_answer", "action_cancel"},
    "answered": {"action_request_close", "action_reopen"},
    "verifying": {"action_close", "action_reopen"},
    "closed": {"action_reopen"},
    "force_closed": {"action_reopen"},
    "cancelled": set(),
}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintFlow(ComplaintCase):
    def test_every_step_from_every_state(self):
        """Only the steps of the table are possible; each other one is refused by name."""
        complaint = self._complaint(cancel_reason="test")
        complaint.action_investigate()
        complaint.answer = "<p>Sent again.</p>"
        for state, allowed in ALLOWED.items():
            for step in STEPS:
                self.env.flush_all()
                with self.subTest(state=state, step=step), self.cr.savepoint() as savepoint:
                    # straight into the database: no way of the model leads to all states
                    self.cr.execute(
                        "UPDATE customer_complaint SET state = %s, unreachable = true"
                        " WHERE id = %s",
                        (state, complaint.id),
                    )
                    self.env.invalidate_all()
                    if step in allowed:
                        getattr(complaint, step)()
                    else:
                        with self.assertRaisesRegex(TransitionRefused, "possible only"):
                            getattr(complaint, step)()
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_the_whole_way(self):
        complaint = self._complaint()
        dispatch = self._dispatch(complaint)
        self.assertEqual(complaint.state, "dispatched")
        dispatch.with_user(self.user_quality).action_accept()
        self.assertEqual(complaint.state, "investigating")
        complaint.answer = "<p>Replaced.</p>"
        complaint.action_answer()
        complaint.action_request_close()
        self._call_back(complaint, "satisfied")
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")
        self.assertEqual(complaint.closed_at, datetime(2026, 11, 10, 9))

    def test_the_state_cannot_be_dragged(self):
        complaint = self._complaint()
        with self.assertRaises(TransitionRefused):
            complaint.state = "answered"
        with self.assertRaises(TransitionRefused):
            self._complaint(state="closed")

    def test_facts_reach_the_clocks(self):
        facts = []
        model = type(self.env["customer.complaint"])

        def fact(self, milestone, at=None):
            facts.extend((milestone, case.id) for case in self)

        with patch.object(model, "_sla_fact", fact):
            complaint = self._complaint()
            self._tell(complaint, "acknowledge")
            self._dispatch(complaint).with_user(self.user_quality).action_accept()
            self._tell(complaint, "contact")
            complaint.plan = "<p>Tomorrow</p>"
            complaint.action_send_plan()
            complaint.answer = "<p>Done</p>"
            complaint.action_answer()
            self._call_back(complaint, "accepts")
            complaint.action_close()
        order = list(dict.fromkeys(milestone for milestone, _case in facts))
        self.assertEqual(
            order,
            [
                "acknowledge",
                "dispatched",
                "accept",
                "first_contact",
                "plan",
                "first_result",
                "answer",
                "callback",
                "close",
            ],
        )
        self.assertEqual({case for _milestone, case in facts}, {complaint.id})

    def test_cancelled_drops_the_clocks_and_needs_a_reason(self):
        complaint = self._complaint()
        with self.assertRaisesRegex(TransitionRefused, "not a complaint"):
            complaint.action_cancel()
        complaint.cancel_reason = "Wrong number"
        model = type(complaint)
        with (
            patch.object(model, "_sla_drop", autospec=True) as drop,
            patch.object(model, "_sla_fact", autospec=True) as fact,
        ):
            complaint.action_cancel()
        drop.assert_called_once_with(complaint, "Wrong number")
        fact.assert_not_called()

    def test_reopening_keeps_the_first_facts(self):
        complaint = self._closed()
        first = (complaint.answered_at, complaint.first_contact_at, complaint.first_closed_at)
        with freeze_time("2026-11-20 09:00:00"):
            complaint.action_reopen("It broke again")
            self.assertEqual((complaint.state, complaint.reopen_count), ("investigating", 1))
            self.assertFalse(complaint.closed_at)
            complaint.answer = "<p>Second answer</p>"
            complaint.action_answer()
            self._call_back(complaint, "satisfied")
            complaint.action_close()
        self.assertEqual(
            (complaint.answered_at, complaint.first_contact_at, complaint.first_closed_at), first
        )
        self.assertEqual(complaint.closed_at, datetime(2026, 11, 20, 9))
        self.assertEqual(complaint.followup_ids.objection, "It broke again")
        self.assertIn("send it again", complaint.followup_ids.first_answer)

    def test_reopening_restarts_the_clocks(self):
        model = type(self.env["customer.complaint"])
        closed, answered = self._closed(), self._answered()
        with patch.object(model, "_sla_restart", autospec=True) as restart:
            closed.action_reopen("again")
            answered.action_reopen("again")
        milestones = {
            call.args[0].id: call.args[1] for call in restart.call_args_list if call.args[0]
        }
        self.assertEqual(
            milestones,
            {closed.id: ["answer", "callback", "close"], answered.id: ["answer", "callback"]},
        )

    def test_unknown_customer_or_category_stops_the_work(self):
        complaint = self._complaint(partner_id=False, category_id=False)
        with self.assertRaisesRegex(TransitionRefused, "customer"):
            complaint.action_investigate()
        complaint.partner_id = self.customer
        with self.assertRaisesRegex(TransitionRefused, "category"):
            self._dispatch(complaint)
        complaint.category_id = self.delivery
        complaint.action_investigate()

    def test_account_managers_do_not_handle_cases(self):
        complaint = self._complaint(user=self.user_sales)
        with self.assertRaises(AccessError):
            complaint.action_investigate()
        self.assertEqual((complaint.state, complaint.user_id.id), ("registered", False))

    def test_an_open_case_is_not_archived(self):
        mine = self._complaint(user=self.user_sales)
        with self.assertRaisesRegex(ValidationError, "close it, or cancel it"):
            mine.action_archive()
        with self.assertRaisesRegex(ValidationError, "close it, or cancel it"):
            self._complaint(user=self.user_sales, active=False)
        over = self._closed()
        over.action_archive()
        self.assertFalse(over.active)
        over.action_reopen("Leaks again")
        self.assertTrue(over.active, "open again, so it is in the lists again")

    def test_a_quality_case_needs_root_cause_and_no_open_actions(self):
        complaint = self._complaint(category_id=self.quality.id)
        complaint.action_investigate()
        action = self.env["customer.complaint.action"].create(
            {"complaint_id": complaint.id, "name": "Check the mould"}
        )
        complaint.answer = "<p>Sent again.</p>"
        complaint.action_answer()
        self._call_back(complaint, "satisfied")
        with self.assertRaises(TransitionRefused) as caught:
            complaint.action_close()
        self.assertIn("root cause", str(caught.exception))
        self.assertIn("still open: Check the mould", str(caught.exception))
        complaint.root_cause = "Worn mould"
        action.write({"result": "New mould"})
        action.action_done()
        complaint.action_close()

    def test_other_cases_need_no_root_cause(self):
        self.assertEqual(self._closed().state, "closed")

    def test_repair_of_a_quality_category_needs_no_root_cause(self):
        self.assertEqual(self._closed(category_id=self.quality.id, kind="repair").state, "closed")

    def test_account_managers_register_but_do_not_run_the_flow(self):
        complaint = self._complaint(user=self.user_sales)
        complaint.action_register()
        for step in ("answer", "request_close", "close", "reopen", "cancel", "dispatch"):
            with self.assertRaises(AccessError, msg=step):
                complaint._transition(step)

    def test_force_close_has_no_back_door(self):
        complaint = self._complaint()
        for user in (self.user_service, self.user_service_supervisor, self.user_manager):
            with self.assertRaisesRegex(TransitionRefused, "approval"):
                complaint.with_user(user).with_context(customer_force_close=True)._transition(
                    "force_close"
                )
