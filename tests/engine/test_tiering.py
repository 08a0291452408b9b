from dataclasses import replace
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...engine import tiering
from ...engine.tiering import Band, Figures, Policy, Sales, Veto

STRATEGIC, KEY, STANDARD = ORDER = (1, 2, 3)
PURCHASING = Policy(
    bands=(
        Band(10, STRATEGIC, min_share=D(27)),
        Band(20, KEY, min_share=D(16)),
        Band(30, STANDARD),
    ),
    order=ORDER,
)
BROAD = Policy(
    bands=(
        Band(10, STRATEGIC, min_score=D(60), max_cumulative=D(50)),
        Band(20, KEY, min_score=D(45), max_cumulative=D(80)),
        Band(30, STANDARD),
    ),
    order=ORDER,
)
FULL = D(100)


def shares(share):
    """Figures of a customer with this share of sales and all data."""
    return Figures(D(50), FULL, Sales(share=D(share)))


def broad(score, ahead):
    """Figures for the bands by score and cumulative share."""
    return Figures(D(score), FULL, Sales(ahead=D(ahead)))


@tagged("-at_install", "post_install")
class TestBands(BaseCase):
    """Which band a customer is in."""

    def test_share(self):
        """27 % and 16 % belong to the better band, a hair less does not."""
        for share, result in (
            ("27", STRATEGIC), ("100", STRATEGIC), ("26.9999", KEY), ("16", KEY),
            ("15.9999", STANDARD), ("0", STANDARD), ("-3", STANDARD),
        ):  # fmt: skip
            decision, _reasons = tiering.decide(PURCHASING, shares(share))
            self.assertEqual(decision, tiering.Decision(result, result), share)

    def test_all_conditions_of_a_band_hold(self):
        """First 50 % and 60 points; first 80 % and 45 points."""
        for score, ahead, result in (
            ("60", "49.9999", STRATEGIC), ("59.99", "0", KEY), ("60", "50", KEY),
            ("45", "79.9999", KEY), ("44.99", "0", STANDARD), ("100", "80", STANDARD),
        ):  # fmt: skip
            decision, _reasons = tiering.decide(BROAD, broad(score, ahead))
            self.assertEqual(decision.proposed, result, (score, ahead))

    def test_zero_is_a_condition(self):
        """A minimum of 0 excludes negative shares; no minimum does not."""
        policy = Policy((Band(1, KEY, min_share=D(0)), Band(2, STANDARD)), ORDER)
        self.assertEqual(tiering.decide(policy, shares("0"))[0].proposed, KEY)
        self.assertEqual(tiering.decide(policy, shares("-0.0001"))[0].proposed, STANDARD)

    def test_no_band(self):
        """Without a band that matches nothing is proposed."""
        policy = Policy((Band(1, KEY, min_score=D(90)),), ORDER)
        decision, reasons = tiering.decide(policy, shares("1"))
        self.assertEqual(decision, tiering.Decision(None, None))
        self.assertEqual([reason.code for reason in reasons], ["no_band"])

    def test_coverage(self):
        """60 % is enough, 59.99 % is not: the band shows, but nothing is proposed."""
        enough = replace(shares("30"), coverage=D("60.00"))
        self.assertEqual(tiering.decide(PURCHASING, enough)[0].proposed, STRATEGIC)
        decision, reasons = tiering.decide(PURCHASING, replace(enough, coverage=D("59.99")))
        self.assertEqual(decision, tiering.Decision(STRATEGIC, None))
        self.assertEqual(reasons[0].as_dict()["code"], "low_coverage")
        no_data = Figures(None, D(0))
        policy = replace(PURCHASING, coverage_threshold=D(0))
        self.assertEqual(tiering.decide(policy, no_data)[0], tiering.Decision(None, None))


@tagged("-at_install", "post_install")
class TestVetoAndHysteresis(BaseCase):
    """What comes between the band and the proposal."""

    overdue = Veto(1, ">", D(60), cap=STANDARD)
    complaint = Veto(2, ">=", D(1), cap=KEY)

    def _proposed(self, share, *values, **kwargs):
        vetoes = zip((self.overdue, self.complaint), values, strict=False)
        return tiering.decide(PURCHASING, shares(share), vetoes=vetoes, **kwargs)

    def test_veto_caps(self):
        """More than 60 days overdue: at most Standard. Exactly 60 is not more."""
        decision, reasons = self._proposed("30", D(61))
        self.assertEqual(decision, tiering.Decision(STRATEGIC, STANDARD))
        self.assertEqual([reason.code for reason in reasons], ["band", "veto"])
        self.assertEqual(self._proposed("30", D(60))[0].proposed, STRATEGIC)

    def test_veto_never_raises(self):
        """A cap above the result changes nothing, but is told."""
        decision, reasons = self._proposed("1", None, D(1))
        self.assertEqual(decision.proposed, STANDARD)
        self.assertEqual(reasons[-1].as_dict()["cap"], KEY)

    def test_hardest_cap_wins(self):
        """Whatever the order of the vetoes."""
        self.assertEqual(self._proposed("30", D(61), D(1))[0].proposed, STANDARD)

    def test_no_data_is_no_veto(self):
        """A customer without invoices is not overdue."""
        self.assertEqual(self._proposed("30", None, None)[0].proposed, STRATEGIC)

    def test_operators(self):
        """Each operator at its border."""
        for operator, below, at, above in (
            (">", False, False, True), (">=", False, True, True), ("<", True, False, False),
            ("<=", True, True, False), ("=", False, True, False),
        ):  # fmt: skip
            veto = Veto(1, operator, D(5), STANDARD)
            found = tuple(tiering.is_vetoed(veto, D(value)) for value in (4, 5, 6))
            self.assertEqual(found, (below, at, above), operator)

    def test_hysteresis(self):
        """With 2 periods the first one below keeps the tier, the second one proposes less."""
        policy = replace(PURCHASING, downgrade_periods=2)
        first = tiering.decide(policy, shares("20"), STRATEGIC, history=(STRATEGIC,))
        self.assertEqual(first[0], tiering.Decision(KEY, STRATEGIC))
        self.assertEqual(first[1][-1].as_dict(), {
            "code": "hysteresis", "kept": STRATEGIC, "below": 1, "needed": 2,
        })  # fmt: skip
        second = tiering.decide(policy, shares("20"), STRATEGIC, history=(STANDARD,))
        self.assertEqual(second[0].proposed, KEY)

    def test_hysteresis_row_is_broken(self):
        """A period on the old level or without a judgement starts the count again."""
        policy = replace(PURCHASING, downgrade_periods=3)
        for history, proposed in (
            ((KEY, KEY), KEY), ((KEY, STRATEGIC), STRATEGIC), ((STRATEGIC, KEY), STRATEGIC),
            ((None, KEY), STRATEGIC), ((), STRATEGIC),
        ):  # fmt: skip
            decision, _reasons = tiering.decide(policy, shares("20"), STRATEGIC, history)
            self.assertEqual(decision.proposed, proposed, history)

    def test_upgrade_and_first_result_do_not_wait(self):
        """Hysteresis slows downgrades only."""
        policy = replace(PURCHASING, downgrade_periods=4)
        self.assertEqual(tiering.decide(policy, shares("30"), STANDARD)[0].proposed, STRATEGIC)
        self.assertEqual(tiering.decide(policy, shares("1"), None)[0].proposed, STANDARD)

    def test_veto_breaks_through_hysteresis(self):
        """A cap takes effect at once."""
        decision, reasons = tiering.decide(
            replace(PURCHASING, downgrade_periods=3), shares("20"), STRATEGIC,
            vetoes=[(self.overdue, D(90))],
        )  # fmt: skip
        self.assertEqual(decision, tiering.Decision(KEY, STANDARD))
        self.assertEqual([reason.code for reason in reasons], ["band", "hysteresis", "veto"])


@tagged("-at_install", "post_install")
class TestSalesPositions(BaseCase):
    """Share and cumulative share."""

    def _positions(self, *amounts):
        found = tiering.sales_positions({key: D(str(v)) for key, v in enumerate(amounts)})
        found = [found[key] for key in range(len(amounts))]
        return [(p.share, p.ahead, p.cumulative) for p in found]

    def test_abc(self):
        """The customer that crosses the border belongs to those ahead of it."""
        self.assertEqual(
            self._positions(60, 25, 15),
            [(D(60), D(0), D(60)), (D(25), D(60), D(85)), (D(15), D(85), D(100))],
        )

    def test_ties_share_a_position(self):
        """Equal sales, equal position: which one comes first must not depend on chance."""
        self.assertEqual(
            self._positions(25, 25, 50),
            [(D(25), D(50), D(100)), (D(25), D(50), D(100)), (D(50), D(0), D(50))],
        )

    def test_thirds(self):
        """Rounded to four digits, once."""
        self.assertEqual(self._positions(1, 1, 1)[0], (D("33.3333"), D(0), D(100)))

    def test_nobody_and_one(self):
        """An empty company has no positions; a single customer has everything."""
        self.assertEqual(self._positions(), [])
        self.assertEqual(self._positions(7), [(D(100), D(0), D(100))])

    def test_only_credit_notes(self):
        """Without sales above zero nobody has a share or is among the first."""
        for amounts in ((-5, -7), (0, 0), (5, -5)):
            self.assertEqual(set(self._positions(*amounts)), {(D(0), D(100), D(100))})

    def test_negative_customer(self):
        """A customer with more credit notes than invoices has a negative share, behind all."""
        self.assertEqual(
            self._positions(120, -20), [(D(120), D(0), D(120)), (D(-20), D(120), D(100))]
        )

    def test_who_bought_nothing(self):
        """Is behind all who bought."""
        position = tiering.no_sales_position({5: D(120), 6: D(-20)})
        self.assertEqual((position.share, position.ahead), (D(0), D(120)))

    @given(st.lists(st.integers(0, 50), min_size=1, max_size=20))
    @settings(max_examples=100, deadline=None)
    def test_first_customers_reach_the_border(self, amounts):
        """The customers before a border make at least that percentage of the sales."""
        if not sum(amounts):
            return
        found = tiering.sales_positions({key: D(v) for key, v in enumerate(amounts)})
        for border in (50, 80):
            first = [key for key, position in found.items() if position.ahead < border]
            self.assertGreaterEqual(sum(amounts[key] for key in first) * 100, border * sum(amounts))


@tagged("-at_install", "post_install")
class TestMissing(BaseCase):
    """What is missing to the next tier."""

    def test_share(self):
        """6.5 points of share to Key; Key misses its own share to Strategic."""
        result, missing = tiering.missing_to_next(PURCHASING, shares("9.5"))
        self.assertEqual(result, KEY)
        self.assertEqual(missing[0].as_dict(), {
            "code": "share", "needed": D(16), "actual": D("9.5"), "gap": D("6.5"),
        })  # fmt: skip
        self.assertEqual(tiering.missing_to_next(PURCHASING, shares("16"))[0], STRATEGIC)

    def test_top(self):
        """Nothing is above the first band."""
        self.assertEqual(tiering.missing_to_next(PURCHASING, shares("40")), (None, ()))

    def test_all_conditions_and_coverage(self):
        """Score, position and data can be missing together."""
        result, missing = tiering.missing_to_next(BROAD, Figures(D(40), D(50), Sales(ahead=D(90))))
        self.assertEqual(result, KEY)
        self.assertEqual([r.code for r in missing], ["score", "cumulative", "coverage"])

    def test_no_score(self):
        """Without a score the lowest band is the next one."""
        result, missing = tiering.missing_to_next(BROAD, Figures(None, D(0)))
        self.assertEqual(result, STANDARD)
        self.assertEqual([reason.code for reason in missing], ["coverage"])

    @given(st.integers(0, 100), st.integers(0, 100))
    @settings(max_examples=100, deadline=None)
    def test_filling_the_gaps_reaches_it(self, score, ahead):
        """A customer that makes up what is missing gets the tier that was named."""
        figures = broad(score, ahead)
        result, missing = tiering.missing_to_next(BROAD, figures)
        if result is None:
            return
        gaps = {reason.code: reason.as_dict() for reason in missing}
        score = gaps.get("score", {"needed": figures.score})["needed"]
        ahead = gaps["cumulative"]["needed"] - D("0.0001") if "cumulative" in gaps else D(ahead)
        reached, _reasons = tiering.decide(BROAD, broad(score, ahead))
        self.assertLessEqual(reached.proposed, result)
