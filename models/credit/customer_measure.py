from functools import partial

from odoo import api, models

from ...queries import measures_credit as credit
from ...queries.measures import Measure


class CustomerMeasure(models.AbstractModel):
    """What the receivables say about a customer's credit, as measures."""

    _inherit = "customer.measure"

    @api.model
    def _measures(self):
        """EXTENDS the registry."""
        share = Measure(
            "overdue_share",
            self.env._("Overdue share of receivables"),
            "ratio",
            credit.overdue_share,
            credit.overdue_sources,
            higher_is_better=False,
        )
        use = Measure(
            "exposure_use",
            self.env._("Credit limit utilisation"),
            "ratio",
            partial(credit.exposure_use, securities=self.env["res.partner"]._credit_securities),
            credit.exposure_sources,
            higher_is_better=False,
        )
        return {**super()._measures(), share.code: share, use.code: use}
