from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...engine import tiering
from ...engine.scoring import Rule
from ...queries import reviews
from .review_case import Case, ReviewCase


@tagged("-at_install", "post_install")
class TestReviewStatements(ReviewCase):
    """Borders, second runs, single customers, applying and what-if."""

    def setUp(self):
        """Bands by cumulative share and score, as in the broad scorecard."""
        super().setUp()
        self.best, self.good, self.plain, self.last = self.tiers.ids
        self.policy = tiering.Policy(
            (
                tiering.Band(1, self.best, min_score=D(60), max_cumulative=D(50)),
                tiering.Band(2, self.good, min_score=D(45), max_cumulative=D(80)),
                tiering.Band(3, self.plain),
            ),
            tuple(self.tiers.ids),
        )
        self.points = Rule("proportional", D(100), target=D(100))

    def _case(self, values, sales=None, **kwargs):
        """Make a case in which a customer's value is its score."""
        values = {number: D(str(value)) for number, value in enumerate(values)}
        sales = {number: D(str(amount)) for number, amount in enumerate(sales or ())}
        return Case([self.points], [values], self.policy, sales=sales, **kwargs)

    def _run(self, case, count, **kwargs):
        self.prepare(case)
        plan = self.plan(case, range(count), **kwargs)
        self.compute(plan)
        return plan

    def _proposed(self, review_id=1):
        return {n: line["proposed_tier_id"] for n, line in self.lines(review_id).items()}

    # --- borders ------------------------------------------------------------------------------

    def test_borders_of_the_first_customers(self):
        """50 / 30 / 20 % of sales: the second begins at the border 50, the third at 80."""
        self._run(self._case([100, 100, 100], [50, 30, 20]), 3)
        self.assertEqual(self._proposed(), {0: self.best, 1: self.good, 2: self.plain})

    def test_one_customer_can_be_the_first(self):
        """Who makes more than the first 50 % alone still belongs to them."""
        self._run(self._case([100, 100], [95, 5]), 2)
        self.assertEqual(self._proposed(), {0: self.best, 1: self.plain})

    def test_borders_of_the_score(self):
        """60 is enough, 59.99 is not; 45 is enough, 44.99 is not. 59.995 rounds to 60.00."""
        values = ["60", "59.99", "45", "44.99", "59.995"]
        self._run(self._case(values, [1, 1, 1, 1, 1]), 5)
        expected = [self.best, self.good, self.good, self.plain, self.best]
        self.assertEqual(self._proposed(), dict(enumerate(expected)))

    def test_nobody(self):
        """An empty population gives no lines and no error."""
        self._run(self._case([]), 0)
        self.assertEqual(self.lines(), {})

    def test_one_customer_without_anything(self):
        """No value and no sales: no score, no rank, no proposal."""
        self._run(self._case([]), 1)
        line = self.lines()[0]
        self.assertEqual((line["score"], line["rank"], line["coverage"]), (None, None, D("0.00")))
        self.assertEqual((line["proposed_tier_id"], line["movement"]), (None, "none"))
        self.assertEqual(line["explanation"][0]["code"], "low_coverage")

    def test_only_credit_notes(self):
        """Negative sales of the company: shares of 0, nobody among the first."""
        self._run(self._case([100, 100], [-5, -7]), 2)
        for line in self.lines().values():
            self.assertEqual((line["share"], line["ahead_share"]), (D("0.0000"), D("100.0000")))
        self.assertEqual(set(self._proposed().values()), {self.plain})

    # --- second runs --------------------------------------------------------------------------

    def test_second_run_changes_nothing(self):
        """Computing twice gives the same rows with the same ids."""
        plan = self._run(self._case([70, 50, 10], [5, 3, 2]), 3)
        before = (self.lines(), self.scores())
        self.compute(plan)
        self.assertEqual((self.lines(), self.scores()), before)

    def test_entries_and_decisions_stay(self):
        """What people entered and decided survives; what nobody decided follows the proposal."""
        case = self._case([70, 50, 10], [5, 3, 2])
        case.rules.append(Rule("deduction", D(50), step=D(1)))
        case.values.append(None)
        plan = self._run(case, 3)
        self.assertEqual(self.lines()[0]["manual_missing"], 1)
        case.entries = [{2: D(100)}, {0: D(20)}]
        self.enter(plan, case)
        self.env.cr.execute(
            SQL(
                "UPDATE customer_review_line SET decided_tier_id = %s, decided_by_id = 1,"
                " reason = 'Contract signed' WHERE partner_id = %s",
                self.last,
                self.partners[0].id,
            )
        )
        self.compute(plan)
        lines, scores = self.lines(), self.scores()
        self.assertEqual(scores[0, 2]["points"], D("30.0000"))
        self.assertEqual((scores[2, 1]["value"], scores[2, 1]["source"]), (D("100"), "manual"))
        self.assertEqual((lines[0]["decided_tier_id"], lines[0]["movement"]), (self.last, "new"))
        self.assertEqual(lines[0]["manual_missing"], 0)
        self.assertEqual(lines[2]["decided_tier_id"], lines[2]["proposed_tier_id"])
        self.assertEqual(lines[2]["score"], D("100.00"))

    def test_cleared_entry_is_measured_again(self):
        """An entry that was taken back gives way to the measured value."""
        case = self._case([70])
        plan = self._run(case, 1)
        case.entries = [{0: D(5)}]
        self.enter(plan, case)
        self.env.cr.execute(SQL("UPDATE customer_review_score SET has_data = FALSE"))
        self.compute(plan)
        score = self.scores()[0, 1]
        self.assertEqual((score["value"], score["source"]), (D("70.000000"), "automatic"))

    def test_customers_come_and_go(self):
        """New ones get a line; of those that left only lines with an entry stay."""
        case = self._case([70, 50, 10, 90])
        plan = self._run(case, 3)
        self.env.cr.execute(
            SQL(
                "UPDATE customer_review_line SET reason = 'Watch' WHERE partner_id = %s",
                self.partners[1].id,
            )
        )
        self.compute(self.plan(case, [2, 3]))
        self.assertEqual(set(self.lines()), {1, 2, 3})
        self.compute(plan)
        self.assertEqual(set(self.lines()), {0, 1, 2})

    def test_dropped_indicator(self):
        """A draft scorecard that lost an indicator loses its scores."""
        case = self._case([70])
        case.rules.append(self.points)
        case.values.append({0: D(10)})
        plan = self._run(case, 1)
        self.assertEqual(self.lines()[0]["score"], D("40.00"))
        self.compute(replace(plan, indicators=plan.indicators[:1]))
        self.assertEqual(self.lines()[0]["score"], D("70.00"))
        self.assertEqual(set(self.scores()), {(0, 1)})

    def test_statements_do_not_depend_on_customers(self):
        """The number of statements follows the indicators."""
        counts = {
            count: self.compute(self.plan(self._case([50] * count), range(count)))
            for count in (1, 30)
        }
        self.assertEqual(counts[1], counts[30])
        two = self._case([50])
        two.rules *= 2
        two.values *= 2
        self.assertEqual(self.compute(self.plan(two, [0])), counts[1] + 1)

    # --- other reviews ------------------------------------------------------------------------

    def test_out_of_turn(self):
        """One customer, with the places it has in the whole population."""
        case = self._case([])
        case.rules = [Rule("rank", D(45), step=D("1.5"))]
        case.values = [{0: D(10), 1: D(30), 2: D(20), 3: D(20)}]
        self._run(case, 4)
        plan = self.plan(case, range(4), review_id=2, only=[3], rank_review_id=1)
        self.compute(plan)
        self.assertEqual(set(self.lines(2)), {3})
        self.assertEqual(self.scores(2)[3, 1]["rank"], 2)
        self.assertEqual(self.scores(2)[3, 1]["points"], D("43.5000"))
        self.assertEqual(self.lines(2)[3]["rank"], self.lines(1)[3]["rank"])

    def test_out_of_turn_with_all_methods(self):
        """A single customer has the points it has among all, whatever the method and the veto."""
        case = self._case([70, 50, 10], [5, 3, 2])
        case.rules.append(Rule("deduction", D(50), step=D(1)))
        case.values.append({1: D(20), 2: D(4)})
        case.vetoes = [(tiering.Veto(1, ">", D(5), self.last), {1: D(6), 2: D(1)})]
        self._run(case, 3)
        self.compute(self.plan(case, range(3), review_id=2, only=[1], rank_review_id=1))
        for column in ("score", "coverage", "share", "ahead_share", "proposed_tier_id", "rank"):
            self.assertEqual(self.lines(2)[1][column], self.lines(1)[1][column], column)
        self.assertEqual(self.lines(2)[1]["proposed_tier_id"], self.last)

    def test_trend(self):
        """Score and place of the review before, where the customer was in it."""
        self._run(self._case([70, 50]), 2)
        plan = self.plan(self._case([40, 50, 60]), range(3), review_id=2, previous_review_id=1)
        self.compute(plan)
        lines = self.lines(2)
        self.assertEqual(
            [(lines[n]["previous_score"], lines[n]["previous_rank"]) for n in range(3)],
            [(D("70.00"), 1), (D("50.00"), 2), (None, None)],
        )

    # --- applying -----------------------------------------------------------------------------

    def _apply(self, reason="Review 2025 Q2"):
        plan = reviews.ApplyPlan(1, self.company.id, self.env.uid, date(2025, 7, 3), reason)
        [(count,)] = self.env.execute_query(reviews.apply_tiers(plan))
        self.env.invalidate_all()
        return count

    def test_apply(self):
        """Tiers of customers and contacts, one history row for each change, other companies not."""
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.partners[1].id}
        )
        self.env.flush_all()
        other = self.env["res.company"].create({"name": "Other"})
        case = self._case([70, 50, 10], [5, 3, 2], previous={0: self.best, 2: self.good})
        self._run(case, 4)
        self.env.cr.execute(
            SQL(
                "UPDATE customer_review_line SET decided_tier_id = %s, decided_by_id = 1,"
                " reason = 'New contract' WHERE partner_id = %s",
                self.last,
                self.partners[2].id,
            )
        )
        self.assertEqual(self._apply(), 2)
        partners = self.partners.with_company(self.company)
        self.assertEqual(
            partners[:4].mapped(lambda partner: partner.customer_tier_id.id),
            [self.best, self.good, self.last, False],
        )
        inside = contact.with_company(self.company)
        self.assertEqual(inside.customer_tier_id.id, self.good)
        self.assertEqual(inside.customer_tier_since, date(2025, 7, 3))
        self.assertEqual(inside.customer_tier_origin, "review")
        self.assertFalse(partners.with_company(other).customer_tier_id)
        history = self.env["customer.tier.history"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            {
                (row.partner_id, row.old_tier_id.id, row.new_tier_id.id, row.reason)
                for row in history
            },
            {
                (self.partners[1], False, self.good, "Review 2025 Q2"),
                (self.partners[2], self.good, self.last, "New contract"),
            },
        )
        self.assertEqual(self._apply(), 0, "applying twice changes nothing")

    def test_apply_is_all_or_nothing(self):
        """A failure leaves tiers and history as they were."""
        self._run(self._case([70, 50], [5, 3]), 2)
        self.env.cr.execute(
            "ALTER TABLE customer_tier_history ADD CONSTRAINT stop CHECK (partner_id != %s)",
            [self.partners[1].id],
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self._apply()
        self.env.invalidate_all()
        self.assertFalse(self.partners.with_company(self.company).customer_tier_id)
        self.assertFalse(
            self.env["customer.tier.history"].search([("company_id", "=", self.company.id)])
        )
