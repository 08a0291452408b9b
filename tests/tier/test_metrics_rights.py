from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .metrics_case import MetricsCase


@tagged("post_install", "-at_install")
class TestMetricsRights(MetricsCase):
    """Who sees which figures: on the rows, on partners, in filters, and who may refresh."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice(cls.customer, "2026-11-01", 100)
        cls._invoice(cls.foreign_customer, "2026-11-01", 900)
        cls.Metrics._refresh(cls.customer + cls.foreign_customer)

    def test_nobody_writes_figures(self):
        row = self._row(self.customer)
        for user in (self.user_manager, self.user_sales, self.user_auditor):
            mine = row.with_user(user)
            with self.assertRaises(AccessError):
                mine.write({"order_count_12m": 99})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create({"partner_id": self.customer.id, "company_id": self.company.id})

    def test_service_sees_no_money(self):
        row = self._row(self.customer).with_user(self.user_service)
        self.assertIsNotNone(row.order_count_12m)
        for name in ("revenue_12m", "overdue_amount", "days_to_pay", "revenue_share"):
            with self.assertRaises(AccessError):
                row.read([name])
            with self.assertRaises(AccessError):
                row.search([(name, ">", 0)])
        partner = self.customer.with_user(self.user_service)
        with self.assertRaises(AccessError):
            partner.read(["customer_revenue_12m"])
        with self.assertRaises(AccessError):
            partner.search([("customer_revenue_12m", ">", 0)])
        with self.assertRaises(AccessError):
            partner.search([], order="customer_revenue_12m")

    def test_sales_see_figures_of_own_customers_only(self):
        both = self.customer + self.foreign_customer
        mine = both.with_user(self.user_sales)
        self.assertEqual([partner.customer_revenue_12m for partner in mine], [100, 0])
        self.assertFalse(mine[1].customer_metrics_id)
        found = mine.search([("id", "in", both.ids), ("customer_revenue_12m", ">", 0)])
        self.assertEqual(found, mine[0], "a filter does not tell what the column hides")
        through = mine.search([("id", "in", both.ids), ("customer_metrics_id.revenue_12m", ">", 0)])
        self.assertEqual(through, mine[0])

    def test_team_leader_sees_the_team(self):
        leader = self._new_user("leader", "customer_governance.group_sales")
        team = self.env["crm.team"].create({"name": "North", "user_id": leader.id})
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": self.user_sales.id})
        self.assertEqual(self.customer.with_user(leader).customer_revenue_12m, 100)
        self.assertEqual(self.foreign_customer.with_user(leader).customer_revenue_12m, 0)

    def test_roles_that_see_all(self):
        both = self.customer + self.foreign_customer
        for user in (self.user_credit, self.user_committee, self.user_manager, self.user_auditor):
            seen = both.with_user(user)
            self.assertEqual([partner.customer_revenue_12m for partner in seen], [100, 900])

    def test_search_sort_and_group_on_partners(self):
        third = self._customer("No invoices")
        self.Metrics._refresh(third)
        partners = self.customer + self.foreign_customer + third
        Partner = self.env["res.partner"].with_user(self.user_credit)
        domain = [("id", "in", partners.ids)]
        ordered = Partner.search(domain, order="customer_revenue_12m DESC, id")
        self.assertEqual(ordered.ids, (self.foreign_customer + self.customer + third).ids)
        ordered = Partner.search(domain, order="customer_revenue_12m, id")
        self.assertEqual(ordered.ids, (third + self.customer + self.foreign_customer).ids)
        never = Partner.search([*domain, ("customer_last_order_date", "=", False)])
        self.assertEqual(set(never.ids), set(partners.ids))
        self.assertEqual(
            Partner.search([*domain, ("customer_revenue_12m", ">=", 900)]).ids,
            self.foreign_customer.ids,
        )
        groups = Partner._read_group(domain, ["user_id"], ["customer_revenue_12m:sum"])
        self.assertIn((self.user_sales, 100), groups)

    def test_search_equals_compute(self):
        partners = self.customer + self.foreign_customer
        Partner = self.env["res.partner"].with_user(self.user_credit)
        for operator, value in ((">", 100), (">=", 100), ("=", 100), ("!=", 100), ("<", 900)):
            domain = [("id", "in", partners.ids), ("customer_revenue_12m", operator, value)]
            found = Partner.search(domain)
            self.assertEqual(found, Partner.browse(partners.ids).filtered_domain(domain[1:]))

    def test_refresh_button(self):
        self.customer.with_user(self.user_sales).action_refresh_customer_metrics()
        with self.assertRaises(AccessError):
            self.customer.with_user(self.plain_user).action_refresh_customer_metrics()
        with self.assertRaises(AccessError):
            self.customer.with_user(self.user_auditor).action_refresh_customer_metrics()
        many = self.env["res.partner"].create([{"name": f"P{i}"} for i in range(501)])
        with self.assertRaises(UserError):
            many.with_user(self.user_sales).action_refresh_customer_metrics()

    def test_companies_apart(self):
        user = self._new_user("two", "customer_governance.group_credit")
        row = self.Metrics.search(
            [("partner_id", "=", self.customer.id), ("company_id", "=", self.other_company.id)]
        )
        self.assertTrue(row)
        with self.assertRaises(AccessError):
            row.with_user(user).read(["order_count_12m"])
        self.assertEqual(
            self.customer.with_user(user).customer_metrics_ids.company_id, self.company
        )
