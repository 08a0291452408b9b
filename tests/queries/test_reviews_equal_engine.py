from dataclasses import replace
from decimal import Decimal as D

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import SQL

from ...engine import scoring, tiering
from ...engine.scoring import Choice, Range, Rule
from .review_case import Case, ReviewCase


def number(random, low=-50, high=200, digits=6):
    """Return a number that often hits a tie or a border: whole, half, or with all digits."""
    kind = random.random()
    if kind < 0.5:
        return D(random.randint(low, high))
    if kind < 0.6:
        return D(random.randint(low * 2, high * 2)) / 2
    scale = 10**digits
    return D(random.randint(low * scale, high * scale)) / scale


def random_rule(random):
    """Return a rule of any method."""
    maximum = D(random.choice(["1", "2", "10", "45", "33.3333"]))
    step = D(random.choice(["0.5", "1", "1.5", "0.3333"]))
    method = random.choice(scoring.METHODS)
    if method == scoring.RANGE:
        borders = sorted({number(random, digits=2) for _border in range(random.randint(2, 5))})
        rows = [
            Range(low, high, D(random.randint(0, int(maximum))))
            for low, high in zip(borders, borders[1:], strict=False)
        ]
        if rows and random.random() < 0.5:
            rows[0] = Range(None, rows[0].high, rows[0].points)
        if rows and random.random() < 0.5:
            rows[-1] = Range(rows[-1].low, None, rows[-1].points)
        random.shuffle(rows)
        return Rule(method, maximum, ranges=tuple(rows))
    if method == scoring.CHOICE:
        segments = random.sample(range(1, 6), 2)
        choices = (
            Choice(11, maximum, segments[0]), Choice(12, maximum / 3, segments[1]), Choice(13, D(0))
        )  # fmt: skip
        return Rule(method, maximum, choices=choices)
    return Rule(
        method,
        maximum,
        step=step,
        target=D(random.choice(["1", "3", "7", "0.7", "150"])),
        higher_is_better=random.random() < 0.7,
        zero_earns_nothing=random.random() < 0.5,
    )


def random_values(random, rule, numbers):
    """Values of some customers, or None for an indicator people enter."""
    if random.random() < 0.2:
        return None
    share = random.choice([0, 0.5, 0.9, 1])
    chosen = [n for n in numbers if random.random() < share]
    if rule.method == scoring.CHOICE:
        return {n: D(random.randint(1, 6)) for n in chosen}
    if rule.method == scoring.PROPORTIONAL:
        return {n: number(random, -1, 4) for n in chosen}
    if rule.method == scoring.RANGE and rule.ranges and random.random() < 0.5:
        borders = [end for row in rule.ranges for end in (row.low, row.high) if end is not None]
        return {n: random.choice(borders or [D(0)]) for n in chosen}
    return {n: number(random) for n in chosen}


def random_entries(random, rule, numbers):
    """What people entered for some customers."""
    chosen = [n for n in numbers if random.random() < 0.3]
    if rule.method == scoring.CHOICE:
        return {n: random.choice([11, 12, 13]) for n in chosen}
    return {n: number(random, -5, 20) for n in chosen}


@tagged("-at_install", "post_install")
class TestReviewsEqualEngine(ReviewCase):
    """The statements give what the pure functions give, for random reviews."""

    def random_case(self, random, numbers):
        """Make a review with all that can happen in it."""
        rules = [random_rule(random) for _rule in range(random.randint(1, 6))]
        order = tuple(self.tiers.ids)
        bands = [
            tiering.Band(
                key + 1,
                result,
                min_score=D(random.choice([0, 45, 60])) if random.random() < 0.5 else None,
                min_share=number(random, -1, 20, 2) if random.random() < 0.4 else None,
                max_cumulative=D(random.choice([50, 80])) if random.random() < 0.4 else None,
            )
            for key, result in enumerate(order[:3])
        ]
        if random.random() < 0.8:
            bands.append(tiering.Band(9, order[2]))
        sales_kind = random.random()
        low = -50 if sales_kind < 0.3 else (-500 if sales_kind < 0.4 else 0)
        high = 0 if sales_kind < 0.1 else 100
        history = [
            {n: random.choice([*order, None]) for n in numbers if random.random() < 0.8}
            for _period in range(random.randint(0, 2))
        ]
        return Case(
            rules=rules,
            values=[random_values(random, rule, numbers) for rule in rules],
            entries=[random_entries(random, rule, numbers) for rule in rules],
            policy=tiering.Policy(
                tuple(bands),
                order,
                coverage_threshold=D(random.choice([0, 50, 60, 100])),
                downgrade_periods=len(history) + 1,
            ),
            sales={n: number(random, low, high, 2) for n in range(30) if random.random() < 0.7},
            previous={n: random.choice(order) for n in numbers if random.random() < 0.7},
            history=history,
            vetoes=[
                (
                    tiering.Veto(
                        key, random.choice(list(tiering.OPERATORS)), D(5), random.choice(order)
                    ),
                    {n: number(random, 3, 7) for n in numbers if random.random() < 0.4},
                )
                for key in range(random.randint(0, 2))
            ],
        )

    def write_history(self, case):
        """Write lines of the reviews before; gives their ids."""
        ids = []
        for index, row in enumerate(case.history):
            ids.append(100 + index)
            for number_, result in row.items():
                self.env.cr.execute(
                    SQL(
                        """
                        INSERT INTO customer_review_line (review_id, partner_id, company_id,
                                   computed_tier_id, proposed_tier_id, score, rank)
                        VALUES (%s, %s, %s, %s, %s, 50, 7)
                        """,
                        ids[-1],
                        self.partners[number_].id,
                        self.company.id,
                        result,
                        result,
                    )
                )
        return tuple(ids)

    @given(st.randoms(use_true_random=False), st.sampled_from([0, 1, 2, 7, 30]))
    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        derandomize=True,
        # shrinking a failure would compute hundreds of reviews
        phases=(Phase.explicit, Phase.generate),
    )
    def test_random_reviews(self, random, size):
        """Computed once, filled in by people, computed again."""
        numbers = list(range(size))
        case = self.random_case(random, numbers)
        with self.env.cr.savepoint(flush=False):
            self.prepare(case)
            plan = self.plan(case, numbers, history=self.write_history(case))
            self.compute(replace(plan, is_new=True))
            self.enter(plan, case)
            self.compute(plan)
            self.check(case, numbers)

    def check(self, case, numbers, review_id=1):
        """Compare all rows with the engine."""
        scores = self.scores(review_id)
        expected = self.expected_scores(case, numbers)
        self.assertEqual(set(scores), set(expected))
        for key, (value, place, points, choice) in expected.items():
            row = scores[key]
            found = (row["value"], row["rank"], row["points"], row["choice_id"], row["has_data"])
            self.assertEqual(found, (value, place, points, choice, points is not None), key)
            rule = case.rules[key[1] - 1]
            self.assertEqual(row["max_points"], rule.max_points)
        lines = self.lines(review_id)
        self.assertEqual(set(lines), set(numbers))
        expected = self.expected_lines(case, numbers)
        threshold = case.policy.coverage_threshold
        totals = [
            figures.score
            for figures, _decision, _reasons in expected.values()
            if figures.coverage >= threshold
        ]
        for n, (figures, decision, reasons) in expected.items():
            line = lines[n]
            self.assertEqual((line["score"], line["coverage"]), (figures.score, figures.coverage))
            self.assertEqual(line["has_score"], figures.score is not None)
            place = None
            if figures.score is not None and figures.coverage >= threshold:
                place = 1 + sum(t is not None and t > figures.score for t in totals)
            self.assertEqual(line["rank"], place)
            self.assertEqual(line["sales"], case.sales.get(n, D(0)))
            self.assertEqual(
                (line["share"], line["cumulative_share"], line["ahead_share"]),
                (figures.sales.share, figures.sales.cumulative, figures.sales.ahead),
            )
            self.assertEqual(
                (line["computed_tier_id"], line["proposed_tier_id"], line["decided_tier_id"]),
                (decision.computed, decision.proposed, decision.proposed),
            )
            self.assertEqual(line["movement"], self.movement(case, n, decision.proposed))
            told = [reason.as_dict() for reason in reasons]
            self.assertEqual(line["explanation"], told)

    def movement(self, case, n, proposed):
        """Compare the proposal with the present result."""
        previous = case.previous.get(n)
        if proposed is None:
            return "none"
        if previous is None:
            return "new"
        change = case.policy.order.index(proposed) - case.policy.order.index(previous)
        return "up" if change < 0 else "down" if change > 0 else "same"
