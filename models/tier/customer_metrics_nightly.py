from odoo import api, models


class CustomerMetrics(models.Model):
    """Nightly work that follows from the figures: segments and lifecycle."""

    _inherit = "customer.metrics"

    @api.model
    def _nightly_steps(self, company):
        """Segments and lifecycle after the figures they are read from."""
        return [
            *super()._nightly_steps(company),
            ("segments", lambda: self.env["customer.segment"]._assign_company(company)),
            (
                "lifecycle",
                lambda: self.env["res.partner"]._update_company_lifecycle(company),
            ),
        ]
