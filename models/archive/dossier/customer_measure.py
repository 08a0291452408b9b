from odoo import api, models

from ....queries import measures_archive as archive
from ....queries.measures import Measure


class CustomerMeasure(models.AbstractModel):
    """How complete the dossiers of a customer are, as a measure."""

    _inherit = "customer.measure"

    @api.model
    def _measures(self):
        """EXTENDS the registry."""
        share = Measure(
            "archive_completeness",
            self.env._("Completeness of the dossiers"),
            "ratio",
            archive.archive_completeness,
            archive.archive_sources,
        )
        return {**super()._measures(), share.code: share}
