import doctest
import random

from odoo.tests import BaseCase, tagged

from ...engine import handover


@tagged("post_install", "-at_install")
class TestHandoverEngine(BaseCase):
    """Who of several receivers gets which customer."""

    def test_examples(self):
        self.assertFalse(doctest.testmod(handover).failed)

    def test_a_customer_stays_whole_and_shares_are_even(self):
        rng = random.Random(14)
        for _round in range(50):
            weights = {n: rng.randint(1, 20) for n in range(rng.randint(1, 60))}
            sharing = list(range(100, 100 + rng.randint(1, 5)))
            given = handover.distribute(weights, {}, sharing)
            self.assertEqual(set(given), set(weights))
            load = {one: 0 for one in sharing}
            for customer, receiver in given.items():
                load[receiver] += weights[customer]
            # nobody has more than another by more than one customer
            self.assertLessEqual(max(load.values()) - min(load.values()), max(weights.values()))
            again = handover.distribute(dict(reversed(weights.items())), {}, sharing)
            self.assertEqual(given, again)

    def test_chosen_customers_go_where_they_were_chosen(self):
        given = handover.distribute({1: 9, 2: 1, 3: 1}, {1: 7}, [7, 8])
        self.assertEqual(given, {1: 7, 2: 8, 3: 8})

    def test_nobody_to_share(self):
        self.assertEqual(handover.distribute({1: 9, 2: 1}, {1: 7}, []), {1: 7})

    def test_nothing(self):
        self.assertEqual(handover.distribute({}, {}, [7]), {})
