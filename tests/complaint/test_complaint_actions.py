from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintActions(ComplaintCase):
    def _action(self, **vals):
        complaint = vals.pop("complaint", None) or self._complaint()
        return self.env["customer.complaint.action"].create(
            {
                "complaint_id": complaint.id,
                "name": "Change the supplier",
                "kind": "corrective",
                "user_id": self.user_quality.id,
                **vals,
            }
        )

    def test_a_check_planned_afterwards_is_somebodys_too(self):
        action = self._action(complaint=self._complaint(user_id=self.user_service.id))
        action.result = "Changed"
        action.action_done()
        self.assertFalse(action.activity_ids)
        action.check_date = "2026-12-01"
        self.assertEqual(action.activity_ids.user_id, self.user_service)
        action.check_date = "2026-12-08"
        self.assertEqual(action.activity_ids.mapped("date_deadline"), [date(2026, 12, 8)])

    def test_responsible_does_somebody_else_checks(self):
        complaint = self._complaint(user_id=self.user_service.id)
        action = self._action(complaint=complaint, check_date="2026-12-01")
        mine = action.with_user(self.user_quality)
        self.assertEqual(action.activity_ids.user_id, self.user_quality)
        with self.assertRaisesRegex(TransitionRefused, "what was done"):
            mine.action_done()
        mine.result = "Changed"
        mine.action_done()
        self.assertEqual(mine.done_date, date(2026, 11, 10))
        self.assertEqual(action.activity_ids.date_deadline, date(2026, 12, 1))
        self.assertEqual(action.activity_ids.user_id, self.user_service)
        mine.check_note = "Works"
        with self.assertRaisesRegex(TransitionRefused, "Another user"):
            mine.action_confirm()
        action.with_user(self.user_service).action_confirm()
        self.assertEqual((action.state, action.checked_by_id), ("effective", self.user_service))

    def test_who_did_and_checked_it_cannot_be_written(self):
        complaint = self._complaint()
        action = (
            self.env["customer.complaint.action"]
            .with_user(self.user_service)
            .with_context(default_checked_by_id=self.user_manager.id)
            .create(
                {
                    "complaint_id": complaint.id,
                    "name": "Call the carrier",
                    "result": "Called",
                    "done_date": "2026-01-01",
                }
            )
        )
        self.assertFalse(action.done_date or action.checked_by_id)
        for vals in ({"done_date": "2026-01-01"}, {"checked_by_id": self.user_manager.id}):
            with self.assertRaises(AccessError):
                action.write(vals)
        action.action_done()
        with self.assertRaises(AccessError):
            action.done_date = False
        for vals in ({"result": "Written"}, {"user_id": self.caller.id}):
            with self.assertRaisesRegex(UserError, "can no longer be changed"):
                action.write(vals)

    def test_without_effect_it_is_open_again(self):
        action = self._action(result="x", check_note="no change")
        action.action_done()
        self.assertFalse(action.is_open)
        action.with_user(self.user_service).action_deny()
        self.assertTrue(action.is_open)
        self.assertEqual(action.complaint_id.open_action_count, 1)

    def test_search_equals_compute(self):
        complaint = self._complaint()
        actions = self.env["customer.complaint.action"]
        for due in ("2026-11-09", "2026-11-10", "2026-11-11"):
            actions |= self._action(complaint=complaint, due_date=due)
        done = self._action(complaint=complaint, due_date="2026-11-01", result="x")
        done.action_done()
        actions |= done
        for field in ("is_open", "is_late"):
            for value in (True, False):
                found = actions.search([("id", "in", actions.ids), (field, "=", value)])
                self.assertEqual(
                    set(found.ids),
                    set(actions.filtered(lambda a, f=field, v=value: a[f] == v).ids),
                    (field, value),
                )
        self.assertEqual(actions.filtered("is_late").due_date, date(2026, 11, 9))

    def test_the_responsible_sees_the_case(self):
        complaint = self._complaint()
        self.assertFalse(complaint.with_user(self.user_quality).has_access("read"))
        self._action(complaint=complaint)
        complaint.invalidate_recordset()
        self.assertTrue(complaint.with_user(self.user_quality).has_access("write"))
