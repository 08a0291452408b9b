from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ...engine.lifecycle import Facts, Policy, asks, borders, decide, event_day

POLICY = Policy(won_months=3, churn_months=12, loyal_orders=4, loyal_satisfaction=Decimal("4.00"))
TODAY = date(2026, 11, 21)


@tagged("post_install", "-at_install")
class TestLifecycleEngine(BaseCase):
    """Each state, its borders and its reasons."""

    def _state(self, today=TODAY, **facts):
        return decide(Facts(**facts), POLICY, today).state

    def _ordered(self, first, last, **facts):
        return self._state(first_order=first, last_order=last, **facts)

    def test_without_orders(self):
        self.assertEqual(self._state(), "prospect")
        self.assertEqual(self._state(opportunities=2, lost_opportunities=1), "prospect")
        self.assertEqual(self._state(opportunities=2, lost_opportunities=2), "lost")

    def test_order_beats_lost_opportunities(self):
        day = date(2026, 11, 1)
        state = self._ordered(day, day, opportunities=3, lost_opportunities=3)
        self.assertEqual(state, "won")

    def test_won_border(self):
        """The first order three months ago to the day is no longer 'won', the next day is."""
        recent = date(2026, 11, 1)
        self.assertEqual(self._ordered(date(2026, 8, 22), recent), "won")
        self.assertEqual(self._ordered(date(2026, 8, 21), recent), "retained")

    def test_churn_border(self):
        """The same windows as the figures: no order since the day 12 months ago is churned."""
        first = date(2024, 1, 1)
        self.assertEqual(self._ordered(first, date(2025, 11, 22)), "retained")
        self.assertEqual(self._ordered(first, date(2025, 11, 21)), "churned")

    def test_leap_day(self):
        """12 months before 29 February end on 28 February: an order of that day is outside."""
        leap = date(2028, 2, 29)
        self.assertEqual(borders(POLICY, leap).churn_from, date(2027, 3, 1))
        facts = Facts(first_order=date(2020, 1, 1), last_order=date(2027, 2, 28))
        self.assertEqual(decide(facts, POLICY, leap).state, "churned")

    def test_month_end(self):
        """Three months before 31 May is 28 February (clamped), 1 March is inside."""
        limits = borders(POLICY, date(2026, 5, 31))
        self.assertEqual(limits.won_from, date(2026, 3, 1))

    def test_loyal_borders(self):
        def state(orders, mark):
            return self._ordered(
                date(2020, 1, 1),
                date(2026, 11, 1),
                orders_12m=orders,
                satisfaction=mark,
            )

        self.assertEqual(state(4, Decimal("4.00")), "loyal")
        self.assertEqual(state(3, Decimal("5.00")), "retained")
        self.assertEqual(state(9, Decimal("3.99")), "retained")
        self.assertEqual(state(9, None), "retained", "no rating is not a good rating")

    def test_reasons_name_the_facts(self):
        facts = Facts(
            first_order=date(2020, 1, 1),
            last_order=date(2026, 11, 1),
            orders_12m=5,
            satisfaction=Decimal("4.50"),
        )
        decision = decide(facts, POLICY, TODAY)
        reasons = {reason.code: reason.values for reason in decision.reasons}
        self.assertEqual(decision.state, "loyal")
        self.assertEqual(reasons["last_order"], {"date": "2026-11-01"})
        self.assertEqual(reasons["orders_12m"], {"count": 5, "needed": 4})
        self.assertEqual(reasons["satisfaction"], {"value": "4.50", "needed": "4.00"})

    def test_who_is_asked(self):
        """Known customers always; at the first look only what happened lately."""
        self.assertTrue(asks("retained", "churned", date(2020, 1, 1), TODAY, 90))
        self.assertFalse(asks("churned", "retained", None, TODAY, 90))
        self.assertTrue(asks(None, "lost", date(2026, 8, 23), TODAY, 90))
        self.assertFalse(asks(None, "lost", date(2026, 8, 22), TODAY, 90))
        self.assertFalse(asks(None, "lost", None, TODAY, 90))

    def test_event_day(self):
        facts = Facts(first_order=date(2024, 2, 29), last_order=date(2024, 2, 29))
        self.assertEqual(event_day("churned", facts, POLICY, None), date(2025, 2, 28))
        self.assertEqual(event_day("lost", Facts(), POLICY, TODAY), TODAY)
        self.assertIsNone(event_day("won", facts, POLICY, TODAY))
