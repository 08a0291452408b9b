from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .metrics_case import MetricsCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-21 10:00:00")
class TestDataReview(MetricsCase):
    """Half-yearly confirmation of the customers' data: due list, closing, escalation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Review = cls.env["customer.data.review"]
        cls.tier = cls.env.ref("customer_governance.tier_standard")
        cls.env["res.partner"].search([])._set_customer_tier(
            cls.env["customer.tier"], "No tiers but those of the test", "manual"
        )
        cls.customer._set_customer_tier(cls.tier, "Test", "manual")
        cls.Metrics._refresh()

    def _age(self, partner, moment):
        """Pretend that the customer was entered at a moment."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id = %s", (moment, partner.id)
        )
        self.env.invalidate_all()

    def _due(self, partner, company=None):
        return self.Review.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or self.company).id),
                ("state", "=", "due"),
            ]
        )

    # -- due list ----------

    def test_due_after_the_interval_and_not_a_day_earlier(self):
        self._age(self.customer, "2026-05-22 10:00:00")
        self.Review._open_due(self.company)
        self.assertFalse(self._due(self.customer))
        self._age(self.customer, "2026-05-21 10:00:00")
        self.Review._open_due(self.company)
        review = self._due(self.customer)
        self.assertEqual(review.date, date(2026, 11, 21))
        self.assertEqual(review.deadline, date(2026, 12, 21))
        self.assertEqual(review.user_id, self.user_sales)

    def test_catches_up_and_runs_twice(self):
        self._age(self.customer, "2020-01-01 10:00:00")
        self.assertEqual(len(self.Review._open_due(self.company)), 1)
        self.assertFalse(self.Review._open_due(self.company))
        self.Review._cron_data_reviews()
        self.assertEqual(len(self._due(self.customer)), 1)

    def test_next_one_counts_from_the_last(self):
        self._age(self.customer, "2020-01-01 10:00:00")
        self.Review._open_due(self.company)
        self._due(self.customer).action_confirm()
        self.assertFalse(self.Review._open_due(self.company))
        with freeze_time("2027-05-20 10:00:00"):
            self.assertFalse(self.Review._open_due(self.company))
        with freeze_time("2027-05-21 10:00:00"):
            self.assertTrue(self.Review._open_due(self.company))

    def test_end_of_month(self):
        """Six months after 31 August is the last day of February."""
        self._age(self.customer, "2025-08-31 12:00:00")
        with freeze_time("2026-02-27 12:00:00"):
            self.assertFalse(self.Review._open_due(self.company))
        with freeze_time("2026-02-28 12:00:00"):
            self.assertTrue(self.Review._open_due(self.company))

    def test_only_customers(self):
        """A tier of kind customer, or orders without any tier; prospects are not bothered."""
        prospect, buyer, archived = (
            self._customer("Prospect"),
            self._customer("Buyer"),
            self._customer("Archived"),
        )
        tier = self.env.ref("customer_governance.tier_potential")
        prospect._set_customer_tier(tier, "Test", "manual")
        archived._set_customer_tier(self.tier, "Test", "manual")
        self._order(buyer, "2026-01-01 10:00:00")
        self.env["res.partner"].browse(buyer.id)._set_customer_tier(
            self.env["customer.tier"], "Test", "manual"
        )
        archived.active = False
        self.Metrics._refresh()
        for partner in prospect + buyer + archived:
            self._age(partner, "2020-01-01 10:00:00")
        self.Review._open_due(self.company)
        self.assertTrue(self._due(buyer))
        self.assertFalse(self._due(prospect) or self._due(archived))

    def test_interval_of_each_company(self):
        self.other_company.customer_data_review_months = 0
        self.customer.with_company(self.other_company)._set_customer_tier(
            self.tier, "Test", "manual"
        )
        self._age(self.customer, "2020-01-01 10:00:00")
        self.Review._cron_data_reviews()
        self.assertTrue(self._due(self.customer))
        self.assertFalse(self._due(self.customer, self.other_company))
        self.other_company.customer_data_review_months = 12
        self.Review._cron_data_reviews()
        self.assertEqual(len(self._due(self.customer, self.other_company)), 1)

    def test_query_count_does_not_grow(self):
        def open_due(number):
            partners = self.env["res.partner"].create(
                [{"name": f"Due {number}-{i}"} for i in range(number)]
            )
            partners._set_customer_tier(self.tier, "Test", "manual")
            self.Metrics._refresh(partners)
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE res_partner SET create_date = '2020-01-01' WHERE id IN %s",
                (tuple(partners.ids),),
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertGreaterEqual(len(self.Review._open_due(self.company)), number)
            return self.env.cr.sql_log_count - before

        open_due(1)
        self.assertEqual(open_due(10), open_due(200))

    # -- closing ----------

    def _review(self, partner=None):
        return self.Review.create({"partner_id": (partner or self.customer).id})

    def test_confirm(self):
        review = self._review()
        review.with_user(self.user_sales).action_confirm()
        self.assertEqual(
            (review.state, review.reviewer_id, review.date_done),
            ("confirmed", self.user_sales, date(2026, 11, 21)),
        )
        self.assertEqual(review.completeness, self.customer.customer_data_percent)
        self.assertEqual(self.customer.customer_data_review_state, "done")

    def test_correct_keeps_old_and_new(self):
        review = self._review()
        with self.assertRaises(TransitionRefused):
            review.with_user(self.user_sales).action_correct()
        self.customer.vat = "/"
        self.customer.customer_legal_representative = "Li Wei"
        review.with_user(self.user_sales).action_correct()
        self.assertEqual(review.state, "corrected")
        self.assertEqual(
            [(line.old_value or "", line.new_value) for line in review.correction_ids],
            [("", "/"), ("", "Li Wei")],
        )

    def test_corrected_in_the_review_itself(self):
        review = self._review()
        review.write({"partner_name": "Harbour Glass Works", "partner_city": "Hamburg"})
        review.action_correct()
        self.assertEqual(self.customer.name, "Harbour Glass Works")
        self.assertEqual(
            {line.new_value for line in review.correction_ids}, {"Harbour Glass Works", "Hamburg"}
        )

    def test_confirming_changed_data_is_correcting(self):
        """ "Data is right" after a change does not hide that it was wrong."""
        review = self._review()
        other = self._review(self.foreign_customer)
        self.customer.vat = "/"
        (review + other).action_confirm()
        self.assertEqual((review.state, other.state), ("corrected", "confirmed"))

    def test_corrections_end_with_the_review(self):
        review = self._review()
        review.action_confirm()
        self.customer.vat = "/"
        self.env.cr.precommit.run()
        self.assertFalse(review.correction_ids)

    def test_closed_is_closed(self):
        review = self._review()
        review.action_confirm()
        for action in (review.action_confirm, review.action_cancel):
            with self.assertRaises(TransitionRefused):
                action()
        with self.assertRaises(UserError):
            review.with_user(self.user_manager).note = "rewritten"
        with self.assertRaises(UserError):
            review.with_user(self.user_manager).unlink()

    def test_facts_cannot_be_written(self):
        review = self._review().with_user(self.user_manager)
        for vals in (
            {"state": "confirmed"},
            {"deadline": "2030-01-01"},
            {"reviewer_id": self.user_sales.id},
            {"state": "due", "date_done": "2026-01-01"},
            {"escalation_level": 3},
        ):
            with self.assertRaises(UserError):
                review.write(vals)
        review.note = "Spoke to the director"

    def test_who_may_close(self):
        foreign = self._review(self.foreign_customer)
        for user in (self.user_sales, self.user_credit, self.user_auditor, self.plain_user):
            with self.assertRaises(AccessError):
                foreign.with_user(user).action_confirm()
        foreign.with_user(self.user_service).action_confirm()

    def test_one_open_review_of_the_customer(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        with self.assertRaises(UserError):
            self._review(contact)
        first = self.customer.with_user(self.user_sales).action_start_data_review()["res_id"]
        again = contact.with_user(self.user_sales).action_start_data_review()["res_id"]
        self.assertEqual(first, again)
        with self.assertRaises(AccessError):
            self.foreign_customer.with_user(self.user_sales).action_start_data_review()
        self.assertFalse(self._due(self.foreign_customer), "nothing half-written")

    def test_archived_customers_are_let_go(self):
        review = self._review()
        self.customer.active = False
        self.Review._cron_data_reviews()
        self.assertEqual(review.state, "cancelled")

    # -- escalation ----------

    def test_overdue_escalates_step_by_step_and_once(self):
        leader = self._new_user("leader", "customer_governance.group_sales")
        team = self.env["crm.team"].create({"name": "North", "user_id": leader.id})
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": self.user_sales.id})
        self.company.customer_head_id = self.user_manager
        review = self._review()
        self.assertEqual(review.deadline, date(2026, 12, 21))
        for moment, people in (
            ("2026-12-21 10:00:00", self.env["res.users"]),
            ("2026-12-22 10:00:00", self.user_sales),
            ("2026-12-28 10:00:00", self.user_sales),
            ("2026-12-29 10:00:00", self.user_sales + leader),
            ("2027-01-05 10:00:00", self.user_sales + leader + self.user_manager),
        ):
            with freeze_time(moment):
                self.Review._cron_data_reviews()
                self.Review._cron_data_reviews()
                self.assertEqual(review.activity_ids.user_id, people, moment)
                self.assertEqual(len(review.activity_ids), len(people), moment)
                self.assertEqual(review.is_overdue, moment > "2026-12-22")
        review.action_confirm()
        self.assertFalse(review.activity_ids)

    def test_late_job_escalates_all_steps_at_once(self):
        self.company.customer_head_id = self.user_manager
        review = self._review()
        with freeze_time("2027-06-01 10:00:00"):
            self.Review._cron_data_reviews()
            self.Review._cron_data_reviews()
        self.assertEqual(review.escalation_level, 3)
        self.assertIn(self.user_manager, review.activity_ids.user_id)
        self.assertIn(self.user_sales, review.activity_ids.user_id)

    def test_the_same_person_is_asked_once(self):
        """An account manager who is the head as well gets one activity, not three."""
        self.company.customer_head_id = self.user_sales
        review = self._review()
        with freeze_time("2027-06-01 10:00:00"):
            self.Review._cron_data_reviews()
        self.assertEqual(review.activity_ids.user_id, self.user_sales)
        self.assertEqual(len(review.activity_ids), 1)

    def test_nobody_responsible_goes_to_the_head(self):
        self.company.customer_head_id = self.user_manager
        orphan = self._customer("Orphan")
        review = self._review(orphan)
        with freeze_time("2026-12-22 10:00:00"):
            self.Review._escalate_overdue()
        self.assertEqual(review.activity_ids.user_id, self.user_manager)

    def test_overdue_follows_the_clock_of_the_company(self):
        review = self._review()
        with freeze_time("2026-12-21 20:00:00"):
            self.assertFalse(review.is_overdue)
            self.company.customer_tz = "Asia/Shanghai"  # there it is the 22nd
            review.invalidate_recordset()
            self.assertTrue(review.is_overdue)
            self.assertEqual(self.Review.search([("is_overdue", "=", True)]), review)
            self.assertFalse(
                self.Review.search([("id", "=", review.id), ("is_overdue", "=", False)])
            )
