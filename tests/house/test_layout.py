"""The rules of the house (docs/architecture.md) as tests."""

import ast
import re

from odoo.tests import BaseCase, TransactionCase, tagged

from .source import DOMAINS, ROOT, imports, model_classes, name, python_files, tree

MAX_LINES = 800
MAX_FILES = 10
ENGINE_MAY_IMPORT = re.compile(r"^(odoo|psycopg2|lxml|werkzeug)(\.|$)")
# Days of the server, of UTC, of a user or of an address.
OTHER_CLOCKS = re.compile(
    r"context_today|\bDate\.today|\bdate\.today|datetime\.today|CURRENT_DATE|now\(\)::date"
    r"|(company|owner|cp|c|p)(\.partner_id)?\.tz\b|_at\.date\(\)|now\(\)\.date\(\)",
    re.I,
)
SQL_WORDS = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP)\b")


@tagged("post_install", "-at_install")
class TestSourceLayout(BaseCase):
    def assertNone(self, problems, rule):
        """Fail with all problems at once, so that one run shows them all."""
        self.assertFalse(problems, f"{rule}:\n" + "\n".join(f"  {p}" for p in problems))

    def test_engine_imports_no_odoo(self):
        problems = [
            f"{name(path)} imports {module}"
            for path in python_files("engine")
            for module, level, _names in imports(path)
            if level == 0 and ENGINE_MAY_IMPORT.match(module)
        ]
        self.assertNone(problems, "engine/ is pure Python")

    def test_queries_know_no_model_and_no_cursor(self):
        problems = []
        for path in python_files("queries"):
            for module, level, names in imports(path):
                if (
                    level == 0
                    and module.startswith("odoo")
                    and (module != "odoo.tools" or set(names) - {"SQL"})
                ):
                    problems.append(f"{name(path)} imports {module} {names}")
                if level >= 2 and not module.startswith(("engine", "queries")):
                    problems.append(f"{name(path)} imports {module}")
            problems += [
                f"{name(path)}:{node.lineno} uses {node.id}"
                for node in ast.walk(tree(path))
                if isinstance(node, ast.Name)
                and node.id in ("env", "cr", "self")
                and "class" not in name(path)
                and not _inside_class(tree(path), node)
            ]
        self.assertNone(problems, "queries/ returns odoo.tools.SQL and nothing else")

    def test_days_come_from_the_company(self):
        problems = [
            f"{name(path)}:{number} {line.strip()}"
            for path in python_files("models", "wizard", "controllers", "queries", "reports")
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
            if OTHER_CLOCKS.search(line)
        ]
        self.assertNone(problems, "days come from `_customer_today`, `_customer_day` and zones.py")

    def test_raw_sql_only_in_queries_and_reports(self):
        problems = []
        for path in python_files("models", "wizard", "controllers"):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    parent_call = SQL_WORDS.search(node.value)
                    if parent_call and _is_sql_literal(tree(path), node):
                        problems.append(f"{name(path)}:{node.lineno} {node.value.strip()[:50]}")
        self.assertNone(problems, "raw SQL belongs into queries/ or reports/")

    def test_files_stay_readable(self):
        problems = [
            f"{name(path)} has {lines} lines"
            for path in python_files()
            if "tests" not in path.parts
            and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
        ]
        self.assertNone(problems, f"files stay under {MAX_LINES} lines")

    def test_models_live_in_files_of_their_name(self):
        problems = []
        for path in python_files("models", "wizard", "reports"):
            models = [model.replace(".", "_") for model, _node in model_classes(path)]
            if len(models) > 1 and not any(m.startswith(path.stem) for m in models):
                continue  # one concept over several models, the file bears the concept's name
            problems += [
                f"{name(path)} holds {model}"
                for model in models
                if not path.stem.startswith(model) and not model.startswith(path.stem)
            ]
        self.assertNone(problems, "a file bears the name of its model")

    def test_a_model_has_few_files_in_a_folder(self):
        files = {}
        for path in python_files("models"):
            for model, _node in model_classes(path):
                files.setdefault((path.parent, model), set()).add(path.stem)
        problems = [
            f"{name(folder)}: {model} is in {sorted(stems)}"
            for (folder, model), stems in files.items()
            if len(stems) > MAX_FILES
        ]
        self.assertNone(problems, f"a model is in at most {MAX_FILES} files of a folder")

    def test_domains_use_only_lower_domains(self):
        problems = []
        for path in python_files("models"):
            parts = path.relative_to(ROOT / "models").parts
            if len(parts) < 2:
                continue
            rank = DOMAINS.index(parts[0])
            for module, level, _names in imports(path):
                # the dots lead from the folder of the file up to models/
                used = module.split(".")[0] if level == len(parts) else ""
                if used in DOMAINS and DOMAINS.index(used) > rank:
                    problems.append(f"{name(path)} imports {module}")
        self.assertNone(problems, "a lower domain never names a higher one")

    def test_every_data_file_is_loaded(self):
        manifest = ast.literal_eval((ROOT / "__manifest__.py").read_text(encoding="utf-8"))
        loaded = {*manifest["data"], *manifest["demo"]}
        problems = [
            name(path)
            for folder in ("data", "demo", "reports", "security", "views", "wizard")
            for path in sorted((ROOT / folder).rglob("*"))
            if path.suffix in (".xml", ".csv") and name(path) not in loaded
        ]
        self.assertNone(problems, "files that the manifest does not load")

    def test_every_test_file_runs(self):
        problems, seen = [], {}
        for path in python_files("tests"):
            if not path.name.startswith("test_"):
                continue
            if path.stem in seen:
                problems.append(f"{name(path)} has the same name as {seen[path.stem]}")
            seen[path.stem] = name(path)
            package = path.parent / "__init__.py"
            if not any(path.stem in names for _m, level, names in imports(package) if level == 1):
                problems.append(f"{name(path)} is not imported by its package")
            if path.parent.parent.name != "tests":
                problems.append(f"{name(path)} is too deep: tests/__init__ imports one level")
        packages = {module for module, level, _n in imports(ROOT / "tests/__init__.py") if level}
        folders = {p.parent.name for p in python_files("tests") if p.parent != ROOT / "tests"}
        problems += [f"tests/__init__ does not import {f}" for f in sorted(folders - packages)]
        self.assertNone(problems, "tests that would never run")


def _inside_class(module, target):
    """Tell whether a node is part of a class (dataclasses of queries have methods)."""
    return any(
        target in set(ast.walk(node)) for node in module.body if isinstance(node, ast.ClassDef)
    )


def _is_sql_literal(module, constant):
    """Tell whether a text is the first argument of SQL(...) or of a cursor's execute."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in ("SQL", "execute", "mogrify") and constant in set(ast.walk(node.args[0])):
                return True
    return False


@tagged("post_install", "-at_install")
class TestModelLayout(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = [
            cls.env[model_name]
            for model_name, model in sorted(cls.env.registry.items())
            if model._original_module == "customer_governance" and not model._abstract
        ]

    def test_every_model_has_access_rows(self):
        covered = set(self.env["ir.model.access"].search([]).model_id.mapped("model"))
        self.assertEqual([m._name for m in self.models if m._name not in covered], [])

    def test_no_model_is_open_to_everybody(self):
        rows = self.env["ir.model.access"].search(
            [("model_id.model", "in", [m._name for m in self.models]), ("group_id", "=", False)]
        )
        self.assertFalse(rows.mapped("name"))

    def test_every_model_with_a_company_has_a_company_rule(self):
        rules = self.env["ir.rule"].search([("global", "=", True)])
        covered = {
            rule.model_id.model for rule in rules if "company_ids" in (rule.domain_force or "")
        }
        missing = [
            m._name
            for m in self.models
            if "company_id" in m._fields and not m._transient and m._name not in covered
        ]
        self.assertEqual(missing, [])

    def test_inverses_of_stored_one2many_are_indexed(self):
        missing = [
            f"{model._name}.{field.name}"
            for model in self.env.registry.values()
            for field in model._fields.values()
            if field._module == "customer_governance"
            and field.type == "one2many"
            and field.store
            and field.inverse_name
            and not field.comodel_name.startswith("ir.")
            and (inverse := self.env[field.comodel_name]._fields.get(field.inverse_name))
            and inverse.store
            and not inverse.index
            and not _leads_an_index(self.env[field.comodel_name], inverse)
            and not self.env[field.comodel_name]._transient
        ]
        self.assertEqual(missing, [])


def _leads_an_index(model, field):
    """Tell whether a unique constraint of several columns begins with the field: as good as an index."""
    beginning = f"UNIQUE({field.name},"
    definitions = (rule.get_definition(model.pool) for rule in model._table_objects.values())
    return any(definition.startswith(beginning) for definition in definitions)
