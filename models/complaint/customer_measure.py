from odoo import api, models

from ...queries import measures_complaint as complaint
from ...queries.measures import Measure


class CustomerMeasure(models.AbstractModel):
    """Complaints as measures: points for few of them, a veto for an open major one."""

    _inherit = "customer.measure"

    @api.model
    def _measures(self):
        """EXTENDS the registry."""
        _ = self.env._
        received = self.env["customer.figure"]._figure("complaint_count")
        added = (
            Measure(
                received.code,
                received.label,
                received.unit,
                complaint.complaint_count,
                complaint.complaint_sources,
                higher_is_better=received.higher_is_better,
            ),
            Measure(
                "open_major_complaints",
                _("Open major complaints"),
                "count",
                complaint.open_major_count,
                complaint.open_major_sources,
                higher_is_better=False,
            ),
        )
        return {**super()._measures(), **{measure.code: measure for measure in added}}
