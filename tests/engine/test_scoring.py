from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...engine import scoring
from ...engine.scoring import Choice, Marks, Range, Rule

VALUES = st.decimals(-(10**9), 10**9, places=6)
MAXIMA = st.decimals(D("0.5"), 100, places=1)
VOLUME = Rule("rank", D(45), step=D("1.5"))


@tagged("-at_install", "post_install")
class TestPoints(BaseCase):
    """Points of each method, at the borders and in general."""

    def test_rank(self):
        """First place 45, each lower one 1.5 less, place 31 and all below it 0."""
        for rank, expected in ((1, "45"), (2, "43.5"), (30, "1.5"), (31, "0"), (32, "0")):
            points, reasons = scoring.points(VOLUME, D(1), rank=rank)
            self.assertEqual(points, D(expected))
            self.assertEqual(reasons[0].as_dict()["rank"], rank)

    def test_ties_share_the_better_place(self):
        """Two in second place, the next one is fourth."""
        self.assertEqual(scoring.ranks([D(5), D(9), D(5), D(1)]), [2, 1, 2, 4])

    def test_lower_is_better(self):
        """For days late the smallest value is the first place."""
        self.assertEqual(scoring.ranks([D(0), D(30), D(3)], higher_is_better=False), [1, 3, 2])

    def test_ranks_of_nobody_and_one(self):
        """An empty population has no ranks; one customer is first, also with a negative value."""
        self.assertEqual(scoring.ranks([]), [])
        self.assertEqual(scoring.ranks([D(5), D(0), D(9), D(-1)], floor=True), [2, 4, 1, 4])
        self.assertEqual(scoring.ranks([D(0), D(0)], floor=True), [2, 2])
        self.assertEqual(scoring.ranks([D(-5)]), [1])

    def test_proportional(self):
        """Capped at the target and at 0; a third is rounded once, half away from zero."""
        rule = Rule("proportional", D(10))
        for value, expected in (
            ("-1", "0"), ("0", "0"), ("0.000001", "0.0000"), ("0.5", "5"),
            ("0.999999", "10.0000"), ("1", "10"), ("1.2", "10"),
        ):  # fmt: skip
            self.assertEqual(scoring.points(rule, D(value))[0], D(expected), value)
        self.assertEqual(
            scoring.points(Rule("proportional", D(10), target=D(3)), D(1))[0], D("3.3333")
        )
        self.assertEqual(
            scoring.points(Rule("proportional", D(10), target=D(3)), D(2))[0], D("6.6667")
        )
        self.assertEqual(
            scoring.points(Rule("proportional", D(1), target=D(1)), D("0.00005"))[0], D("0.0001")
        )

    def test_deduction(self):
        """Each occurrence costs a step; never below 0, never above the maximum."""
        rule = Rule("deduction", D(2), step=D(1))
        for value, expected in (("0", 2), ("1", 1), ("2", 0), ("3", 0), ("-4", 2)):
            self.assertEqual(scoring.points(rule, D(value))[0], D(expected))

    def test_choice(self):
        """The picked option wins over the segment; an unknown one is no data."""
        rule = Rule("choice", D(15), choices=(Choice(1, D(15), segment=7), Choice(2, D(5))))
        self.assertEqual(scoring.points(rule, D(7))[0], D(15))
        self.assertEqual(scoring.points(rule, D(7), choice=2)[0], D(5))
        self.assertIsNone(scoring.points(rule, D(8))[0])
        self.assertIsNone(scoring.points(rule, choice=9)[0])
        self.assertIsNone(scoring.points(rule)[0])

    def test_no_data_is_no_points(self):
        """A missing value is neither 0 nor full points, whatever the method."""
        for rule in (
            VOLUME,
            Rule("proportional", D(10)),
            Rule("deduction", D(10), step=D(1)),
            Rule("range", D(10), ranges=(Range(None, None, D(10)),)),
        ):
            points, reasons = scoring.points(rule)
            self.assertIsNone(points)
            self.assertEqual(reasons[0].code, "no_data")

    @given(VALUES, MAXIMA, st.decimals(D("0.1"), 50, places=1), st.integers(1, 10**6))
    @settings(max_examples=100, deadline=None)
    def test_points_stay_between_zero_and_maximum(self, value, maximum, step, rank):
        """No value, place or step gives less than nothing or more than everything."""
        for method in ("rank", "proportional", "deduction"):
            rule = Rule(method, maximum, step=step, target=step)
            points, _reasons = scoring.points(rule, value, rank=rank)
            self.assertTrue(0 <= points <= maximum, (method, points))

    @given(st.lists(VALUES, min_size=1, max_size=30))
    @settings(max_examples=100, deadline=None)
    def test_who_has_nothing_earns_nothing(self, values):
        """With the switch, 0 and less are last and earn nothing; who has more is never behind."""
        rule = Rule("rank", D(45), step=D("1.5"), zero_earns_nothing=True)
        places = scoring.ranks(values, floor=rule.has_floor)
        for value, place in zip(values, places, strict=True):
            points, _reasons = scoring.points(rule, value, rank=place)
            if value <= 0:
                self.assertEqual((points, place), (0, len(values)))
            else:
                self.assertEqual(place, 1 + sum(other > value for other in values))

    @given(st.lists(VALUES, min_size=1, max_size=30))
    @settings(max_examples=100, deadline=None)
    def test_rank_counts_the_better_ones(self, values):
        """A place is one more than the number of better values."""
        expected = [1 + sum(other > value for other in values) for value in values]
        self.assertEqual(scoring.ranks(values), expected)


@tagged("-at_install", "post_install")
class TestTotal(BaseCase):
    """Score and coverage."""

    def test_all_known(self):
        """55 of 100 points."""
        score, coverage, _reasons = scoring.total([Marks(D(60), D(40)), Marks(D(40), D(15))])
        self.assertEqual((score, coverage), (D("55.00"), D("100.00")))

    def test_missing_is_left_out(self):
        """An indicator without data changes the coverage, not the score."""
        score, coverage, reasons = scoring.total(
            [Marks(D(45), D(30)), Marks(D(10), D(10)), Marks(D(45), has_data=False)]
        )
        self.assertEqual((score, coverage), (D("72.73"), D("55.00")))
        self.assertEqual(reasons[0].as_dict()["missing"], 1)

    def test_nothing_known(self):
        """Without any data there is no score, not a score of 0."""
        self.assertEqual(scoring.total([Marks(D(9), has_data=False)])[:2], (None, D(0)))
        self.assertEqual(scoring.total([])[:2], (None, D(0)))

    def test_points_without_data_do_not_count(self):
        """Left-over points of a row that lost its data are ignored."""
        score, _coverage, _reasons = scoring.total([Marks(D(5), D(5), False), Marks(D(5), D(1))])
        self.assertEqual(score, D("20.00"))

    @given(st.lists(st.tuples(MAXIMA, st.integers(0, 100), st.booleans()), max_size=12))
    @settings(max_examples=100, deadline=None)
    def test_bounds(self, rows):
        """Score and coverage are 0..100; full points of what is known score 100."""
        marks = [Marks(top, top * part / 100, known) for top, part, known in rows]
        score, coverage, _reasons = scoring.total(marks)
        self.assertTrue(0 <= coverage <= 100)
        if any(mark.has_data for mark in marks):
            self.assertTrue(0 <= score <= 100)
            full = [Marks(mark.max_points, mark.max_points, mark.has_data) for mark in marks]
            self.assertEqual(scoring.total(full)[0], D(100))
        else:
            self.assertIsNone(score)
