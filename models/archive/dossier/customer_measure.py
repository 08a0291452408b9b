from functools import partial

from odoo import api, models

from ....queries import figures
from ....queries import measures_archive as archive
from ....queries.measures import Measure


class CustomerMeasure(models.AbstractModel):
    """How complete the dossiers of a customer are, as a measure."""

    _inherit = "customer.measure"

    @api.model
    def _measures(self):
        """EXTENDS the registry."""
        figure = self.env["customer.figure"]._figure("archive_completeness")
        share = Measure(
            figure.code,
            figure.label,
            "ratio",
            # dossiers opened up to the last day of the period, as they stand today
            partial(figures.by_partner, figure, scale=1, open_start=True),
            archive.archive_sources,
            higher_is_better=figure.higher_is_better,
        )
        return {**super()._measures(), share.code: share}
