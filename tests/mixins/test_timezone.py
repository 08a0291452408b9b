from zoneinfo import ZoneInfo

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.customer_governance.queries.zones import company_zones

from ..complaint.sla_case import SlaCase, utc

# In Shanghai it is the first of November, half past seven
MOMENT = "2026-10-31 23:30:00"


@tagged("post_install", "-at_install")
class TestTimezone(SlaCase):
    """Day, month, deadline and number of a company count in one time zone."""

    def test_without_a_setting_it_is_that_of_the_working_hours(self):
        self.company.partner_id.tz = "America/New_York"
        self.assertEqual(self.company._customer_timezone(), "Asia/Shanghai")
        self.company.customer_tz = "Europe/Berlin"
        self.assertEqual(self.company._customer_timezone(), "Europe/Berlin")

    def test_a_night_in_autumn(self):
        """Number, figures, deadline and "today" agree, whoever asks."""
        with freeze_time(MOMENT):
            case = self._complaint(user=self.user_service)
            case.with_context(tz="America/New_York").action_register()
            today = self.company.with_context(tz="America/New_York")._customer_today()
        self.env.flush_all()
        self.assertEqual(str(today), "2026-11-01")
        self.assertTrue(case.name.startswith("C202611-"), case.name)
        figure = self.env["customer.complaint.figure"].search([("complaint_id", "=", case.id)])
        self.assertEqual(str(figure.date), "2026-11-01")
        # a Sunday: counting begins on Monday 2nd
        self.assertEqual(self._deadlines(case)["answer"], "2026-11-05 23:59")

    def test_branches_have_the_days_of_their_company(self):
        self.company.customer_tz = "Europe/Berlin"
        branch = self.env["res.company"].create({"name": "North", "parent_id": self.company.id})
        branch.resource_calendar_id = self._working_hours("America/New_York")
        self.assertEqual(branch._customer_timezone(), "Europe/Berlin")
        self.company.customer_tz = False
        self.assertEqual(branch._customer_timezone(), "Asia/Shanghai")
        with self.assertRaises(ValidationError):
            branch.customer_tz = "America/New_York"

    def test_statements_know_the_same_zones(self):
        self.other_company.customer_tz = "Europe/Berlin"
        self.env["res.company"].create({"name": "North", "parent_id": self.other_company.id})
        zones = dict(self.env.execute_query(company_zones()))
        companies = self.env["res.company"].search([])
        self.assertEqual(zones, {c.id: c._customer_timezone() for c in companies})

    def test_days_are_the_companys_hours_those_of_the_place_of_work(self):
        hours = self._working_hours("America/New_York", shifts=((9, 17),))
        calendars = self.env["customer.working.calendar"]
        working = calendars._working_time(self.company, utc("2026-11-24 10:00"), hours)
        self.assertEqual(working.zone, ZoneInfo("Asia/Shanghai"))
        # nine o'clock in New York
        day = working.day_of(utc("2026-11-24 10:00"))
        self.assertEqual(working.openings[day], utc("2026-11-24 22:00"))

    def test_another_zone_reaches_open_deadlines(self):
        case = self._received("2026-11-23 10:00")
        self.company.write({"sla_is_stale": False, "sla_recalculate_after": 0})
        self.company.customer_tz = "America/New_York"
        self.assertTrue(self.company.sla_is_stale)
        self.env["customer.sla.clock"]._cron_process()
        self.assertEqual(str(self._clock(case, "answer").deadline), "2026-11-27 04:59:59")
