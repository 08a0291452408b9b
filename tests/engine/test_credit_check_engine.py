"""The credit rule against worked tables; borders are exactly on it and one past it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...engine import credit_limits
from ...engine.credit_check import (
    ALLOWED,
    APPROVAL,
    BLOCK,
    HELD,
    WARN,
    WARNED,
    Demand,
    Grade,
    Release,
    Standing,
    decide,
    paying_for,
)
from ...engine.order_authority import AuthorityRule, OrderLine, needed_rule

TODAY = date(2026, 11, 22)
AMOUNTS = st.decimals(-300, 900, places=2)
B = Grade(APPROVAL, 7)
SOUND = Standing(used=Decimal(80), limit=Decimal(100), grade=B)


class TestCreditCheckEngine(BaseCase):
    def check(self, result, codes, standing=SOUND, amount=20, release=None, **demand):
        decision = decide(standing, Demand(Decimal(amount), **demand), TODAY, release)
        self.assertEqual((decision.result, decision.codes), (result, tuple(codes)))
        return decision

    def test_the_limit_itself_is_allowed_and_one_cent_past_it_is_held(self):
        self.check(ALLOWED, [])
        self.check(HELD, ["over_limit"], amount=Decimal("20.01"))

    def test_zero_is_not_unlimited_and_nothing_decided_is_neither(self):
        nothing = replace(SOUND, used=Decimal(0))
        self.check(HELD, ["over_limit"], replace(nothing, limit=Decimal(0)))
        self.check(ALLOWED, [], replace(nothing, limit=Decimal(0), unlimited=True))
        self.check(ALLOWED, [], replace(nothing, limit=None))

    def test_what_adds_nothing_is_allowed_even_on_hold(self):
        bad = replace(SOUND, used=Decimal(900), is_blocked=True)
        self.check(ALLOWED, [], bad, amount=0)
        self.check(ALLOWED, [], bad, amount=-5)

    def test_grace_days(self):
        late = replace(SOUND, overdue_amount=Decimal(5), overdue_days=7)
        self.check(ALLOWED, [], late, amount=1)
        self.check(HELD, ["overdue"], replace(late, overdue_days=8), amount=1)
        self.check(ALLOWED, [], replace(late, overdue_days=99, grade=None), amount=1)

    def test_the_last_day_of_an_assessment_counts(self):
        self.check(ALLOWED, [], replace(SOUND, valid_until=TODAY), amount=1)
        yesterday = TODAY - timedelta(days=1)
        self.check(HELD, ["expired"], replace(SOUND, valid_until=yesterday), amount=1)

    def test_who_pays_for_another_customer(self):
        d = Grade(BLOCK, 0, True)
        new = Standing()
        self.check(ALLOWED, [], paying_for(new, SOUND))
        self.check(HELD, ["blocked"], paying_for(SOUND, replace(SOUND, is_blocked=True)), 1)
        self.check(HELD, ["blocked"], paying_for(replace(SOUND, is_blocked=True), SOUND), 1)
        self.check(HELD, ["prepayment"], paying_for(new, Standing(grade=d)))
        self.check(ALLOWED, [], paying_for(SOUND, Standing(grade=d)))
        past = Standing(used=Decimal(999), limit=Decimal(1), grade=B)
        self.check(ALLOWED, [], paying_for(SOUND, past))

    def test_prepayment_only(self):
        d = replace(SOUND, used=Decimal(0), limit=Decimal(0), grade=Grade(BLOCK, 0, True))
        decision = self.check(HELD, ["prepayment"], d)
        self.assertEqual(self.ways(decision), [["prepay 20"], ["ask_release"]])
        # open invoices too: paying this order in advance would not be enough
        decision = self.check(
            HELD, ["prepayment"], replace(d, used=Decimal(50), open_invoices=Decimal(30))
        )
        self.assertEqual(self.ways(decision), [["pay 30", "prepay 40"], ["ask_release"]])
        self.check(ALLOWED, [], replace(d, used=Decimal(-20)))
        self.check(HELD, ["prepayment"], replace(d, used=Decimal("-19.99")))
        self.check(ALLOWED, [], d, paid=Decimal(20))
        self.check(HELD, ["prepayment"], d, paid=Decimal(19))
        self.check(ALLOWED, [], replace(d, secured=Decimal(20)))

    def test_a_warning_grade_warns_of_everything_but_a_hold(self):
        bad = replace(
            SOUND,
            grade=Grade(WARN, 7),
            overdue_amount=Decimal(5),
            overdue_days=8,
            valid_until=TODAY - timedelta(days=1),
        )
        self.check(WARNED, ["over_limit", "overdue", "expired"], bad, amount=21)
        self.check(HELD, ["blocked"], replace(bad, is_blocked=True), amount=21)

    def test_without_a_grade_the_company_says_what_happens(self):
        bare = Standing(used=Decimal(80), limit=Decimal(100))
        self.check(WARNED, ["over_limit"], bare, amount=21)
        self.check(HELD, ["over_limit"], replace(bare, default_action=BLOCK), amount=21)

    def test_a_release_covers_up_to_its_ceiling_until_its_day(self):
        release = Release(Decimal(50), TODAY)
        self.check(ALLOWED, ["over_limit", "released"], amount=50, release=release)
        self.check(HELD, ["over_limit", "over_ceiling"], amount=Decimal("50.01"), release=release)
        over = replace(release, valid_until=TODAY - timedelta(days=1))
        self.check(HELD, ["over_limit", "release_expired"], amount=50, release=over)
        held = replace(SOUND, is_blocked=True)
        self.check(HELD, ["blocked", "over_limit"], held, amount=50, release=release)

    def test_the_ceiling_is_about_the_total_not_about_what_is_left_of_it(self):
        release = Release(Decimal(50), TODAY)
        codes = ["over_limit", "over_ceiling"]
        self.check(HELD, codes, amount=30, total=Decimal(51), release=release)

    def ways(self, decision):
        """Return the ways as lists of "code amount"."""
        return [
            [
                " ".join([step.code, *(str(v) for k, v in step.params if k == "amount")])
                for step in way
            ]
            for way in decision.ways
        ]

    def test_each_way_out_is_enough(self):
        owing = replace(SOUND, open_invoices=Decimal(9))
        decision = self.check(HELD, ["over_limit"], owing, amount=35)
        self.assertEqual(
            self.ways(decision), [["pay 9", "prepay 6"], ["reduce 20"], ["ask_release"]]
        )
        # what is overdue has to be paid in any case, and makes room
        late = replace(owing, open_invoices=Decimal(60), overdue_amount=Decimal(10))
        late = replace(late, overdue_days=8, valid_until=TODAY - timedelta(days=1))
        decision = self.check(HELD, ["over_limit", "overdue", "expired"], late, amount=35)
        self.assertEqual(
            self.ways(decision),
            [
                ["pay_overdue 10", "assess", "pay 5"],
                ["pay_overdue 10", "assess", "reduce 30"],
                ["ask_release"],
            ],
        )
        decision = self.check(
            HELD, ["blocked", "over_limit"], replace(owing, is_blocked=True), amount=35
        )
        self.assertEqual(self.ways(decision)[1], ["ask_lift", "reduce 20"])

    def test_security_widens_the_limit(self):
        self.check(ALLOWED, [], replace(SOUND, secured=Decimal(15)), amount=35)
        self.check(HELD, ["over_limit"], replace(SOUND, secured=Decimal(14)), amount=35)

    @settings(max_examples=60, deadline=None)
    @given(
        st.decimals(0, 1000, places=2),
        st.decimals(0, 1000, places=2),
        st.decimals("0.01", 1000, places=2),
        st.decimals("0.01", 1000, places=2),
    )
    def test_more_is_never_easier(self, used, limit, amount, more):
        standing = replace(SOUND, used=used, limit=limit)
        small = decide(standing, Demand(amount), TODAY)
        large = decide(standing, Demand(amount + more), TODAY)
        if small.result == HELD:
            self.assertEqual(large.result, HELD)

    @settings(max_examples=300, deadline=None)
    @given(
        st.builds(
            Standing,
            used=AMOUNTS,
            open_invoices=AMOUNTS,
            limit=st.one_of(st.none(), st.decimals(0, 500, places=2)),
            unlimited=st.booleans(),
            secured=st.decimals(0, 200, places=2),
            overdue_amount=st.decimals(0, 300, places=2),
            overdue_days=st.integers(0, 40),
            valid_until=st.sampled_from((None, TODAY, TODAY - timedelta(days=1))),
            is_blocked=st.booleans(),
            grade=st.one_of(
                st.none(),
                st.builds(
                    Grade,
                    action=st.sampled_from((WARN, APPROVAL, BLOCK)),
                    grace_days=st.integers(0, 30),
                    prepayment_only=st.booleans(),
                ),
            ),
            default_action=st.sampled_from((WARN, APPROVAL, BLOCK)),
        ),
        st.decimals("0.01", 500, places=2),
        st.decimals(0, 100, places=2),
        st.sampled_from((None, Release(Decimal(50), TODAY), Release(Decimal(900), TODAY))),
    )
    def test_each_way_alone_frees_the_document(self, standing, amount, paid, release):
        """Walk each way and check again."""
        demand = Demand(amount, paid=paid)
        decision = decide(standing, demand, TODAY, release)
        if decision.result == ALLOWED:
            return
        self.assertTrue(decision.ways)
        for way in decision.ways:
            self.assertTrue(way)
            after, left, freed = standing, demand, release
            for step in way:
                values = dict(step.params)
                if step.code in ("pay", "pay_overdue", "prepay"):
                    self.assertGreater(values["amount"], 0)
                    after = replace(after, used=after.used - values["amount"])
                    if step.code == "pay_overdue":
                        after = replace(after, overdue_amount=Decimal(0), overdue_days=0)
                elif step.code == "reduce":
                    self.assertLess(values["amount"], left.amount)
                    self.assertEqual(values["by"], left.amount - values["amount"])
                    left = replace(left, amount=values["amount"])
                elif step.code == "assess":
                    after = replace(after, valid_until=TODAY)
                elif step.code == "ask_lift":
                    after = replace(after, is_blocked=False)
                else:
                    self.assertEqual(step.code, "ask_release")
                    freed = Release(left.amount, TODAY)
            found = decide(after, left, TODAY, freed)
            self.assertNotEqual(found.result, HELD, way)
            paid_all = sum((dict(s.params)["amount"] for s in way if s.code == "pay"), Decimal(0))
            self.assertLessEqual(paid_all, max(standing.open_invoices, Decimal(0)))
            if decision.result == WARNED:
                self.assertEqual(found.result, ALLOWED, way)


class TestCreditLimitsEngine(BaseCase):
    def entry(self, key, amount, first, last=None, temporary=False):
        limit = credit_limits.Limit(Decimal(amount))
        return credit_limits.Entry(key, limit, first, last, temporary)

    def test_temporary_limit_and_back(self):
        first, last = TODAY, TODAY + timedelta(days=2)
        entries = [
            self.entry(1, 100, date(2026, 1, 1)),
            self.entry(2, 300, first, last, True),
            self.entry(3, 150, TODAY + timedelta(days=1)),
        ]
        day = timedelta(days=1)
        found = [credit_limits.in_force(entries, first + n * day).key for n in range(-1, 4)]
        self.assertEqual(found, [1, 2, 2, 2, 3])
        self.assertIsNone(credit_limits.in_force(entries, date(2025, 12, 31)))

    def test_of_one_day_the_later_entry_counts(self):
        entries = [self.entry(1, 100, TODAY), self.entry(2, 50, TODAY)]
        self.assertEqual(credit_limits.in_force(entries, TODAY).key, 2)

    def test_proposal(self):
        rule = credit_limits.LimitRule(Decimal(2))
        sales = Decimal("333.33")
        self.assertEqual(credit_limits.propose(rule, sales).amount, Decimal("666.66"))
        self.assertEqual(credit_limits.propose(rule, Decimal(-5)).amount, 0)
        capped = replace(rule, cap=Decimal(500))
        self.assertEqual(credit_limits.propose(capped, sales).amount, 500)
        self.assertEqual(credit_limits.propose(replace(rule, cap=Decimal(0)), sales).amount, 0)
        self.assertTrue(credit_limits.propose(replace(rule, unlimited=True), sales).unlimited)
        self.assertEqual(credit_limits.propose(rule, sales, Decimal(1)).amount, 667)


class TestOrderAuthorityEngine(BaseCase):
    """The default policy: over 300 t of group 1 the deputy head, from 150 t the section head."""

    rules = [
        AuthorityRule(1, 20, "ton", Decimal(300), categories=frozenset({1})),
        AuthorityRule(2, 20, "ton", Decimal(800), categories=frozenset({2})),
        AuthorityRule(3, 20, tiers=frozenset({7})),
        AuthorityRule(4, 10, "ton", Decimal(150), True, categories=frozenset({1})),
        AuthorityRule(5, 10, tiers=frozenset({8})),
    ]

    def level(self, tier, *lines):
        given_lines = [OrderLine(c, {"ton": Decimal(quantity)}) for c, quantity in lines]
        rule, _reasons = needed_rule(self.rules, tier, given_lines)
        return rule.level if rule else 0

    def test_borders(self):
        for quantity, level in (("149.999", 0), (150, 10), (300, 10), ("300.001", 20)):
            self.assertEqual(self.level(None, (1, quantity)), level, quantity)
        self.assertEqual(self.level(None, (2, 800)), 0)
        self.assertEqual(self.level(None, (2, 801)), 20)

    def test_lines_of_a_group_add_up_and_groups_do_not(self):
        self.assertEqual(self.level(None, (1, 100), (1, 100)), 10)
        self.assertEqual(self.level(None, (1, 100), (2, 100)), 0)

    def test_tier_alone_is_enough_and_the_highest_level_wins(self):
        self.assertEqual(self.level(7, (3, 1)), 20)
        self.assertEqual(self.level(8, (3, 1)), 10)
        self.assertEqual(self.level(8, (1, 301)), 20)
        self.assertEqual(self.level(9, (3, 1)), 0)
