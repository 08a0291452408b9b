from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...engine.archive_custody import (
    Exposure,
    PartyCount,
    ReminderPolicy,
    check_count,
    handover_agrees,
    may_return,
    remind_from,
    reminder,
    secured,
)
from ...engine.archive_sampling import Item, Policy, accuracy, draw, sample_size, score

DUE = date(2026, 2, 28)
TODAY = date(2026, 11, 20)


@tagged("post_install", "-at_install")
class TestArchiveCustodyEngine(BaseCase):
    """Reminders, counts, handovers, securities: the borders by hand."""

    def test_reminder_by_day(self):
        policy = ReminderPolicy(before=3, every=7)
        expected = {
            -4: None,
            -3: "soon:2026-02-28",
            -1: "soon:2026-02-28",
            0: "due:2026-02-28",
            1: "overdue:2026-02-28:0",
            7: "overdue:2026-02-28:0",
            8: "overdue:2026-02-28:1",
            15: "overdue:2026-02-28:2",
        }
        for days, key in expected.items():
            self.assertEqual(reminder(DUE, DUE + timedelta(days=days), policy), key, days)

    def test_reminder_without_notice_and_without_repetition(self):
        policy = ReminderPolicy(before=0, every=0)
        self.assertIsNone(reminder(DUE, DUE - timedelta(days=1), policy))
        self.assertEqual(reminder(DUE, DUE, policy), "due:2026-02-28")
        for days in (1, 100):
            self.assertEqual(
                reminder(DUE, DUE + timedelta(days=days), policy), "overdue:2026-02-28:0"
            )

    @settings(max_examples=200, deadline=None)
    @given(st.integers(-40, 400), st.integers(0, 10), st.integers(0, 20))
    def test_the_search_finds_every_loan_that_is_reminded(self, days, before, every):
        policy = ReminderPolicy(before, every)
        today = DUE + timedelta(days=days)
        if reminder(DUE, today, policy):
            self.assertLessEqual(DUE, remind_from(today, policy))

    def test_count(self):
        self.assertEqual(check_count(3, 3, False, None), (True, ()))
        self.assertEqual(check_count(3, 2, False, "at the court"), (False, ()))
        self.assertEqual(check_count(3, 3, True, "torn"), (False, ()))
        for counted, damaged, note, code in (
            (2, False, "", "difference_needs_word"),
            (4, False, "  ", "difference_needs_word"),
            (3, True, None, "damage_needs_word"),
            (-1, False, "x", "negative"),
        ):
            agrees, [reason] = check_count(3, counted, damaged, note)
            self.assertEqual((agrees, reason.code), (False, code))

    def test_handover(self):
        good = PartyCount(True, 2)
        self.assertEqual(handover_agrees(2, good, good), (True, ()))
        agreed, reasons = handover_agrees(2, PartyCount(False, 2), PartyCount(True, 1))
        self.assertFalse(agreed)
        self.assertEqual([r.code for r in reasons], ["name_differs", "quantity_differs"])

    def test_secured_is_rounded_down(self):
        self.assertEqual(secured(Decimal("100.01"), Decimal("33.33")), Decimal("33.33"))
        self.assertEqual(secured(Decimal(0), Decimal(70)), 0)
        self.assertEqual(secured(Decimal(999), Decimal(50), Decimal(1)), 499)

    def test_return_at_the_limit_and_one_past_it(self):
        def standing(used, limit=1000, securities=500, **more):
            return Exposure(
                Decimal(used),
                None if limit is None else Decimal(limit),
                more.pop("unlimited", False),
                Decimal(securities),
                **more,
            )

        deed = Decimal(200)
        self.assertTrue(may_return(standing(1300), deed)[0])
        allowed, [reason] = may_return(standing("1300.01"), deed)
        self.assertFalse(allowed)
        self.assertEqual(dict(reason.params)["missing"], Decimal("0.01"))
        self.assertTrue(may_return(standing(0, limit=None, securities=200), deed)[0])
        self.assertFalse(may_return(standing(1, limit=None, securities=200), deed)[0])
        self.assertTrue(may_return(standing(10**9, unlimited=True), deed)[0])
        self.assertFalse(may_return(standing(1, is_blocked=True), deed)[0])
        self.assertTrue(may_return(standing(0, is_blocked=True), deed)[0])
        self.assertFalse(may_return(standing(1, limit=0, securities=200), deed)[0])


@tagged("post_install", "-at_install")
class TestArchiveSamplingEngine(BaseCase):
    """The sample of an inventory."""

    def test_size(self):
        policy = Policy(share=5, minimum=20)
        sizes = {0: 0, 19: 19, 20: 20, 400: 20, 401: 21, 1000: 50}
        for total, size in sizes.items():
            self.assertEqual(sample_size(total, policy), size, total)
        self.assertEqual(sample_size(10, Policy(share=100)), 10)
        self.assertEqual(sample_size(10, Policy(share=0)), 0)

    def test_score(self):
        policy = Policy(share=5, stale_days=730)
        day = TODAY - timedelta(days=730)
        for item, points, codes in (
            (Item(1, counted_on=TODAY), 0, []),
            (Item(1), 2, ["never_counted"]),
            (Item(1, counted_on=day), 2, ["not_counted_since"]),
            (Item(1, counted_on=day + timedelta(days=1)), 0, []),
            (Item(1, loans=9, counted_on=TODAY), 3, ["lent"]),
            (
                Item(1, risk=3, loans=1, was_late=True, bad_last_time=True),
                15,
                ["bad_last_time", "late_loan", "lent", "never_counted", "risky_class"],
            ),
        ):
            rated = score(item, policy, TODAY)
            self.assertEqual((rated.points, [r.code for r in rated.reasons]), (points, codes))

    def test_what_was_bad_is_always_taken(self):
        items = [Item(n, counted_on=TODAY, bad_last_time=n < 3) for n in range(100)]
        chosen = draw(items, Policy(share=0), "seed", TODAY)
        self.assertEqual([one.key for one in chosen], [0, 1, 2])
        # they count towards the share
        self.assertEqual(len(draw(items, Policy(share=10), "seed", TODAY)), 10)

    @settings(max_examples=100, deadline=None)
    @given(st.lists(st.integers(1, 10**6), unique=True), st.floats(0, 100), st.integers(0, 30))
    def test_size_order_and_seed(self, keys, share, minimum):
        items = [Item(key, loans=key % 4) for key in keys]
        policy = Policy(share=share, minimum=minimum)
        chosen = draw(items, policy, "a", TODAY)
        self.assertEqual(len(chosen), sample_size(len(items), policy))
        self.assertEqual(len({one.key for one in chosen}), len(chosen))
        self.assertEqual(chosen, draw(items[::-1], policy, "a", TODAY))

    def test_a_new_dossier_does_not_change_the_luck_of_the_others(self):
        items = [Item(n) for n in range(200)]
        before = {one.key for one in draw(items, Policy(share=10), "a", TODAY)}
        after = {one.key for one in draw([*items, Item(999)], Policy(share=10), "a", TODAY)}
        self.assertLessEqual(len(before - after), 1)

    def test_risk_is_drawn_more_often(self):
        """Weights 1 and 4: about four times as often, over 200 draws of 10 %."""
        items = [Item(n, counted_on=TODAY, loans=3 if n < 50 else 0) for n in range(100)]
        hits = {True: 0, False: 0}
        for seed in range(200):
            for one in draw(items, Policy(share=10), str(seed), TODAY):
                hits[one.key < 50] += 1
        self.assertEqual(sum(hits.values()), 2000)
        self.assertGreater(hits[True] / hits[False], 3)
        self.assertLess(hits[True] / hits[False], 5)

    def test_accuracy(self):
        self.assertIsNone(accuracy(0, 0))
        self.assertEqual(accuracy(0, 4), 0)
        self.assertEqual(accuracy(3, 4), 75)
