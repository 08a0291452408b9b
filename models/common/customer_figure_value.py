from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ...queries import figures as queries

UNITS = [("count", "Number"), ("percent", "%"), ("money", "Amount")]
DIRECTIONS = [
    ("up", "Higher is better"),
    ("down", "Lower is better"),
    ("none", "Neutral"),
]


class CustomerFigureValue(models.Model):
    """The figures of the reader's companies and roles, computed when somebody looks.

    Only figures of domains that a company uses, and of which the reader may read all documents. What
    is about a day counts in its period; what is about the present is there once, as of today.
    """

    _name = "customer.figure.value"
    _description = "Figure"
    _auto = False
    _order = "sequence, company_id, period, id"

    sequence = fields.Integer(readonly=True, aggregator=None)
    code = fields.Char(readonly=True)
    name = fields.Char("Figure", readonly=True)
    area = fields.Char("Subject", readonly=True)
    unit = fields.Selection(UNITS, "Unit", readonly=True)
    direction = fields.Selection(DIRECTIONS, "Direction", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    period = fields.Selection("_selection_period", "Period", readonly=True)
    value = fields.Float(
        "Raw Value", digits=(16, 2), readonly=True, aggregator=None, help="Empty: no data."
    )
    has_value = fields.Boolean("Has Data", readonly=True)
    value_text = fields.Char("Value", compute="_compute_value_text")

    @api.model
    def _selection_period(self):
        return list(self.env["customer.figure"]._period_labels().items())

    @property
    def _table_query(self):
        registry = self.env["customer.figure"]
        numbers = {code: number for number, code in enumerate(registry._figures(), 1)}
        places = {key: place for place, key in enumerate(registry._period_labels())}
        parts = []
        # documents of all domains are read by SQL
        self.env.flush_all()
        readable = registry._readable_figures().values()
        for source, figures in registry._by_source(readable).items():
            spans = registry._spans(source, registry._source_companies(source))
            if not spans:
                continue
            columns = [
                {
                    "number": numbers[figure.code],
                    "code": figure.code,
                    "name": figure.label,
                    "area": figure.area,
                    "unit": figure.unit,
                    "direction": {True: "up", False: "down", None: "none"}[figure.higher_is_better],
                }
                for figure in figures
            ]
            parts.append((queries.values(source, figures, spans), columns, places))
        return queries.table(parts) if parts else queries.no_rows()

    @api.depends("value", "has_value", "unit", "company_id")
    @api.depends_context("lang")
    def _compute_value_text(self):
        for line in self:
            line.value_text = line._text()

    def _text(self):
        """The value with its unit; no data is not zero."""
        if not self.has_value:
            return self.env._("No data")
        if self.unit == "money":
            # sudo: the currency of a company whose figure the reader sees
            return formatLang(self.env, self.value, currency_obj=self.company_id.sudo().currency_id)
        if self.unit == "percent":
            return self.env._("%(value)s %%", value=formatLang(self.env, self.value, digits=2))
        return formatLang(self.env, self.value, digits=0)

    def action_view_documents(self):
        """Open the documents behind the figure; their number, sum or rate is its value."""
        self.ensure_one()
        self.check_access("read")
        registry = self.env["customer.figure"]
        figure = registry._readable_figures().get(self.code)
        if not figure:
            raise UserError(self.env._("Open the list of figures again."))
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": figure.source.model,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": list(registry._documents_domain(figure, self.company_id, self.period)),
            "context": {"create": False, "active_test": False},
        }
