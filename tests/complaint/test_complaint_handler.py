from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintHandler(ComplaintCase):
    """Who handles a case, in which order cases wait, and who hears what."""

    def _reminders(self, complaint, user):
        return complaint.sudo().activity_ids.filtered(lambda a: a.user_id == user)

    def test_who_registers_for_the_own_team_handles(self):
        self.assertEqual(self._complaint().user_id, self.user_service)
        self.assertFalse(self._complaint(user=self.user_sales).user_id)
        self.assertFalse(self._complaint(user_id=False).user_id, "said so")

    def test_a_case_is_taken_once(self):
        first, second = self._complaint(user_id=False), self._complaint(user_id=False)
        (first | second).with_user(self.caller).action_take()
        self.assertEqual((first | second).user_id, self.caller)
        with self.assertRaisesRegex(UserError, self.caller.name):
            first.action_take()
        self.assertEqual(first.user_id, self.caller)
        with self.assertRaises(AccessError):
            self._complaint(user=self.user_sales).action_take()

    def test_who_dispatches_handles(self):
        complaint = self._complaint(user_id=False)
        dispatch = self._dispatch(complaint)
        self.assertEqual(complaint.user_id, self.user_service)
        dispatch.with_user(self.user_quality).action_accept()
        self.assertEqual(complaint.user_id, self.user_service, "the first one")

    def test_the_queue_unassigned_first_then_the_deadline_then_the_severity(self):
        order = "queue_rank, sla_deadline, urgency desc"
        mine = self._complaint()
        free = self._complaint(user_id=False)
        complex_one = self._complaint(user_id=False, severity="complex")
        found = free.search([("id", "in", (mine | free | complex_one).ids)], order=order)
        self.assertEqual(found[-1], mine)
        self.assertGreater(complex_one.urgency, free.urgency)
        free.user_id = self.caller
        self.assertEqual(free.queue_rank, 1)

    def test_the_handler_hears_a_reopening_in_the_customers_words(self):
        complaint = self._answered()
        self._call_back(complaint, "not_solved", issues="It still drips")
        [reminder] = self._reminders(complaint, self.user_service)
        self.assertEqual(reminder.summary, "Reopened: It still drips")
        complaint.answer = "<p>New pipe</p>"
        complaint.action_answer()
        self.assertFalse(self._reminders(complaint, self.user_service), "its reason is gone")

    def test_reminders_go_with_their_reason(self):
        complaint = self._complaint()
        dispatch = self._dispatch(complaint)
        dispatch.with_user(self.user_quality).action_return("Not ours")
        self.assertIn("reassign it", self._reminders(complaint, self.user_service).summary)
        again = self._dispatch(complaint).with_user(self.user_quality)
        self.assertFalse(self._reminders(complaint, self.user_service))
        again.write({"cause": "Rubber", "product_fault": "yes", "measure": "Seal"})
        again.action_done()
        self.assertEqual(again.state, "done")
        self.assertTrue(again.accepted_at, "who does it has accepted it")
        self.assertIn("answer the customer", self._reminders(complaint, self.user_service).summary)
        complaint.answer = "<p>New seal</p>"
        complaint.action_answer()
        self.assertFalse(self._reminders(complaint, self.user_service))
        self._call_back(complaint, "satisfied")
        self.assertIn("close the case", self._reminders(complaint, self.user_service).summary)
        complaint.action_close()
        self.assertFalse(complaint.sudo().activity_ids)
