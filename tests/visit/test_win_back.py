from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..tier.metrics_case import MetricsCase


@tagged("post_install", "-at_install")
class TestWinBack(MetricsCase):
    """A customer that is lost or left gets a planned visit; who comes back needs none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2025-06-01 10:00:00"):
            cls._order(cls.customer, "2025-06-01 10:00:00")

    def _nightly(self, moment):
        with freeze_time(moment):
            self.env["customer.metrics"]._cron_nightly()

    def _visits(self, partner=None):
        return self.env["customer.visit"].search(
            [("partner_id", "=", (partner or self.customer).id), ("purpose", "=", "win_back")]
        )

    def test_who_left_is_visited_by_who_answers_for_him(self):
        self._nightly("2026-06-10 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "churned")
        visit = self._visits()
        self.assertEqual(
            (visit.state, visit.user_id, visit.planned_date, visit.company_id),
            ("planned", self.user_sales, date(2026, 6, 24), self.company),
        )

    def test_the_days_are_a_setting(self):
        self.company.customer_win_back_days = 3
        self._nightly("2026-06-10 10:00:00")
        self.assertEqual(self._visits().planned_date, date(2026, 6, 13))

    def test_a_second_night_plans_no_second_visit(self):
        self._nightly("2026-06-10 10:00:00")
        first = self._visits()
        self._nightly("2026-06-10 23:00:00")
        with freeze_time("2026-06-11 10:00:00"):
            self.customer._plan_win_back({self.customer.id: self.user_sales.id})
        self.assertEqual(self._visits(), first)
        first.sudo().action_cancel()
        with freeze_time("2026-06-11 10:00:00"):
            self.customer._plan_win_back({self.customer.id: self.user_sales.id})
        self.assertEqual(len(self._visits()), 2, "the one that was called off does not count")

    def test_who_comes_back_needs_no_visit(self):
        self._nightly("2026-06-10 10:00:00")
        with freeze_time("2026-06-11 10:00:00"):
            other = self.env["customer.visit"].create(
                {"partner_id": self.customer.id, "purpose": "care"}
            )
            self._order(self.customer, "2026-06-11 10:00:00")
        self.assertEqual(self._visits().state, "cancelled")
        self.assertEqual(other.state, "planned")

    def test_statements_do_not_grow_with_the_customers(self):
        counts = []
        for number in (2, 12):
            lost = self.env["res.partner"].create(
                [
                    {"name": f"Lost {number}.{n}", "user_id": self.user_sales.id}
                    for n in range(number)
                ]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            lost._plan_win_back({partner.id: self.user_sales.id for partner in lost})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_nobody_is_asked_about_losses_that_are_worth_nothing(self):
        """They stay on the list of losses. The customer has an order and no invoice: no sales."""
        self.company.customer_ask_revenue = 1
        self._nightly("2026-06-10 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "churned")
        self.assertFalse(self._visits())
        self.assertFalse(self.customer.activity_ids)
        loss = self.customer.customer_lifecycle_change_ids.filtered(
            lambda change: change.new_state == "churned"
        )
        self.assertEqual((loss.new_state, loss.responsible_id), ("churned", self.user_sales))

    def test_a_person_has_so_many_questions_and_no_more(self):
        """Of three losses in one night the one of the most important tier is asked about."""
        self.company.customer_ask_most = 1
        key = self.env.ref("customer_governance.tier_key")
        customers = self.customer
        with freeze_time("2025-06-01 10:00:00"):
            for name in ("Left Too", "Important"):
                customers |= self._new_customer(name, user_id=self.user_sales.id)
            for customer in customers[1:]:
                self._order(customer, "2025-06-01 10:00:00")
            customers[2]._set_customer_tier(key, "Test", "review")
        self._nightly("2026-06-10 10:00:00")
        asked = customers.filtered("activity_ids")
        self.assertEqual(asked, customers[2])
        self.assertEqual(self._visits(customers[2]).state, "planned")
        self.assertFalse(self._visits(customers[0]) | self._visits(customers[1]))
