from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...engine.complaint_figures import Totals
from ...engine.provider_period import HOTLINE, WEB, Band, Month, average_volume, band_of, decide

BANDS = (Band(D(0)), Band(D(50), 1, amount=D(500)), Band(D(100), 2, amount=D(1000)))
GOOD = Totals(
    received=2, reachable=2, to_close=2, closed=2, called_back=2, closed_first_time=2, contacted=2
)


def month(**values):
    """Return a month exactly on its quota in which all conditions hold, but for `values`."""
    return Month(
        **{
            "average_volume": D(100),
            "band": BANDS[2],
            "totals": {HOTLINE: GOOD},
            "date_from": date(2026, 11, 1),
            **values,
        }
    )


class TestProviderPeriodEngine(BaseCase):
    def assertDecision(self, facts, eligible, *failed):
        decision = decide(facts)
        self.assertEqual(decision.eligible, eligible)
        found = [r.as_dict() for r in decision.reasons if not r.as_dict()["ok"]]
        self.assertEqual(tuple(r["code"] for r in found), failed)
        self.assertEqual(decision.amount, facts.band.amount if eligible else 0)
        return decision

    def test_the_line_that_the_average_reaches(self):
        for average, index in (("0", 0), ("49.99", 0), ("50", 1), ("99.99", 1), ("100", 2)):
            self.assertEqual(band_of(D(average), BANDS), BANDS[index], average)
        self.assertIsNone(band_of(D("49.99"), BANDS[1:]))
        self.assertIsNone(band_of(D(10), ()))

    def test_average_of_a_quarter(self):
        self.assertEqual(average_volume(0), D(0))
        self.assertEqual(average_volume(200), D("66.67"))

    def test_exactly_on_the_quota_and_one_past_it(self):
        self.assertDecision(month(), True)
        three = replace(
            GOOD, received=3, reachable=3, to_close=3, closed=3, called_back=3, closed_first_time=3
        )
        self.assertDecision(month(totals={HOTLINE: three}), False, "quota")

    def test_the_quota_is_of_hotline_and_web_together(self):
        one = Totals(
            received=1, reachable=1, to_close=1, closed=1, called_back=1, closed_first_time=1
        )
        self.assertDecision(month(totals={HOTLINE: one, WEB: one}), True)
        self.assertDecision(month(totals={HOTLINE: GOOD, WEB: one}), False, "quota")

    def test_nothing_allowed_is_not_unlimited(self):
        one = replace(GOOD, received=1)
        self.assertDecision(month(band=BANDS[0], totals={HOTLINE: one}), False, "quota")
        many = Totals(received=900)
        free = Band(D(0), unlimited=True, amount=D(7))
        self.assertDecision(month(band=free, totals={HOTLINE: many}), True)

    def test_web_cases_carried_over_have_to_be_closed_too(self):
        web = Totals(carried=1, to_close=1)
        self.assertDecision(month(totals={HOTLINE: GOOD, WEB: web}), False, "closure_rate")
        web = Totals(carried=1, to_close=1, closed=1)
        self.assertDecision(month(totals={HOTLINE: GOOD, WEB: web}), True)

    def test_the_rating_raises_and_lowers_the_support_only(self):
        whole = month().band.amount
        for percent, amount in ((D(10), whole * 11 / 10), (D(-100), 0), (D(0), whole)):
            self.assertEqual(decide(month(rating="x", percent=percent)).amount, amount, percent)
        probation = month(percent=D(10), probation_until=date(2026, 11, 30))
        self.assertEqual(decide(probation).amount, 0)

    def test_without_a_table_there_is_no_support(self):
        self.assertFalse(decide(month(band=None)).eligible)
        self.assertEqual(decide(month(band=None)).amount, 0)

    def test_a_month_without_complaints_is_supported(self):
        self.assertDecision(month(totals={}), True)

    def test_every_closure_has_to_be_full(self):
        late = replace(GOOD, closed_first_time=1)
        open_case = replace(GOOD, closed=1)
        self.assertDecision(month(totals={HOTLINE: late}), False, "first_time_rate")
        self.assertDecision(month(totals={HOTLINE: open_case}), False, "closure_rate")
        self.assertDecision(month(totals={WEB: late}), False, "first_time_rate")
        self.assertDecision(month(totals={WEB: open_case}), False, "closure_rate")

    def test_one_case_in_the_media(self):
        self.assertDecision(month(totals={WEB: replace(GOOD, media_cases=1)}), False, "media")

    def test_probation_from_its_first_day(self):
        november = {"date_to": date(2026, 11, 30), "probation_until": date(2027, 1, 31)}
        self.assertDecision(
            month(probation_from=date(2026, 11, 30), **november), False, "probation"
        )
        self.assertDecision(month(probation_from=date(2026, 12, 1), **november), True)

    def test_probation_up_to_its_last_day(self):
        self.assertDecision(month(probation_until=date(2026, 10, 31)), True)
        self.assertDecision(month(probation_until=date(2026, 11, 1)), False, "probation")
        self.assertDecision(month(probation_until=date(2027, 5, 1)), False, "probation")

    @given(st.integers(0, 500), st.integers(0, 5), st.booleans())
    def test_more_visits_never_allow_less(self, visits, more, unlimited):
        bands = (*BANDS, Band(D(200), unlimited=unlimited, allowed=9))
        low, high = (band_of(average_volume(n), bands) for n in (visits, visits + more))
        self.assertLessEqual(low.volume_from, high.volume_from)
