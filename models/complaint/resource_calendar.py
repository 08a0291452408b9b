from odoo import models

SHAPE = {
    "attendance_ids",
    "tz",
    "two_weeks_calendar",
    "schedule_type",
    "flexible_hours",
    "hours_per_day",
}


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
        policies = self.env["customer.sla.policy"].sudo().search([("calendar_id", "in", self.ids)])
        if policies:
            companies |= policies.company_id or companies.search([])
        self.env["customer.sla.calendar"]._calendar_changed(companies)
