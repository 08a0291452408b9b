from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .care_case import NOW, CareCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPlanContacts(CareCase):
    """The job plans visits and sends weekly lists, where a company wants it; each once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Visit = cls.env["customer.visit"]
        cls.company.write({"care_plan_visits": True, "care_send_lists": True})
        cls.tier.visit_interval_days = 60  # due on 1 December

    def _plan(self):
        self.env.invalidate_all()
        self.Visit._cron_plan_contacts()
        return self._planned()

    def _planned(self):
        return self.Visit.search([("partner_id", "=", self.customer.id), ("state", "=", "planned")])

    def _lists(self, user):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
                "|",
                ("subject", "=like", "Contacts due%"),
                ("subject", "=like", "Contacts missed%"),
            ]
        )

    def test_off_it_does_nothing(self):
        self.company.write({"care_plan_visits": False, "care_send_lists": False})
        self.assertFalse(self._plan())
        self.company.write({"care_plan_visits": True, "care_send_lists": True})
        self.company.care_enabled = False
        self.assertFalse(self._plan())
        self.assertFalse(self._lists(self.user_sales))

    def test_off_when_installed(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertFalse(company.care_plan_visits or company.care_send_lists)

    def test_plans_what_falls_due(self):
        self.company.care_plan_days = 10
        self.assertFalse(self._plan(), "1 December is 11 days ahead")
        self.company.care_plan_days = 11
        visit = self._plan()
        self.assertEqual(len(visit), 1)
        self.assertEqual(
            (visit.planned_date, visit.user_id, visit.purpose, visit.way, visit.company_id),
            (date(2026, 12, 1), self.user_sales, "care", "onsite", self.company),
        )
        self.assertEqual(visit.name, "Care – Harbour Glass")
        self.assertFalse(visit.activity_ids, "no activity for a customer")
        self.assertEqual(self._rows(kind="visit").next_visit_id, visit)

    def test_twice_is_once(self):
        first = self._plan()
        self.assertEqual(self._plan(), first)

    def test_who_cancels_is_not_overruled(self):
        self._plan().action_cancel()
        self.assertFalse(self._plan())
        with freeze_time("2026-12-20 10:00:00"):
            self.assertFalse(self._plan(), "nor after a pause")

    def test_the_next_one_after_a_visit(self):
        visit = self._plan()
        with freeze_time("2026-12-01 10:00:00"):
            visit.write({"summary": "Talked", "way": "phone"})
            visit.action_done()
            self.assertFalse(self._plan())
        with freeze_time("2027-01-25 10:00:00"):
            self.assertEqual(
                self._plan().planned_date, date(2027, 2, 1), "30 January is a Saturday"
            )

    def test_what_is_overdue_is_planned_for_the_next_working_day(self):
        with freeze_time("2026-12-12 10:00:00"):  # a Saturday
            self.assertEqual(self._plan().planned_date, date(2026, 12, 14))

    def test_a_visit_planned_by_hand_is_enough(self):
        visit = self._visit("2026-12-30", report=False)
        self.assertEqual(self._plan(), visit)

    def test_a_meeting_is_a_visit_too(self):
        self.tier.meeting_interval_days = 60
        self.assertEqual(self._plan().mapped("purpose"), ["meeting"])

    def test_not_to_be_contacted(self):
        self.env["customer.care.block"].create(
            {"partner_id": self.customer.id, "purpose": "all", "reason": "Asked for it"}
        )
        self.assertFalse(self._plan())
        self.assertFalse(self._lists(self.user_sales))

    def test_one_list_a_week(self):
        self.company.care_list_weekday = "5"
        self._plan()
        self.assertFalse(self._lists(self.user_sales), "Friday is before Saturday")
        self.company.care_list_weekday = "3"
        self._plan()
        message = self._lists(self.user_sales)
        self.assertEqual(len(message), 1)
        self.assertEqual(message.subject, "Contacts due this week: 1 (1 overdue)")
        self.assertIn("Harbour Glass", message.body)
        self.assertIn("18 days overdue", message.body)
        self._plan()
        self.assertEqual(len(self._lists(self.user_sales)), 1)
        with freeze_time("2026-12-18 10:00:00"):
            self._plan()
            self.assertEqual(len(self._lists(self.user_sales)), 2, "one after a pause, not four")
        self.assertFalse(
            self.env["mail.activity"].search(
                [("res_model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
            )
        )

    def test_the_leader_hears_what_was_missed(self):
        team = self.env["crm.team"].create({"name": "North", "user_id": self.other_sales.id})
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": self.user_sales.id})
        self._plan()
        message = self._lists(self.other_sales)
        self.assertEqual(message.subject, "Contacts missed by your team: 1")
        self.assertIn(self.user_sales.name, message.body)

    def test_a_user_of_another_company_or_archived_gets_nothing(self):
        self.user_sales.active = False
        self._plan()
        self.assertFalse(self._lists(self.user_sales))

    def test_who_works_in_a_branch_only(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.user_sales.write({"company_ids": [(6, 0, branch.ids)], "company_id": branch.id})
        visit = self._plan()
        self.assertEqual(visit.company_id, branch)
        self.assertTrue(visit.with_user(self.user_sales).has_access("write"))
        self.assertEqual(len(self._lists(self.user_sales)), 1)

    def test_who_does_not_work_here(self):
        other = self.other_company
        self.user_sales.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self._plan())
        self.assertFalse(self._lists(self.user_sales))

    def test_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.user_sales.lang = "fr_FR"
        self._plan()
        self.assertIn("02/11/2026", self._lists(self.user_sales).body)

    def test_many_users_in_portions(self):
        users = self._new_users({f"u{n}": "customer_governance.group_sales" for n in range(23)})
        for number, user in enumerate(users.values()):
            customer = self._new_customer(f"U {number}", user_id=user.id)
            self._into_tier(customer, "2026-10-02")
        self._plan()
        self.assertTrue(all(len(self._lists(user)) == 1 for user in users.values()))

    def test_constant_queries(self):
        def run():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            planned = self.Visit._plan_due(self.company)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before, planned

        self._visit("2026-11-20")
        few, _planned = run()
        for number in range(30):
            self._into_tier(
                self._new_customer(f"Q {number}", user_id=self.user_sales.id), "2026-10-02"
            )
        many, planned = run()
        self.assertEqual(planned, 30)
        self.assertLessEqual(many, few + 1)
