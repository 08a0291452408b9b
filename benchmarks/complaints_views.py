"""Kanban, list and form of complaints against those of CRM leads, with as many records of both.

Each view asks the server what the web client asks: the fields of the real views (of a user with the
rights on all records, so record rules count), groups, progress bars, the first page.
"""

import time
from ast import literal_eval
from statistics import median

from lxml import etree

from odoo.tools import SQL

from .common import measured
from .complaints_create import agent
from .sales_sql import insert_like

VIEW_FACTOR = 1.5
KINDS = ("kanban", "list", "form")
REPEATS = 9
PAGE = 80
KANBAN_PAGE = 40
COUNT_LIMIT = 10001
FORMS = 20
OPEN = [("state", "not in", ("closed", "force_closed", "cancelled"))]
# model -> (action of its main menu, usual domain)
MODELS = {
    "customer.complaint": ("customer_governance.customer_complaint_action", OPEN),
    "crm.lead": ("crm.crm_lead_action_pipeline", [("type", "=", "opportunity")]),
}


def main_parts(env, cases):
    """Yield (label, value, limit) of the three views."""
    user = agent(env)
    with measured(f"{cases} CRM leads", env):
        insert_leads(env, cases)
    env = env(user=user)
    seconds = {}
    for model, (action, domain) in MODELS.items():
        screen = Screen(env, model, action, domain)
        for view in KINDS:
            seconds[model, view] = screen.time(view)
    for view in KINDS:
        ours, theirs = (seconds[model, view] * 1000 for model in MODELS)
        yield f"{view} of complaints (ms)", ours, None
        yield f"{view} of CRM leads (ms)", theirs, None
        yield f"{view}: complaints / CRM leads", ours / theirs, VIEW_FACTOR


def insert_leads(env, count):
    """Insert CRM leads as the ORM writes them, spread over stages and customers like the cases."""
    with env.cr.savepoint() as savepoint:
        lead = env["crm.lead"].create(
            {"name": "Prototype", "type": "opportunity", "description": "<p>Prototype</p>"}
        )
        env.flush_all()
        env.cr.execute(SQL("SELECT * FROM crm_lead WHERE id = %s", lead.id))
        row = env.cr.dictfetchone()
        savepoint.rollback()
    stages = env["crm.stage"].search([("is_won", "=", False)]).ids
    partners = [
        partner.id for (partner,) in env["customer.complaint"]._read_group(OPEN, ["partner_id"])
    ]
    values = {
        "id": "nextval('crm_lead_id_seq')",
        "name": "'Benchmark ' || n",
        "stage_id": f"(ARRAY{stages})[1 + mod(n, {len(stages)})]",
        "partner_id": f"(ARRAY{partners})[1 + mod(n, {len(partners)})]",
        "create_date": "now() AT TIME ZONE 'UTC' - make_interval(mins => mod(n, 14400))",
    }
    source = SQL("generate_series(1, %s) AS n", count)
    env.cr.execute(insert_like("crm_lead", row, values, source))
    env.cr.execute(SQL("ANALYZE crm_lead"))
    env.invalidate_all()


class Screen:
    """What the web client asks for one model."""

    def __init__(self, env, model, action, domain):
        """Read the views of the action once, as the client does."""
        self.env, self.model, self.domain = env, env[model], domain
        action = env["ir.actions.act_window"]._for_xml_id(action)
        wanted = [view for view in action["views"] if view[1] in KINDS]
        arch = self.model.get_views(wanted)["views"]
        self.arch = {kind: etree.fromstring(arch[kind]["arch"]) for kind in KINDS}
        self.specs = {kind: self._spec(model, self.arch[kind]) for kind in KINDS}

    def _spec(self, model, node):
        """Return the specification of the fields of a view, subviews included."""
        result = {}
        for child in node:
            if not isinstance(child.tag, str):
                continue
            if child.tag != "field":
                result |= self._spec(model, child)
                continue
            name = child.get("name")
            field = self.env[model]._fields[name]
            result[name] = self._field_spec(field, child)
        return result

    def _field_spec(self, field, node):
        if field.type == "many2one":
            return {"fields": {"display_name": {}}}
        if field.type not in ("one2many", "many2many"):
            return {}
        subview = next((child for child in node if child.tag in ("list", "kanban")), None)
        if subview is not None:
            return {"fields": self._spec(field.comodel_name, subview), "limit": KANBAN_PAGE}
        return {"fields": {"display_name": {}}} if node.get("widget") == "many2many_tags" else {}

    def time(self, view):
        """Return the median seconds of asking for a view with empty caches of records."""
        times = []
        for _n in range(REPEATS):
            self.env.invalidate_all()
            began = time.perf_counter()
            getattr(self, f"_{view}")()
            times.append(time.perf_counter() - began)
        return median(times)

    def _kanban(self):
        arch = self.arch["kanban"]
        group = arch.get("default_group_by") or "stage_id"
        self.model.web_read_group(
            self.domain,
            [group],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=self.specs["kanban"],
            unfold_read_default_limit=KANBAN_PAGE,
        )
        bar = arch.find(".//progressbar")
        if bar is not None:
            self.model.read_progress_bar(
                self.domain,
                group,
                {"field": bar.get("field"), "colors": literal_eval(bar.get("colors"))},
            )

    def _list(self):
        self.model.web_search_read(
            self.domain, self.specs["list"], limit=PAGE, count_limit=COUNT_LIMIT
        )

    def _form(self):
        for record in self.model.search(self.domain, limit=FORMS):
            record.web_read(self.specs["form"])
