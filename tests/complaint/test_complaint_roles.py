from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintRoles(ComplaintCase):
    def _sees(self, complaint, user):
        self.env.invalidate_all()
        return complaint.with_user(user).has_access("read")

    def test_own_team_all(self):
        other_team = self.env["customer.complaint.team"].create({"name": "Misplaced"})
        elsewhere = self._complaint(user=self.env.user, team_id=other_team.id)
        here = self._complaint(user=self.env.user)
        for user, sees_here, sees_elsewhere in (
            (self.user_service, True, False),
            (self.user_service_supervisor, True, True),
            (self.user_manager, True, True),
            (self.user_auditor, True, True),
            (self.user_sales, True, True),  # own customer
            (self.other_sales, False, False),
            (self.user_quality, False, False),
            (self.user_credit, False, False),
            (self.plain_user, False, False),
        ):
            self.assertEqual(self._sees(here, user), sees_here, user.name)
            self.assertEqual(self._sees(elsewhere, user), sees_elsewhere, user.name)

    def test_account_managers_see_what_they_registered(self):
        complaint = self._complaint(user=self.other_sales)
        self.assertTrue(self._sees(complaint, self.other_sales))

    def test_the_team_leader_of_the_account_manager(self):
        leader = self._new_users({"leader": "customer_governance.group_sales"})["leader"]
        team = self.env["crm.team"].create({"name": "East", "user_id": leader.id})
        complaint = self._complaint(user=self.env.user)
        self.assertFalse(self._sees(complaint, leader))
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": self.user_sales.id})
        self.assertTrue(self._sees(complaint, leader))

    def test_quality_sees_what_was_dispatched_to_it(self):
        complaint = self._complaint()
        self._dispatch(complaint)
        self.assertTrue(self._sees(complaint, self.user_quality))
        complaint.with_user(self.user_quality).root_cause = "Heat"

    def _outsiders(self, *names):
        group = "customer_governance.group_service"
        return self._new_users(dict.fromkeys(names, group)).values()

    def test_service_works_on_what_was_sent_to_its_team(self):
        member, leader, outsider = self._outsiders("member", "leader", "outsider")
        workshop = self.env["customer.complaint.team"].create(
            {"name": "Workshop", "user_id": leader.id, "member_ids": [(6, 0, member.ids)]}
        )
        complaint = self._complaint()
        dispatch = self._dispatch(complaint, team_id=workshop.id).with_user(member)
        dispatch.action_accept()
        reply = dispatch.reply_ids.create({"dispatch_id": dispatch.id, "text": "On the way"})
        self.assertEqual(dispatch.complaint_id.with_user(member).state, "investigating")
        for record in (complaint, dispatch, reply, complaint.clock_ids[0]):
            for user, sees in ((member, True), (leader, True), (outsider, False)):
                self.assertEqual(self._sees(record, user), sees, (record, user.name))

    def test_the_responsible_of_another_team_sees_order_and_action(self):
        orders, acts, outsider = self._outsiders("orders", "acts", "outsider")
        complaint = self._complaint()
        dispatch = self._dispatch(complaint, user_id=orders.id)
        other = self._complaint()
        action = self.env["customer.complaint.action"].create(
            {"complaint_id": other.id, "name": "Call the carrier", "user_id": acts.id}
        )
        for record, user in (
            (dispatch, orders),
            (complaint, orders),
            (action, acts),
            (other, acts),
        ):
            self.assertTrue(self._sees(record, user), record)
            self.assertFalse(self._sees(record, outsider), record)

    def test_a_leader_who_is_no_member_sees_the_cases_of_the_team(self):
        leader, outsider = self._outsiders("leader", "outsider")
        self.team.user_id = leader
        complaint = self._complaint(user=self.env.user)
        for record in (complaint, complaint.clock_ids[0]):
            self.assertTrue(self._sees(record, leader))
            self.assertFalse(self._sees(record, outsider))

    def test_the_caller_sees_the_case_of_the_call_back(self):
        outsider = self._new_users({"outsider": "customer_governance.group_service"})["outsider"]
        complaint = self._answered()
        self.assertFalse(self._sees(complaint, outsider))
        complaint.visit_ids.sudo().user_id = outsider
        self.assertTrue(self._sees(complaint, outsider))

    def test_auditor_changes_nothing(self):
        complaint = self._answered()
        for method in ("action_register", "action_request_close", "action_take"):
            with self.assertRaises(AccessError, msg=method):
                getattr(complaint.with_user(self.user_auditor), method)()

    def test_the_board_counts_what_its_links_open(self):
        # of another customer: repeats of it would be as grave
        self._complaint(severity="major", partner_id=self.foreign_customer.id)
        self._answered()
        self._complaint(user_id=self.user_service.id)
        team = self.team.with_user(self.user_service_supervisor)
        figures = team._board_domains()
        with freeze_time("2026-11-12 09:00:00"):
            team.invalidate_recordset()
            for field in figures:
                action = team.with_context(board_figure=field).action_open_board()
                found = self.env["customer.complaint"].search_count(action["domain"])
                self.assertEqual(team[field], found, field)
            self.assertEqual((team.open_count, team.major_count, team.callback_count), (3, 1, 1))
