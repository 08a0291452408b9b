from odoo import api, models

from ...queries import measures_complaint as complaint
from ...queries import measures_provider as provider
from ...queries.measures import Measure


class CustomerMeasure(models.AbstractModel):
    """Complaints as measures: points for few of them, a veto for an open major one."""

    _inherit = "customer.measure"

    @api.model
    def _measures(self):
        """EXTENDS the registry."""
        _ = self.env._
        added = (
            Measure(
                "complaint_count",
                _("Number of complaints"),
                "count",
                complaint.complaint_count,
                complaint.complaint_sources,
                higher_is_better=False,
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
        added += self._provider_measures()
        return {**super()._measures(), **{measure.code: measure for measure in added}}

    @api.model
    def _provider_measures(self):
        """Return the measures of service providers: of their months, orders and volumes."""
        _ = self.env._
        rates = (
            ("reply_rate", _("Provider: reply timeliness")),
            ("contact_rate", _("Provider: first contact on time")),
            ("first_time_rate", _("Provider: first-time closure")),
            ("closure_rate", _("Provider: monthly closure")),
            ("satisfaction_rate", _("Provider: satisfaction")),
        )
        counts = (
            ("received", _("Provider: complaints")),
            ("false_replies", _("Provider: false replies")),
        )
        return (
            *(
                Measure(
                    f"provider_{name}",
                    label,
                    "percent",
                    provider.rate(name),
                    provider.month_sources,
                )
                for name, label in rates
            ),
            *(
                Measure(
                    f"provider_{name}",
                    label,
                    "count",
                    provider.count(name),
                    provider.month_sources,
                    higher_is_better=False,
                )
                for name, label in counts
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
