"""What somebody else reads is written in the reader's language (docs/mixins.md)."""

import ast

from odoo.tests import BaseCase, tagged

from .source import name, python_files, tree

# Calls that give somebody a task or a message of their own.
TO_A_READER = {"activity_schedule", "schedule", "message_notify", "tell"}


@tagged("post_install", "-at_install")
class TestReaderLanguage(BaseCase):
    def test_words_for_a_reader_are_not_in_the_language_of_who_acts(self):
        problems = [
            f"{name(path)}:{call.lineno} {called}"
            for path in python_files("models", "wizard", "controllers")
            for call in ast.walk(tree(path))
            if isinstance(call, ast.Call) and (called := _called(call)) in TO_A_READER
            for part in [*call.args, *(keyword.value for keyword in call.keywords)]
            if _translates_for_self(part) and not _is_for_oneself(call)
        ]
        self.assertFalse(
            problems, "use `for_reader` or `tell_each` of common/digest.py:\n" + "\n".join(problems)
        )


def _called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _translates_for_self(node):
    """Tell whether a text in the language of `self.env` stands in an expression."""
    return any(
        isinstance(part, ast.Call) and ast.unparse(part.func) == "self.env._"
        for part in ast.walk(node)
        if not isinstance(part, ast.Lambda)
    )


def _is_for_oneself(call):
    """Tell whether the reader is who acts: then both languages are one."""
    users = [keyword.value for keyword in call.keywords if keyword.arg == "user_id"]
    return any(ast.unparse(user) == "self.env.uid" for user in users)
