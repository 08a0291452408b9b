import doctest
import random
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ...engine import collection
from ...engine.collection import (
    HOLD,
    SETTLED,
    STEP,
    WAIT,
    Item,
    Last,
    Level,
    choose_way,
    claim,
    decide,
)

TODAY = date(2026, 11, 20)
LEVELS = (Level(1, 5), Level(2, 15), Level(3, 30))


def item(days, amount="100", **vals):
    """Return an item that is overdue for `days`."""
    return Item(vals.pop("id", days), TODAY - timedelta(days=days), Decimal(amount), **vals)


@tagged("post_install", "-at_install")
class TestCollectionEngine(BaseCase):
    def _decide(self, *items, reached=None, levels=LEVELS, today=TODAY):
        return decide(items, levels, reached, today)

    def codes(self, decision):
        """Return the codes of the reasons."""
        return {reason.code for reason in decision.reasons}

    def test_examples(self):
        failures, _tests = doctest.testmod(collection)
        self.assertEqual(failures, 0)

    def test_border_exactly_on_the_day(self):
        for days, outcome, level in (
            (0, SETTLED, None),
            (1, WAIT, None),
            (4, WAIT, None),
            (5, STEP, 1),
            (14, STEP, 1),
        ):
            decision = self._decide(item(days))
            self.assertEqual((decision.outcome, decision.level_id), (outcome, level), days)

    def test_not_due_yet_is_nothing(self):
        self.assertEqual(self._decide(item(-3)).outcome, SETTLED)
        self.assertEqual(self._decide().outcome, SETTLED)

    def test_month_end_and_leap_day(self):
        levels = [Level(1, 1)]
        for due, today, outcome in (
            (date(2028, 2, 29), date(2028, 2, 29), SETTLED),
            (date(2028, 2, 29), date(2028, 3, 1), STEP),
            (date(2026, 12, 31), date(2027, 1, 1), STEP),
        ):
            decision = decide([Item(1, due, Decimal(1))], levels, None, today)
            self.assertEqual(decision.outcome, outcome, due)

    def test_next_date_of_the_next_level(self):
        decision = self._decide(item(5), reached=5)
        self.assertEqual(decision.outcome, WAIT)
        self.assertEqual(decision.next_date, TODAY + timedelta(days=10))
        self.assertIn("not_yet", self.codes(decision))

    def test_after_a_downtime_only_the_highest_level(self):
        decision = self._decide(item(40))
        self.assertEqual((decision.level_id, decision.passed), (3, (1, 2)))
        self.assertIn("passed", self.codes(decision))
        decision = self._decide(item(40), reached=5)
        self.assertEqual((decision.level_id, decision.passed), (3, (2,)))

    def test_nothing_after_the_last_level(self):
        decision = self._decide(item(400), reached=30)
        self.assertEqual((decision.outcome, decision.next_date), (WAIT, None))
        self.assertIn("all_sent", self.codes(decision))

    def test_the_last_level_comes_again(self):
        since = TODAY - timedelta(days=30)
        for last, outcome in (
            (Last(30, since), STEP),
            (Last(31, since), WAIT),
            (Last(30, None), WAIT),
            (Last(0, since), WAIT),
        ):
            decision = decide([item(400)], LEVELS, 30, TODAY, last)
            self.assertEqual(decision.outcome, outcome, last)
        self.assertEqual(decide([item(400)], LEVELS, 30, TODAY, Last(30, since)).level_id, 3)
        later = decide([item(400)], LEVELS, 30, TODAY, Last(31, since))
        self.assertEqual(later.next_date, TODAY + timedelta(days=1))
        lawyer = decide([item(400)], LEVELS, 30, TODAY, Last(30, since), handed_over=True)
        self.assertEqual(lawyer.outcome, HOLD)
        paid = decide([], LEVELS, 30, TODAY, Last(30, since), handed_over=True)
        self.assertEqual(paid.outcome, SETTLED)

    def test_a_level_that_was_reached_does_not_come_again_for_a_younger_item(self):
        self.assertEqual(self._decide(item(6), reached=15).outcome, WAIT)

    def test_zero_residual_is_paid(self):
        self.assertEqual(self._decide(item(40, "0")).outcome, SETTLED)
        self.assertEqual(self._decide(item(40, "0.01")).outcome, STEP)

    def test_credits_cover_what_is_overdue(self):
        self.assertEqual(self._decide(item(40), item(3, "-100", id=9)).outcome, SETTLED)
        decision = self._decide(item(40), item(3, "-99.99", id=9))
        self.assertEqual((decision.outcome, decision.claim.amount), (STEP, Decimal("0.01")))
        self.assertEqual(decision.claim.item_ids, (40,))

    def test_disputed_items_are_not_chased(self):
        decision = self._decide(item(40, disputed=True), item(6))
        self.assertEqual((decision.level_id, decision.claim.days), (1, 6))
        self.assertEqual((decision.claim.amount, decision.claim.item_ids), (100, (6,)))
        self.assertIn("disputed", self.codes(decision))
        self.assertEqual(self._decide(item(40, disputed=True)).outcome, HOLD)

    def test_a_promise_holds_up_to_its_day(self):
        for until, outcome in ((TODAY, HOLD), (TODAY - timedelta(days=1), STEP)):
            decision = self._decide(item(40, promised_until=until))
            self.assertEqual(decision.outcome, outcome, until)

    def test_credits_do_not_turn_a_held_item_into_a_claim(self):
        decision = self._decide(item(40, disputed=True), item(6, "50"), item(3, "-60", id=9))
        self.assertEqual(decision.outcome, HOLD)

    def test_ways(self):
        self.assertEqual(choose_way("mail", True, False, True), ("mail", True, ()))
        for arguments, code in (
            (("mail", False, False, True), "no_mail"),
            (("mail", True, True, True), "archived"),
        ):
            way, sends, reasons = choose_way(*arguments)
            self.assertEqual((way, sends, reasons[0].code), ("phone", False, code))
        way, sends, reasons = choose_way("mail", True, False, False)
        self.assertEqual((way, sends, reasons[0].code), ("mail", False, "by_hand"))
        self.assertEqual(choose_way("letter", False, True, True), ("letter", False, ()))

    def test_borders_of_buckets(self):
        for text in ("", "0,30", "30,30", "60,30", "x"):
            with self.assertRaises(ValueError):
                collection.parse_borders(text)

    def test_any_rhythm_of_runs_sends_each_level_at_most_once(self):
        generator = random.Random(5)
        for _round in range(200):
            due = TODAY - timedelta(days=generator.randrange(60))
            reached, sent, day = None, [], due
            while day < due + timedelta(days=60):
                decision = decide([Item(1, due, Decimal(10))], LEVELS, reached, day)
                if decision.outcome == STEP:
                    days = {level.id: level.days for level in LEVELS}[decision.level_id]
                    self.assertLessEqual(days, (day - due).days)
                    sent += [*decision.passed, decision.level_id]
                    reached = days
                day += timedelta(days=generator.choice((0, 1, 1, 2, 9, 25)))
            last = decide([Item(1, due, Decimal(10))], LEVELS, reached, due + timedelta(days=99))
            sent += [*last.passed, *([last.level_id] if last.outcome == STEP else [])]
            self.assertEqual(sent, [1, 2, 3])

    def test_claim_is_never_more_than_what_is_overdue(self):
        generator = random.Random(7)
        for _round in range(300):
            items = [
                Item(
                    number,
                    TODAY - timedelta(days=generator.randrange(-3, 40)),
                    Decimal(generator.randrange(-50, 100)),
                    TODAY if generator.random() < 0.3 else None,
                    generator.random() < 0.3,
                )
                for number in range(generator.randrange(6))
            ]
            found = claim(items, TODAY)
            overdue = sum(i.residual for i in items if i.residual > 0 and i.due < TODAY)
            self.assertLessEqual(found.amount, overdue)
            self.assertEqual(found.amount > 0, found.outcome == WAIT)
            held = {i.id for i in items if i.disputed or i.promised_until}
            self.assertFalse(held & set(found.item_ids))
