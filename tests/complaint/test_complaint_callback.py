from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintCallback(ComplaintCase):
    def test_the_answer_plans_a_call_back_by_somebody_else(self):
        complaint = self._answered()
        visit = complaint.visit_ids
        self.assertEqual(
            (visit.purpose, visit.planned_date, visit.user_id, visit.state),
            ("verification", date(2026, 11, 12), self.caller, "planned"),
        )
        self.assertNotIn(visit.user_id, complaint.user_id | complaint.handler_ids)
        screen = self.env.ref("customer_governance.customer_visit_view_form_callback")
        self.assertEqual(visit.get_formview_id(), screen.id, "wherever it is opened from")
        complaint.action_request_close()
        self.assertEqual(len(complaint.visit_ids), 1)

    def test_the_handler_cannot_verify_whatever_the_way(self):
        complaint = self._answered()
        with self.assertRaisesRegex(TransitionRefused, "other than the handler"):
            self._call_back(complaint, "satisfied", user=self.user_service)
        # giving the case away does not make him a stranger to it
        complaint.user_id = self.caller
        with self.assertRaisesRegex(TransitionRefused, "other than the handler"):
            self._call_back(complaint, "satisfied", user=self.user_service)
        with self.assertRaisesRegex(TransitionRefused, "other than the handler"):
            self._call_back(complaint, "satisfied", user=self.caller)
        self._call_back(
            complaint,
            "satisfied",
            user=self.user_service_supervisor,
            user_id=self.user_service_supervisor.id,
        )
        self.assertEqual(complaint.state, "verifying")

    def test_the_head_does_not_report_in_the_handlers_name(self):
        complaint = self._answered()
        with self.assertRaisesRegex(TransitionRefused, "other than the handler"):
            self._call_back(
                complaint,
                "satisfied",
                user=self.user_service_supervisor,
                user_id=self.user_service.id,
            )

    def test_who_worked_on_an_order_does_not_verify_it(self):
        complaint = self._complaint()
        dispatch = self._dispatch(complaint, team_id=self.team.id).with_user(self.caller)
        dispatch.action_accept()
        self.assertIn(self.caller, complaint.handler_ids)
        dispatch.with_user(self.user_manager).action_reassign()
        complaint.answer = "<p>Sent again.</p>"
        complaint.action_answer()
        self.assertEqual(complaint.visit_ids.user_id, self.user_service_supervisor)
        for worker in (self.caller, self.user_manager):
            with self.assertRaisesRegex(TransitionRefused, "other than the handler"):
                self._call_back(complaint, "satisfied", user=worker, user_id=worker.id)

    def test_not_closed_without_the_customers_word(self):
        complaint = self._answered()
        complaint.action_request_close()
        with self.assertRaisesRegex(TransitionRefused, "call-back"):
            complaint.action_close()

    def test_positive_results_let_it_close(self):
        for result in ("satisfied", "accepts"):
            complaint = self._answered()
            self._call_back(complaint, result)
            self.assertEqual(complaint.state, "verifying")
            complaint.action_close()

    def test_negative_results_open_the_same_case_again(self):
        for result in ("not_solved", "false_reply"):
            complaint = self._answered()
            self._call_back(complaint, result, issues="Still leaking")
            self.assertEqual((complaint.state, complaint.reopen_count), ("investigating", 1))
            self.assertEqual(complaint.followup_ids.objection, "Still leaking")

    def test_the_second_answer_needs_its_own_call_back(self):
        complaint = self._answered()
        self._call_back(complaint, "not_solved")
        complaint.answer = "<p>Sent again.</p>"
        complaint.action_answer()
        complaint.action_request_close()
        with self.assertRaises(TransitionRefused):
            complaint.action_close()
        self._call_back(complaint, "satisfied")
        complaint.action_close()

    def test_unreachable_after_so_many_attempts(self):
        self.company.complaint_callback_attempts = 3
        complaint = self._answered()
        for attempt in (1, 2):
            self._call_back(complaint, "unreachable")
            self.assertEqual(complaint.callback_attempts, attempt)
            self.assertFalse(complaint.unreachable)
            planned = complaint.visit_ids.filtered(lambda v: v.state == "planned")
            self.assertEqual(planned.planned_date, date(2026, 11, 11))
        self._call_back(complaint, "unreachable")
        self.assertTrue(complaint.unreachable)
        self.assertFalse(complaint.visit_ids.filtered(lambda v: v.state == "planned"))
        complaint.action_close()
        self.assertEqual((complaint.state, complaint.unreachable), ("closed", True))

    def test_a_reported_call_back_stays(self):
        complaint = self._answered()
        visit = self._call_back(complaint, "not_solved")
        with self.assertRaises(ValidationError):
            visit.verification_result = "satisfied"
        with self.assertRaises(ValidationError):
            visit.reopening = 1

    def test_a_result_is_needed_or_follows_from_the_satisfaction(self):
        complaint = self._answered()
        with self.assertRaises(TransitionRefused):
            self._call_back(complaint, False)
        visit = self._call_back(complaint, False, satisfaction="2")
        self.assertEqual(visit.verification_result, "not_solved")
        complaint.answer = "<p>Sent again.</p>"
        complaint.action_answer()
        self.assertEqual(
            self._call_back(complaint, False, satisfaction="4").verification_result, "satisfied"
        )

    def test_no_call_back_before_the_answer(self):
        complaint = self._complaint()
        visit = (
            self.env["customer.visit"]
            .with_user(self.caller)
            .create(
                {
                    "partner_id": self.customer.id,
                    "purpose": "verification",
                    "complaint_id": complaint.id,
                    "verification_result": "satisfied",
                }
            )
        )
        with self.assertRaisesRegex(TransitionRefused, "not been answered"):
            visit.action_done()

    def test_the_call_back_is_of_the_same_customer(self):
        complaint = self._answered()
        with self.assertRaises(ValidationError):
            complaint.visit_ids.sudo().partner_id = self.foreign_customer
        with self.assertRaises(ValidationError):
            complaint.visit_ids.sudo().purpose = "care"

    def test_planned_again_it_is_of_the_present_round(self):
        complaint = self._answered()
        visit = complaint.visit_ids
        complaint.action_reopen("Still leaking")
        visit.with_user(self.caller).action_replan()
        complaint.answer = "<p>Sent again.</p>"
        complaint.action_answer()
        self.assertEqual(complaint.visit_ids, visit)
        self._call_back(complaint, "satisfied")
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_missed_and_held_later_it_is_of_the_present_round(self):
        complaint = self._answered()
        visit = complaint.visit_ids.with_user(self.caller)
        visit.action_miss()
        complaint.action_reopen("Still leaking")
        complaint.answer = "<p>Sent again.</p>"
        complaint.action_answer()
        visit.verification_result = "satisfied"
        visit.action_done()
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_a_visit_joined_to_the_case_is_of_the_present_round(self):
        complaint = self._answered()
        complaint.action_reopen("Still leaking")
        visit = self.env["customer.visit"].with_user(self.caller)
        visit = visit.create({"partner_id": self.customer.id, "purpose": "verification"})
        visit.complaint_id = complaint
        self.assertEqual(visit.reopening, 1)

    def test_the_last_reported_decides(self):
        complaint = self._answered()
        extra = self.env["customer.visit"].with_user(self.caller)
        extra = extra.create(
            {
                "partner_id": self.customer.id,
                "purpose": "verification",
                "complaint_id": complaint.id,
                "verification_result": "accepts",
            }
        )
        extra.action_done()
        with freeze_time("2026-11-10 10:00:00"):
            self._call_back(complaint, "satisfied")
        self.assertEqual(complaint.callback_result, "satisfied")
        self.env.flush_all()
        figure = self.env["customer.complaint.figure"].search([("complaint_id", "=", complaint.id)])
        self.assertEqual(figure.satisfied, 1)

    def test_nobody_free_leaves_the_call_back_open(self):
        self.team.write({"member_ids": [(6, 0, self.user_service.ids)], "user_id": False})
        self.team.callback_user_id = self.user_service
        self.assertFalse(self._answered().visit_ids.user_id)

    def test_visits_raise_complaints(self):
        visit = self.env["customer.visit"].create(
            {"partner_id": self.customer.id, "issues": "Wrong colour"}
        )
        action = visit.action_create_complaint()
        complaint = self.env["customer.complaint"].with_context(**action["context"]).create({})
        self.assertEqual(visit.raised_complaint_ids, complaint)
        self.assertIn("Wrong colour", complaint.description)
