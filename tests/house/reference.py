"""The pages in docs/reference: what the code itself says of state machines, jobs, hooks and the like.

`scripts/odoo reference DB` writes them, `test_reference.py` holds them against the code.
"""

import ast
import inspect
from collections import defaultdict

from .source import DOMAINS, ROOT, python_files, tree

MODULE = "customer_governance"
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by `scripts/odoo reference DB`; do not edit. -->"
LONGEST = 96


def pages(env):
    """Return {file name: text} of all pages; needs a database with the addon installed."""
    env = env(su=True, context={"lang": "en_US"})
    return {
        "state-machines.md": _page("State machines", _state_machines(env)),
        "jobs.md": _page("Scheduled jobs", _jobs(env)),
        "hooks.md": _page("Hooks between domains", _hooks(env)),
        "odoo-internals.md": _page("Methods of Odoo that we extend", _internals(env)),
        "measures.md": _page("Measures", _measures(env)),
    }


def write(env):
    """Write the pages into docs/reference."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages(env).items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def _page(title, body):
    return f"# {title}\n\n{NOTE}\n\n{body.rstrip()}\n"


def _table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for row in rows:
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |")
    return "\n".join(lines)


def _first_line(function):
    line = (inspect.getdoc(function) or "").split("\n")[0].rstrip(".")
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


# --- state machines


def _state_machines(env):
    parts = [
        "One diagram for each model with `_transitions` (`engine/transitions.py`). Beside an edge stands the"
        "\nname of the transition: its button calls `action_<name>`, its guard is the method that the table names."
    ]
    for name in sorted(env.registry):
        model = env[name]
        table = getattr(model, "_transitions", None)
        if model._abstract or not table or model._original_module != MODULE:
            continue
        lines = [f"    [*] --> {table.initial}"]
        for edge in table.transitions:
            lines += [f"    {source} --> {edge.target}: {edge.name}" for source in edge.sources]
        parts.append(
            f"## {model._description} (`{name}`)\n\n```mermaid\nstateDiagram-v2\n"
            + "\n".join(lines)
            + "\n```"
        )
    return "\n\n".join(parts)


# --- jobs


def _jobs(env):
    crons = env["ir.cron"].with_context(active_test=False).search([]).filtered(_is_ours)
    rows = []
    for cron in crons.sorted(lambda one: (one.cron_name, one.id)):
        method = cron.code.strip().removeprefix("model.").partition("(")[0]
        rows.append(
            (
                cron.cron_name,
                _interval(cron),
                f"`{cron.model_id.model}.{method}`",
                _first_line(getattr(env[cron.model_id.model], method)),
            )
        )
    return _table(("job", "every", "method", "what it does"), rows)


def _interval(cron):
    if cron.interval_number == 1:
        return cron.interval_type.removesuffix("s")
    return f"{cron.interval_number} {cron.interval_type}"


def _is_ours(record):
    return (record.get_external_id()[record.id] or "").startswith(f"{MODULE}.")


# --- hooks and internals: who defines and who extends a method


def _definitions():
    """Yield (model name, class node, method node, path from models/) of each method of our models."""
    for path in python_files("models", "wizard", "reports"):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                values = {}
                for part in node.body:
                    if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
                        try:
                            values[part.targets[0].id] = ast.literal_eval(part.value)
                        except ValueError:
                            continue
                inherit = values.get("_inherit")
                name = values.get("_name") or (inherit if isinstance(inherit, str) else None)
                if not name and inherit:
                    name = inherit[0]
                for part in node.body if name else ():
                    if isinstance(part, ast.FunctionDef):
                        yield name, part, path.relative_to(ROOT).as_posix()


def _hooks(env):
    found = defaultdict(dict)
    for model, method, path in _definitions():
        if path.startswith("models/") and method.name.startswith("_"):
            found[model, method.name].setdefault(path.split("/")[1], path)
    rows = []
    for (model, name), paths in sorted(found.items()):
        if len(paths) < 2 or model not in env or _core_definition(env, model, name):
            continue
        first, *others = sorted(paths.values(), key=_layer)
        rows.append(
            (
                f"`{model}.{name}`",
                f"`{first.removeprefix('models/')}`",
                ", ".join(f"`{path.removeprefix('models/')}`" for path in others),
            )
        )
    return (
        "A lower domain offers a method, a higher one extends it in its own folder.\n\n"
        + _table(("hook", "offered in", "extended in"), rows)
    )


def _layer(path):
    return DOMAINS.index(path.split("/")[1]), path


def _core_definition(env, model, name):
    """Return the addon outside ours that defines the method, or None."""
    for base in type(env[model]).mro():
        if name in vars(base):
            module = base.__module__
            if module.startswith("odoo.orm") or module.startswith("odoo.models"):
                return "orm"
            if module.startswith("odoo.addons.") and module.split(".")[2] != MODULE:
                return module.split(".")[2]
    return None


def _internals(env):
    rows = defaultdict(list)
    for model, method, path in _definitions():
        if not method.name.startswith("_") or method.name.startswith("__") or model not in env:
            continue
        addon = _core_definition(env, model, method.name)
        if addon:
            rows[addon, method.name].append((model, path))
    lines = [
        (f"`{name}`", addon, f"`{model}`", f"`{path}`")
        for (addon, name), places in sorted(rows.items())
        for model, path in sorted(places)
    ]
    return (
        "Private methods of Odoo and of the approval library are not promised to stay: look through these at"
        "\neach upgrade. The docstring at each place says why.\n\n"
        + _table(("method", "of addon", "on model", "in"), lines)
    )


# --- measures


def _measures(env):
    rows = [
        (
            f"`{measure.code}`",
            measure.label,
            measure.unit or "",
            "more is better" if measure.higher_is_better else "less is better",
            _first_line(measure.select),
        )
        for measure in env["customer.measure"]._measures().values()
    ]
    return "Figures a scorecard can use, see [add a measure](../add-a-measure.md).\n\n" + _table(
        ("code", "label", "unit", "direction", "what it counts"), sorted(rows)
    )
