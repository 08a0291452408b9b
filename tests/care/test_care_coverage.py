import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ...engine import care_plan
from ...queries import care_coverage
from .care_case import NOW, CareCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCareCoverage(CareCase):
    """Months of the contact plan: contact every 30 days, in the tier since 2 October."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Coverage = cls.env["customer.care.coverage"]
        cls.company.care_closed_month = "2026-09-01"

    def _months(self, customer=None):
        self.Coverage._refresh(self.company)
        self.env.invalidate_all()
        rows = self.Coverage.search(
            [("partner_id", "=", (customer or self.customer).id)], order="month"
        )
        return {row.month.month: row.result for row in rows}

    def test_missed_and_carried_over(self):
        self.assertEqual(self._months(), {11: "missed"}, "nothing was due in October")
        with freeze_time("2026-12-20 10:00:00"):
            self.assertEqual(self._months(), {11: "missed", 12: "missed"})
        with freeze_time("2026-12-21 10:00:00"):
            self._visit("2026-12-21")
            self.assertEqual(self._months(), {11: "missed", 12: "late"})

    def test_the_border_of_the_due_date(self):
        with freeze_time("2026-11-02 10:00:00"):
            self.assertEqual(self._months(), {11: "open"})
            self._visit("2026-11-02")
            self.assertEqual(self._months(), {11: "in_time"})

    def test_a_day_later_is_late(self):
        self._visit("2026-11-03")
        self.assertEqual(self._months(), {11: "late"})

    def test_early_counts_in_the_month_it_was_made(self):
        self._visit("2026-10-20")
        self.assertEqual(self._months()[10], "in_time")

    def test_a_closed_month_never_changes(self):
        with freeze_time("2026-12-06 10:00:00"):
            self._months()
        row = self.Coverage.search(
            [("partner_id", "=", self.customer.id), ("month", "=", "2026-11-01")]
        )
        self.assertTrue(row.is_closed)
        self.assertEqual((row.result, row.coverage, row.target), ("missed", 0, 90))
        self.assertEqual((row.user_id, row.tier_id), (self.user_sales, self.tier))
        with freeze_time("2026-12-07 10:00:00"):
            self._visit("2026-11-02")
            self.tier.contact_interval_days = 90
            self.customer.user_id = self.other_sales
            self.company.care_target = 95
            self._months()
        self.assertEqual((row.result, row.user_id, row.target), ("missed", self.user_sales, 90))

    def test_the_last_day_of_an_open_month(self):
        with freeze_time("2026-12-05 10:00:00"):
            self._visit("2026-11-02")
            self.assertEqual(self._months()[11], "in_time", "five days after its end it is open")

    def test_late_reports_count_half(self):
        self._visit("2026-11-02")
        self._months()
        row = self.Coverage.search(
            [("partner_id", "=", self.customer.id), ("month", "=", "2026-11-01")]
        )
        self.assertEqual((row.result, row.coverage), ("in_time", 50), "reported 18 days later")
        self.company.care_late_credit = 100
        self._months()
        self.env.invalidate_all()
        row = self.Coverage.search(
            [("partner_id", "=", self.customer.id), ("month", "=", "2026-11-01")]
        )
        self.assertEqual(row.coverage, 100)

    def test_twice_late_or_after_a_pause_it_is_the_same(self):
        def rows():
            return self.Coverage.search([("company_id", "=", self.company.id)]).mapped(
                lambda r: (r.partner_id, r.kind, r.month, r.result, r.coverage, r.is_closed)
            )

        for day in ("2026-11-02", "2026-12-04", "2027-01-15"):
            with freeze_time(f"{day} 10:00:00"):
                self._visit(day)
        with self.env.cr.savepoint() as savepoint:
            for number in range(120):
                with freeze_time(f"{date(2026, 11, 20) + timedelta(days=number)} 10:00:00"):
                    self.Coverage._refresh(self.company)
            daily = rows()
            savepoint.rollback()
        self.env.invalidate_all()
        with freeze_time("2027-03-19 10:00:00"):
            self.Coverage._refresh(self.company)
            self.Coverage._refresh(self.company)
        self.assertEqual(rows(), daily)

    def test_care_that_was_off_was_not_due(self):
        self.company.care_closed_month = False
        self.company.care_enabled = False
        with freeze_time("2027-03-10 10:00:00"):
            self.company.care_enabled = True
            self.assertEqual(set(self._months()), {3})

    def test_engine_against_sql(self):
        """Random plans and contacts: one rule, said twice."""
        seed = random.Random(7)
        day_of = date(2026, 11, 1)
        customers = [self._new_customer(f"R {n}", user_id=self.user_sales.id) for n in range(60)]
        self.env["customer.metrics"]._refresh(self.env["res.partner"].union(*customers))
        facts = {}
        intervals = self.env["customer.care.interval"]
        for customer in customers:
            start = date(2026, 8, 1) + timedelta(days=seed.randrange(110))
            days = seed.choice((0, 1, 5, 10, 20, 30, 45, 90))
            intervals.create(
                {"partner_id": customer.id, "days": days, "reason": "T", "since": start}
            )
            paid = []
            for _n in range(seed.choice((0, 0, 1, 2, 4))):
                day = date(2026, 8, 1) + timedelta(days=seed.randrange(112))
                late = seed.random() < 0.4
                with freeze_time(f"{day + timedelta(days=9 if late else 0)} 10:00:00"):
                    self._visit(str(day), customer)
                paid.append(care_plan.Paid(day, late))
            facts[customer.id] = care_plan.Plan(days, start, is_own=True), paid
        for today in (date(2026, 11, 1), date(2026, 11, 15), date(2026, 11, 30), date(2026, 12, 3)):
            with freeze_time(f"{today} 10:00:00"):
                self._compare(facts, today, care_coverage.Month(day_of, date(2026, 11, 30)))

    def _compare(self, facts, today, month):
        metrics = self.env["customer.metrics"]
        ctx = metrics._care_context(self.company)
        self.env.flush_all()
        select = care_coverage.months(
            ctx,
            metrics._care_events(ctx),
            self.env["customer.care.source"]._rules(),
            self.env["customer.care.due"]._day(self.company),
            month,
            50,
            90,
        )
        found = {row[1]: (row[9], row[10]) for row in self.env.execute_query(select)}

        def move(day):
            return self.env["customer.care.due"]._next_working_day(self.company, day)

        self.env.invalidate_all()
        due = {
            row.partner_id.id: row
            for row in self.env["customer.care.due"].search([("partner_id", "in", list(facts))])
        }
        results = set()
        for partner_id, (plan, paid) in facts.items():
            expected = care_plan.month_result(plan, paid, month.first, month.last, today, move)
            self.assertEqual(found.get(partner_id, (None, None)), expected, (plan, paid, today))
            results.add(expected[0])
            last = max((p.day for p in paid if p.day <= today), default=None)
            day, _reasons = care_plan.due_date(plan, last, move)
            self.assertEqual(due[partner_id].due_date if partner_id in due else None, day)
        if today == date(2026, 11, 15):
            self.assertEqual(results, {"in_time", "late", "missed", "open", None})
