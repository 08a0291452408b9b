import doctest
from datetime import datetime, timedelta
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...engine import complaint_figures as figures
from ...engine import provider_period
from ...engine.complaint_figures import Call, CaseFacts, Clock, Totals

RECEIVED = datetime(2026, 11, 10, 9)
SATISFIED = (Call(0, "satisfied"),)
MET = (("answer", Clock("met", "met")), ("close", Clock("met", "met")))


def closed(**values):
    """Return a complaint that went as it should, but for `values`."""
    return CaseFacts(
        **{
            "kind": "complaint",
            "state": "closed",
            "received_at": RECEIVED,
            "first_contact_at": RECEIVED + timedelta(hours=1),
            "answered_at": RECEIVED + timedelta(hours=30),
            "closed_at": RECEIVED + timedelta(days=3),
            "clocks": MET,
            "calls": SATISFIED,
            **values,
        }
    )


def count(name, **values):
    """Return one count of a complaint."""
    return getattr(figures.case_totals(closed(**values)), name)


class TestComplaintFiguresEngine(BaseCase):
    """Every definition of the table "Figures", at its borders."""

    def test_doctests(self):
        for module in (figures, provider_period):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_a_case_that_went_as_it_should(self):
        totals = figures.case_totals(closed())
        self.assertEqual({totals.rate(name) for name in figures.RATES}, {D(100), D(0)})
        self.assertEqual(
            {name for name in figures.RATES if totals.rate(name) == 0},
            {"repeat_rate", "reopen_rate"},
        )

    def test_repairs_and_cancelled_cases_stay_out(self):
        for values in ({"kind": "repair"}, {"state": "cancelled"}):
            self.assertEqual(figures.case_totals(closed(**values)), Totals())

    def test_contact_within_24_hours_to_the_second(self):
        for seconds, expected in ((86400, 1), (86401, 0)):
            at = RECEIVED + timedelta(seconds=seconds)
            self.assertEqual(count("contacted", first_contact_at=at), expected)
        self.assertEqual(count("contacted", first_contact_at=None), 0)

    def test_the_first_reply_promised_counts(self):
        def replied(**clocks):
            return count("replied_in_time", clocks=tuple(clocks.items()))

        self.assertEqual(replied(answer=Clock("met", "met")), 1)
        self.assertEqual(replied(answer=Clock("late", "late")), 0)
        self.assertEqual(replied(plan=Clock("met", "met")), 1)
        self.assertEqual(replied(report=Clock("met", "met")), 1)
        # late answer, plan in time: the answer is what was promised first
        self.assertEqual(replied(answer=Clock("late", "late"), plan=Clock("met", "met")), 0)
        # the case became complex: the promise of an answer was dropped
        self.assertEqual(replied(answer=Clock("dropped"), plan=Clock("met", "met")), 1)
        # reopened and late since: the first reply was in time
        self.assertEqual(replied(answer=Clock("late", "met")), 1)
        self.assertEqual(replied(answer=Clock("running")), 0)
        self.assertEqual(replied(), 0)

    def test_first_time_closure(self):
        def parts(**values):
            totals = figures.case_totals(closed(**values))
            return totals.closed_first_time, totals.called_back

        self.assertEqual(parts(), (1, 1))
        self.assertEqual(parts(reopen_count=1, calls=(Call(1, "satisfied"),)), (0, 1))
        self.assertEqual(parts(clocks=(("close", Clock("late", "late")),)), (0, 1))
        self.assertEqual(parts(state="verifying"), (0, 1))
        self.assertEqual(parts(state="force_closed"), (0, 1))
        self.assertEqual(parts(calls=(Call(0, "unreachable"),), unreachable=True), (0, 0))
        self.assertEqual(parts(calls=()), (0, 0))
        self.assertEqual(parts(clocks=()), (0, 0), "no deadline tells nothing")

    def test_unreachable_customers_are_in_neither_part_of_the_closure(self):
        totals = figures.case_totals(closed(unreachable=True, calls=(Call(0, "unreachable"),)))
        self.assertEqual((totals.closed, totals.reachable, totals.unreachable), (0, 0, 1))
        self.assertIsNone(totals.rate("closure_rate"))
        self.assertIsNone(totals.rate("satisfaction_rate"))
        self.assertEqual(totals.rate("contact_rate"), D(100))

    def test_satisfied_is_the_last_word_of_this_round(self):
        self.assertEqual(count("satisfied", calls=(Call(0, "accepts"),)), 0)
        self.assertEqual(count("satisfied", calls=(Call(0, "satisfied"), Call(0, "accepts"))), 0)
        calls = (Call(0, "satisfied"), Call(0, "unreachable"))
        self.assertEqual(count("satisfied", calls=calls), 1)
        self.assertEqual(count("satisfied", calls=SATISFIED, reopen_count=1), 0)

    def test_every_false_reply_counts(self):
        calls = (Call(0, "false_reply"), Call(1, "false_reply"), Call(2, "satisfied"))
        self.assertEqual(count("false_replies", calls=calls, reopen_count=2), 2)

    def test_nothing_received_has_no_rate(self):
        for name in figures.RATES:
            self.assertIsNone(figures.total([]).rate(name), name)

    def test_mean_times(self):
        self.assertEqual(figures.hours_to_answer(closed()), 30)
        self.assertEqual(figures.days_to_close(closed()), 3)
        self.assertIsNone(figures.hours_to_answer(closed(answered_at=None)))
        self.assertIsNone(figures.days_to_close(closed(state="force_closed")))

    @given(
        st.lists(
            st.builds(
                closed,
                state=st.sampled_from(("registered", "verifying", "closed", "force_closed")),
                unreachable=st.booleans(),
                reopen_count=st.integers(0, 2),
                is_repeat=st.booleans(),
                clocks=st.sampled_from((MET, (), (("close", Clock("late", "late")),))),
                calls=st.lists(
                    st.builds(
                        Call,
                        st.integers(0, 2),
                        st.sampled_from(("satisfied", "accepts", "unreachable", "false_reply")),
                    ),
                    max_size=3,
                ).map(tuple),
            ),
            max_size=6,
        )
    )
    @settings(max_examples=200, deadline=None)
    def test_rates_are_shares(self, cases):
        """Numerators are parts of their denominators, and sums do not depend on the grouping."""
        parts = [figures.case_totals(case) for case in cases]
        whole = figures.total(parts)
        self.assertEqual(whole, figures.total([figures.total(parts[:2]), figures.total(parts[2:])]))
        self.assertEqual(whole.received, whole.reachable + whole.unreachable)
        for name, (numerator, denominator) in figures.RATES.items():
            self.assertLessEqual(getattr(whole, numerator), getattr(whole, denominator), name)
            rate = whole.rate(name)
            self.assertTrue(rate is None or 0 <= rate <= 100, name)
