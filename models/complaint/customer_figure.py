from odoo import api, fields, models

from ...engine.complaint_figures import OVER, RATES
from ...queries import complaint_figures, figure_rows
from ...queries.figures import Figure, Source

READERS = (
    "customer_governance.group_service_supervisor",
    "customer_governance.group_manager",
    "customer_governance.group_auditor",
)

# Rates of which less is better.
BAD_RATES = ("repeat_rate", "reopen_rate")

COMPLAINT = (
    "|",
    ("kind", "=", "complaint"),
    ("was_complaint", "=", True),
    ("state", "!=", "cancelled"),
)


class CustomerFigure(models.AbstractModel):
    """Figures of complaints: the rates of the policy (`engine.complaint_figures`), received, open."""

    _inherit = "customer.figure"

    @api.model
    def _rate_labels(self):
        """Return {rate of `RATES`: label}."""
        _ = self.env._
        return {
            "reply_rate": _("Reply Timeliness (%)"),
            "contact_rate": _("First Contact on Time (%)"),
            "first_time_rate": _("First-time Closure (%)"),
            "closure_rate": _("Monthly Closure (%)"),
            "satisfaction_rate": _("Satisfaction (%)"),
            "repeat_rate": _("Recurrence (%)"),
            "reopen_rate": _("Reopened (%)"),
        }

    @api.model
    def _figures(self):
        """EXTENDS the registry."""
        _ = self.env._
        now = fields.Datetime.now()
        companies = self.env["res.company"]
        received = Source(
            "customer.complaint",
            figure_rows.complaints,
            date="received_at",
            at_instant=True,
            switch="complaint",
        )
        unclosed = Source("customer.complaint", figure_rows.complaints, switch="complaint")
        months = Source(
            "customer.complaint.figure",
            lambda: complaint_figures.figure_rows(companies._all_complaint_cutoffs(), now),
            date="date",
            switch="complaint",
        )
        labels, area = self._rate_labels(), _("Complaints")
        return super()._figures() | self._add(
            Figure(
                code="complaint_count",
                label=_("Number of complaints"),
                unit="count",
                source=received,
                part="complaints",
                area=area,
                readers=READERS,
                domain=COMPLAINT,
                higher_is_better=False,
            ),
            Figure(
                code="complaints_open",
                label=_("Open Complaints"),
                unit="count",
                source=unclosed,
                part="unclosed",
                area=area,
                readers=READERS,
                domain=(*COMPLAINT, ("state", "not in", OVER)),
                higher_is_better=False,
            ),
            *(
                Figure(
                    code=f"complaint_{name}",
                    label=labels[name],
                    unit="percent",
                    source=months,
                    part=part,
                    whole=whole,
                    area=area,
                    readers=READERS,
                    higher_is_better=name not in BAD_RATES,
                )
                for name, (part, whole) in RATES.items()
            ),
        )
