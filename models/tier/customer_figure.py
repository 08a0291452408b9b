from odoo import api, models

from ...queries import figure_rows
from ...queries.figures import Figure, Source

HEAD = "customer_governance.group_manager"
AUDITOR = "customer_governance.group_auditor"


class CustomerFigure(models.AbstractModel):
    """Figures of customers: how many, how complete their data, what they buy and owe, what of their
    tier they do not get.
    """

    _inherit = "customer.figure"

    @api.model
    def _figures(self):
        """EXTENDS the registry."""
        _ = self.env._
        breaches = self.env["customer.tier.breach"]
        customers = Source("customer.metrics", figure_rows.customers, of_head=True)
        unmet = Source(
            "customer.tier.breach",
            lambda: figure_rows.breaches(breaches._table_query),
            of_head=True,
        )
        area = _("Customers")
        served = ("customer_governance.group_service", HEAD, AUDITOR)
        return super()._figures() | self._add(
            Figure(
                code="customers",
                label=_("Customers"),
                unit="count",
                source=customers,
                part="customers",
                area=area,
                readers=served,
                empty_is_zero=False,
            ),
            Figure(
                code="data_completeness",
                label=_("Data Completeness"),
                unit="percent",
                source=customers,
                part="data_completeness",
                is_mean=True,
                area=area,
                readers=served,
            ),
            Figure(
                code="unmet_commitments",
                label=_("Unmet Commitments"),
                unit="count",
                source=unmet,
                part="breaches",
                area=area,
                readers=("customer_governance.group_quality", *served),
                higher_is_better=False,
            ),
            Figure(
                code="revenue_12m",
                label=_("Revenue (12 months)"),
                unit="money",
                source=customers,
                part="revenue_12m",
                area=area,
                readers=(HEAD, AUDITOR),
                empty_is_zero=False,
            ),
        )
