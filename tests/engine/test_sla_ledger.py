from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...engine.sla_clock import SlaClock, Spec
from ...engine.sla_ledger import Event, replay
from .test_sla_clock import at, calendar


@tagged("post_install", "-at_install")
class TestSlaLedger(BaseCase):
    """Monday 2026-10-26 is a public holiday, office hours 8-12 and 13-17."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.working, _shifts = calendar(holidays=[date(2026, 10, 26)])

    def replay(self, spec, *events, now=None):
        """Replay; events are (kind, at, values)."""
        ledger = [
            Event(
                kind,
                at(when),
                spec=spec if kind == "start" else None,
                **(values[0] if values else {}),
            )
            for kind, when, *values in events
        ]
        return replay(ledger, lambda s: SlaClock.of(self.working, s), now and at(now))

    def assertOutcome(self, outcome, deadline, state):
        self.assertEqual((str(outcome.deadline), outcome.state), (deadline, state))

    def test_unpacks(self):
        deadline, state, reasons = self.replay(Spec(3), ("start", "2026-10-23 16:29"))
        self.assertEqual(str(deadline), "2026-10-29 23:59:59")
        self.assertEqual(state, "running")
        self.assertEqual([r.code for r in reasons], ["start"])

    def test_met_on_the_last_second_late_one_later(self):
        spec = Spec(0)
        for when, state in (("2026-10-27 23:59:59", "met"), ("2026-10-28 00:00:00", "late")):
            outcome = self.replay(spec, ("start", "2026-10-27 09:00"), ("stop", when))
            self.assertOutcome(outcome, "2026-10-27 23:59:59", state)
            self.assertEqual(str(outcome.reached_at), when)

    def test_a_fact_that_did_not_happen_changes_no_deadline(self):
        start, stop = ("start", "2026-10-27 09:00"), ("stop", "2026-10-27 10:00")
        undo = ("undo", "2026-10-27 10:00")
        outcome = self.replay(Spec(0), start, stop, undo)
        self.assertOutcome(outcome, "2026-10-27 23:59:59", "running")
        self.assertIsNone(outcome.reached_at)
        outcome = self.replay(Spec(0), start, stop, undo, ("stop", "2026-10-28 10:00"))
        self.assertOutcome(outcome, "2026-10-27 23:59:59", "late")
        outcome = self.replay(Spec(0), start, undo)
        self.assertEqual(outcome.reasons[-1].code, "ignored_not_stopped")

    def test_the_first_fact_counts(self):
        outcome = self.replay(
            Spec(0),
            ("start", "2026-10-27 09:00"),
            ("stop", "2026-10-27 10:00"),
            ("stop", "2026-10-29 10:00"),
        )
        self.assertOutcome(outcome, "2026-10-27 23:59:59", "met")
        self.assertEqual(outcome.reasons[-1].code, "ignored_not_running")

    def test_pause_over_a_weekend(self):
        until = {"until": at("2026-11-20 00:00")}
        # working hours: 8 hours from Thu 15:00; paused Fri 10:00 (4 hours used) to Tue 10:00
        events = (
            ("start", "2026-10-22 15:00"),
            ("pause", "2026-10-23 10:00", until),
            ("resume", "2026-10-27 10:00"),
        )
        outcome = self.replay(Spec(8, "working_hours"), *events)
        self.assertOutcome(outcome, "2026-10-27 15:00:00", "running")
        # working days: Friday and Tuesday are one working day apart
        outcome = self.replay(Spec(3), *events)
        self.assertOutcome(outcome, "2026-10-29 23:59:59", "running")
        # calendar days: four more days
        outcome = self.replay(Spec(5, "calendar_days"), *events)
        self.assertOutcome(outcome, "2026-11-02 23:59:59", "running")  # Sat 31 -> Mon 2
        # elapsed hours: the 96 hours are added
        outcome = self.replay(Spec(24, "elapsed_hours", shift=False), *events)
        self.assertOutcome(outcome, "2026-10-27 15:00:00", "running")

    def test_pause_ends_by_itself(self):
        events = (
            ("start", "2026-10-27 08:00"),
            ("pause", "2026-10-27 10:00", {"until": at("2026-10-28 10:00")}),
        )
        spec = Spec(4, "working_hours")
        self.assertOutcome(self.replay(spec, *events), "2026-10-28 12:00:00", "paused")
        outcome = self.replay(spec, *events, now="2026-10-28 10:00")
        self.assertOutcome(outcome, "2026-10-28 12:00:00", "running")
        # a resume noticed late changes nothing, one before the end does
        late = self.replay(spec, *events, ("resume", "2026-11-03 09:00"))
        self.assertOutcome(late, "2026-10-28 12:00:00", "running")
        self.assertEqual(late.reasons[-1].code, "resume_done")
        early = self.replay(spec, *events, ("resume", "2026-10-27 11:00"))
        self.assertOutcome(early, "2026-10-27 14:00:00", "running")

    def test_a_late_clock_cannot_pause(self):
        outcome = self.replay(
            Spec(1, "working_hours"),
            ("start", "2026-10-27 08:00"),
            ("pause", "2026-10-27 09:01", {"until": at("2026-11-20 00:00")}),
        )
        self.assertOutcome(outcome, "2026-10-27 09:00:00", "running")
        self.assertEqual(outcome.reasons[-1].code, "ignored_late")

    def test_fact_during_a_pause(self):
        outcome = self.replay(
            Spec(4, "working_hours"),
            ("start", "2026-10-27 08:00"),
            ("pause", "2026-10-27 10:00", {"until": at("2026-10-28 10:00")}),
            ("stop", "2026-10-27 16:00"),
        )
        self.assertEqual(outcome.state, "met")
        self.assertIsNone(outcome.paused_until)

    def test_extension(self):
        outcome = self.replay(
            Spec(3),
            ("start", "2026-10-23 16:29"),
            ("extend", "2026-10-28 10:00", {"amount": 2}),
            ("extend", "2026-10-29 10:00", {"amount": 1}),
        )
        self.assertOutcome(outcome, "2026-11-03 23:59:59", "running")
        outcome = self.replay(
            Spec(24, "elapsed_hours", shift=False),
            ("start", "2026-10-27 10:00"),
            ("extend", "2026-10-27 11:00", {"amount": 1.5}),
        )
        self.assertOutcome(outcome, "2026-10-28 11:30:00", "running")

    def test_reopen_starts_again_with_the_whole_target(self):
        outcome = self.replay(
            Spec(3),
            ("start", "2026-10-23 16:29"),
            ("extend", "2026-10-27 10:00", {"amount": 2}),
            ("stop", "2026-10-27 11:00"),
            ("reopen", "2026-11-02 16:31"),
        )
        self.assertOutcome(outcome, "2026-11-06 23:59:59", "running")
        self.assertIsNone(outcome.reached_at)

    def test_over_without_the_fact(self):
        self.assertOutcome(
            self.replay(Spec(0), ("start", "2026-10-27 09:00"), ("drop", "2026-10-27 10:00")),
            "2026-10-27 23:59:59",
            "dropped",
        )
        outcome = self.replay(
            Spec(0),
            ("start", "2026-10-27 09:00"),
            ("miss", "2026-10-27 10:00"),
            ("stop", "2026-10-27 11:00"),
        )
        self.assertOutcome(outcome, "2026-10-27 23:59:59", "missed")

    def test_a_fact_that_is_entered_later_counts_when_it_happened(self):
        ledger = (
            ("start", "2026-10-27 09:00"),
            ("pause", "2026-10-27 12:00", {"until": at("2026-11-05 12:00")}),
            ("stop", "2026-10-27 10:00"),
        )
        outcome = self.replay(Spec(0), *ledger)
        self.assertOutcome(outcome, "2026-10-27 23:59:59", "met")

    def test_recalculate_with_a_new_promise(self):
        start = Event("start", at("2026-10-27 09:00"), spec=Spec(7))
        changed = Event("recalculate", at("2026-10-28 09:00"), spec=Spec(15))
        outcome = replay([start, changed], lambda s: SlaClock.of(self.working, s))
        self.assertOutcome(outcome, "2026-11-17 23:59:59", "running")
        self.assertEqual(outcome.spec, Spec(15))

    def test_dropped_and_promised_again_counts_from_its_own_start(self):
        ledger = [
            Event("start", at("2026-10-27 09:00"), spec=Spec(3)),
            Event("drop", at("2026-10-28 09:00")),
            Event("recalculate", at("2026-10-29 09:00")),
        ]
        outcome = replay(ledger, lambda s: SlaClock.of(self.working, s))
        self.assertOutcome(outcome, "2026-10-30 23:59:59", "dropped")
        again = Event("recalculate", at("2026-10-29 10:00"), spec=Spec(3))
        outcome = replay([*ledger, again], lambda s: SlaClock.of(self.working, s))
        self.assertOutcome(outcome, "2026-10-30 23:59:59", "running")

    def test_a_change_keeps_the_earlier_deadline(self):
        start = Event("start", at("2026-10-27 09:00"), spec=Spec(7))
        for target, deadline, code in (
            (15, "2026-11-05 23:59:59", "not_later"),
            (3, "2026-10-30 23:59:59", "sooner"),
        ):
            changed = Event("change", at("2026-10-28 09:00"), spec=Spec(target))
            outcome = replay([start, changed], lambda s: SlaClock.of(self.working, s))
            self.assertOutcome(outcome, deadline, "running")
            self.assertEqual(outcome.reasons[-1].code, code)
        nothing = Event("change", at("2026-10-28 09:00"))
        outcome = replay([start, nothing], lambda s: SlaClock.of(self.working, s))
        self.assertOutcome(outcome, "2026-11-05 23:59:59", "running")
        self.assertEqual(outcome.reasons[-1].code, "kept")

    def test_an_approved_extension_holds_whatever_was_promised_besides(self):
        events = [
            Event("start", at("2026-10-27 09:00"), spec=Spec(3)),
            Event("change", at("2026-10-27 10:00"), spec=Spec(80, "elapsed_hours")),
            Event("extend", at("2026-10-28 10:00"), amount=20),
        ]
        outcome = replay(events, lambda s: SlaClock.of(self.working, s))
        # 100 hours end on a Saturday
        self.assertOutcome(outcome, "2026-11-02 08:00:00", "running")


SPECS = st.builds(
    Spec,
    target=st.integers(0, 40),
    unit=st.sampled_from(("working_days", "calendar_days", "working_hours", "elapsed_hours")),
    cutoff=st.sampled_from((None, 12, 16.5)),
    shift=st.booleans(),
)


@tagged("post_install", "-at_install")
class TestSlaLedgerProperties(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.working, _shifts = calendar("Asia/Shanghai")

    @settings(max_examples=80, deadline=None)
    @given(
        SPECS,
        st.lists(
            st.tuples(
                st.integers(1, 3000),
                st.sampled_from(
                    (
                        "change",
                        "keep",
                        "pause",
                        "resume",
                        "extend",
                        "drop",
                        "reopen",
                        "stop",
                        "undo",
                    )
                ),
                SPECS,
            ),
            max_size=8,
        ),
    )
    def test_no_change_of_a_case_makes_its_deadline_later(self, spec, steps):
        moment = at("2026-03-02 03:00")
        ledger = [Event("start", moment, spec=spec)]

        def outcome():
            return replay(ledger, lambda s: SlaClock.of(self.working, s))

        for minutes, kind, promise in steps:
            before = outcome()
            moment += timedelta(minutes=minutes)
            ledger.append(
                Event(
                    "change" if kind == "keep" else kind,
                    moment,
                    spec=promise if kind == "change" else None,
                    amount=2 if kind == "extend" else 0,
                    until=moment + timedelta(days=3) if kind == "pause" else None,
                )
            )
            if kind in ("change", "keep", "undo"):
                after = outcome()
                self.assertLessEqual(after.deadline, before.deadline)
                self.assertNotEqual((before.state, after.state), ("running", "dropped"))

    @settings(max_examples=80, deadline=None)
    @given(
        st.integers(0, 60 * 24 * 30),
        st.integers(1, 600),
        st.integers(1, 60 * 24 * 9),
        st.sampled_from(
            [
                Spec(3),
                Spec(5, "calendar_days"),
                Spec(20, "working_hours"),
                Spec(24, "elapsed_hours"),
            ]
        ),
    )
    def test_a_pause_never_takes_time_away(self, minute, before, length, spec):
        start = at("2026-03-02 00:00") + timedelta(minutes=minute)
        pause = start + timedelta(minutes=before)
        end = pause + timedelta(minutes=length)

        def outcome(*events):
            ledger = [Event("start", start, spec=spec), *events]
            return replay(ledger, lambda s: SlaClock.of(self.working, s))

        plain = outcome().deadline
        paused = outcome(Event("pause", pause, until=end))
        resumed = outcome(
            Event("pause", pause, until=end + timedelta(days=9)), Event("resume", end)
        )
        self.assertGreaterEqual(paused.deadline, plain)
        self.assertEqual(paused.deadline, resumed.deadline)
        self.assertIsInstance(paused.deadline, datetime)
