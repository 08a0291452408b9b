from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintSignoff(ComplaintCase):
    """After the call-back the head of service signs off; effect checks come before the close."""

    def _called_back(self, **vals):
        case = self._answered(**vals)
        self._call_back(case, "satisfied")
        return case

    def test_none_asks_nobody(self):
        case = self._called_back(severity="major")
        case.action_close()
        self.assertEqual(case.state, "closed")

    def test_major_cases_wait_for_the_head_of_service(self):
        self.company.complaint_signoff = "major"
        case = self._called_back(severity="major")
        with self.assertRaisesRegex(TransitionRefused, "sign off"):
            case.action_close()
        self.assertFalse(case.is_ready)
        self.assertTrue(case.with_user(self.user_service_supervisor).can_sign_off)
        asked = case.sudo().activity_ids.filtered(lambda a: a.customer_reason == "signoff")
        self.assertEqual(asked.user_id, self.user_service_supervisor)
        with self.assertRaises(AccessError):
            case.action_sign_off()
        case.with_user(self.user_service_supervisor).action_sign_off()
        self.assertFalse(asked.exists())
        self.assertEqual(case.signed_off_by_id, self.user_service_supervisor)
        case.action_close()
        self.assertEqual(case.state, "closed")

    def test_without_a_leader_who_may_the_heads_of_service_are_asked(self):
        self.company.complaint_signoff = "major"
        for leader in (self.env["res.users"], self.user_service):
            with self.subTest(leader=leader.name):
                self.team.user_id = leader
                case = self._called_back(severity="major", subject=f"Led by {leader.name}")
                asked = case.sudo().activity_ids.filtered(lambda a: a.customer_reason == "signoff")
                self.assertIn(self.user_service_supervisor, asked.user_id)

    def test_what_is_over_is_not_signed(self):
        case = self._called_back(severity="major")
        case.action_close()
        self.company.complaint_signoff = "all"
        with self.assertRaises(UserError):
            case.with_user(self.user_service_supervisor).action_sign_off()

    def test_a_general_case_needs_it_where_all_do(self):
        self.company.complaint_signoff = "major"
        self._called_back().action_close()
        self.company.complaint_signoff = "all"
        case = self._called_back(subject="Other matter", category_id=self.quality.id)
        case.root_cause = "Seal"
        with self.assertRaises(TransitionRefused):
            case.action_close()

    def test_nobody_signs_before_the_call_back(self):
        self.company.complaint_signoff = "all"
        case = self._answered()
        with self.assertRaises(UserError):
            case.with_user(self.user_service_supervisor).action_sign_off()
        with self.assertRaises(AccessError):
            case.write({"signed_off_at": fields.Datetime.now()})

    def test_each_round_is_signed_anew(self):
        self.company.complaint_signoff = "major"
        case = self._called_back(severity="major")
        case.with_user(self.user_service_supervisor).action_sign_off()
        case.action_reopen("Leaks again")
        self.assertFalse(case.signed_off_at)

    # -- effect checks ------------------------------------------------------------------------

    def _quality_case(self, **action):
        case = self._called_back(category_id=self.quality.id)
        case.root_cause = "Wrong seal"
        done = self.env["customer.complaint.action"].create(
            {
                "complaint_id": case.id,
                "name": "Other seal",
                "kind": "corrective",
                "user_id": self.user_quality.id,
                "result": "Changed",
                **action,
            }
        )
        done.action_done()
        return case, done

    def test_a_quality_case_waits_for_the_effect_check(self):
        case, action = self._quality_case()
        self.assertTrue(action.awaits_check)
        with self.assertRaisesRegex(TransitionRefused, "effectiveness has not been checked"):
            case.action_close()
        action.check_note = "No leak for a week"
        action.with_user(self.user_service_supervisor).action_confirm()
        case.action_close()
        self.assertEqual(case.state, "closed")

    def test_an_investigation_has_no_effect_to_check(self):
        case, _action = self._quality_case(kind="investigation")
        case.action_close()
        self.assertEqual(case.state, "closed")

    def test_the_category_may_let_the_check_come_later(self):
        self.quality.effect_check_later = True
        case, action = self._quality_case()
        with self.assertRaises(TransitionRefused):
            case.action_close()
        action.check_date = fields.Date.add(fields.Date.today(), days=30)
        case.action_close()
        self.assertEqual(case.state, "closed")
        action.check_note = "Leaks again"
        action.with_user(self.user_service_supervisor).action_deny()
        told = case.sudo().activity_ids.filtered(lambda a: a.customer_reason == "ineffective")
        self.assertEqual(told.user_id, self.user_service_supervisor)
