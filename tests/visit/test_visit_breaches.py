from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..tier.metrics_case import MetricsCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-21 10:00:00")
class TestVisitBreaches(MetricsCase):
    """Tier "Strategic" grants a visit every 90 days: 2026-08-23 is 90 days ago."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what the tier alone says: with care the contact plan does, see tests/care
        (cls.company | cls.other_company).care_enabled = False
        cls.strategic = cls.env.ref("customer_governance.tier_strategic")
        cls.strategic.write({"contact_interval_days": 0, "meeting_interval_days": 0})
        cls._into_tier("2026-08-23")

    @classmethod
    def _into_tier(cls, day):
        with freeze_time(f"{day} 10:00:00"):
            cls.customer._set_customer_tier(cls.strategic, "Test", "review")
        cls.env["customer.metrics"]._refresh(cls.customer)

    def _visit(self, day, report=True, **vals):
        visit = self.env["customer.visit"].create(
            {"partner_id": self.customer.id, "planned_date": day, "summary": "Talked", **vals}
        )
        if report:
            visit.done_date = day
            visit.action_done()
        return visit

    def _rows(self):
        self.customer.invalidate_recordset()
        rows = self.env["customer.tier.breach"].search(
            [("partner_id", "=", self.customer.id), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(self.customer.has_tier_breach, bool(rows))
        return rows

    def test_never_visited_counts_from_the_tier(self):
        self.assertFalse(self._rows(), "exactly the interval is in time")
        with freeze_time("2026-11-22 10:00:00"):
            row = self._rows()
            self.assertEqual((row.kind, row.days_over), ("never_visited", 1))
            self.assertIn("No visit since", row.reason)
            self.assertIn("every 90 days", self.customer.tier_breach_text)

    def test_the_last_visit_counts_at_once(self):
        with freeze_time("2026-11-22 10:00:00"):
            self._visit("2026-08-23")
            row = self._rows()
            self.assertEqual(
                (row.kind, row.days_over, row.since), ("visit_overdue", 1, date(2026, 8, 23))
            )
            self.assertIn("Last visit on", row.reason)
            self._visit("2026-08-24")
            self.assertFalse(self._rows(), "no job has to run")

    def test_only_visits_that_were_held_count(self):
        with freeze_time("2026-11-22 10:00:00"):
            self._visit("2026-11-10", report=False)
            self._visit("2026-11-11", report=False).action_miss()
            self._visit("2026-11-12", no_contact=True)
            self.assertEqual(self._rows().kind, "never_visited")

    def test_of_another_company_does_not_count(self):
        with freeze_time("2026-11-22 10:00:00"):
            self._visit("2026-11-10", company_id=self.other_company.id)
            self.assertEqual(self._rows().kind, "never_visited")

    def test_zero_is_not_planned(self):
        self.strategic.visit_interval_days = 0
        with freeze_time("2030-01-01 10:00:00"):
            self.assertFalse(self._rows())

    def test_a_visit_is_a_contact(self):
        figures = self.env["customer.metrics"].search(
            [("partner_id", "=", self.customer.id), ("company_id", "=", self.company.id)]
        )
        self._visit("2026-11-10")
        self._visit("2026-11-12", no_contact=True)
        self._visit("2026-11-13", report=False)
        self.env["customer.metrics"]._refresh(self.customer)
        self.assertEqual(figures.last_contact_date, date(2026, 11, 10))
        self.assertEqual(figures.last_visit_date, date(2026, 11, 10))

    def test_the_day_of_a_contact_is_the_companys(self):
        for zone in ("Pacific/Auckland", "Pacific/Honolulu"):
            self.company.customer_tz = zone
            self._visit("2026-11-18")
            self.env["customer.metrics"]._refresh(self.customer)
            figures = self.env["customer.metrics"].search(
                [("partner_id", "=", self.customer.id), ("company_id", "=", self.company.id)]
            )
            self.assertEqual(figures.last_contact_date, date(2026, 11, 18), zone)

    def test_meetings_and_surveys(self):
        """Only a strategy meeting is one; a survey is one that asked how satisfied the customer is."""
        self.strategic.write(
            {"visit_interval_days": 0, "meeting_interval_days": 90, "survey_interval_days": 180}
        )
        with freeze_time("2026-11-22 10:00:00"):
            self.assertEqual(self._rows_now().kind, "never_met")
            self._visit("2026-11-20")
            self.assertEqual(self._rows_now().kind, "never_met", "an ordinary visit is no meeting")
            self._visit("2026-08-23", purpose="meeting")
            row = self._rows_now()
            self.assertEqual((row.kind, row.days_over), ("meeting_overdue", 1))
            self.assertIn("Last strategy meeting on", row.reason)
            self._visit("2026-11-21", purpose="meeting")
            self.assertFalse(self._rows_now())
        with freeze_time("2027-02-20 10:00:00"):
            kinds = self._rows_now().mapped("kind")
            self.assertEqual(set(kinds), {"meeting_overdue", "never_surveyed"})
            survey = self.env["survey.survey"].create({"title": "How was it"})
            contact = self.env["res.partner"].create({"name": "A", "parent_id": self.customer.id})
            invited = {"survey_id": survey.id, "partner_id": contact.id}
            self.env["survey.user_input"].create(invited)
            self.assertIn("never_surveyed", self._rows_now().mapped("kind"), "about something else")
            survey.customer_satisfaction = True
            self.assertEqual(self._rows_now().mapped("kind"), ["meeting_overdue"])

    def test_an_invitation_counts_on_the_day_of_the_company(self):
        """Late in the evening of UTC it is the next day in Shanghai."""
        self.company.customer_tz = "Asia/Shanghai"
        self.strategic.write({"visit_interval_days": 0, "survey_interval_days": 30})
        survey = self.env["survey.survey"].create(
            {"title": "How was it", "customer_satisfaction": True}
        )
        answer = self.env["survey.user_input"].create(
            {"survey_id": survey.id, "partner_id": self.customer.id}
        )
        self.env.cr.execute(
            "UPDATE survey_user_input SET create_date = '2026-10-21 20:00:00' WHERE id = %s",
            [answer.id],
        )
        self.assertFalse(self._rows_now(), "on the 22nd there: 30 days ago")
        self.env.cr.execute(
            "UPDATE survey_user_input SET create_date = '2026-10-21 12:00:00' WHERE id = %s",
            [answer.id],
        )
        self.assertEqual(self._rows_now().kind, "survey_overdue")

    def _rows_now(self):
        self.env.invalidate_all()
        return self._rows()
