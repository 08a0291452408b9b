"""The source tree of the addon, read as text and syntax trees."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOMAINS = (
    "common",
    "tier",
    "calendar",
    "sla",
    "visit",
    "review",
    "complaint",
    "provider",
    "credit",
    "care",
    "ownership",
    "archive",
    "supervision",
)


@cache
def python_files(*folders):
    """Return the Python files below the folders (all when none is named), in order of path."""
    tops = [ROOT / folder for folder in folders] or [ROOT]
    return sorted(
        path
        for top in tops
        for path in top.rglob("*.py")
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    )


@cache
def tree(path):
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path):
    """Return the path as people write it."""
    return str(path.relative_to(ROOT))


def imports(path):
    """Yield (module, level, names) of the imports of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, 0, ()
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.level, tuple(alias.name for alias in node.names)


def model_classes(path):
    """Yield (model name, class node) of the models a file defines or extends.

    An extension without ``_name`` counts under the first name of its ``_inherit``.
    """
    for node in tree(path).body:
        if not isinstance(node, ast.ClassDef):
            continue
        values = {
            target.id: statement.value
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        for key in ("_name", "_inherit"):
            if key in values:
                value = ast.literal_eval(values[key])
                yield (value if isinstance(value, str) else value[0]), node
                break
