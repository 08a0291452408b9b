from odoo import api, models

from ...engine.complaint_figures import RATES
from ...queries import figure_rows
from ...queries.figures import Figure, Source

READERS = (
    "customer_governance.group_service_supervisor",
    "customer_governance.group_manager",
    "customer_governance.group_auditor",
)


class CustomerFigure(models.AbstractModel):
    """Figures of service providers: sums of their months, confirmed or not."""

    _inherit = "customer.figure"

    @api.model
    def _figures(self):
        """EXTENDS the registry."""
        _ = self.env._
        months = Source(
            "customer.provider.period",
            figure_rows.provider_months,
            date="date_to",
            switch="complaint",
        )
        area = _("Service Providers")
        rates = {
            "reply_rate": _("Provider: reply timeliness"),
            "contact_rate": _("Provider: first contact on time"),
            "first_time_rate": _("Provider: first-time closure"),
            "closure_rate": _("Provider: monthly closure"),
            "satisfaction_rate": _("Provider: satisfaction"),
        }
        counts = {
            "received": _("Provider: complaints"),
            "false_replies": _("Provider: false replies"),
        }
        return super()._figures() | self._add(
            *(
                Figure(
                    code=f"provider_{name}",
                    label=label,
                    unit="percent",
                    source=months,
                    part=RATES[name][0],
                    whole=RATES[name][1],
                    area=area,
                    readers=READERS,
                )
                for name, label in rates.items()
            ),
            *(
                Figure(
                    code=f"provider_{name}",
                    label=label,
                    unit="count",
                    source=months,
                    part=name,
                    area=area,
                    readers=READERS,
                    higher_is_better=False,
                    empty_is_zero=False,
                )
                for name, label in counts.items()
            ),
        )
