"""Measures of the tier that are not met: found, searched and explained; borders of intervals."""

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .metrics_case import MetricsCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-21 10:00:00")
class TestTierBreaches(MetricsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what the tier alone says: with care the contact plan does, see tests/care
        (cls.company | cls.other_company).care_enabled = False
        cls.Breach = cls.env["customer.tier.breach"]
        cls.strategic = cls.env.ref("customer_governance.tier_strategic")
        cls.standard = cls.env.ref("customer_governance.tier_standard")
        cls.quiet = cls.env["customer.tier"].create({"name": "Quiet", "code": "quiet"})

    def _tier(self, partner, tier, day="2026-11-21", company=None):
        with freeze_time(f"{day} 10:00:00"):
            partner = partner.with_company(company or self.company)
            partner._set_customer_tier(tier, "Test", "review")
        self.env["customer.metrics"]._refresh(partner)

    def _contacted(self, partner, day):
        self.env.cr.execute(
            "UPDATE customer_metrics SET last_contact_date = %s WHERE partner_id = %s",
            [day, partner.id],
        )
        self.env.invalidate_all()

    def _kinds(self, partner):
        partner.invalidate_recordset()
        rows = self.Breach.search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(partner.has_tier_breach, bool(rows))
        found = self.env["res.partner"].search(
            [("id", "=", partner.id), ("has_tier_breach", "=", True)]
        )
        self.assertEqual(bool(found), bool(rows), "search and compute agree")
        return set(rows.mapped("kind"))

    def test_account_manager(self):
        self._tier(self.customer, self.strategic)
        self._contacted(self.customer, "2026-11-20")
        self.assertFalse(self._kinds(self.customer))
        self.customer.user_id = False
        self.assertEqual(self._kinds(self.customer), {"no_manager"})
        self.assertIn("Strategic", self.customer.tier_breach_text)
        self.customer.user_id = self.other_sales
        self.other_sales.active = False
        self.assertEqual(self._kinds(self.customer), {"no_manager"}, "archived users do not count")

    def test_sales_team(self):
        self._tier(self.customer, self.standard)
        self.customer.user_id = False
        self.assertEqual(self._kinds(self.customer), {"no_team"})
        team = self.env["crm.team"].create({"name": "North"})
        self.customer.customer_team_id = team
        self.assertFalse(self._kinds(self.customer))
        self.customer.customer_team_id = False
        lead = self.env["crm.lead"].create({"name": "X", "partner_id": self.customer.id})
        lead.team_id = team
        self.assertFalse(self._kinds(self.customer))

    def test_contact_border(self):
        """30 days: contacted 30 days ago is in time, 31 days ago is one day over."""
        self._tier(self.customer, self.strategic)
        self._contacted(self.customer, "2026-10-22")
        self.assertFalse(self._kinds(self.customer))
        self._contacted(self.customer, "2026-10-21")
        self.assertEqual(self._kinds(self.customer), {"contact_overdue"})
        row = self.Breach.search(
            [("partner_id", "=", self.customer.id), ("company_id", "=", self.company.id)]
        )
        self.assertEqual((row.days_over, str(row.since)), (1, "2026-10-21"))
        self.assertIn("1 days overdue", row.reason)

    def test_never_contacted_border(self):
        """The interval counts from the day the customer came into the tier."""
        self._tier(self.customer, self.strategic, "2026-10-22")
        self.assertFalse(self._kinds(self.customer))
        with freeze_time("2026-11-22 10:00:00"):
            self.assertEqual(self._kinds(self.customer), {"never_contacted"})

    def test_zero_is_not_planned(self):
        self._tier(self.customer, self.quiet, "2020-01-01")
        self.customer.user_id = False
        self.assertFalse(self._kinds(self.customer))
        self._contacted(self.customer, "2020-01-02")
        self.assertFalse(self._kinds(self.customer))

    def test_midnight_and_leap_day(self):
        """The day is the company's; 29 February counts as a day."""
        self._tier(self.customer, self.strategic, "2028-01-30")
        self._contacted(self.customer, "2028-01-30")
        with freeze_time("2028-02-29 17:00:00"):
            self.assertFalse(self._kinds(self.customer))
            self.company.customer_tz = "Asia/Shanghai"
            self.assertEqual(self._kinds(self.customer), {"contact_overdue"})

    def test_contacts_and_archived(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self._tier(self.customer, self.strategic)
        self.customer.user_id = False
        self.assertTrue(contact.has_tier_breach)
        self.assertFalse(self.Breach.search([("partner_id", "=", contact.id)]))
        self.customer.active = False
        self.assertFalse(self._kinds(self.customer))

    def test_companies_and_roles(self):
        self._tier(self.customer, self.strategic, "2020-01-01")
        self._tier(self.foreign_customer, self.strategic, "2020-01-01")
        self._tier(self.customer, self.strategic, "2020-01-01", self.other_company)
        seen = self.Breach.with_user(self.user_sales).search([])
        self.assertIn(self.customer, seen.partner_id)
        self.assertNotIn(self.foreign_customer, seen.partner_id)
        self.assertEqual(seen.company_id, self.company)
        audited = self.Breach.with_user(self.user_auditor).search([]).partner_id
        self.assertIn(self.foreign_customer, audited)
        with self.assertRaises(AccessError):
            self.Breach.with_user(self.plain_user).search([])

    def test_list_groups_and_opens(self):
        self._tier(self.customer, self.strategic, "2020-01-01")
        groups = self.Breach._read_group(
            [
                ("partner_id", "=", self.customer.id),
                ("company_id", "=", self.company.id),
                ("kind", "=", "never_contacted"),
            ],
            ["tier_id", "kind"],
            ["__count"],
        )
        self.assertEqual(groups, [(self.strategic, "never_contacted", 1)])
        row = self.Breach.search([("partner_id", "=", self.customer.id)], limit=1)
        self.assertEqual(row.action_open_customer()["res_id"], self.customer.id)

    def test_not_met_is_found_without_a_job(self):
        """Nothing runs in between: a new day and a change of the tier's interval are seen."""
        self._tier(self.customer, self.strategic)
        self._contacted(self.customer, "2026-11-01")
        self.assertFalse(self._kinds(self.customer))
        self.strategic.contact_interval_days = 10
        self.assertEqual(self._kinds(self.customer), {"contact_overdue"})
        self.assertNotIn(
            self.customer,
            self.env["res.partner"].search([("has_tier_breach", "=", False)]),
        )

    def test_a_dedicated_manager_has_few_customers(self):
        """Exactly as many as the company says are looked after; one more and none of them is."""
        self.company.customer_dedicated_max = 2
        customers = self.customer
        customers |= self._new_customer("Second", user_id=self.user_sales.id)
        third = self._new_customer("Third", user_id=self.user_sales.id)
        for customer in customers:
            self._tier(customer, self.strategic)
            self._contacted(customer, "2026-11-20")
        self._tier(third, self.standard)
        self._contacted(third, "2026-11-20")
        self.assertFalse(self._kinds(self.customer), "other tiers do not count")
        self._tier(third, self.strategic)
        self._contacted(third, "2026-11-20")
        for customer in customers | third:
            self.assertEqual(self._kinds(customer), {"not_dedicated"})
        self.assertIn("more than 2 such customers", self.customer.tier_breach_text)
        third.user_id = self.other_sales
        self.assertFalse(self._kinds(third))
        self.assertFalse(self._kinds(self.customer))
