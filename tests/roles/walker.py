"""Walk through the product as one user by the calls that the web client makes, and note each error."""

import logging
import traceback
from collections import Counter
from contextlib import contextmanager

from odoo.exceptions import AccessDenied, AccessError, MissingError, UserError
from odoo.service.model import call_kw
from odoo.tools import mute_logger

from odoo.addons.web.controllers.utils import clean_action

from .client_view import (
    ClientView,
    Missing,
    SearchView,
    client_context,
    evaluate,
    record_names,
)
from .known import reason

_logger = logging.getLogger(__name__)

MODULE = "customer_governance"
# Records of one state look alike: one of each is opened.
STATE_FIELDS = ("state", "kind", "stage", "status")
NO_RIGHT = (AccessError, AccessDenied, MissingError)
COUNTED = (
    "menus", "views", "records", "new", "filters", "groups", "buttons", "refused", "dialogs",
    "rows", "searches", "papers",
)  # fmt: skip


class _Undo(Exception):
    """Ends a savepoint whose changes are not wanted."""


def is_ours(model):
    """Return whether the model is ours or extended by us; a mixin of Odoo that we extend counts for none."""
    return model._original_module == MODULE or any(
        base._module == MODULE and base._name == model._name
        for base in type(model).mro()
        if getattr(base, "_module", None)
    )


def is_our_field(model, name):
    """Return whether the field is of one of our models, or one that we added to a model of core."""
    field = model._fields.get(name)
    return model._original_module == MODULE or (field is not None and MODULE in field._modules)


class RoleWalker:
    """One user's walk. `problems` says where (menu > view > element) and what; `counts` what was seen."""

    # "model button" of all that opened a dialog: the walk in the browser presses these too
    dialogs = set()

    def __init__(self, env, role, search=True):
        self.env, self.role, self.search = env, role, search
        self.problems, self.counts, self.refusals = [], Counter(), Counter()
        self._where, self._seen, self._loaded = [], set(), {}

    # --- errors

    @contextmanager
    def at(self, *names):
        """Say where the calls inside are."""
        self._where.extend(names)
        try:
            yield
        finally:
            del self._where[-len(names) :]

    def first_time(self, *key):
        """Return whether this was not walked yet."""
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def problem(self, error):
        """Note an error, unless the table of known ones has a reason for it."""
        if isinstance(error, Exception):
            text = f"{type(error).__name__}: {str(error).strip()}"
            ours = [
                f"{frame.filename.rpartition(MODULE)[2]}:{frame.lineno}"
                for frame in traceback.extract_tb(error.__traceback__)
                if "/tests/roles/" not in frame.filename and MODULE in frame.filename
            ]
            text = " / ".join(line for line in text.splitlines() if line.strip())[:500]
            error = f"{text} {ours[-1] if ours else ''}".strip()
        found = f"{' > '.join(self._where)}: {error}"
        if reason(self.role, found) is None and found not in self.problems:
            self.problems.append(found)

    def refused(self, error):
        """Note what a button said instead of doing it: allowed, if it is said in words."""
        self.counts["refused"] += 1
        self.refusals[f"{self._where[-1]}: {str(error).strip().splitlines()[0][:160]}"] += 1

    @contextmanager
    def step(self, undo=False, may_refuse=False):
        """One action of the client: errors are noted, a database error ends with it."""
        try:
            with self.env.cr.savepoint():
                self.env.invalidate_all()
                yield
                if undo:
                    self.env.flush_all()
                    raise _Undo
        except _Undo:
            pass
        except UserError as error:
            if may_refuse and not isinstance(error, NO_RIGHT):
                self.refused(error)
            else:
                self.problem(error)
        except Exception as error:  # each traceback is a finding
            self.problem(error)

    def call(self, model, method, *args, context=None, **kwargs):
        """Call as over RPC; None after an error, which is noted."""
        result = None
        with self.step():
            result = call_kw(
                self.env[model], method, list(args), {**kwargs, "context": context or {}}
            )
            self.env.flush_all()
        return result

    # --- menus and actions

    def menus(self):
        """Yield (path of names, action) of each entry the user sees that shows models of ours."""
        menus = self.env["ir.ui.menu"].load_web_menus(False)

        def below(key, path):
            menu = menus[key]
            path = [*path, menu["name"]] if key != "root" else []
            if menu["actionID"] and not (key == menu["appID"] and menu["children"]):
                yield path, menu["actionID"]
            for child in menu["children"]:
                yield from below(child, path)

        yield from below("root", [])

    def walk(self):
        """Walk everything the user's menus lead to."""
        with self.at("menus"), self.step():
            entries = list(self.menus())
        for path, action_id in entries:
            with self.at(" / ".join(path)):
                action = self.load(action_id)
                if self.is_walked(action):
                    self.counts["menus"] += 1
                    self.open(action)

    def is_walked(self, action):
        """Return whether what the action shows is ours or extended by us."""
        if not action:
            return False
        if action["type"] == "ir.actions.act_window":
            return is_ours(self.env[action["res_model"]])
        return action["type"] == "ir.actions.server" and is_ours(
            self.env[self.env["ir.actions.server"].sudo().browse(action["id"]).model_id.model]
        )

    def action_id(self, name):
        """Return the id of an action that a button names by id or external id."""
        name = str(name)
        return int(name) if name.isdigit() else self.env.ref(name).id

    def load(self, action_id):
        """Return the action as `/web/action/load` does."""
        action = None
        with self.step():
            action_id = self.action_id(action_id)
            kind = self.env["ir.actions.actions"].sudo().browse(action_id).type
            record = self.env[kind].sudo().browse(action_id)
            if kind == "ir.actions.act_window":
                action = clean_action(record._get_action_dict(), env=self.env)
            else:
                action = clean_action(record.read()[0], env=self.env)
        return action

    def open(self, action, depth=0, names=None):
        """Do an action: what a menu or a button answered. Deeper than 0: one look, nothing pressed."""
        if not isinstance(action, dict):
            return
        kind = action.get("type")
        names = client_context(self.env, more=names)
        if kind == "ir.actions.act_window":
            with self.step():
                self._open_window(action, depth, names)
        elif kind == "ir.actions.server" and action.get("id"):
            with self.at(f"action {action.get('name')}"), self.step(undo=True, may_refuse=True):
                context = {
                    key: names[key]
                    for key in ("active_id", "active_ids", "active_model")
                    if key in names
                }
                result = (
                    self.env["ir.actions.server"].browse(action["id"]).with_context(**context).run()
                )
                if result:
                    self.open(clean_action(result, self.env), depth + 1)
        elif kind == "ir.actions.report":
            # as the client: what the server put into the action comes before what is selected
            context = action.get("context")
            given = context.get("active_ids") if isinstance(context, dict) else None
            self._print(action, given or names.get("active_ids"))
        elif kind == "ir.actions.client":
            self.open((action.get("params") or {}).get("next"), depth, names)

    def _print(self, action, ids):
        with self.at(f"paper {action['name']}"), self.step(undo=True, may_refuse=True):
            self.counts["papers"] += 1
            if "html" in action["report_type"] or "pdf" in action["report_type"]:
                self.env["ir.actions.report"]._render_qweb_html(
                    action["report_name"], ids or [], data=action.get("data")
                )

    def _open_window(self, action, depth, names):
        model = action["res_model"]
        context = evaluate(action.get("context") or "{}", names) or {}
        domain = (
            evaluate(
                action.get("domain") or "[]",
                {**names, **context, "context": {**names["context"], **context}},
            )
            or []
        )
        search = action.get("search_view_id") or [False]
        search = search[0] if isinstance(search, list | tuple) else search
        views = [[view_id, kind] for view_id, kind in action["views"]]
        given = self.call(
            model,
            "get_views",
            [*views, [search, "search"]],
            context=context,
            options={"toolbar": True, "load_filters": True, "action_id": action.get("id")},
        )
        if not given:
            return
        window = Window(self, action, context, domain, given, depth)
        if action.get("target") == "new" or action.get("res_id") or views[0][1] == "form":
            window.show_one(action.get("res_id"))
        else:
            window.show_all()


class Window:
    """One window action: its views, its search, its records."""

    def __init__(self, walker, action, context, domain, given, depth):
        self.walker, self.env, self.depth = walker, walker.env, depth
        self.action, self.model, self.context = action, action["res_model"], context
        self.base_domain = domain
        self.toolbars = {kind: view.get("toolbar", {}) for kind, view in given["views"].items()}
        loaded = walker._loaded.setdefault(self.model, {})
        env = self.env(context={**self.env.context, **context})
        self.views = {
            kind: (SearchView if kind == "search" else ClientView)(
                env, self.model, kind, view["arch"], given["models"], loaded
            )
            for kind, view in given["views"].items()
        }
        self.view_ids = {kind: view["id"] for kind, view in given["views"].items()}
        self.names = client_context(env, more=context)
        default_domain, self.group_by = self.views["search"].defaults(context, self.names)
        self.domain = [*domain, *default_domain] if default_domain else domain
        if isinstance(context.get("group_by"), str):
            self.group_by.append(context["group_by"])
        elif context.get("group_by"):
            self.group_by.extend(context["group_by"])

    def call(self, method, *args, **kwargs):
        """Call a method of the model with the context of the action."""
        context = {
            key: value
            for key, value in self.context.items()
            if not key.startswith("search_default_") and key != "group_by"
        }
        return self.walker.call(self.model, method, *args, context=context, **kwargs)

    # --- many records

    def show_all(self):
        """Open each view type, search, the first records and what can be pressed on them."""
        for kind, view in self.views.items():
            if kind in ("search", "form"):
                continue
            if not self.walker.first_time(
                self.model, kind, self.view_ids[kind], str(self.domain), str(self.context)
            ):
                continue
            self.walker.counts["views"] += 1
            with self.walker.at(f"{self.model} {kind}"):
                getattr(self, f"_show_{kind}")(view)
        if (
            self.walker.search
            and not self.depth
            and self.walker.first_time(self.model, self.view_ids["search"])
        ):
            with self.walker.at(f"{self.model} search"):
                self._search(self.views["search"])
        if "form" not in self.views:
            return
        for record_id in self._samples():
            self.show_one(record_id)
        makes = any(
            self.views[kind].allows("create") for kind in ("list", "kanban") if kind in self.views
        )
        if makes and self.views["form"].allows("create") and not self.depth:
            self.show_one(False)

    def _samples(self):
        """Return ids: the first record, and one of each state."""
        first = self.call("web_search_read", self.domain or [], {}, limit=1) or {}
        if not first.get("records") and self.domain != self.base_domain:
            first = self.call("web_search_read", self.base_domain, {}, limit=1) or {}
        found = [one["id"] for one in first.get("records", [])]
        model = self.env[self.model]
        if not self.depth:
            for name in STATE_FIELDS:
                field = model._fields.get(name)
                if field is None or field.type != "selection" or not field.store:
                    continue
                with self.walker.step():
                    for _value, ids in model._read_group(
                        self.base_domain, [name], ["id:min"], limit=12
                    ):
                        found.append(ids)
        return list(dict.fromkeys(found))

    def _show_list(self, view):
        spec = view.spec(0)
        order = view.arch.get("default_order")
        self.call("web_search_read", self.domain, spec, limit=80, order=order, count_limit=10001)
        sortable = [
            name for name in spec if view.fields.get(name, {}).get("sortable") and name != "id"
        ]
        if sortable and not self.depth:
            with self.walker.at(f"sorted by {', '.join(sortable)}"):
                self.call(
                    "web_search_read", self.base_domain, {}, limit=1, order=",".join(sortable)
                )
        groups = self.group_by or (view.arch.get("default_group_by") or "").split(",")
        self._grouped(view, [one for one in groups if one], unfold=True)
        self._press_rows(view, spec)

    def _show_kanban(self, view):
        spec = view.spec(0)
        order = view.arch.get("default_order")
        self.call("web_search_read", self.domain, spec, limit=40, order=order)
        group = (self.group_by or [view.arch.get("default_group_by")])[0]
        if group:
            self._grouped(view, [group], unfold=True)
            for bar in view.nodes("progressbar"):
                colors = evaluate(bar.get("colors"), {})
                self.call(
                    "read_progress_bar",
                    self.domain,
                    group,
                    {"field": bar.get("field"), "colors": colors},
                )
        self._press_rows(view, spec)

    def _grouped(self, view, groups, unfold=False):
        if not groups:
            return
        with self.walker.at(f"grouped by {', '.join(groups)}"):
            self.walker.counts["groups"] += 1
            self.call(
                "web_read_group",
                self.domain,
                groups,
                view.aggregates(),
                auto_unfold=unfold,
                limit=80,
                unfold_read_specification=view.spec(0) if unfold else None,
            )

    def _show_calendar(self, view):
        names = [node.get("name") for node in view.nodes("field")]
        names += [
            view.arch.get(key)
            for key in ("date_start", "date_stop", "color", "date_delay", "all_day")
        ]
        self.call("web_search_read", self.domain, {name: {} for name in names if name}, limit=100)

    def _measures(self, view):
        return [
            f"{name}:{field['aggregator']}"
            for name, field in view.fields.items()
            if field.get("aggregator")
            and field.get("store")
            and field["type"] in ("integer", "float", "monetary")
        ]

    def _groups(self, view, kinds):
        """Return the group-bys of a pivot or graph; dates have an interval."""
        groups = []
        for node in view.nodes("field"):
            name = node.get("name")
            if node.get("type") in kinds:
                interval = node.get("interval")
                if view.fields[name]["type"] in ("date", "datetime"):
                    interval = interval or "month"
                groups.append(f"{name}:{interval}" if interval else name)
        return groups

    def _show_pivot(self, view):
        groups = self._groups(view, ("row", "col"))
        self.call(
            "formatted_read_grouping_sets",
            self.domain,
            [[], groups],
            ["__count", *self._measures(view)],
        )

    def _show_graph(self, view):
        groups = self._groups(view, ("row", "col", None))
        self.call("formatted_read_group", self.domain, groups, ["__count", *self._measures(view)])

    def _show_activity(self, view):
        self.walker.call("mail.activity", "get_activity_data", self.model, self.domain, limit=20)
        self.call("web_search_read", self.domain, view.spec(0), limit=20)

    def _show_hierarchy(self, view):
        self.call("web_search_read", self.domain, view.spec(0), limit=20)

    # --- search

    def _search(self, view):
        rows = next((self.views[kind] for kind in ("list", "kanban") if kind in self.views), None)
        for _group, node in view.items():
            with self.walker.at(view.title(node)):
                try:
                    group = node.tag == "filter" and view.group_by(node)
                    domain = None if group else view.domain(node, self.names)
                except Missing as error:
                    self.walker.problem(error)
                    continue
                if group and group.split(":")[0] in view.fields:
                    self._grouped(rows or view, [group])
                elif domain is not None:
                    self.walker.counts["filters"] += 1
                    self.call("web_search_read", [*self.base_domain, *domain], {}, limit=1)
        for panel in view.arch.iter("searchpanel"):
            for node in panel.iterchildren("field"):
                many = "multi_" if node.get("select") == "multi" else ""
                with self.walker.at(f"panel {node.get('name')}"):
                    self.call(
                        f"search_panel_select_{many}range",
                        node.get("name"),
                        search_domain=self.domain,
                        enable_counters=bool(node.get("enable_counters")),
                        limit=200,
                        **(
                            {"group_by": node.get("groupby")}
                            if many and node.get("groupby")
                            else {}
                        ),
                    )

    # --- one record

    def show_one(self, record_id):
        """Open a record, or a new one, in the form."""
        view = self.views.get("form")
        if view is None or not self.walker.first_time(
            self.model,
            self.view_ids["form"],
            record_id,
            str(self.context) if not record_id else "",
            self.depth and 1,
        ):
            return
        is_dialog = self.action.get("target") == "new"
        self.walker.counts["dialogs" if is_dialog else "records" if record_id else "new"] += 1
        with self.walker.at(f"{self.model} form{'' if record_id else ' new'}"):
            spec = view.spec()
            if record_id:
                read = self.call("web_read", [record_id], spec)
                values = read and read[0]
            else:
                values = (self.call("onchange", [], {}, [], spec) or {}).get("value")
            if values is None:
                return
            names = client_context(
                view.env,
                {
                    **self.context,
                    **dict.fromkeys(view.fields, False),
                    **record_names(values, view.fields),
                },
                more={"active_id": record_id, "id": record_id},
            )
            try:
                self._show_fields(view, names, record_id)
            except Missing as error:
                self.walker.problem(error)
            if is_dialog and not record_id:
                return
            if record_id and (not self.depth or is_dialog):
                self._press(view, names, record_id)
                if not self.depth:
                    self._toolbar("form", [record_id])

    def _show_fields(self, view, names, record_id):
        """What can be typed: the choice of each many2one, a new row of each list."""
        editable = view.allows("edit") if record_id else True
        for node in view.nodes("field"):
            field = view.fields.get(node.get("name"))
            if (
                field is None
                or not editable
                or not is_our_field(self.env[view.model], node.get("name"))
                or view.hidden(node, names)
            ):
                continue
            readonly = node.get("readonly", str(field.get("readonly", False)))
            if evaluate(readonly, names):
                continue
            if field["type"] == "many2one":
                self._choose(view, node, field, names)
            elif field["type"] == "one2many" and not self.depth:
                self._new_row(view, node, field, names, record_id)

    def _choose(self, view, node, field, names, where=""):
        expression = node.get("domain") or field.get("domain") or "[]"
        with self.walker.at(f"{where}{node.get('name')}"):
            try:
                domain = evaluate(expression, names)
            except Missing as error:
                self.walker.problem(error)
                return
            if domain is not None and self.walker.first_time(
                "choose", field["relation"], str(domain)
            ):
                self.walker.counts["searches"] += 1
                self.walker.call(
                    field["relation"],
                    "web_name_search",
                    "",
                    {"display_name": {}},
                    domain=domain,
                    limit=8,
                )

    def _new_row(self, view, node, field, names, record_id):
        lines = view.sub_view(node)
        if lines is None or not lines.allows("create"):
            return
        if lines.type != "list" or not lines.arch.get("editable"):
            lines = view.sub_view(node, "form") or lines
        context = {**self.context, **(evaluate(node.get("context") or "{}", names) or {})}
        context = {
            key: value for key, value in context.items() if not key.startswith("search_default_")
        }
        if not self.walker.first_time(
            "row", field["relation"], str(sorted(context.items(), key=str))
        ):
            return
        with self.walker.at(f"{node.get('name')} new row"):
            parent = (
                {field["relation_field"]: {"id": record_id}} if field.get("relation_field") else {}
            )
            spec = lines.spec(1)
            values = None
            for _row in range(2):
                self.walker.counts["rows"] += 1
                values = self.walker.call(
                    field["relation"], "onchange", [], parent, [], spec, context=context
                )
            if not values:
                return
            row = {
                **dict.fromkeys(lines.fields, False),
                **record_names(values["value"], lines.fields),
            }
            row_names = client_context(lines.env, row, parent=names)
            for child in lines.nodes("field"):
                child_field = lines.fields.get(child.get("name"))
                if (
                    child_field
                    and child_field["type"] == "many2one"
                    and not lines.hidden(child, row_names)
                    and child.get("readonly") not in ("1", "True")
                ):
                    self._choose(lines, child, child_field, row_names, f"{node.get('name')}.")

    # --- buttons

    def _press(self, view, names, record_id):
        """Press each visible button of the form, each in a savepoint that is taken back."""
        state = next((names[name] for name in STATE_FIELDS if names.get(name)), None)
        for button in view.nodes("button"):
            try:
                if view.hidden(button, names):
                    continue
            except Missing as error:
                with self.walker.at(view.title(button)):
                    self.walker.problem(error)
                continue
            self._push(view, button, names, record_id, state)

    def _press_rows(self, view, spec):
        """Press the buttons of the first row, and those above the list for it."""
        if self.depth or not any(True for _one in view.nodes("button")):
            return
        found = self.call("web_search_read", self.domain, spec, limit=1)
        for values in (found or {}).get("records", []):
            names = client_context(
                view.env,
                {**dict.fromkeys(view.fields, False), **record_names(values, view.fields)},
                more={"id": values["id"]},
            )
            self._press(view, names, values["id"])
            self._toolbar(view.type, [values["id"]])

    def _push(self, view, button, names, record_id, state):
        kind, name = button.get("type"), button.get("name")
        if kind not in ("object", "action") or not self._is_our_button(kind, name):
            return
        if not self.walker.first_time(
            "button",
            self.model,
            name,
            button.get("context"),
            state,
            view.type if view.type == "form" else "rows",
        ):
            return
        selected = {"active_id": record_id, "active_ids": [record_id], "active_model": self.model}
        self.walker.counts["buttons"] += 1
        with (
            self.walker.at(f"button {view.title(button)}"),
            self.walker.step(undo=True, may_refuse=True),
            mute_logger("odoo.sql_db"),
        ):
            context = {**self.context, **(evaluate(button.get("context") or "{}", names) or {})}
            context = {
                key: value
                for key, value in context.items()
                if not key.startswith("search_default_")
            }
            if kind == "action":
                action = self.walker.load(name)
            else:
                action = call_kw(
                    self.env[self.model], name, [[record_id]], {"context": {**context, **selected}}
                )
                self.env.flush_all()
                if isinstance(action, dict):
                    action = clean_action(action, self.env)
            if isinstance(action, dict) and action.get("target") == "new":
                self.walker.dialogs.add(f"{self.model} {name}")
            self.walker.open(action, self.depth + 1, {**context, **selected})

    def _toolbar(self, kind, ids):
        """What the cog menu offers: papers and actions."""
        toolbar = self.toolbars.get(kind, {})
        selected = {"active_id": ids[0], "active_ids": ids, "active_model": self.model}
        for entry in (*toolbar.get("print", []), *toolbar.get("action", [])):
            if not self.walker.first_time("toolbar", entry["id"], kind) or not self._is_our_action(
                entry["id"]
            ):
                continue
            action = self.walker.load(entry["id"])
            if action:
                with self.walker.step(undo=True):
                    self.walker.open(action, self.depth + 1, selected)

    def _is_our_button(self, kind, name):
        if kind == "action":
            return self._is_our_action(self.walker.action_id(name))
        model = type(self.env[self.model])
        return self.env[self.model]._original_module == MODULE or any(
            name in vars(base) for base in model.mro() if getattr(base, "_module", None) == MODULE
        )

    def _is_our_action(self, action_id):
        """Core's entries of the cog menu are core's: some are shown to who may not use them."""
        action = self.env["ir.actions.actions"].sudo().browse(action_id)
        xmlid = self.env[action.type].sudo().browse(action.id).get_external_id()[action.id]
        return xmlid.startswith(f"{MODULE}.")
