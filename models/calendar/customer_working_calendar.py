from collections import defaultdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, models, tools

from ...engine.working_time import OutOfHorizon, WorkingTime, local_to_utc

# Calendars are prepared for whole years: from the one before the first question to this many
# after it.
YEARS_AHEAD = 3

YEARS_LIMIT = 100

# Hours of a company without working hours, and the middle of the day of flexible ones.
DEFAULT_SHIFTS = ((9.0, 17.0),)

NOON = 12.0

WEEKDAYS = 5


class CustomerWorkingCalendar(models.AbstractModel):
    """Working time of a company, prepared for whoever counts in it.

    Odoo's working hours give the shifts, their public time off the holidays, `customer.makeup.day`
    the days off that are worked. Days are the company's; the hours of a shift are those of the
    place where it is worked: of the time zone of the working hours.
    """

    _name = "customer.working.calendar"
    _description = "Working Time for Deadlines"

    @api.model
    def _working_time(self, company, start, calendar=None, years=YEARS_AHEAD):
        """Return the working time around `start`, from a cache.

        :param start: date or datetime of the earliest question
        :param calendar: working hours other than the company's
        :param years: how many years after that of `start` to know
        """
        calendar = calendar or company.resource_calendar_id
        return self._prepared(company.id, calendar.id or 0, start.year - 1, start.year + years)

    @api.model
    def _within_horizon(self, company, start, question, calendar=None):
        """Return ``question(working_time)``, with more years as long as it needs them."""
        number = calendar.id if calendar else 0
        return self._with_calendars(company, start, lambda time_of: question(time_of(number)))

    @api.model
    def _with_calendars(self, company, start, question):
        """Return the answer to a question that may need several working hours.

        :param question: gets a function calendar id (0 for the company's) -> working time, with
            more years as long as the question needs them
        """
        calendars = self.env["resource.calendar"]
        years = YEARS_AHEAD
        while True:

            def time_of(number, years=years):
                return self._working_time(company, start, calendars.browse(number), years)

            try:
                return question(time_of)
            except OutOfHorizon:
                years *= 2
                if years > YEARS_LIMIT:
                    raise

    @api.model
    @tools.ormcache("company_id", "calendar_id", "first_year", "last_year")
    def _prepared(self, company_id, calendar_id, first_year, last_year):
        # sudo: everybody's deadlines depend on it, it is the same for all users
        self = self.sudo()
        company = self.env["res.company"].browse(company_id)
        calendar = self.env["resource.calendar"].browse(calendar_id)
        days = ZoneInfo(company._customer_timezone())
        zone = ZoneInfo(calendar.tz) if calendar else days
        first, last = date(first_year, 1, 1), date(last_year, 12, 31)
        shifts = self._shifts(calendar)
        makeup = {
            day.date: shifts(_weekday_before(day.date, int(day.weekday)))
            for day in self.env["customer.makeup.day"].search_fetch(
                [
                    ("company_id", "in", company.parent_ids.ids),
                    ("date", ">=", first),
                    ("date", "<=", last),
                ],
                ["date", "weekday"],
            )
        }
        leaves = self._leaves(company, calendar, first, last)
        intervals = []
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            worked = [
                (_instant(day, begin, zone), _instant(day, end, zone))
                for begin, end in makeup.get(day) or shifts(day)
            ]
            intervals += worked if makeup.get(day) else _without(worked, leaves)
        return WorkingTime(
            intervals, days, first, last, provisional_from=self._provisional_from(company)
        )

    @api.model
    def _shifts(self, calendar):
        """Return a function date -> ((hour from, hour to), …) of the usual week."""
        if not calendar:
            return lambda day: DEFAULT_SHIFTS if day.weekday() < WEEKDAYS else ()
        if calendar.flexible_hours:
            half = (calendar.hours_per_day or 8) / 2
            return lambda day: ((NOON - half, NOON + half),) if day.weekday() < WEEKDAYS else ()
        week = defaultdict(list)
        for row in calendar.attendance_ids:
            if not row._is_work_period():
                continue
            types = (int(row.week_type or 0),) if calendar.two_weeks_calendar else (0, 1)
            for week_type in types:
                week[week_type, int(row.dayofweek)].append((row.hour_from, row.hour_to))
        week_type_of = self.env["resource.calendar.attendance"].get_week_type
        return lambda day: tuple(sorted(week[week_type_of(day), day.weekday()]))

    @api.model
    def _leaves(self, company, calendar, first, last):
        """Return the sorted (start, end) of public time off, joined, naive UTC.

        The days of a company are those of its branches, whose own come on top.
        """
        margin = timedelta(days=2)
        rows = self.env["resource.calendar.leaves"].search_fetch(
            [
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("calendar_id", "in", (False, calendar.id)),
                ("company_id", "in", (False, *company.parent_ids.ids)),
                ("date_from", "<=", datetime.combine(last + margin, time())),
                ("date_to", ">=", datetime.combine(first - margin, time())),
            ],
            ["date_from", "date_to"],
            order="date_from, id",
        )
        result = []
        for row in rows:
            # Odoo writes the end of a day as its last second
            end = row.date_to + timedelta(seconds=row.date_to.second == 59)
            if result and row.date_from <= result[-1][1]:
                result[-1] = (result[-1][0], max(end, result[-1][1]))
            else:
                result.append((row.date_from, end))
        return result

    @api.model
    def _provisional_from(self, company):
        """Return the first day of the first year whose days are not official yet."""
        year = self.env["customer.calendar.year"].search(
            [("company_id", "in", company.parent_ids.ids), ("is_provisional", "=", True)],
            order="year",
            limit=1,
        )
        return date(year.year, 1, 1) if year else None

    @api.model
    def _calendar_changed(self, companies):
        """Forget prepared calendars and tell whoever counts in them."""
        self.env.registry.clear_cache()
        # sudo: whoever may change the calendar changes what is counted in it; branches count in the
        # days of their company
        companies = companies.sudo().search([("id", "child_of", companies.ids)])
        companies._after_calendar_change()


def _weekday_before(day, weekday):
    """Return the last `weekday` (0 = Monday) on or before a day: a day with its usual hours."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def _instant(day, hour, zone):
    """Return the naive UTC instant of an hour of a day; 24 is the beginning of the next day."""
    seconds = round(hour * 3600)
    moment = datetime.combine(day, time()) + timedelta(seconds=seconds)
    return local_to_utc(moment, zone)


def _without(intervals, leaves):
    """Return the intervals of a day without the (sorted, disjoint) leaves."""
    result = []
    for start, end in intervals:
        for away, back in leaves:
            if back <= start:
                continue
            if away >= end:
                break
            if away > start:
                result.append((start, away))
            start = max(start, back)
        if start < end:
            result.append((start, end))
    return result
