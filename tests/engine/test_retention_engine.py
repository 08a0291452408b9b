from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...engine.retention import EVENTS, ROUNDINGS, Facts, Rule, is_due, keep_until, round_up

D = date.fromisoformat
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
RULES = st.builds(
    Rule,
    st.sampled_from([None, *EVENTS]),
    st.integers(0, 100),
    st.sampled_from(ROUNDINGS),
    st.booleans(),
)
MAYBE = st.none() | DAYS


@tagged("-at_install", "post_install")
class TestRetentionEngine(BaseCase):
    """How long a dossier is kept, by hand-worked cases."""

    def test_hand_worked(self):
        for event, years, rounding, until in (
            # a leap day has no anniversary: the day before 1 March
            ("2024-02-29", 1, "none", "2025-02-28"),
            ("2024-02-29", 4, "none", "2028-02-29"),
            ("2024-02-29", 100, "none", "2124-02-29"),
            ("1996-02-29", 104, "none", "2100-02-28"),  # 2100 is no leap year
            # to the end of the quarter and of the year, the last day itself is one
            ("2020-03-31", 5, "quarter", "2025-03-31"),
            ("2020-04-01", 5, "quarter", "2025-06-30"),
            ("2020-12-31", 5, "quarter", "2025-12-31"),
            ("2020-12-31", 10, "year", "2030-12-31"),
            ("2021-01-01", 10, "year", "2031-12-31"),
            # 0 years end with the event's own year, they are not unlimited
            ("2021-05-05", 0, "year", "2021-12-31"),
            ("2021-05-05", 0, "none", "2021-05-05"),
        ):
            with self.subTest(event=event, years=years, rounding=rounding):
                found, reasons = keep_until(
                    Rule("case_closed", years, rounding), Facts(recorded=D(event))
                )
                self.assertEqual(found, D(until))
                self.assertEqual(reasons[0].code, "kept_until")

    def test_the_last_day_itself_is_still_kept(self):
        until = D("2030-12-31")
        self.assertFalse(is_due(until, D("2030-12-30")))
        self.assertFalse(is_due(until, until))
        self.assertTrue(is_due(until, D("2031-01-01")))
        self.assertFalse(is_due(None, D("2999-01-01")))

    def test_no_date_has_a_reason(self):
        for rule, facts, code in (
            (Rule("case_closed", 5), Facts(project_end=D("2001-01-01")), "no_event_date"),
            (Rule("last_transaction", 5), Facts(recorded=D("2001-01-01")), "no_event_date"),
            (Rule("contract_end", 5), Facts(), "no_event_date"),
            (Rule(None, 5), Facts(recorded=D("2001-01-01")), "no_retention_rule"),
            (
                Rule("contract_end", 5, forever=True),
                Facts(recorded=D("2001-01-01")),
                "kept_forever",
            ),
        ):
            until, reasons = keep_until(rule, facts)
            self.assertIsNone(until)
            self.assertEqual([reason.code for reason in reasons], [code])

    def test_what_somebody_noted_beats_the_project_end(self):
        facts = Facts(recorded=D("2021-06-30"), project_end=D("2020-06-30"))
        rule = Rule("contract_end", 1, "none")
        self.assertEqual(keep_until(rule, facts)[0], D("2022-06-30"))
        self.assertEqual(keep_until(rule, Facts(project_end=D("2020-06-30")))[0], D("2021-06-30"))

    @settings(max_examples=100, deadline=None)
    @given(DAYS, st.sampled_from(ROUNDINGS))
    def test_rounding_never_shortens(self, day, rounding):
        end = round_up(day, rounding)
        self.assertGreaterEqual(end, day)
        self.assertEqual(round_up(end, rounding), end)
        if rounding != "none":
            self.assertEqual((end + timedelta(days=1)).day, 1)

    @settings(max_examples=100, deadline=None)
    @given(RULES, MAYBE, MAYBE, MAYBE)
    def test_day_or_reason(self, rule, recorded, project_end, last):
        until, reasons = keep_until(rule, Facts(recorded, project_end, last))
        self.assertEqual(until is None, reasons[0].code != "kept_until")
