from datetime import date
from itertools import product

from odoo.tests import tagged
from odoo.tools import SQL

from ...engine import tiering
from ...queries.review_plan import ApplyPlan
from ...queries.reviews_apply import within_year
from .review_case import ReviewCase

QUARTERS = {
    number: {"date_from": date(2026, 3 * number - 2, 1), "date_to": last}
    for number, last in enumerate(
        (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)), start=1
    )
}
YEAR_2025 = {"date_from": date(2025, 1, 1), "date_to": date(2025, 12, 31)}
YEAR_2026 = {"date_from": date(2026, 1, 1), "date_to": date(2026, 12, 31)}


@tagged("post_install", "-at_install")
class TestReviewGoverns(ReviewCase):
    """A quarter governs the next quarter, a year the next year; nothing older replaces a newer
    result.
    """

    @classmethod
    def setUpClass(cls):
        """Have a scorecard of the year beside that of the quarter."""
        super().setUpClass()
        cls.yearly = cls._scorecard(name="Yearly", period="year")

    def _decided(self, tier, yearly=False, partner=None, **period):
        """Apply a review in which the customer gets a tier."""
        review = self._review(self.yearly if yearly else self.scorecard, **period)
        self._line(review, partner or self.customer).write(
            {"decided_tier_id": tier.id, "reason": "test"}
        )
        return self._apply(review)

    def _apply(self, review):
        """A year is approved by the leader and the head of customer governance."""
        review.with_user(self.user_committee).action_submit()
        review.with_user(self.leader).action_approve()
        if review.state == "in_review":
            review.with_user(self.user_manager).action_approve()
        review.with_user(self.leader).action_apply()
        return review

    def test_an_old_year_does_not_replace_a_newer_quarter(self):
        self._decided(self.standard, **QUARTERS[3])
        review = self._decided(self.strategic, yearly=True, **YEAR_2025)
        self.assertEqual(self.customer.customer_tier_id, self.standard)
        self.assertIn("more recent period", review.message_ids[0].body)

    def test_an_old_quarter_does_not_replace_a_newer_year(self):
        self._decided(self.key, yearly=True, **YEAR_2026)
        self._decided(self.standard, **QUARTERS[3])
        self.assertEqual(self.customer.customer_tier_id, self.key)

    def test_customers_without_a_newer_result_get_the_older_one(self):
        other = self._new_customer("Only in the year")
        self._invoice(other, 50, date(2025, 5, 1))
        self._decided(self.standard, **QUARTERS[3])
        card = self._scorecard(
            name="Others", period="year", population=f"[('id', '=', {other.id})]"
        )
        review = self._review(card, **YEAR_2025)
        self._line(review, other).write({"decided_tier_id": self.key.id, "reason": "test"})
        self._apply(review)
        self.assertEqual(other.customer_tier_id, self.key)

    def test_the_last_quarter_counts_in_its_quarter_whichever_is_applied_first(self):
        self._decided(self.standard, **QUARTERS[4])
        self._decided(self.strategic, yearly=True, **YEAR_2026)
        self.assertEqual(self.customer.customer_tier_id, self.standard)

    def test_who_lapsed_since_stays_lapsed(self):
        lapsed = self.env.ref("customer_governance.tier_lapsed")
        self.customer._set_customer_tier(lapsed, "no order", "lifecycle")
        self._decided(self.strategic, yearly=True, **YEAR_2025)
        self.assertEqual(self.customer.customer_tier_id, lapsed)

    def test_a_quarter_moves_as_far_as_the_company_says(self):
        self._decided(self.strategic, yearly=True, **YEAR_2025)
        for rule, expected in (
            ("free", self.standard),
            ("not_below", self.strategic),
            ("one_step", self.key),
        ):
            with self.subTest(rule), self.env.cr.savepoint() as savepoint:
                self.company.customer_year_rule = rule
                self._decided(self.standard, **QUARTERS[1])
                self.assertEqual(self.customer.customer_tier_id, expected)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_year_that_is_applied_late_bounds_its_quarters(self):
        self.company.customer_year_rule = "one_step"
        self._decided(self.standard, **QUARTERS[1])
        self._decided(self.strategic, yearly=True, **YEAR_2025)
        self.assertEqual(self.customer.customer_tier_id, self.key)
        self.assertIn("within the limits", self.customer.customer_tier_history_ids[:1].reason)

    def test_both_show_with_their_spans(self):
        self._decided(self.strategic, yearly=True, **YEAR_2025)
        self._decided(self.key, **QUARTERS[3])
        text = self.customer.with_user(self.user_committee).customer_governing_results
        for part in ("2025: Strategic", "01/01/2026", "12/31/2026", "2026 Q3: Key", "10/01/2026"):
            self.assertIn(part, text)

    def test_statement_equals_engine(self):
        order = (7, 3, 9, 5)
        for rule in tiering.YEAR_RULES:
            plan = ApplyPlan(1, 1, 1, date(2026, 1, 1), "", rule=rule, order=order)
            for result, year in product((*order, 8), repeat=2):
                expression = within_year(plan, SQL("%s", result), SQL("%s", year))
                [(found,)] = self.env.execute_query(SQL("SELECT %s", expression))
                self.assertEqual(found, tiering.within_year(rule, order, result, year))
