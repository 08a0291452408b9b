from odoo import models


class ResourceCalendar(models.Model):
    """Policies count by working hours of their own."""

    _inherit = "resource.calendar"

    def _counting_companies(self):
        """EXTENDS calendar: companies whose policies count by these hours."""
        companies = super()._counting_companies()
        # sudo: the promises hold for every record, whoever changes the hours
        policies = self.env["customer.sla.policy"].sudo().search([("calendar_id", "in", self.ids)])
        if policies:
            companies |= policies.company_id or companies.search([])
        return companies
