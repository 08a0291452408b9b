from functools import partial

from odoo import api, models

from ...queries import figures
from ...queries import measures_provider as provider
from ...queries.measures import Measure


class CustomerMeasure(models.AbstractModel):
    """Service providers as measures: the figures of their months, returned orders, volume."""

    _inherit = "customer.measure"

    @api.model
    def _measures(self):
        """EXTENDS the registry."""
        _ = self.env._
        months = [
            figure
            for figure in self.env["customer.figure"]._figures().values()
            if figure.source.model == "customer.provider.period"
        ]
        added = (
            *(
                Measure(
                    figure.code,
                    figure.label,
                    figure.unit,
                    partial(figures.by_partner, figure),
                    provider.month_sources,
                    higher_is_better=figure.higher_is_better,
                )
                for figure in months
            ),
            Measure(
                "provider_returns",
                _("Provider: returned dispatches"),
                "count",
                provider.returned,
                provider.returned_sources,
                higher_is_better=False,
            ),
            Measure(
                "provider_volume",
                _("Provider: service volume"),
                "count",
                provider.volume,
                provider.volume_sources,
            ),
        )
        return {**super()._measures(), **{measure.code: measure for measure in added}}
