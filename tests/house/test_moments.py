"""Instants that people read name their time zone (models/common/moments.py)."""

import ast

from odoo.tests import BaseCase, tagged

from .source import name, python_files, tree


@tagged("post_install", "-at_install")
class TestMoments(BaseCase):
    def test_instants_become_text_in_one_place(self):
        problems = [
            f"{name(path)}:{node.lineno}"
            for path in python_files("models", "wizard", "controllers")
            if path.name != "moments.py"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) == "format_datetime"
        ]
        self.assertFalse(problems, "use `moment_words`:\n" + "\n".join(problems))
