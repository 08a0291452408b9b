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
    """Deadlines follow the working hours."""

    _inherit = "resource.calendar"

    def write(self, vals):
        """EXTENDS resource: open deadlines follow."""
        result = super().write(vals)
        if SHAPE & vals.keys():
            self._sla_changed()
        return result

    def _sla_changed(self):
        """Count the open deadlines again of all companies that work by these hours."""
        # sudo: shared working hours may belong to companies the user does not see
        companies = self.env["res.company"].sudo()
        companies = companies.search([("resource_calendar_id", "in", self.ids)])
        # branches count in the days of their company
        companies = companies.search([("id", "child_of", companies.ids)])
        policies = self.env["customer.sla.policy"].sudo().search([("calendar_id", "in", self.ids)])
        if policies:
            companies |= policies.company_id or companies.search([])
        self.env["customer.sla.calendar"]._calendar_changed(companies)


class ResourceCalendarAttendance(models.Model):
    """Deadlines follow the shifts."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS resource: open deadlines follow."""
        rows = super().create(vals_list)
        rows.calendar_id._sla_changed()
        return rows

    def write(self, vals):
        """EXTENDS resource: open deadlines follow."""
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._sla_changed()
        return result

    def unlink(self):
        """EXTENDS resource: open deadlines follow."""
        calendars = self.calendar_id
        result = super().unlink()
        calendars.exists()._sla_changed()
        return result


class ResourceCalendarLeaves(models.Model):
    """Public holidays know the calendar year they came from; deadlines follow them."""

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
        """EXTENDS resource: open deadlines follow public holidays."""
        leaves = super().create(vals_list)
        leaves._sla_companies_changed()
        return leaves

    def write(self, vals):
        """EXTENDS resource: open deadlines follow; what a person changed is theirs."""
        if PERSONAL & vals.keys() and "customer_origin" not in vals:
            vals = {**vals, "customer_origin": "manual"}
        before = self._sla_companies()
        result = super().write(vals)
        self.env["customer.sla.calendar"]._calendar_changed(before | self._sla_companies())
        return result

    def unlink(self):
        """EXTENDS resource: open deadlines follow."""
        before = self._sla_companies()
        result = super().unlink()
        self.env["customer.sla.calendar"]._calendar_changed(before)
        return result

    def _sla_companies(self):
        """Return the companies whose working time these leaves change; those of one person change
        none.
        """
        public = self.filtered(lambda leave: not leave.resource_id)
        companies = public.company_id
        if any(not leave.company_id for leave in public):
            # sudo: a holiday of all companies
            companies |= self.env["res.company"].sudo().search([])
        return companies

    def _sla_companies_changed(self):
        if companies := self._sla_companies():
            self.env["customer.sla.calendar"]._calendar_changed(companies)
