from odoo import api, fields, models

from .customer_makeup_day import ORIGINS

SHAPE = {
    "attendance_ids",
    "tz",
    "two_weeks_calendar",
    "schedule_type",
    "flexible_hours",
    "hours_per_day",
}

PERSONAL = {"name", "date_from", "date_to"}


class ResourceCalendar(models.Model):
    """Whoever counts in working time follows the working hours."""

    _inherit = "resource.calendar"

    def write(self, vals):
        """EXTENDS resource: working time follows."""
        result = super().write(vals)
        if SHAPE & vals.keys():
            self._working_time_changed()
        return result

    def _working_time_changed(self):
        """Tell of all companies that work or count by these hours."""
        self.env["customer.working.calendar"]._calendar_changed(self._counting_companies())

    def _counting_companies(self):
        """Return the companies that work by these hours; a domain adds those that count by them."""
        # sudo: shared working hours may belong to companies the user does not see
        return self.env["res.company"].sudo().search([("resource_calendar_id", "in", self.ids)])


class ResourceCalendarAttendance(models.Model):
    """Whoever counts in working time follows the shifts."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS resource: working time follows."""
        rows = super().create(vals_list)
        rows.calendar_id._working_time_changed()
        return rows

    def write(self, vals):
        """EXTENDS resource: working time follows."""
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._working_time_changed()
        return result

    def unlink(self):
        """EXTENDS resource: working time follows."""
        calendars = self.calendar_id
        result = super().unlink()
        calendars.exists()._working_time_changed()
        return result


class ResourceCalendarLeaves(models.Model):
    """Public holidays know the calendar year they came from; working time follows them."""

    _inherit = "resource.calendar.leaves"

    customer_calendar_year_id = fields.Many2one(
        "customer.calendar.year",
        "Calendar Year",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    customer_origin = fields.Selection(ORIGINS, "Entered By", default="manual", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS resource: working time follows public holidays."""
        leaves = super().create(vals_list)
        leaves._tell_companies()
        return leaves

    def write(self, vals):
        """EXTENDS resource: working time follows; what a person changed is theirs."""
        if PERSONAL & vals.keys() and "customer_origin" not in vals:
            vals = {**vals, "customer_origin": "manual"}
        before = self._public_companies()
        result = super().write(vals)
        self.env["customer.working.calendar"]._calendar_changed(before | self._public_companies())
        return result

    def unlink(self):
        """EXTENDS resource: working time follows."""
        before = self._public_companies()
        result = super().unlink()
        self.env["customer.working.calendar"]._calendar_changed(before)
        return result

    def _public_companies(self):
        """Return the companies whose working time these leaves change; those of one person change
        none.
        """
        public = self.filtered(lambda leave: not leave.resource_id)
        companies = public.company_id
        if any(not leave.company_id for leave in public):
            # sudo: a holiday of all companies
            companies |= self.env["res.company"].sudo().search([])
        return companies

    def _tell_companies(self):
        if companies := self._public_companies():
            self.env["customer.working.calendar"]._calendar_changed(companies)
