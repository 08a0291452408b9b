from datetime import date

import pytz
from odoo import fields, models


class ResCompany(models.Model):
    """Calendar day of a company, the one all rules on customers use."""

    _inherit = "res.company"

    def _customer_timezone(self) -> str:
        """Time zone of the company's address, UTC when it has none."""
        self.ensure_one()
        # sudo: the company's own address is no secret to its users
        return self.sudo().partner_id.tz or "UTC"

    def _customer_today(self) -> date:
        """Today's date in the company's time zone."""
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(self._customer_timezone())).date()
