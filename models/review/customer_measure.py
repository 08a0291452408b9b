from functools import partial

from odoo import api, models
from odoo.tools.misc import formatLang

from ...queries import measures_customer as customer
from ...queries import measures_payment as payment
from ...queries import measures_sales as sales
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
    _description = "Scorecard Measures"

    @api.model
    def _measures(self):
        """Return the measures by code, in the order a user sees them."""
        _ = self.env._
        measures = (
            Measure(
                "purchase_amount",
                _("Purchase amount"),
                "money",
                sales.purchase_amount,
                sales.purchase_amount_sources,
            ),
            Measure(
                "purchase_quantity",
                _("Purchase quantity"),
                "quantity",
                sales.purchase_quantity,
                sales.quantity_sources,
            ),
            Measure(
                "sales_share",
                _("Share of sales"),
                "percent",
                sales.sales_share,
                sales.purchase_amount_sources,
            ),
            Measure(
                "fulfilment",
                _("Contract fulfilment"),
                "ratio",
                sales.fulfilment,
                sales.order_sources,
            ),
            Measure(
                "cooperation_months",
                _("Months since first order"),
                "months",
                sales.cooperation_months,
                sales.cooperation_sources,
            ),
            Measure(
                "idle_months",
                _("Months since last purchase"),
                "months",
                sales.idle_months,
                sales.purchase_amount_sources,
                higher_is_better=False,
            ),
            Measure(
                "growth_previous",
                _("Growth over previous period"),
                "ratio",
                sales.growth_previous,
                sales.growth_previous_sources,
            ),
            Measure(
                "growth_last_year",
                _("Growth over same period last year"),
                "ratio",
                sales.growth_last_year,
                sales.growth_last_year_sources,
            ),
            Measure(
                "arrears_count",
                _("Overdue or late-paid invoices"),
                "count",
                payment.arrears_count,
                payment.due_sources,
                higher_is_better=False,
            ),
            Measure(
                "days_late",
                _("Average payment delay in days"),
                "days",
                payment.days_late,
                payment.due_sources,
                higher_is_better=False,
            ),
            Measure(
                "days_sales_outstanding",
                _("Days sales outstanding"),
                "days",
                payment.days_sales_outstanding,
                payment.receivable_sources,
                higher_is_better=False,
            ),
            Measure(
                "satisfaction",
                _("Average satisfaction"),
                "rating",
                partial(
                    customer.satisfaction,
                    sources=self.env["customer.metrics"]._satisfaction_sources,
                ),
                customer.satisfaction_sources,
            ),
            Measure(
                "nature",
                _("Customer nature (segment)"),
                "segment",
                customer.nature,
                customer.nature_sources,
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
        return [*options, ("manual", self.env._("Entered manually"))]

    @api.model
    def _value_text(self, measure, value, currency, uom_name=""):
        """A value of a measure with its unit, as people read it.

        :param measure: a :class:`Measure`, or None for a value entered by hand
        """
        unit = measure.unit if measure else ""
        if unit == "money":
            return formatLang(self.env, value, currency_obj=currency)
        text = formatLang(self.env, value, digits=0 if value == int(value) else 2)
        if unit == "quantity":
            return f"{text} {uom_name}".strip()
        if unit in ("percent", "ratio"):
            percent = value * (100.0 if unit == "ratio" else 1.0)
            return self.env._("%(value)s %%", value=formatLang(self.env, percent, digits=2))
        if unit == "months":
            return self.env._("%(value)s months", value=text)
        if unit == "days":
            return self.env._("%(value)s days", value=text)
        if unit == "rating":
            return self.env._("%(value)s out of 5", value=text)
        return text
