from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...engine import scoring
from ...engine.scoring import Choice, Range, Rule


def table(*rows):
    """Rows of (low, high, points); None is open."""
    number = {None: None}
    return tuple(
        Range(*(number.get(end, end) if end is None else D(str(end)) for end in (low, high)),
              D(str(points)))
        for low, high, points in rows
    )  # fmt: skip


COOPERATION = table((18, None, 10), (12, 18, 5), (6, 12, 3), (None, 6, 1))
PERCENT = table((0, 60, 0), (60, 80, 5), (80, 100, 10))


@tagged("-at_install", "post_install")
class TestRangeTables(BaseCase):
    """Range tables: borders and validation."""

    def _points(self, ranges, value):
        rule = Rule("range", D(10), ranges=ranges)
        return scoring.points(rule, D(str(value)))[0]

    def test_length_of_cooperation(self):
        """18 months and more 10, from 12 on 5, from 6 on 3, else 1."""
        expected = {0: 1, -3: 1, "5.999999": 1, 6: 3, "11.999999": 3, 12: 5, 17: 5, 18: 10, 99: 10}
        for value, points in expected.items():
            self.assertEqual(self._points(COOPERATION, value), points, value)

    def test_top_border_belongs_to_the_top_row(self):
        """100 is in 80..100; 60 and 80 are in the row they begin; past the table is nothing."""
        expected = {0: 0, "59.999999": 0, 60: 5, 80: 10, 100: 10, "100.000001": 0, -1: 0}
        for value, points in expected.items():
            self.assertEqual(self._points(PERCENT, value), points, value)
        _points, reasons = scoring.points(Rule("range", D(10), ranges=PERCENT), D(101))
        self.assertEqual(reasons[0].code, "outside_ranges")

    def test_growth(self):
        """Above 0: 2, exactly 0: 1, below: 0. Values have 6 digits, so above 0 is 0.000001."""
        growth = table((None, 0, 0), (0, "0.000001", 1), ("0.000001", None, 2))
        self.assertEqual(scoring.check_ranges(growth), ())
        expected = {"-0.000001": 0, 0: 1, "0.000001": 2, 5: 2}
        for value, points in expected.items():
            self.assertEqual(self._points(growth, value), points, value)

    def _codes(self, ranges):
        return [reason.code for reason in scoring.check_ranges(ranges)]

    def test_good_tables(self):
        """Any order, open or closed ends, one row, tenths that floats cannot hold."""
        self.assertEqual(self._codes(COOPERATION), [])
        self.assertEqual(self._codes(PERCENT[::-1]), [])
        self.assertEqual(self._codes(table((None, None, 1))), [])
        self.assertEqual(self._codes(table((0, "0.1", 1), ("0.1", "0.3", 2))), [])

    def test_bad_tables(self):
        """Each mistake has its code."""
        for expected, rows in (
            ("ranges_empty", ()),
            ("range_gap", ((0, 10, 1), (11, 20, 2))),
            ("range_overlap", ((0, 10, 1), (9, 20, 2))),
            ("range_overlap", ((0, 10, 1), (0, 20, 2))),
            ("range_overlap", ((0, None, 1), (9, 20, 2))),
            ("range_reversed", ((10, 0, 1),)),
            ("range_reversed", ((10, 10, 1),)),
            ("range_two_open", ((None, 10, 1), (None, 20, 2))),
            ("range_two_open", ((0, None, 1), (20, None, 2))),
            ("range_not_number", (("NaN", 10, 1),)),
            ("range_not_number", ((0, "Infinity", 1),)),
        ):
            self.assertIn(expected, self._codes(table(*rows)), rows)

    def test_not_a_number(self):
        """A text or a float is refused: it would compare or round in its own way."""
        self.assertEqual(self._codes([Range(0.5, None, D(1))]), ["range_not_number"])
        self.assertEqual(self._codes([Range(D(0), None, "ten")]), ["range_not_number"])

    def test_gap_and_overlap_tell_where(self):
        """The reason holds both borders."""
        (reason,) = scoring.check_ranges(table((0, 10, 1), (12, 20, 2)))
        self.assertEqual(reason.as_dict(), {"code": "range_gap", "low": D(10), "high": D(12)})

    @given(
        st.lists(st.decimals(-1000, 1000, places=2), min_size=2, max_size=8, unique=True),
        st.decimals(-1200, 1200, places=6),
        st.booleans(),
        st.booleans(),
    )
    @settings(max_examples=150, deadline=None)
    def test_every_value_is_in_exactly_one_row(self, borders, value, open_low, open_high):
        """A table that passes the check gives one answer, and none only outside its ends."""
        borders = sorted(borders)
        rows = [
            Range(low, high, D(place))
            for place, (low, high) in enumerate(zip(borders, borders[1:], strict=False))
        ]
        if open_low:
            rows[0] = Range(None, rows[0].high, rows[0].points)
        if open_high:
            rows[-1] = Range(rows[-1].low, None, rows[-1].points)
        self.assertEqual(scoring.check_ranges(rows), ())
        inside = (open_low or value >= borders[0]) and (open_high or value <= borders[-1])
        for candidate in (value, *borders):
            row = scoring.find_range(reversed(rows), candidate)
            if candidate is value:
                self.assertEqual(row is not None, inside)
            else:
                self.assertIsNotNone(row)

    @given(st.lists(st.integers(-20, 20), min_size=3, max_size=6, unique=True), st.data())
    @settings(max_examples=100, deadline=None)
    def test_any_moved_border_is_found(self, borders, data):
        """Moving one end of a row makes a gap or an overlap, never a table that passes."""
        borders = sorted(borders)
        rows = [
            Range(D(low), D(high), D(1)) for low, high in zip(borders, borders[1:], strict=False)
        ]
        place = data.draw(st.integers(1, len(rows) - 1))
        shift = data.draw(st.sampled_from([D("-0.01"), D("0.01")]))
        rows[place] = Range(rows[place].low + shift, rows[place].high, D(1))
        self.assertTrue(scoring.check_ranges(rows))


@tagged("-at_install", "post_install")
class TestRules(BaseCase):
    """What makes an indicator unusable."""

    def _codes(self, **values):
        rule = Rule(**{"method": "rank", "max_points": D(10), "step": D(1), **values})
        return {reason.code for reason in scoring.check_rule(rule)}

    def test_good(self):
        """The default policy's indicators."""
        self.assertEqual(self._codes(max_points=D(45), step=D("1.5")), set())
        self.assertEqual(self._codes(method="proportional"), set())
        self.assertEqual(self._codes(method="range", ranges=COOPERATION), set())
        self.assertEqual(
            self._codes(method="choice", choices=(Choice(1, D(10)), Choice(2, D(0)))), set()
        )

    def test_bad(self):
        """Each mistake has its code."""
        self.assertEqual(self._codes(method="guess"), {"method_unknown"})
        self.assertEqual(self._codes(max_points=D(0)), {"max_points_not_positive"})
        self.assertEqual(self._codes(step=D(0)), {"step_not_positive"})
        self.assertEqual(self._codes(method="deduction", step=D(-1)), {"step_not_positive"})
        self.assertEqual(self._codes(method="proportional", target=D(0)), {"target_not_positive"})
        self.assertEqual(self._codes(method="choice"), {"choices_empty"})
        self.assertEqual(
            self._codes(method="choice", choices=(Choice(1, D(11)), Choice(2, D(-1)))),
            {"points_over_max", "points_negative"},
        )
        self.assertEqual(
            self._codes(method="range", ranges=table((0, 1, 9))), {"max_points_unreachable"}
        )
        self.assertEqual(self._codes(method="range"), {"ranges_empty"})
