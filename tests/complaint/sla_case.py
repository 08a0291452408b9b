"""Office hours 8-12 and 13-17 in Shanghai, Monday to Friday; deadlines worked by hand in local
time.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.addons.customer_governance.engine.working_time import as_utc

from .complaint_case import ComplaintCase

ZONE = ZoneInfo("Asia/Shanghai")


def utc(text):
    """Return the naive UTC instant of a local time in Shanghai."""
    return as_utc(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def local(instant):
    """Return local text of an instant, to the minute (a day ends at 23:59)."""
    return str(instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZONE).replace(tzinfo=None))[:16]


class SlaCase(ComplaintCase):
    """The policies that the addon brings, on a calendar of its own."""

    @classmethod
    def setUpClass(cls):
        """Give the company its working hours."""
        super().setUpClass()
        cls.calendar = cls._working_hours("Asia/Shanghai")
        cls.company.resource_calendar_id = cls.calendar
        cls.env["resource.calendar.leaves"].search([("resource_id", "=", False)]).unlink()
        cls.env.company.write({"sla_is_stale": False, "sla_recalculate_after": 0})

    @classmethod
    def _working_hours(cls, tz, shifts=((8, 12), (13, 17))):
        return cls.env["resource.calendar"].create(
            {
                "name": f"Office {tz}",
                "tz": tz,
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": f"{day} {begin}",
                            "dayofweek": str(day),
                            "hour_from": begin,
                            "hour_to": end,
                            "day_period": "morning" if begin < 12 else "afternoon",
                        },
                    )
                    for day in range(5)
                    for begin, end in shifts
                ],
            }
        )

    @classmethod
    def _received(cls, text, **vals):
        """Register a case that came in at a local time."""
        return cls._complaint(received_at=utc(text), **vals)

    @classmethod
    def _clock(cls, case, milestone):
        return case.sudo().clock_ids.filtered(lambda clock: clock.milestone == milestone)

    @classmethod
    def _deadlines(cls, case):
        """Return {milestone: local deadline}."""
        return {clock.milestone: local(clock.deadline) for clock in case.sudo().clock_ids}

    @classmethod
    def _holiday(cls, text):
        day = datetime.fromisoformat(text).replace(tzinfo=ZONE)
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": cls.company.id,
                "date_from": as_utc(day),
                "date_to": as_utc(day + timedelta(hours=23, minutes=59, seconds=59)),
            }
        )

    def assertProved(self, clocks):
        """The deadline and state of each clock follow from its ledger."""
        for clock in clocks.sudo():
            lines = clock.event_ids.sorted("id")
            outcome = clock._replay([line._event() for line in lines])
            self.assertEqual(
                (outcome.deadline, outcome.state), (clock.deadline, clock.state), clock.milestone
            )
            self.assertEqual((lines[-1].deadline, lines[-1].state), (clock.deadline, clock.state))
