"""The SQL of the complaint figures against the engine, on random facts."""

import random
from collections import defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from ...engine import complaint_figures as figures
from ...engine.complaint_figures import Call, CaseFacts, Clock
from ...engine.periods import add_months
from ..common import switch_on

STATES = ("registered", "investigating", "answered", "verifying", "closed", "force_closed")
CLOCK_STATES = ("running", "met", "late", "missed", "dropped")
RESULTS = (
    "satisfied",
    "satisfied",
    "satisfied",
    "accepts",
    "not_solved",
    "false_reply",
    "unreachable",
)
CASES, ZONE = 90, "America/New_York"


@tagged("post_install", "-at_install")
class TestComplaintFiguresEqualEngine(TransactionCase):
    @classmethod
    def setUpClass(cls):
        """Make cases with facts that need not go together: the SQL may not count on that."""
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        switch_on(cls.env)
        cls.rng = random.Random(7)
        cls.company = cls.env["res.company"].create({"name": "Figures"})
        cls.company.customer_tz = ZONE
        cls.customers = cls.env["res.partner"].create([{"name": f"C{n}"} for n in range(CASES)])
        categories = cls.env["customer.complaint.category"].search([], limit=3)
        cls.users = cls.env["res.users"].search([], limit=2)
        pick = cls.rng.choice
        channels = random.Random(8)
        cls.cases = cls.env["customer.complaint"].create(
            [
                {
                    "subject": f"Case {n}",
                    "company_id": cls.company.id,
                    "team_id": False,
                    "partner_id": customer.id,
                    "category_id": pick(categories).id,
                    "user_id": pick(cls.users).id,
                    "channel_id": cls.env.ref(
                        f"customer_governance.complaint_channel_{channels.choice(('web', 'hotline'))}"
                    ).id,
                    "kind": pick(("complaint",) * 5 + ("repair",)),
                    "media_exposure": pick((True, False)),
                    "received_at": datetime(2026, 10, 30)
                    + timedelta(minutes=cls.rng.randrange(5000)),
                }
                for n, customer in enumerate(cls.customers)
            ]
        )
        cls._random_facts()
        cls._random_calls()
        cls._random_clocks()
        cls.env.invalidate_all()

    @classmethod
    def _sql(cls, statement, *values):
        cls.env.flush_all()
        cls.env.cr.execute(statement, values)

    @classmethod
    def _random_facts(cls):
        rng = cls.rng
        for case in cls.cases:
            contact = rng.choice((None, 86399, 86400, 86401, 3600))
            answer, close = (rng.choice((None, rng.randrange(900000))) for _ in range(2))

            def at(seconds, case=case):
                return None if seconds is None else case.received_at + timedelta(seconds=seconds)

            cls._sql(
                "UPDATE customer_complaint SET state = %s, first_contact_at = %s, answered_at = %s,"
                " closed_at = %s, unreachable = %s, reopen_count = %s, repeat_of_id = %s,"
                " was_complaint = %s"
                " WHERE id = %s",
                rng.choice((*STATES, "closed", "closed", "cancelled")),
                at(contact),
                at(answer),
                at(close),
                rng.choice((True, False, False, None)),
                rng.choice((0, 0, 1, 2, None)),
                rng.choice((None, cls.cases[0].id)),
                rng.choice((None, False, True)),
                case.id,
            )

    @classmethod
    def _random_calls(cls):
        rng = cls.rng
        visits = cls.env["customer.visit"].create(
            [
                {
                    "complaint_id": case.id,
                    "company_id": cls.company.id,
                    "partner_id": case.partner_id.id,
                    "purpose": "verification",
                }
                for case in cls.cases
                for _call in range(rng.randrange(5))
            ]
        )
        for visit in visits:
            cls._sql(
                "UPDATE customer_visit SET state = %s, verification_result = %s, reopening = %s"
                " WHERE id = %s",
                rng.choice(("done", "done", "planned", "cancelled")),
                rng.choice(RESULTS),
                rng.choice((0, 0, 0, 1, 2)),
                visit.id,
            )

    @classmethod
    def _random_clocks(cls):
        rng = cls.rng
        for case in cls.cases:
            cls._sql("DELETE FROM customer_sla_clock WHERE complaint_id = %s", case.id)
            for milestone in ("answer", "plan", "report", "close", "acknowledge"):
                if rng.random() < 0.6:
                    cls._sql(
                        "INSERT INTO customer_sla_clock"
                        " (res_model, res_id, complaint_id, company_id, milestone, state,"
                        " first_state)"
                        " VALUES ('customer.complaint', %s, %s, %s, %s, %s, %s)",
                        case.id,
                        case.id,
                        cls.company.id,
                        milestone,
                        rng.choice(CLOCK_STATES),
                        rng.choice((None, None, "met", "late")),
                    )

    def _cutoffs(self):
        """Return {first day of the month: first instant after its cut-off}."""
        return {month: end for _company, month, end in self.company._complaint_cutoffs()}

    def _month(self, case):
        return self.company._customer_day(case.received_at).replace(day=1)

    def _facts(self, case):
        """Read the facts of a case through the ORM."""
        calls = case.visit_ids.filtered(
            lambda v: v.purpose == "verification" and v.state == "done"
        ).sorted("id")
        return CaseFacts(
            kind=case.kind,
            state=case.state,
            received_at=case.received_at,
            first_contact_at=case.first_contact_at or None,
            answered_at=case.answered_at or None,
            closed_at=case.closed_at or None,
            unreachable=case.unreachable,
            reopen_count=case.reopen_count,
            is_repeat=bool(case.repeat_of_id),
            media_exposure=case.media_exposure,
            was_complaint=case.was_complaint,
            is_web=case.channel_id.is_public,
            closes_at=self._cutoffs()[self._month(case)],
            clocks=tuple(
                (clock.milestone, Clock(clock.state, clock.first_state or None))
                for clock in case.clock_ids
            ),
            calls=tuple(Call(v.reopening, v.verification_result) for v in calls),
        )

    def _expected(self):
        """Return {case: facts} of those that count."""
        facts = {case: self._facts(case) for case in self.cases}
        return {case: fact for case, fact in facts.items() if figures.is_counted(fact)}

    def test_every_case(self):
        rows = self.env["customer.complaint.figure"].search(
            [("company_id", "=", self.company.id), ("carried", "=", 0)]
        )
        expected = self._expected()
        self.assertEqual(rows.complaint_id, self.cases.filtered(lambda c: c in expected).sorted())
        seen = defaultdict(set)
        for row in rows:
            case, fact = row.complaint_id, expected[row.complaint_id]
            totals = figures.case_totals(fact)
            for name in figures.COUNTS:
                self.assertEqual(row[name], getattr(totals, name), (case.name, name, fact))
                seen[name].add(row[name])
            for name in figures.RATES:
                self.assertEqual(row[name], float(totals.rate(name) or 0), (case.name, name))
            self.assertAlmostEqual(row.hours_to_answer, figures.hours_to_answer(fact) or 0, 6)
            self.assertAlmostEqual(row.days_to_close, figures.days_to_close(fact) or 0, 6)
            local = case.received_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(ZONE))
            self.assertEqual(row.date, local.date())
        monotone = {name for name, values in seen.items() if len(values) < 2}
        monotone -= {"received", "carried"}
        self.assertFalse(monotone, "the random facts must tell both ways")

    def test_what_is_carried_over(self):
        """Web cases that were open at the cut-off count once more in each later month."""
        now = datetime(2027, 2, 1)
        with freeze_time(now):
            cutoffs = self._cutoffs()
            rows = self.env["customer.complaint.figure"].search(
                [("company_id", "=", self.company.id), ("carried", "=", 1)]
            )
            found = {(row.complaint_id, row.date): (row.to_close, row.closed) for row in rows}
            self.assertEqual(len(rows), len(found))
            self.assertFalse(any(row.received or row.reachable for row in rows))
        expected = {}
        for case in self.cases:
            facts = self._facts(case)
            for month in cutoffs:
                before = cutoffs.get(add_months(month, -1))
                if month <= self._month(case) or not before or before > now:
                    continue
                totals = figures.carried_totals(facts, before, cutoffs[month])
                if totals.carried:
                    expected[case, month] = (totals.to_close, totals.closed)
        self.assertEqual(found, expected)
        self.assertEqual({closed for _to_close, closed in expected.values()}, {0, 1})

    def test_every_group(self):
        expected = self._expected()
        for groupby in ("user_id", "category_id", "severity", "state", "date:month", "date:day"):
            specs = [f"{name}:avg" for name in figures.RATES]
            rows = self.env["customer.complaint.figure"]._read_group(
                [("company_id", "=", self.company.id), ("carried", "=", 0)],
                [groupby],
                ["id:array_agg", *specs],
            )
            for group, ids, *rates in rows:
                whole = figures.total(
                    figures.case_totals(expected[self.cases.browse(i)]) for i in ids
                )
                for name, rate in zip(figures.RATES, rates, strict=True):
                    wanted = whole.rate(name)
                    self.assertEqual(
                        rate, False if wanted is None else float(wanted), (groupby, group, name)
                    )
                    self.assertEqual(rate is False, wanted is None, "0 is not empty")
