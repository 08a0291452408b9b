from odoo import models


class ResCompany(models.Model):
    """Days and hours in which a company works."""

    _inherit = "res.company"

    def _after_timezone_change(self):
        """EXTENDS common: the days of the companies and their branches are others."""
        super()._after_timezone_change()
        companies = self.search([("id", "child_of", self.ids)])
        self.env["customer.working.calendar"]._calendar_changed(companies)

    def _after_calendar_change(self):
        """Hook: the working time of the companies is another one. Whoever counts in it follows."""
