"""What the web client makes of a view: the fields it reads, what is visible, what can be pressed.

Server-side only: `get_views` has already taken out what the user's groups forbid; what is left is for
the client to evaluate, so it is evaluated here in the same way (`search_arch_parser.js`,
`relational_model/utils.js`, core's own `odoo.tests.Form`).
"""

import ast
from datetime import date
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.fields import Domain
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import safe_eval
from odoo.tools.safe_eval import time as safe_time

NUMBERS = ("integer", "float", "monetary")
X2MANY = ("one2many", "many2many")
# typed into each field of a search (a phone number needs three characters)
WORD = "har"
VIEWS_OF_ROWS = ("list", "kanban")


class Missing(Exception):
    """An expression needs a name that the client does not have: an error in the browser too."""


def client_context(env, values=None, parent=None, more=None):
    """Return the names that expressions of a view may use: the record's fields and the client's own."""
    return {
        "uid": env.uid,
        "allowed_company_ids": env.companies.ids,
        "current_company_id": env.company.id,
        "context": dict(env.context, uid=env.uid),
        "today": date.today().isoformat(),
        "current_date": date.today().isoformat(),
        "now": safe_datetime.datetime.now().strftime("%Y-%m-%d %H:%M:%S"),
        "context_today": date.today,
        "datetime": safe_datetime,
        "time": safe_time,
        "relativedelta": relativedelta,
        **(values or {}),
        **({"parent": SimpleNamespace(**parent)} if parent is not None else {}),
        **(more or {}),
    }


def evaluate(expression, names):
    """Evaluate an attribute; None where Python compares less than the client does (False < "2026")."""
    if not isinstance(expression, str):
        return expression
    try:
        return safe_eval(expression.strip() or "None", names)
    except ValueError as error:
        if isinstance(error.__cause__ or error.__context__, NameError | AttributeError):
            raise Missing(f"{expression!r}: {error}") from error
        return None


def record_names(values, fields):
    """Return what `web_read` gave as the client's expressions see it: ids for relations."""

    def plain(value):
        if isinstance(value, dict):
            return value.get("id")
        if isinstance(value, list | tuple):
            # rows as `web_read` gives them, or the commands of `onchange`: the ids that are there
            ids = [one[1] if isinstance(one, list | tuple) else plain(one) for one in value]
            return [one for one in ids if isinstance(one, int)]
        return value

    relational = ("many2one", "reference", *X2MANY)
    return {
        name: plain(value) if fields.get(name, {}).get("type") in relational else value
        for name, value in values.items()
    }


def static_context(expression):
    """Return the entries of a field's context that need no record, as the client sends them along."""
    try:
        tree = ast.parse((expression or "{}").strip(), mode="eval").body
        pairs = zip(tree.keys, tree.values, strict=True)
    except (AttributeError, SyntaxError):
        return {}
    context = {}
    for key, value in pairs:
        try:
            context[ast.literal_eval(key)] = ast.literal_eval(value)
        except ValueError:
            continue
    return context


class ClientView:
    """One view of a model, or a list or form inside of a field."""

    def __init__(self, env, model, view_type, arch, models, loaded=None):
        self.env, self.model, self.type = env, model, view_type
        self.loaded = {} if loaded is None else loaded
        self.arch = etree.fromstring(arch) if isinstance(arch, str | bytes) else arch
        self.models = models
        self.fields = models.get(model, {}).get("fields", {})

    def nodes(self, tag):
        """Yield nodes of this view, not those of views inside of a field."""
        depth = self._depth(self.arch)
        if self.arch.tag == "field":
            depth += 1
        for node in self.arch.iterdescendants(tag):
            if self._depth(node) == depth:
                yield node

    @staticmethod
    def _depth(node):
        return sum(1 for _one in node.iterancestors("field", "groupby"))

    def spec(self, level=2):
        """Return the specification for `web_read` of all fields, with those of lists in the form."""
        spec = {}
        for node in self.nodes("field"):
            name = node.get("name")
            if name not in self.fields:
                continue
            field = self.fields[name]
            one = spec.setdefault(name, {})
            if field["type"] in ("many2one", "reference"):
                one["fields"] = {"display_name": {}}
            elif field["type"] in X2MANY and level and node.get("invisible") not in ("1", "True"):
                view = self.sub_view(node)
                if view is not None:
                    one.setdefault("fields", {}).update(view.spec(level - 1))
                    if order := view.arch.get("default_order"):
                        one["order"] = order
                    one["limit"] = int(view.arch.get("limit") or 40)
            if context := static_context(node.get("context")):
                one["context"] = context
        return spec

    def sub_view(self, node, view_type=None):
        """Return the view of the lines of a field: the one inside, or the default one of the model."""
        inside = {child.tag: child for child in node if child.tag in (*VIEWS_OF_ROWS, "form")}
        modes = (node.get("mode") or "list").split(",")
        wanted = view_type or next((one for one in modes if one in inside), modes[0])
        model = self.fields[node.get("name")]["relation"]
        if wanted in inside:
            return ClientView(self.env, model, wanted, inside[wanted], self.models, self.loaded)
        if node.get("widget") not in (None, "one2many", "many2many"):
            return None
        context = static_context(node.get("context"))
        key = (model, wanted, str(context))
        if key not in self.loaded:
            self.loaded[key] = self.env[model].with_context(**context).get_views([(False, wanted)])
        given = self.loaded[key]
        return ClientView(
            self.env, model, wanted, given["views"][wanted]["arch"], given["models"], self.loaded
        )

    def hidden(self, node, names):
        """Return whether the node or one it stands in is invisible for these values."""
        for one in (node, *node.iterancestors()):
            if one is self.arch:
                break
            if evaluate(one.get("invisible", "False"), names) or evaluate(
                one.get("column_invisible", "False"), names
            ):
                return True
        return False

    def allows(self, operation):
        """Return whether the view offers it: `get_views` writes the user's rights into the arch."""
        return self.arch.get(operation, "True").lower() not in ("0", "false")

    def title(self, node):
        """Return how a person would name the node."""
        label = node.get("string") or "".join(node.itertext()).strip().split("\n")[0][:40]
        return f"{label or '-'} [{node.get('name')}]"

    def aggregates(self):
        """Return the sums that a grouped list asks for."""
        found = []
        for name in dict.fromkeys(node.get("name") for node in self.nodes("field")):
            field = self.fields.get(name, {})
            if field.get("aggregator") and field["type"] in NUMBERS:
                found.append(f"{name}:{field['aggregator']}")
        return found


class SearchView(ClientView):
    """The filters, group-bys and fields of a search view."""

    def items(self):
        """Yield (group, node): filters of one group are joined by "or"."""
        group = 0
        for node in self.arch.iter("field", "filter", "separator", "group"):
            if any(one.tag in ("searchpanel", "filter") for one in node.iterancestors()):
                continue
            if node.get("invisible") in ("1", "True"):
                continue
            if node.tag in ("separator", "group", "field"):
                group += 1
            if node.tag in ("filter", "field"):
                yield group, node

    def group_by(self, node):
        """Return the group-by of a filter, or None."""
        context = evaluate(node.get("context", "{}"), client_context(self.env))
        name = (context or {}).get("group_by")
        field = self.fields.get(name, {})
        if field.get("type") in ("date", "datetime"):
            return f"{name}:month"
        return None if field.get("type") == "properties" else name

    def domain(self, node, names):
        """Return the domain of a filter, or of a word typed for a field; None where there is none."""
        if node.tag == "filter":
            found = evaluate(node.get("domain", "[]"), names)
            if node.get("date"):
                return [(node.get("date"), ">=", names["today"])]
            return found
        name = node.get("name")
        if node.get("filter_domain"):
            return evaluate(node.get("filter_domain"), {**names, "self": WORD, "raw_value": WORD})
        kind = self.fields.get(name, {}).get("searchable") and self.fields[name]["type"]
        if kind in ("char", "text", "html", "many2one", *X2MANY):
            return [(name, node.get("operator", "ilike"), WORD)]
        if kind == "selection" and self.fields[name]["selection"]:
            return [(name, "=", self.fields[name]["selection"][0][0])]
        return None

    def defaults(self, context, names):
        """Return the domain and the group-bys with which the action opens."""
        groups, group_by = {}, []
        for group, node in self.items():
            value = context.get(f"search_default_{node.get('name')}")
            if not value:
                continue
            if node.tag == "filter" and self.group_by(node):
                group_by.append(self.group_by(node))
            elif node.tag == "filter":
                groups.setdefault(group, []).append(self.domain(node, names) or [])
            else:
                groups.setdefault(group, []).append(
                    [(node.get("name"), "in" if isinstance(value, list) else "=", value)]
                )
        domain = Domain.AND([Domain.OR(parts) for parts in groups.values()])
        return list(domain), group_by
