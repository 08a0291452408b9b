from odoo import api, models

from ...queries import measures_sales
from ...queries.measures import Measure


class CustomerMeasure(models.AbstractModel):
    """Registry of the measures scorecards can use.

    Another addon adds a measure by inheriting this model::

        class CustomerMeasure(models.AbstractModel):
            _inherit = "customer.measure"

            @api.model
            def _measures(self):
                measures = super()._measures()
                measures["x"] = Measure("x", self.env._("X"), "count", x_select, x_sources)
                return measures

    The functions a measure names return SQL and a domain; see :mod:`queries.measures`.
    """

    _name = "customer.measure"
    _description = "Measures of Scorecards"

    @api.model
    def _measures(self):
        """Return the measures by code, in the order a user sees them."""
        _ = self.env._
        measures = (
            Measure(
                "purchase_amount",
                _("Purchase amount"),
                "money",
                measures_sales.purchase_amount,
                measures_sales.purchase_amount_sources,
            ),
            Measure(
                "purchase_quantity",
                _("Purchase quantity"),
                "quantity",
                measures_sales.purchase_quantity,
                measures_sales.quantity_sources,
            ),
            Measure(
                "sales_share",
                _("Share of sales"),
                "percent",
                measures_sales.sales_share,
                measures_sales.purchase_amount_sources,
            ),
            Measure(
                "fulfilment",
                _("Contract fulfilment"),
                "ratio",
                measures_sales.fulfilment,
                measures_sales.order_sources,
            ),
            Measure(
                "cooperation_months",
                _("Months since first order"),
                "months",
                measures_sales.cooperation_months,
                measures_sales.cooperation_sources,
            ),
            Measure(
                "idle_months",
                _("Months without purchase"),
                "months",
                measures_sales.idle_months,
                measures_sales.purchase_amount_sources,
                higher_is_better=False,
            ),
            Measure(
                "growth_previous",
                _("Growth against previous period"),
                "ratio",
                measures_sales.growth_previous,
                measures_sales.growth_previous_sources,
            ),
            Measure(
                "growth_last_year",
                _("Growth against same period last year"),
                "ratio",
                measures_sales.growth_last_year,
                measures_sales.growth_last_year_sources,
            ),
        )
        return {measure.code: measure for measure in measures}

    @api.model
    def _measure(self, code):
        """Return one measure, or None where no installed addon knows the code."""
        return self._measures().get(code)

    @api.model
    def _measure_selection(self):
        """Return the options of a measure field: (code, label), "manual" last."""
        options = [(measure.code, measure.label) for measure in self._measures().values()]
        return [*options, ("manual", self.env._("Entered by hand"))]
