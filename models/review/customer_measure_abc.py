"""The measure of the ABC class."""

from odoo import api, models

from ...queries import measures_abc, measures_sales
from ...queries.measures import Measure


class CustomerMeasure(models.AbstractModel):
    """EXTENDS the registry: how much larger customers buy."""

    _inherit = "customer.measure"

    @api.model
    def _measures(self):
        """Add the share of larger customers."""
        measures = super()._measures()
        measures["abc_share"] = Measure(
            "abc_share",
            self.env._("Sales of larger customers (ABC)"),
            "percent",
            measures_abc.abc_share,
            measures_sales.purchase_amount_sources,
            higher_is_better=False,
        )
        return measures
