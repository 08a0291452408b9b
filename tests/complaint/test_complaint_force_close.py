from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...models.common.customer_approval_mixin import ApprovalMissing
from ...models.common.customer_transition_mixin import TransitionRefused
from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintForceClose(ComplaintCase):
    def _request(self, complaint, user=None):
        return (
            self.env["customer.complaint.force.close"]
            .with_user(user or self.user_service)
            .create({"complaint_id": complaint.id, "reason": "Wants a new car for a scratch"})
        )

    def test_approved_closes_with_reason(self):
        complaint = self._answered()
        request = self._request(complaint)
        request.action_submit()
        self.assertEqual(request.state, "submitted")
        request.with_user(self.user_service_supervisor).action_approve()
        self.assertEqual((request.state, complaint.state), ("approved", "force_closed"))
        self.assertEqual(request.approved_by_id, self.user_service_supervisor)
        self.assertEqual(complaint.closed_at, datetime(2026, 11, 10, 9))
        planned = complaint.visit_ids.filtered(lambda v: v.state == "planned")
        self.assertFalse(planned)

    def test_nobody_approves_the_own_request(self):
        request = self._request(self._complaint(), user=self.user_service_supervisor)
        request.action_submit()
        with self.assertRaisesRegex(TransitionRefused, "another user"):
            request.action_approve()
        self.assertNotIn(self.user_service_supervisor, request.review_ids.reviewer_ids)
        request.with_user(self.user_manager).action_approve()
        self.assertEqual(request.complaint_id.state, "force_closed")

    def test_the_agent_cannot_approve(self):
        request = self._request(self._complaint())
        request.action_submit()
        with self.assertRaises(Exception) as caught:
            request.with_user(self.caller).action_approve()
        self.assertIn(type(caught.exception).__name__, ("AccessError", ApprovalMissing.__name__))
        self.assertEqual(request.complaint_id.state, "registered")

    def test_refused(self):
        request = self._request(self._complaint())
        request.action_submit()
        request.with_user(self.user_service_supervisor).action_reject()
        self.assertEqual(request.state, "rejected")
        self.assertEqual(request.complaint_id.state, "registered")

    def test_one_request_at_a_time_and_not_for_closed_cases(self):
        complaint = self._complaint()
        self._request(complaint)
        with self.assertRaises(ValidationError):
            self._request(complaint)
        request = self._request(self._closed())
        with self.assertRaisesRegex(TransitionRefused, "already closed"):
            request.action_submit()

    def test_requester_and_approval_cannot_be_forged(self):
        request = (
            self.env["customer.complaint.force.close"]
            .with_user(self.user_service)
            .create(
                {
                    "complaint_id": self._complaint().id,
                    "reason": "x",
                    "requested_by_id": self.user_manager.id,
                    "approved_on": "2026-01-01 00:00:00",
                }
            )
        )
        self.assertEqual(request.requested_by_id, self.user_service)
        self.assertFalse(request.approved_on)

    def test_what_was_approved_stays(self):
        request = self._request(self._complaint())
        request.write({"ground": "legal"})
        request.action_submit()
        request.with_user(self.user_service_supervisor).action_approve()
        for field, value in (("reason", "Nicer words"), ("ground", "not_ours")):
            with self.assertRaisesRegex(UserError, "can no longer be changed", msg=field):
                request.write({field: value})

    def test_the_monthly_list(self):
        complaint = self._complaint()
        request = self._request(complaint)
        request.action_submit()
        request.with_user(self.user_service_supervisor).action_approve()
        groups = self.env["customer.complaint.force.close"]._read_group(
            [("state", "=", "approved"), ("id", "=", request.id)],
            ["approved_on:month"],
            ["__count"],
        )
        self.assertEqual(groups, [(datetime(2026, 11, 1), 1)])
