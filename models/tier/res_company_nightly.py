from odoo import fields, models


class ResCompany(models.Model):
    """When the nightly job of the customers' figures last ran, and what went wrong."""

    _inherit = "res.company"

    customer_nightly_at = fields.Datetime("Customer Figures Last Run", readonly=True)
    customer_nightly_error = fields.Text("Customer Figures Last Error", readonly=True)

    def _customer_nightly_done(self):
        """Return whether the nightly job ran today (date of the company's time zone)."""
        self.ensure_one()
        if not self.customer_nightly_at:
            return False
        local = self.with_context(tz=self._customer_timezone())
        done_on = fields.Datetime.context_timestamp(local, self.customer_nightly_at).date()
        return done_on >= self._customer_today()
