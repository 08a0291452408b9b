from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from ..common import GovernanceCase

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestVisit(GovernanceCase):
    def _visit(self, user=None, **vals):
        visits = self.env["customer.visit"].with_user(user or self.user_sales)
        return visits.create({"partner_id": self.customer.id, "planned_date": "2026-11-12", **vals})

    def test_a_visit_is_reported_with_what_was_said(self):
        visit = self._visit()
        with self.assertRaisesRegex(TransitionRefused, "summary"):
            visit.action_done()
        visit.summary = "They want to order more."
        visit.action_done()
        self.assertEqual(
            (visit.state, visit.done_date, visit.reported_at, visit.reported_by_id),
            ("done", date(2026, 11, 10), datetime(2026, 11, 10, 9), self.user_sales),
        )
        with self.assertRaises(TransitionRefused):
            visit.action_cancel()

    def test_the_button_asks_for_what_is_missing(self):
        visit = self._visit()
        action = visit.action_report()
        self.assertEqual((action["res_id"], action["target"]), (visit.id, "new"))
        self.assertEqual(visit.state, "planned")
        visit.summary = "They want to order more."
        visit.action_report()
        self.assertEqual(visit.state, "done")

    def test_on_site_the_customer_signs(self):
        visit = self._visit(way="onsite", summary="Looked at the machine")
        with self.assertRaisesRegex(TransitionRefused, "signature"):
            visit.action_done()
        visit.write({"signature": PIXEL, "signed_by": "Mr. Lee"})
        visit.action_done()
        self.assertEqual(visit.state, "done")

    def test_nothing_is_done_in_the_future(self):
        visit = self._visit(summary="x", done_date="2026-11-11")
        with self.assertRaisesRegex(TransitionRefused, "future"):
            visit.action_done()

    def test_late_reports_are_marked_at_the_border(self):
        self.company.visit_report_days = 2
        for held, late in (("2026-11-08", False), ("2026-11-07", True)):
            visit = self._visit(summary="x", done_date=held)
            visit.action_done()
            self.assertEqual(visit.is_late_report, late, held)

    def test_the_day_of_the_report_is_the_companys(self):
        self.company.visit_report_days = 0
        self.company.customer_tz = "Asia/Shanghai"
        with freeze_time("2026-11-10 16:30:00"):  # already the 11th in Shanghai
            visit = self._visit(summary="x", done_date="2026-11-10")
            visit.action_done()
            self.assertTrue(visit.is_late_report)

    def test_the_time_of_a_report_cannot_be_written(self):
        visit = self._visit()
        with self.assertRaises(ValidationError):
            visit.write({"reported_at": "2026-11-01 00:00:00"})
        with self.assertRaises(ValidationError):
            self._visit(reported_at="2026-11-01 00:00:00")

    def test_overdue_by_search_equals_by_field(self):
        days = ("2026-11-09", "2026-11-10", "2026-11-11")
        visits = self._visit().browse()
        for day in days:
            visits |= self._visit(planned_date=day)
        done = self._visit(planned_date="2026-11-01", summary="x")
        done.action_done()
        visits |= done
        found = visits.search([("id", "in", visits.ids), ("is_overdue", "=", True)])
        self.assertEqual(found, visits.filtered("is_overdue"))
        self.assertEqual(found.mapped("planned_date"), [date(2026, 11, 9)])
        rest = visits.search([("id", "in", visits.ids), ("is_overdue", "=", False)])
        self.assertEqual(rest, visits - found)

    def test_a_promised_answer_is_chased(self):
        visit = self._visit(summary="Asked for a price", promised_date="2026-11-15")
        visit.action_done()
        self.assertEqual(visit.activity_ids.date_deadline, date(2026, 11, 15))
        self.assertEqual(visit.activity_ids.user_id, self.user_sales)
        self.assertFalse(visit.promise_overdue)
        with freeze_time("2026-11-16"):
            visit.invalidate_recordset()
            self.assertTrue(visit.promise_overdue)
            overdue = visit.search([("id", "=", visit.id), ("promise_overdue", "=", True)])
            self.assertEqual(overdue, visit)
            visit.action_promise_kept()
            self.assertFalse(visit.promise_overdue)
            self.assertFalse(visit.activity_ids)

    def test_missed_and_planned_again(self):
        visit = self._visit()
        visit.action_miss()
        visit.action_replan()
        visit.action_cancel()
        self.assertEqual(visit.state, "cancelled")
        with self.assertRaises(TransitionRefused):
            visit.action_done()
        with self.assertRaises(TransitionRefused):
            visit.state = "done"

    def test_the_next_contact_is_planned_by_hand(self):
        visit = self._visit(summary="x", way="online", next_date="2027-01-15")
        visit.action_done()
        following = visit.search([("partner_id", "=", self.customer.id), ("state", "=", "planned")])
        self.assertEqual(
            (following.planned_date, following.way, following.user_id),
            (date(2027, 1, 15), "online", self.user_sales),
        )

    def test_a_contact_given_as_customer_becomes_the_contact_person(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        vals = {"partner_id": contact.id, "summary": "x"}
        visit = self.env["customer.visit"].create(vals)
        self.assertEqual((visit.partner_id, visit.contact_id), (self.customer, contact))
        self.assertEqual(vals, {"partner_id": contact.id, "summary": "x"})
        with self.assertRaises(ValidationError):
            visit.contact_id = self.foreign_customer

    def test_one_click_makes_an_opportunity(self):
        visit = self._visit(issues="Wants a second line")
        action = visit.action_create_opportunity()
        lead = self.env["crm.lead"].with_context(**action["context"]).create({})
        self.assertEqual(visit.sudo().opportunity_ids, lead)
        self.assertIn("second line", lead.description)
        self.assertEqual(lead.partner_id, self.customer)

    def test_one_click_plans_an_activity(self):
        action = self._visit().action_create_activity()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({})
        self.assertEqual(wizard.res_model, "customer.visit")

    def test_sales_see_their_customers_visits_and_their_own(self):
        visit = self._visit(user=self.user_service)
        self.assertTrue(visit.with_user(self.user_sales).has_access("write"))
        foreign = self._visit(user=self.user_service, partner_id=self.foreign_customer.id)
        self.assertFalse(foreign.with_user(self.user_sales).has_access("read"))
        foreign.user_id = self.user_sales
        self.assertTrue(foreign.with_user(self.user_sales).has_access("read"))
        with self.assertRaises(AccessError):
            foreign.with_user(self.plain_user).action_done()

    def test_count_on_the_customer(self):
        self._visit()
        self.assertEqual(self.customer.with_user(self.user_sales).customer_visit_count, 1)
        action = self.customer.with_user(self.user_sales).action_customer_visits()
        self.assertEqual(self.env["customer.visit"].search_count(action["domain"]), 1)

    def test_visits_in_the_figures_of_the_customer(self):
        figures = self.env["customer.metrics"]
        for held in ("2026-11-01", "2025-11-10", "2025-11-11"):
            visit = self._visit(summary="x", done_date=held)
            visit.action_done()
        self._visit(planned_date="2026-11-05")
        figures._refresh(self.customer)
        row = figures.search(
            [("partner_id", "=", self.customer.id), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(row.last_visit_date, date(2026, 11, 1))
        self.assertEqual(row.visit_count_12m, 2)  # the 12 months begin on 2025-11-11
