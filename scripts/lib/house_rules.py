"""Checks on the sources that no ready-made linter does. Run in the checkout by scripts/lint.

usage: house_rules.py [--fix] RULE     rules: xml javascript manifest tests layers length
"""

import ast
import csv
import re
import sys
from collections import Counter
from pathlib import Path
from xml.parsers import expat

INDENT = 4
ADVISED_LINES = 800
SKIPPED = {".git", "scripts", "build", "dist", "node_modules", ".venv"}
DATA_FOLDERS = ("data", "demo", "reports", "security", "views", "wizard")
# Where a whole SQL statement may be written; elsewhere it comes from queries/.
SQL_FOLDERS = {"queries", "reports", "migrations", "tests", "benchmarks"}
STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|LOCK)\b", re.I)


def files(pattern, *folders):
    """Files of the checkout, in a stable order."""
    roots = [Path(folder) for folder in folders] or [Path(".")]
    found = (path for root in roots for path in root.rglob(pattern))
    return sorted(path for path in found if not SKIPPED & set(path.parts))


# --- xml --------------------------------------------------------------------


class Indentation:
    """Where each tag that starts a line should start, by its depth in the tree."""

    def __init__(self, text):
        self.depth = 0
        self.verbatim = 0
        self.expected = {}  # line number (from 1): (column it has, column it should have)
        self.lines = text.split("\n")
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CommentHandler = self.comment
        self.parser = parser
        parser.Parse(text.encode(), True)

    def note(self, depth):
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
        before = self.lines[line - 1].encode()[:column].decode(errors="replace")
        if not self.verbatim and not before.strip() and line not in self.expected:
            self.expected[line] = (len(before), depth * INDENT)

    def start(self, name, attributes):
        self.note(self.depth)
        self.depth += 1
        if self.verbatim or name in ("pre", "textarea"):
            self.verbatim += 1
        elif attributes.get("xml:space") == "preserve":
            self.verbatim += 1

    def end(self, name):
        self.depth -= 1
        if self.verbatim:
            self.verbatim -= 1
            return
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
        if self.lines[line - 1].encode()[column : column + 2] == b"</":
            self.note(self.depth)

    def comment(self, text):
        self.note(self.depth)


def fix_xml(path, text):
    """Indent the lines that start with a tag; lines inside a tag move along with it."""
    lines = text.split("\n")
    wanted = Indentation(text).expected
    shift = 0
    for number, line in enumerate(lines, 1):
        if number in wanted:
            has, should = wanted[number]
            shift = should - has
        has = len(line) - len(line.lstrip())
        if line.strip() and shift:
            line = " " * max(0, has + shift) + line.lstrip()
        lines[number - 1] = line.rstrip().expandtabs(INDENT)
    path.write_text("\n".join(lines).rstrip("\n") + "\n", encoding="utf-8")


def check_xml(fix=False):
    """Well-formed, four spaces for each level, no tabs, no spaces at the end of a line."""
    for path in files("*.xml"):
        text = path.read_text(encoding="utf-8")
        try:
            wanted = Indentation(text).expected
        except expat.ExpatError as error:
            yield f"{path}:{error.lineno}: {expat.ErrorString(error.code)}"
            continue
        problems = [
            f"{path}:{line}: starts at column {has}, not {should}"
            for line, (has, should) in sorted(wanted.items())
            if has != should
        ]
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip() or "\t" in line:
                problems.append(f"{path}:{number}: tab, or space at the end of the line")
        if not text.endswith("\n") or text.endswith("\n\n"):
            problems.append(f"{path}: must end with one line break")
        if fix and problems:
            fix_xml(path, text)
        yield from problems


# --- javascript -------------------------------------------------------------


def check_javascript():
    """The syntax; Odoo itself would find an error only in the browser."""
    import tree_sitter
    import tree_sitter_javascript

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))
    for path in files("*.js"):
        stack = [parser.parse(path.read_bytes()).root_node]
        while stack:
            node = stack.pop()
            if node.type == "ERROR" or node.is_missing:
                yield f"{path}:{node.start_point[0] + 1}: syntax error"
            elif node.has_error:
                stack.extend(node.children)


# --- manifest ---------------------------------------------------------------


def check_manifest():
    """Data files and the manifest agree; access rights are well-formed tables."""
    manifest = ast.literal_eval(Path("__manifest__.py").read_text(encoding="utf-8"))
    listed = Counter(manifest.get("data", []) + manifest.get("demo", []))
    for name, times in listed.items():
        if times > 1:
            yield f"__manifest__.py: {name} is listed {times} times"
        if not Path(name).is_file():
            yield f"__manifest__.py: {name} is not there"
    folders = [folder for folder in DATA_FOLDERS if Path(folder).is_dir()]
    for pattern in ("*.xml", "*.csv"):
        for path in files(pattern, *folders) if folders else ():
            if path.as_posix() not in listed:
                yield f"{path}: not listed in __manifest__.py"
    for path in files("*.csv", "security") if Path("security").is_dir() else ():
        with path.open(encoding="utf-8", newline="") as table:
            widths = {len(row) for row in csv.reader(table)}
        if len(widths) > 1:
            yield f"{path}: rows of {sorted(widths)} columns"


# --- tests ------------------------------------------------------------------


def imported_names(path):
    """Modules and packages that an __init__.py imports from beside it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            if node.module:
                yield node.module.split(".")[0]
            else:
                yield from (alias.name for alias in node.names)


def check_tests():
    """Odoo runs only tests that are imported, and tells test modules apart by their file name."""
    paths = files("test_*.py", "tests")
    for path in paths:
        for child in (path, *path.parents):
            if child == Path("tests"):
                break
            init = child.parent / "__init__.py"
            if not init.is_file() or child.stem not in imported_names(init):
                yield f"{path}: never runs, {init} does not import {child.stem}"
    for name, times in Counter(path.name for path in paths).items():
        if times > 1:
            yield f"tests: {times} files are called {name}"


# --- layers -----------------------------------------------------------------


def imported_modules(tree):
    """(line, dotted name) of everything that a file imports by its full name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, node.module


def written_statements(tree):
    """Lines with a call that gets a whole SQL statement as its first, literal argument."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        first = node.args[0]
        if isinstance(first, ast.JoinedStr):
            first = first.values[0] if first.values else first
        literal = first.value if isinstance(first, ast.Constant) else None
        if name in ("SQL", "execute") and isinstance(literal, str) and STATEMENT.match(literal):
            yield node.lineno


def check_layers():
    """engine/ knows no Odoo, queries/ only odoo.tools; SQL statements are written in queries/."""
    for path in files("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        layer = path.parts[0]
        for line, name in imported_modules(tree):
            if layer == "engine" and name.split(".")[0] == "odoo":
                yield f"{path}:{line}: the engine must not import {name}"
            own = name.startswith("odoo.addons.customer_governance.")
            if layer == "queries" and name.startswith("odoo") and name != "odoo.tools" and not own:
                yield f"{path}:{line}: queries may import odoo.tools only, not {name}"
        if layer not in SQL_FOLDERS:
            for line in written_statements(tree):
                yield f"{path}:{line}: SQL statements belong in queries/"


def check_length():
    """Advice only: a file that grew long is often two."""
    for path in files("*.py"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > ADVISED_LINES:
            sys.stderr.write(f"    advice: {path} has {lines} lines, more than {ADVISED_LINES}\n")
    return ()


RULES = {
    "xml": check_xml,
    "javascript": check_javascript,
    "manifest": check_manifest,
    "tests": check_tests,
    "layers": check_layers,
    "length": check_length,
}


def main(arguments):
    """Print the problems of one rule; fail when there are any."""
    fix = "--fix" in arguments
    names = [argument for argument in arguments if argument != "--fix"]
    if len(names) != 1 or names[0] not in RULES:
        sys.exit(__doc__)
    rule = RULES[names[0]]
    problems = list(rule(fix=True) if fix else rule())
    for problem in problems:
        print(problem)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
