from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .figures_case import FiguresCase, utc


@tagged("post_install", "-at_install")
class TestComplaintCutoff(FiguresCase):
    """October 2026 ends on a Saturday; three working days later it is Wednesday, 4 November."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Figure = cls.env["customer.complaint.figure"]
        cls.company.complaint_cutoff_days = 3

    def _closure(self, month, now="2026-12-20 08:00"):
        """Return (closed, to close, carried) of a month."""
        self.env.invalidate_all()
        with freeze_time(utc(now)):
            [row] = self.Figure._read_group(
                [
                    ("company_id", "=", self.company.id),
                    ("date", ">=", f"{month}-01"),
                    ("date", "<=", f"{month}-28"),
                    ("team_id", "=", self.team.id),
                ],
                [],
                ["closed:sum", "to_close:sum", "carried:sum"],
            )
        return tuple(value or 0 for value in row)

    def _closed_on(self, case, text):
        with freeze_time(utc(text) - timedelta(hours=3)):
            case.action_investigate()
            case.answer = "<p>Sent again.</p>"
            case.action_answer()
        with freeze_time(utc(text)):
            self._call_back(case, "satisfied")
            case.action_close()

    def test_the_last_day_still_counts_the_next_does_not(self):
        first, second = self._case("2026-10-20 09:00"), self._case("2026-10-21 09:00")
        self._closed_on(first, "2026-11-04 23:59")
        self._closed_on(second, "2026-11-05 00:01")
        self.assertEqual(self._closure("2026-10"), (1, 2, 0))
        self.assertEqual(self._closure("2026-11"), (0, 0, 0), "hotline cases are not carried")

    def test_web_cases_count_in_each_later_month_until_they_are_closed(self):
        case = self._case("2026-09-20 09:00", channel_id=self.web.id)
        self.assertEqual(self._closure("2026-09"), (0, 1, 0))
        self.assertEqual(self._closure("2026-10", "2026-10-05 08:00"), (0, 0, 0), "not cut off yet")
        self.assertEqual(self._closure("2026-10", "2026-10-20 08:00"), (0, 1, 1))
        self._closed_on(case, "2026-11-20 10:00")
        self.assertEqual(self._closure("2026-10"), (0, 1, 1))
        self.assertEqual(self._closure("2026-11"), (1, 1, 1))
        self.assertEqual(self._closure("2026-12"), (0, 0, 0))
        rows = self.Figure.search([("complaint_id", "=", case.id)])
        self.assertEqual(len(set(rows.ids)), 3)
        self.assertEqual(sum(rows.mapped("received")), 1)

    def test_the_providers_web_closure_has_what_was_carried(self):
        case = self._case("2026-09-20 09:00", channel_id=self.web.id)
        self._served(case)
        with freeze_time(utc("2026-11-05 08:00")):
            months = self.env["customer.provider.period"]
            months._cron_fill()
            october = months.search(
                [("provider_id", "=", self.provider.id), ("date_from", "=", "2026-10-01")]
            )
            october.action_compute()
        web = october.line_ids.filtered(lambda line: line.scope == "web")
        self.assertEqual((web.received, web.carried, web.to_close, web.closed), (0, 1, 1, 0))
        self.assertFalse(october.eligible)

    def test_a_kept_month_stays_whatever_the_setting_becomes(self):
        case = self._case("2026-10-20 09:00")
        self._closed_on(case, "2026-11-04 10:00")
        with freeze_time(utc("2026-11-10 08:00")):
            self.env["customer.complaint.cutoff"]._keep(self.company)
            self.env["customer.complaint.cutoff"]._keep(self.company)
            self.company.complaint_cutoff_days = 0
        self.assertEqual(self._closure("2026-10"), (1, 1, 0))

    def test_a_head_gives_a_month_another_day(self):
        case = self._case("2026-10-20 09:00")
        self._closed_on(case, "2026-11-09 10:00")
        self.assertEqual(self._closure("2026-10"), (0, 1, 0))
        cutoffs = self.env["customer.complaint.cutoff"].with_user(self.user_manager)
        day = {"company_id": self.company.id, "date_from": "2026-10-07", "last_day": "2026-11-10"}
        cutoffs.create(day)
        self.assertEqual(self._closure("2026-10"), (1, 1, 0))
        with self.assertRaises(ValidationError):
            cutoffs.create({**day, "date_from": "2026-11-01", "last_day": "2026-11-29"})

    def test_the_bulletin_lists_what_is_open_and_what_was_carried(self):
        old, own, done = (self._case(f"2026-{day} 09:00") for day in ("09-20", "10-20", "10-21"))
        self._closed_on(done, "2026-11-02 10:00")
        self._closed_on(own, "2026-11-20 10:00")
        with freeze_time(utc("2026-12-20 08:00")):
            listed = [
                self.env["customer.complaint.bulletin"].create(
                    {"company_id": self.company.id, "month": f"2026-{month}-01"}
                )
                for month in ("10", "11")
            ]
            october, november = (bulletin._open_cases(bulletin._period()) for bulletin in listed)
            parts = listed[0]._paper()["parts"]
        mine = old | own | done
        self.assertEqual(october & mine, old | own)
        self.assertEqual(november & mine, old | own, "open at the cut-off before, closed since")
        self.assertIn("open_cases", [part.name for part in parts])

    def test_a_forced_close_is_its_own_end(self):
        case = self._case("2026-10-20 09:00")
        with freeze_time(utc("2026-10-21 09:00")):
            case.sudo()._force_close("Out of bounds")
        states = {clock.milestone: clock.state for clock in case.sudo().clock_ids}
        self.assertEqual(states["close"], "missed")
        self.assertNotIn("running", states.values())
        self.assertEqual(self._closure("2026-10"), (0, 1, 0))

    def test_repairs_have_figures_of_their_own(self):
        repair = self._case("2026-10-20 09:00", kind="repair")
        late = self._case("2026-10-21 09:00", kind="repair")
        self._closed_on(repair, "2026-10-21 10:00")
        self._closed_on(late, "2026-11-09 10:00")
        self.env.invalidate_all()
        figures = self.env["customer.repair.figure"].with_user(self.user_service_supervisor)
        rows = figures.search([("complaint_id", "in", (repair | late).ids)])
        counts = {
            row.complaint_id: (row.replied_in_time, row.contacted, row.closed) for row in rows
        }
        self.assertEqual(counts, {repair: (1, 1, 1), late: (0, 0, 0)})
        self.assertFalse(self.Figure.search([("complaint_id", "in", (repair | late).ids)]))
