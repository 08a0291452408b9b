"""The nightly job moves customers through their life, asks for causes and moves tiers along."""

from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .metrics_case import MetricsCase

CAUSE = "customer_governance.activity_type_cause"


@tagged("post_install", "-at_install")
class TestLifecycleJob(MetricsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tiers = {
            code: cls.env.ref(f"customer_governance.tier_{code}")
            for code in ("strategic", "key", "standard", "potential", "lapsed")
        }

    def _nightly(self, moment="2026-11-21 10:00:00"):
        with freeze_time(moment):
            self.env["customer.metrics"]._cron_nightly()

    def _order_at(self, partner, moment, **kw):
        with freeze_time(moment):
            return self._order(partner, moment, **kw)

    def _lead(self, partner, moment, lost=True, **vals):
        with freeze_time(moment):
            lead = self.env["crm.lead"].create(
                {
                    "name": "Windows",
                    "partner_id": partner.id,
                    "type": "opportunity",
                    **vals,
                }
            )
            if lost:
                lead.action_set_lost()
        return lead

    def _changes(self, partner):
        return self.env["customer.lifecycle.change"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company.id)]
        )

    def _activities(self, partner, xmlid):
        return partner.activity_ids.filtered(lambda a: a.activity_type_id == self.env.ref(xmlid))

    def test_prospect(self):
        self._nightly()
        self.assertEqual(self.customer.customer_lifecycle, "prospect")
        self.assertEqual(str(self.customer.customer_lifecycle_since), "2026-11-21")
        self.assertEqual(self.customer.customer_tier_id, self.tiers["potential"])
        self.assertEqual(self.customer.customer_tier_origin, "lifecycle")
        self.assertIn("No confirmed order", self.customer.customer_lifecycle_reason)
        self.assertIn("No confirmed order", self.customer.customer_tier_why)

    def test_since_is_the_day_of_the_fact(self):
        """Not the day of the job, which after an installation would be one for all."""
        self._order_at(self.customer, "2026-11-02 10:00:00")
        self._order_at(self.foreign_customer, "2020-06-15 10:00:00")
        self._nightly()
        self.assertEqual(self.customer.customer_lifecycle, "won")
        self.assertEqual(str(self.customer.customer_lifecycle_since), "2026-11-02")
        churned = self.foreign_customer
        self.assertEqual(churned.customer_lifecycle, "churned")
        months = self.company.customer_churn_months
        day = date(2020, 6, 15) + relativedelta(months=months)
        self.assertEqual(churned.customer_lifecycle_since, day)

    def test_run_twice_changes_nothing(self):
        self._order_at(self.customer, "2025-06-01 10:00:00")
        self._lead(self.foreign_customer, "2026-11-01 10:00:00")
        self._nightly()
        both = self.customer | self.foreign_customer
        before = both.read(["customer_lifecycle", "customer_tier_id"])
        logs = (
            len(self._changes(self.customer)),
            len(self._changes(self.foreign_customer)),
        )
        activities = both.activity_ids
        history = both.customer_tier_history_ids
        self._nightly()
        self._nightly("2026-11-21 23:00:00")
        self.assertEqual(both.read(["customer_lifecycle", "customer_tier_id"]), before)
        self.assertEqual(
            (
                len(self._changes(self.customer)),
                len(self._changes(self.foreign_customer)),
            ),
            logs,
        )
        self.assertEqual(both.activity_ids, activities)
        self.assertEqual(both.customer_tier_history_ids, history)

    def test_first_order_at_once(self):
        """Confirming the first order makes a prospect a customer without waiting for the night."""
        self._nightly()
        self._order_at(self.customer, "2026-11-21 12:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "won")
        self.assertEqual(self.customer.customer_tier_id, self.tiers["standard"])
        self.assertIn("First order", self.customer.customer_tier_why)

    def test_whole_life(self):
        """Won, retained, churned, back: one line each, the tier goes along."""
        self._order_at(self.customer, "2025-06-01 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "won")
        self._nightly("2025-08-31 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "won")
        self._nightly("2025-09-01 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "retained")
        self._nightly("2026-05-31 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "retained")
        self._nightly("2026-06-01 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "churned")
        self.assertEqual(self.customer.customer_tier_id, self.tiers["lapsed"])
        self._order_at(self.customer, "2026-11-01 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "retained")
        self.assertEqual(self.customer.customer_tier_id, self.tiers["standard"])
        self.assertEqual(
            self._changes(self.customer).sorted("id").mapped("new_state"),
            ["won", "retained", "churned", "retained"],
        )

    def test_loyal(self):
        for month in (1, 6, 8, 11):
            self._order_at(self.customer, f"2026-{month:02}-01 10:00:00")
        self._order_at(self.customer, "2025-06-01 10:00:00")
        self._nightly()
        self.assertEqual(self.customer.customer_lifecycle, "retained")
        self.assertIn("Satisfaction unknown", self.customer.customer_lifecycle_reason)
        self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.customer.id,
                "partner_id": self.customer.id,
                "rating": 5,
                "consumed": True,
            }
        ).rated_on = "2026-11-21 12:00:00"
        self._nightly("2026-11-22 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "loyal")

    def test_churned_takes_a_customer_tier(self):
        """The step into churned takes even a strategic customer's tier; a tier given by hand
        afterwards stays.
        """
        self._order_at(self.customer, "2025-06-01 10:00:00")
        self.customer._set_customer_tier(self.tiers["strategic"], "Review", "review")
        self._nightly("2026-01-01 10:00:00")
        self.assertEqual(self.customer.customer_tier_id, self.tiers["strategic"])
        self._nightly("2026-11-21 10:00:00")
        self.assertEqual(self.customer.customer_tier_id, self.tiers["lapsed"])
        self.customer._set_customer_tier(self.tiers["key"], "New contract", "manual")
        self._nightly("2026-11-22 10:00:00")
        self.assertEqual(self.customer.customer_tier_id, self.tiers["key"])

    def test_lost_asks(self):
        """All opportunities lost: the salesperson is asked for the cause, whatever others bought."""
        self.company.customer_ask_revenue = 1000
        self._nightly("2026-11-01 10:00:00")
        self._lead(self.customer, "2026-11-05 10:00:00")
        open_lead = self._lead(self.customer, "2026-11-05 10:00:00", lost=False)
        self._nightly("2026-11-06 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "prospect")
        with freeze_time("2026-11-07 10:00:00"):
            open_lead.action_set_lost()
        self._nightly("2026-11-08 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "lost")
        self.assertEqual(self.customer.customer_tier_id, self.tiers["lapsed"])
        change = self._changes(self.customer)[0]
        self.assertEqual((change.asked, change.responsible_id), (True, self.user_sales))
        question = self._activities(self.customer, CAUSE)
        self.assertEqual(question.user_id, self.user_sales)
        self.assertEqual(str(question.date_deadline), "2026-11-15")
        self.assertTrue(self.customer.customer_cause_missing)

    def test_answer(self):
        """The salesperson records cause and win-back; the question closes, the chatter knows."""
        self._nightly("2026-11-01 10:00:00")
        self._lead(self.customer, "2026-11-05 10:00:00")
        self._lead(self.foreign_customer, "2026-11-05 10:00:00")
        self._nightly("2026-11-08 10:00:00")
        mine = self._changes(self.customer)[0].with_user(self.user_sales)
        foreign = self._changes(self.foreign_customer)[0].with_user(self.user_sales)
        cause = self.env.ref("customer_governance.lifecycle_cause_price")
        vals = {"cause_id": cause.id, "win_back": "New offer in January"}
        Partner = self.env["res.partner"]
        missing = [("customer_cause_missing", "=", True)]
        self.assertIn(self.customer, Partner.search(missing))
        action = self.customer.with_user(self.user_sales).action_record_cause()
        self.assertEqual(action["res_id"], mine.id)
        with self.assertRaises(AccessError):
            foreign.write(vals)
        mine.write(vals)
        self.assertEqual((mine.user_id, mine.cause_id), (self.user_sales, cause))
        self.assertTrue(mine.recorded_on)
        self.assertFalse(self._activities(self.customer, CAUSE))
        self.assertIn("New offer in January", "".join(self.customer.message_ids.mapped("body")))
        self.customer.invalidate_recordset()
        self.assertFalse(self.customer.customer_cause_missing)
        self.assertNotIn(self.customer, Partner.search(missing))
        self.assertIn(self.foreign_customer, Partner.search(missing))
        self.assertIn(self.customer, Partner.search([("customer_cause_missing", "=", False)]))

    def test_log_is_closed(self):
        self._nightly()
        change = self._changes(self.customer)
        for user in (self.user_manager, self.user_sales):
            with self.assertRaises(UserError):
                change.with_user(user).write({"new_state": "loyal"})
            with self.assertRaises(UserError):
                change.with_user(user).unlink()
            with self.assertRaises(UserError):
                change.with_user(user).create(
                    {
                        "partner_id": self.customer.id,
                        "company_id": self.company.id,
                        "date": "2026-01-01",
                        "new_state": "loyal",
                    }
                )
        with self.assertRaisesRegex(UserError, "lost or have churned"):
            change.with_user(self.user_manager).write({"win_back": "Nothing to win back"})

    def test_nobody_answers_for_years_ago(self):
        """The first look at an old database asks about recent losses only."""
        self._lead(self.customer, "2020-01-01 10:00:00")
        self._lead(self.foreign_customer, "2026-11-01 10:00:00")
        self._nightly()
        self.assertEqual(self.customer.customer_lifecycle, "lost")
        self.assertFalse(self.customer.activity_ids)
        self.assertFalse(self.customer.customer_cause_missing)
        self.assertTrue(self._activities(self.foreign_customer, CAUSE))

    def test_coming_back_closes_the_questions(self):
        self._order_at(self.customer, "2025-06-01 10:00:00")
        self._nightly("2026-06-10 10:00:00")
        self.assertTrue(self._activities(self.customer, CAUSE))
        self._order_at(self.customer, "2026-06-11 10:00:00")
        self.assertFalse(self.customer.activity_ids)
        self.assertIn("Churned", self.customer.message_ids[0].body)

    def test_responsible(self):
        """Salesperson, else leader of the team, else the head; archived users answer nothing."""
        team = self.env["crm.team"].create({"name": "North", "user_id": self.other_sales.id})
        self.user_sales.active = False
        self.company.customer_head_id = self.user_manager
        self._nightly("2026-11-01 10:00:00")
        self._lead(self.customer, "2026-11-05 10:00:00", team_id=False, user_id=False)
        led = self._customer("Led by a team", customer_team_id=team.id)
        self._lead(led, "2026-11-05 10:00:00", team_id=False, user_id=False)
        self._nightly("2026-11-08 10:00:00")
        self.assertEqual(self._changes(self.customer)[0].responsible_id, self.user_manager)
        self.assertEqual(self._changes(led)[0].responsible_id, self.other_sales)

    def test_each_company_has_its_own_life(self):
        other = self._second_company()
        self._order_at(self.customer, "2026-11-01 10:00:00", company=other)
        self._nightly()
        self.assertEqual(self.customer.customer_lifecycle, "prospect")
        there = self.customer.with_company(other)
        self.assertEqual(there.customer_lifecycle, "won")
        self.assertEqual(there.customer_tier_id, self.tiers["standard"])
        self.assertEqual(self.customer.customer_tier_id, self.tiers["potential"])
        seen = self.env["customer.lifecycle.change"].with_user(self.user_manager)
        seen = seen.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(seen.company_id, self.company)

    def test_contacts_and_archived(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self._order_at(contact, "2026-11-01 10:00:00")
        self.foreign_customer.active = False
        self._nightly()
        self.assertEqual(self.customer.customer_lifecycle, "won")
        self.assertEqual(contact.customer_lifecycle, "won")
        self.assertFalse(self._changes(contact))
        self.assertFalse(self.foreign_customer.customer_lifecycle)

    def test_cancelled_only_order(self):
        order = self._order_at(self.customer, "2026-11-01 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "won")
        order._action_cancel()
        self._nightly()
        self.assertEqual(self.customer.customer_lifecycle, "prospect")

    def test_midnight_of_the_company(self):
        """The order of 20:00 UTC on 21 August is one of the 22nd in Shanghai: still 'won'."""
        self.company.customer_tz = "Asia/Shanghai"
        self._order_at(self.customer, "2026-08-21 20:00:00")
        self._nightly("2026-11-21 10:00:00")
        self.assertEqual(self.customer.customer_lifecycle, "won")
        self._nightly("2026-11-21 16:30:00")  # 22 November there
        self.assertEqual(self.customer.customer_lifecycle, "retained")

    def test_search_and_group(self):
        self._order_at(self.customer, "2026-11-01 10:00:00")
        self._nightly()
        Partner = self.env["res.partner"]
        both = [("id", "in", (self.customer | self.foreign_customer).ids)]
        self.assertEqual(Partner.search([*both, ("customer_lifecycle", "=", "won")]), self.customer)
        groups = Partner._read_group(both, ["customer_lifecycle"], ["__count"])
        self.assertEqual(dict(groups), {"won": 1, "prospect": 1})

    def test_settings(self):
        with self.assertRaises(UserError):
            self.company.write({"customer_won_months": 12, "customer_churn_months": 6})
        with self.assertRaises(UserError):
            self.company.customer_loyal_satisfaction = 6
        settings = self.env["res.config.settings"].create({"customer_churn_months": 6})
        settings.execute()
        self._order_at(self.customer, "2026-05-01 10:00:00")
        self._nightly()
        self.assertEqual(self.customer.customer_lifecycle, "churned")

    def test_query_count(self):
        """Sixty customers take as many queries as one, questions aside."""
        partners = self.env["res.partner"].create(
            [{"name": f"C{i}", "is_company": True} for i in range(60)]
        )
        self._nightly()
        self.env["customer.metrics"]._refresh_company(self.company)
        self.env.cr.execute(
            "UPDATE customer_metrics SET first_order_date = '2026-11-01',"
            " last_order_date = '2026-11-01' WHERE partner_id = ANY(%s)",
            [partners.ids],
        )
        with freeze_time("2026-11-22 10:00:00"), self.assertQueryCount(60):
            self.env["res.partner"]._update_company_lifecycle(self.company)
        self.assertEqual(set(partners.mapped("customer_lifecycle")), {"won"})
        self.assertEqual(partners.customer_tier_id, self.tiers["standard"])

    def test_questions_about_many_losses_take_no_more_statements(self):
        """They go to one person, who is told once, by the job."""
        self.company.customer_head_id = self.user_manager
        counts = []
        for number in (3, 40):
            partners = self.env["res.partner"].create(
                [{"name": f"Lost {number}.{n}", "is_company": True} for n in range(number)]
            )
            self.env.flush_all()
            users = dict.fromkeys(partners.ids, self.user_manager.id)
            mails = self.env["mail.mail"].sudo().search_count([])
            before = self.env.cr.sql_log_count
            partners._ask_cause(self.company, users, {})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(partners.activity_ids.user_id, self.user_manager)
            self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)
        self.assertLessEqual(counts[1], counts[0])
