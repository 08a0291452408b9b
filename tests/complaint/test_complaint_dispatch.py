from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintDispatch(ComplaintCase):
    def test_the_dialog_offers_team_and_provider(self):
        """Both ways are in sight; the one chosen last stands."""
        provider = self.env["res.partner"].create({"name": "Fixit", "is_company": True})
        orders = self.env["customer.complaint.dispatch"].with_user(self.user_service_supervisor)
        view = "customer_governance.customer_complaint_dispatch_view_form_new"
        complaint = self._complaint(category_id=self.quality.id)
        context = {"default_complaint_id": complaint.id, "default_team_id": self.lab.id}
        form = Form(orders.with_context(**context), view=view)
        form.provider_id = provider
        self.assertFalse(form.team_id)
        form.team_id = self.lab
        self.assertFalse(form.provider_id)

    def test_accept_report_done(self):
        complaint = self._complaint(category_id=self.quality.id)
        dispatch = self._dispatch(complaint).with_user(self.user_quality)
        self.assertEqual(dispatch.name, f"{complaint.name}-D1")
        dispatch.action_accept()
        self.assertEqual(
            (dispatch.accepted_at, dispatch.user_id), (datetime(2026, 11, 10, 9), self.user_quality)
        )
        self.assertFalse(dispatch.accepted_late)
        with self.assertRaisesRegex(TransitionRefused, "first result"):
            dispatch.action_report()
        dispatch.first_result = "Seal is broken"
        with freeze_time("2026-11-10 12:00:00"):
            dispatch.action_report()
        with self.assertRaises(TransitionRefused) as caught:
            dispatch.action_done()
        for missing in ("cause", "product fault", "measures taken"):
            self.assertIn(missing, str(caught.exception))
        dispatch.write({"cause": "Bad rubber", "product_fault": "yes", "measure": "New seal"})
        dispatch.action_done()
        self.assertEqual(dispatch.first_result_at, datetime(2026, 11, 10, 12))
        self.assertEqual((complaint.root_cause, complaint.product_fault), ("Bad rubber", "yes"))

    def test_accepted_the_next_day_is_late_in_the_companys_time(self):
        self.company.customer_tz = "Asia/Shanghai"
        for accepted, late in (("2026-11-10 15:59:00", False), ("2026-11-10 16:00:00", True)):
            # 16:00 in Shanghai, before the cut-off of the promise
            with freeze_time("2026-11-10 08:00:00"):
                dispatch = self._dispatch(self._complaint())
            with freeze_time(accepted):
                dispatch.with_user(self.user_quality).action_accept()
            self.assertEqual(dispatch.accepted_late, late, accepted)

    def test_return_needs_a_reason_and_counts(self):
        complaint = self._complaint()
        dispatch = self._dispatch(complaint).with_user(self.user_quality)
        with self.assertRaisesRegex(TransitionRefused, "why"):
            dispatch.action_return()
        dispatch.action_return("Not our machine")
        self.assertEqual((dispatch.state, dispatch.return_reason), ("returned", "Not our machine"))
        self.assertEqual((complaint.state, complaint.return_count), ("registered", 1))

    def test_after_the_maximum_the_head_of_service_decides(self):
        self.company.complaint_max_returns = 2
        complaint = self._complaint()
        for _round in range(2):
            dispatch = self._dispatch(complaint)
            self.assertFalse(dispatch.is_final)
            dispatch.with_user(self.user_quality).action_return("no")
        with self.assertRaisesRegex(UserError, "head of service decides"):
            self._dispatch(complaint)
        reminded = complaint.sudo().activity_ids.filtered(
            lambda a: a.user_id == self.user_service_supervisor
        )
        self.assertTrue(any("decide" in summary for summary in reminded.mapped("summary")))
        final = self._dispatch(complaint.with_user(self.user_service_supervisor))
        self.assertTrue(final.is_final)
        self.assertFalse(reminded.exists(), "decided")
        with self.assertRaisesRegex(TransitionRefused, "cannot be returned"):
            final.with_user(self.user_quality).action_return("no")

    def test_a_second_dispatch_keeps_the_case_with_the_first(self):
        complaint = self._complaint()
        first, second = self._dispatch(complaint), self._dispatch(complaint)
        second.with_user(self.user_quality).action_return("no")
        self.assertEqual(complaint.state, "dispatched")
        first.with_user(self.user_quality).action_accept()
        self.assertEqual(complaint.state, "investigating")

    def test_the_team_of_the_last_order_is_proposed_while_it_is_there(self):
        old = self.lab.copy({"name": "Old lab", "alias_name": False})
        self._dispatch(self._complaint(), team_id=old.id)
        case = self._complaint()
        self.assertEqual(case.action_dispatch()["context"]["default_team_id"], old.id)
        self._dispatch(case)
        self._dispatch(case, team_id=old.id)
        old.active = False
        self.assertEqual(case.action_dispatch()["context"]["default_team_id"], self.lab.id)

    def test_to_a_team_or_a_provider_but_not_both(self):
        complaint = self._complaint()
        provider = self.env["res.partner"].create({"name": "Fixit Ltd", "is_company": True})
        with self.assertRaises(ValidationError):
            self._dispatch(complaint, provider_id=provider.id)
        with self.assertRaises(ValidationError):
            self._dispatch(complaint, team_id=False)
        dispatch = self._dispatch(complaint, team_id=False, provider_id=provider.id)
        self.assertIn(provider, dispatch.message_partner_ids)
        with self.assertRaises(UserError):
            dispatch.write({"provider_id": False, "team_id": self.lab.id})

    def test_who_is_told_of_an_order(self):
        """The responsible, else the leader, else the members; a provider with its portal users."""
        self.assertEqual(self._told(), self.user_quality.partner_id)
        self.lab.user_id = self.user_manager
        self.assertEqual(self._told(), self.user_manager.partner_id)
        self.assertEqual(self._told(user_id=self.caller.id), self.caller.partner_id)
        provider = self.env["res.partner"].create({"name": "Fixit Ltd", "is_company": True})
        portal = self._new_users({"fixit": "base.group_portal"})["fixit"].partner_id
        portal.parent_id = provider
        self.env["res.partner"].create({"name": "Not invited", "parent_id": provider.id})
        self.assertEqual(self._told(team_id=False, provider_id=provider.id), provider | portal)

    def _told(self, **vals):
        """Return the partners to whom the mail about a new order goes."""
        return self._dispatch(self._complaint(), **vals).message_ids.sudo().partner_ids

    def test_progress_is_told_by_the_caller_now(self):
        dispatch = self._dispatch(self._complaint()).with_user(self.user_quality)
        vals = {"dispatch_id": dispatch.id, "text": "On the way"}
        with self.assertRaises(UserError):
            dispatch.reply_ids.create(vals)
        dispatch.action_accept()
        reply = dispatch.reply_ids.create(
            {**vals, "date": "2020-01-01", "author_id": self.customer.id}
        )
        self.assertEqual(
            (reply.date, reply.author_id), (datetime(2026, 11, 10, 9), self.user_quality.partner_id)
        )
        with self.assertRaises(AccessError):
            reply.text = "Changed"

    def test_times_cannot_be_written(self):
        dispatch = self._dispatch(self._complaint())
        with self.assertRaises(UserError):
            dispatch.accepted_at = "2026-11-01 00:00:00"

    def test_facts_cannot_be_erased(self):
        dispatch = self._dispatch(self._complaint()).with_user(self.user_quality)
        dispatch.action_accept()
        dispatch.write({"cause": "Heat", "product_fault": "no", "measure": "Shade"})
        dispatch.action_done()
        for field in ("is_final", "accepted_at", "first_result_at", "done_at"):
            before = dispatch[field]
            with self.assertRaises(UserError, msg=field):
                dispatch.write({field: False})
            self.assertEqual(dispatch[field], before)

    def test_a_colleague_takes_over(self):
        dispatch = self._dispatch(self._complaint())
        dispatch.with_user(self.user_quality).action_accept()
        self.lab.member_ids |= self.user_manager
        dispatch.with_user(self.user_manager).action_reassign()
        self.assertEqual(dispatch.user_id, self.user_manager)

    def test_results_stay_as_they_were_reported(self):
        dispatch = self._dispatch(self._complaint()).with_user(self.user_quality)
        dispatch.action_accept()
        dispatch.first_result = "Seal is broken"
        dispatch.action_report()
        with self.assertRaisesRegex(UserError, "can no longer be changed: First Result"):
            dispatch.first_result = "Nothing found"
        dispatch.write({"cause": "Heat", "product_fault": "no", "measure": "Shade"})
        dispatch.action_done()
        for field, value in (("cause", "Customer"), ("measure", False), ("product_fault", "yes")):
            with self.assertRaisesRegex(UserError, "can no longer be changed", msg=field):
                dispatch.write({field: value})

    def test_who_got_an_order_returns_it_instead_of_cancelling_it(self):
        member = self._new_users({"member": "customer_governance.group_service"})["member"]
        workshop = self.env["customer.complaint.team"].create(
            {"name": "Workshop", "member_ids": [(6, 0, member.ids)]}
        )
        complaint = self._complaint()
        with self.assertRaises(AccessError):
            self._dispatch(complaint).with_user(self.user_quality).action_void()
        dispatch = self._dispatch(complaint, team_id=workshop.id)
        with self.assertRaisesRegex(TransitionRefused, "state a reason when returning it"):
            dispatch.with_user(member).action_void()
        dispatch.action_void()
        self.assertEqual((dispatch.state, complaint.return_count), ("cancelled", 0))

    def test_only_the_head_cancels_what_the_head_decided(self):
        self.company.complaint_max_returns = 1
        complaint = self._complaint()
        self._dispatch(complaint).with_user(self.user_quality).action_return("no")
        final = self._dispatch(complaint.with_user(self.user_service_supervisor))
        with self.assertRaisesRegex(TransitionRefused, "only the head of service"):
            final.with_user(self.user_service).action_void()
        final.action_void()
        self.assertEqual(final.state, "cancelled")

    def test_cancelling_the_only_order_gives_the_case_back(self):
        complaint = self._complaint()
        self._dispatch(complaint).action_void()
        self.assertEqual(complaint.state, "registered")

    def test_a_closed_case_is_not_dispatched(self):
        with self.assertRaisesRegex(UserError, "reopen it first"):
            self._dispatch(self._closed())

    def test_the_case_is_over_for_its_orders_too(self):
        complaint = self._complaint(cancel_reason="none")
        dispatch = self._dispatch(complaint)
        complaint.action_cancel()
        self.assertEqual(dispatch.state, "cancelled")
