from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...engine.calendar_year import CalendarYear, MakeupDay, UnknownCountry, calendar_year
from ...engine.working_time import as_utc, local_to_utc

END_OF_DAY = timedelta(hours=23, minutes=59, seconds=59)

YEAR_MIN, YEAR_MAX = 1900, 2200


class CustomerCalendarYear(models.Model):
    """Public holidays and make-up working days of a company for a year.

    The days themselves are Odoo's public time off and `customer.makeup.day`; this record says where
    they come from and whether they are official.
    """

    _name = "customer.calendar.year"
    _inherit = ["mail.thread", "customer.company.mixin"]
    _description = "Calendar Year"
    _order = "year DESC, company_id"
    _rec_name = "year"

    year = fields.Integer(required=True, aggregator=None)
    country_id = fields.Many2one("res.country")
    part = fields.Char("State Code", help="State or province with its own holidays.")
    is_provisional = fields.Boolean(
        "Provisional",
        tracking=True,
        help="Make-up working days have not been announced yet: deadlines in this year may still "
        "change.",
    )
    filled_at = fields.Datetime("Filled On", readonly=True)
    leave_ids = fields.One2many(
        "resource.calendar.leaves", "customer_calendar_year_id", "Public Holidays", readonly=True
    )
    makeup_day_ids = fields.One2many("customer.makeup.day", "year_id", "Make-up Working Days")
    holiday_count = fields.Integer("Holidays", compute="_compute_counts")
    makeup_count = fields.Integer("Make-up Days", compute="_compute_counts")
    working_day_count = fields.Integer("Working Days", compute="_compute_counts")

    _year_uniq = models.Constraint(
        "UNIQUE(company_id, year)", "This company already has a calendar for this year."
    )
    _year_valid = models.Constraint(
        f"CHECK(year BETWEEN {YEAR_MIN} AND {YEAR_MAX})",
        "This year is outside the range of the calendar.",
    )

    @api.depends("leave_ids", "makeup_day_ids", "year", "company_id")
    def _compute_counts(self):
        calendars = self.env["customer.working.calendar"]
        for year in self:
            year.holiday_count = len(year.leave_ids)
            year.makeup_count = len(year.makeup_day_ids)
            year.working_day_count = 0
            if year.company_id and YEAR_MIN <= year.year <= YEAR_MAX:
                start = datetime(year.year, 1, 1)
                working = calendars._working_time(year.company_id, start)
                days = [working.date_of(day) for day in working.working_days]
                year.working_day_count = sum(day.year == year.year for day in days)

    def _compute_display_name(self):
        for year in self:
            mark = self.env._("provisional") if year.is_provisional else ""
            year.display_name = f"{year.year} ({mark})" if mark else str(year.year)

    @api.model_create_multi
    def create(self, vals_list):
        """Make-up days that are there already join their year."""
        years = super().create(vals_list)
        days = self.env["customer.makeup.day"].search([("company_id", "in", years.company_id.ids)])
        self.env.add_to_compute(days._fields["year_id"], days)
        self.env["customer.working.calendar"]._calendar_changed(years.company_id)
        return years

    def write(self, vals):
        """Deadlines show whether they lie in a provisional year."""
        result = super().write(vals)
        if "is_provisional" in vals:
            self.env["customer.working.calendar"]._calendar_changed(self.company_id)
        return result

    # -- filling ------------------------------------------------------------------------------

    @api.model
    def _plan(self, country, year, part=None):
        """Return the days that the library knows; :raises UserError: when it does not know the
        year.
        """
        try:
            return calendar_year(country.code, year, part or None, self.env.lang or "")
        except UnknownCountry as error:
            raise UserError(
                self.env._(
                    "No public holidays are available for %(country)s %(part)s in %(year)s. "
                    "Import them from a file.",
                    country=country.name or "",
                    part=part or "",
                    year=year,
                )
            ) from error

    @api.model
    def _fill(self, company, plan: CalendarYear, origin="wizard", **vals):
        """Make the days of a company those of the plan; a second time changes nothing.

        Days that a person entered or changed stay; days of an earlier filling that the plan no
        longer has go.

        :param vals: further values of the year
        :return: the calendar year
        """
        if not self.env.user.has_group("customer_governance.group_manager"):
            raise AccessError(
                self.env._(
                    "Only the head of customer governance can fill the calendar of a company."
                )
            )
        # sudo: public time off is for administrators in Odoo; the right was checked above
        years = self.sudo().with_company(company)
        year = years.search([("company_id", "=", company.id), ("year", "=", plan.year)])
        wanted = {**vals, "is_provisional": plan.provisional}
        if not year:
            year = years.create({"company_id": company.id, "year": plan.year, **wanted})
        else:
            now = {name: year._fields[name].convert_to_write(year[name], year) for name in wanted}
            year.write({name: value for name, value in wanted.items() if now[name] != value})
        year._fill_leaves(plan, origin)
        year._fill_makeup_days(plan, origin)
        year.filled_at = fields.Datetime.now()
        return year.sudo(False)

    def _fill_leaves(self, plan, origin):
        zone = self._zone()
        names = dict(plan.holidays)
        kept = set()
        gone = self.env["resource.calendar.leaves"]
        for leave in self._public_leaves():
            first, last = (_local_date(at, zone) for at in (leave.date_from, leave.date_to))
            is_ours = leave.customer_calendar_year_id == self and leave.customer_origin != "manual"
            if not is_ours:
                # a person's time off covers these days already
                kept |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
            elif first not in names:
                gone |= leave
            else:
                kept.add(first)
                if leave.name != names[first]:
                    leave.write({"name": names[first], "customer_origin": origin})
        gone.unlink()
        missing = [day for day in names if day not in kept]
        if missing:
            self.env["resource.calendar.leaves"].create(
                [
                    {
                        "name": names[day],
                        "calendar_id": False,
                        "company_id": self.company_id.id,
                        "date_from": local_to_utc(datetime.combine(day, time()), zone),
                        "date_to": local_to_utc(datetime.combine(day, time()) + END_OF_DAY, zone),
                        "customer_calendar_year_id": self.id,
                        "customer_origin": origin,
                    }
                    for day in missing
                ]
            )

    def _fill_makeup_days(self, plan, origin):
        days = {day.date: day for day in self.makeup_day_ids}
        wanted = {day.day: day for day in plan.makeup_days}
        for date, day in days.items():
            if day.origin == "manual":
                continue
            if date not in wanted:
                day.unlink()
            elif self._makeup_vals(wanted[date]) != {k: day[k] for k in ("weekday", "name")}:
                day.write({**self._makeup_vals(wanted[date]), "origin": origin})
        missing = [day for date, day in wanted.items() if date not in days]
        if missing:
            self.env["customer.makeup.day"].create(
                [
                    {
                        "company_id": self.company_id.id,
                        "date": day.day,
                        "origin": origin,
                        **self._makeup_vals(day),
                    }
                    for day in missing
                ]
            )

    def _makeup_vals(self, day: MakeupDay):
        name = self.env._("Make-up day for %(date)s", date=day.name) if day.name else False
        return {"weekday": str(day.weekday), "name": name}

    def _zone(self):
        calendar = self.company_id.resource_calendar_id
        return ZoneInfo(calendar.tz or self.company_id._customer_timezone())

    def _public_leaves(self):
        """Return the company's public time off that touches the year."""
        zone = self._zone()
        first = local_to_utc(datetime(self.year, 1, 1), zone)
        after = local_to_utc(datetime(self.year + 1, 1, 1), zone)
        return self.env["resource.calendar.leaves"].search(
            Domain("resource_id", "=", False)
            & Domain("company_id", "in", (False, self.company_id.id))
            & Domain("calendar_id", "in", (False, self.company_id.resource_calendar_id.id))
            & Domain("date_from", "<", after)
            & Domain("date_to", ">=", first)
        )

    def action_fill_again(self):
        """Fill the year again, for example after make-up days were announced."""
        self.check_access("write")
        for year in self:
            if not year.country_id:
                raise UserError(self.env._("Choose the country first."))
            plan = self._plan(year.country_id, year.year, year.part)
            self._fill(year.company_id, plan)
        return True

    def action_confirm(self):
        """The days are official now."""
        self.check_access("write")
        return self.write({"is_provisional": False})


def _local_date(instant, zone):
    """Return the local date of a naive UTC instant."""
    return as_utc(instant).replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
