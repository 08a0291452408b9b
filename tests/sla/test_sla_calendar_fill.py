import base64
from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..complaint.sla_case import SlaCase, local, utc


@tagged("post_install", "-at_install")
class TestSlaCalendarFill(SlaCase):
    """Public holidays and make-up working days of a company."""

    def fill(self, year, country="base.cn", user=None, **vals):
        """Fill a year with the wizard as the head of customer governance."""
        wizard = (
            self.env["customer.calendar.fill"]
            .with_user(user or self.user_manager)
            .create(
                {
                    "company_id": self.company.id,
                    "country_id": self.env.ref(country).id,
                    "year": year,
                    **vals,
                }
            )
        )
        action = wizard.action_fill()
        return self.env["customer.calendar.year"].browse(action["res_id"])

    def days(self, year):
        leaves = year._public_leaves()
        return sorted(local(d)[:10] for d in leaves.mapped("date_from")), sorted(
            year.makeup_day_ids.mapped("date")
        )

    def test_china_2026(self):
        year = self.fill(2026)
        self.assertEqual(
            (year.holiday_count, year.makeup_count, year.working_day_count), (22, 6, 248)
        )
        self.assertFalse(year.is_provisional)
        # Saturday 2026-10-10 is worked, for Wednesday the 7th
        case = self._received("2026-10-09 10:00")
        self.assertEqual(self._deadlines(case)["answer"], "2026-10-13 23:59")
        # Wed 30 Sep + 3 working days, 1..7 October off: 8, 9 and the made-up Saturday 10
        case = self._received("2026-09-30 16:30")
        self.assertEqual(self._deadlines(case)["answer"], "2026-10-10 23:59")

    def test_the_days_of_a_company_are_those_of_its_branches(self):
        branch = self.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": self.company.id,
                "resource_calendar_id": self.company.resource_calendar_id.id,
            }
        )
        branch.sla_is_stale = False
        self.fill(2026)
        self.assertTrue(branch.sla_is_stale, "its deadlines follow")
        calendars = self.env["customer.working.calendar"]
        start, end = utc("2026-09-30 10:00"), utc("2026-10-11 10:00")
        head, own = (
            calendars._working_time(company, start).between(start, end)
            for company in (self.company, branch)
        )
        self.assertEqual(own, head)

    def test_filled_twice_is_filled_once(self):
        year = self.fill(2026)
        before = self.days(year), year.leave_ids.ids, year.makeup_day_ids.ids
        self.assertEqual(self.fill(2026), year)
        self.assertEqual((self.days(year), year.leave_ids.ids, year.makeup_day_ids.ids), before)

    @freeze_time("2026-12-31 03:00:00")
    def test_a_year_that_is_not_announced_is_provisional(self):
        year = self.fill(2027)
        self.assertTrue(year.is_provisional)
        self.assertEqual(year.makeup_count, 0)
        case = self._received("2026-12-31 10:00")
        self.assertTrue(self._clock(case, "answer").is_provisional)
        self.assertFalse(self._clock(case, "acknowledge").is_provisional)
        year.with_user(self.user_manager).action_confirm()
        self.assertFalse(year.is_provisional)
        self.env["customer.sla.clock"]._cron_process()
        case = self._received("2026-12-31 10:00")
        self.assertFalse(self._clock(case, "answer").is_provisional)

    def test_what_a_person_entered_stays(self):
        year = self.fill(2026)
        own = self.env["customer.makeup.day"].create(
            {"company_id": self.company.id, "date": "2026-12-05"}
        )
        self.assertEqual(own.year_id, year)
        changed = year.makeup_day_ids.filtered(lambda d: d.date == date(2026, 5, 9))
        changed.with_user(self.user_manager).weekday = "4"
        self.fill(2026)
        self.assertTrue(own.exists())
        self.assertEqual(changed.weekday, "4")
        self.assertEqual(changed.origin, "manual")

    def test_a_holiday_entered_by_hand_is_not_doubled(self):
        self._holiday("2026-01-01")
        year = self.fill(2026)
        days, _makeup = self.days(year)
        self.assertEqual(days.count("2026-01-01"), 1)

    def test_file(self):
        text = (
            "date,kind,name,hours_of\n"
            "2027-02-10,holiday,Spring Festival,\n"
            "2027-02-14,work,Spring Festival,5\n"
        )
        vals = {"source": "file", "file": base64.b64encode(text.encode())}
        year = self.fill(2027, **vals)
        self.assertEqual(
            (year.holiday_count, year.makeup_count, year.is_provisional), (1, 1, False)
        )
        self.assertEqual(year.makeup_day_ids.weekday, "4")
        self.assertEqual(year.makeup_day_ids.origin, "import")

    def test_bad_files_are_refused_with_the_line(self):
        for line in ("2027-13-01,holiday", "2026-01-01,holiday", "2027-01-01,x"):
            text = f"date,kind\n{line}\n"
            with self.subTest(text), self.assertRaisesRegex(UserError, "Line 2"):
                self.fill(2027, source="file", file=base64.b64encode(text.encode()))
        with self.assertRaises(UserError):
            self.fill(2027, source="file", file=base64.b64encode(b"\xff\xfe\x00"))

    def test_only_the_head_fills(self):
        with self.assertRaises(AccessError):
            self.fill(2026, user=self.user_service_supervisor)
        with self.assertRaises(AccessError):
            self.env["customer.calendar.year"].with_user(self.user_service)._fill(
                self.company,
                self.env["customer.calendar.year"]._plan(self.env.ref("base.cn"), 2026),
            )

    def test_unknown_country_says_so(self):
        with self.assertRaises(UserError):
            self.fill(
                2026, country="base.aq" if self.env.ref("base.aq", False) else "base.cn", part="ZZ"
            )

    def test_companies_apart(self):
        self.fill(2026)
        self.other_company.resource_calendar_id = self._working_hours("America/New_York")
        calendars = self.env["customer.working.calendar"]
        instant = datetime(2026, 10, 1)
        ours = calendars._working_time(self.company, instant)
        theirs = calendars._working_time(self.other_company, instant)
        day = (date(2026, 10, 1) - ours.first_day).days
        self.assertFalse(ours.is_working_day(day))
        self.assertTrue(theirs.is_working_day(day))
        self.assertEqual(str(theirs.openings[day]), "2026-10-01 12:00:00")

    def test_half_a_day_off_cuts_the_shift(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Afternoon off",
                "company_id": self.company.id,
                "date_from": utc("2026-10-27 14:00"),
                "date_to": utc("2026-10-27 23:59:59"),
            }
        )
        working = self.env["customer.working.calendar"]._working_time(
            self.company, utc("2026-10-27 10:00")
        )
        self.assertEqual(
            working.between(utc("2026-10-27 00:00"), utc("2026-10-28 00:00")).total_seconds(),
            5 * 3600,
        )

    def test_time_off_of_one_person_changes_nothing(self):
        resource = self.env["resource.resource"].create(
            {"name": "Li", "calendar_id": self.calendar.id}
        )
        self.company.sla_is_stale = False
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": resource.id,
                "date_from": utc("2026-10-27 00:00"),
                "date_to": utc("2026-10-27 23:59:59"),
            }
        )
        self.assertFalse(self.company.sla_is_stale)

    def test_prepared_once(self):
        calendars = self.env["customer.working.calendar"]
        first = calendars._working_time(self.company, utc("2026-10-27 00:00"))
        before = self.env.cr.sql_log_count
        self.assertIs(calendars._working_time(self.company, utc("2026-11-27 00:00")), first)
        self.assertEqual(self.env.cr.sql_log_count, before)
        self._holiday("2026-10-27")
        self.assertIsNot(calendars._working_time(self.company, utc("2026-10-27 00:00")), first)

    def test_preview_tells_what_would_be_entered(self):
        wizard = self.env["customer.calendar.fill"].create(
            {"company_id": self.company.id, "country_id": self.env.ref("base.cn").id, "year": 2027}
        )
        self.assertIn("not been announced yet", wizard.preview)
        self.assertIn("2027-10-01", wizard.preview)
