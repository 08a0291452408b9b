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
        cls.strategic = cls.env.ref("customer_governance.tier_strategic")
        cls.strategic.contact_interval_days = 0
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
            self.company.partner_id.tz = zone
            self._visit("2026-11-18")
            self.env["customer.metrics"]._refresh(self.customer)
            figures = self.env["customer.metrics"].search(
                [("partner_id", "=", self.customer.id), ("company_id", "=", self.company.id)]
            )
            self.assertEqual(figures.last_contact_date, date(2026, 11, 18), zone)
