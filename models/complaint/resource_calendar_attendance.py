from odoo import api, models


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
