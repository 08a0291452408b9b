"""What somebody else reads is written in the reader's language (docs/mixins.md)."""

import ast

from odoo.tests import BaseCase, tagged

from .source import name, python_files, tree

# Calls that keep one text for all who read it: the chatter, the ledger of deadlines.
FOR_ALL = {
    "message_post",
    "_message_log",
    "_message_log_batch",
    "_told_words",
    "_acknowledged",
    "_log_contact",
    "_sla_restart",
    "_sla_drop",
    "_sla_undo",
    "_sla_rematch",
}

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

    def test_words_that_are_kept_for_all_are_not_in_the_language_of_who_acts(self):
        problems = [
            f"{name(path)}:{call.lineno} {_called(call)}"
            for path in python_files("models", "wizard", "controllers")
            for function in ast.walk(tree(path))
            if isinstance(function, ast.FunctionDef)
            for call in _calls_for_all(function)
        ]
        self.assertFalse(problems, "use `in_house` of common/digest.py:\n" + "\n".join(problems))


def _calls_for_all(function):
    """Return the calls of a function that keep a text in the language of who acts."""
    calls = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and _called(node) in FOR_ALL
    ]
    bound = _bindings(function) if calls else {}
    return [
        call
        for call in calls
        if any(
            _in_the_language_of_who_acts(part, bound)
            for part in [*call.args, *(keyword.value for keyword in call.keywords)]
        )
    ]


def _bindings(function):
    """Return {name: expressions that it is bound to} in a function."""
    bound = {}
    for node in ast.walk(function):
        if isinstance(node, (ast.For, ast.comprehension)):
            targets, value = [node.target], node.iter
        elif isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AugAssign):
            targets, value = [node.target], node.value
        else:
            continue
        for target in targets:
            # only plain names: `record.field = text` is not a text that is kept in the chatter
            if isinstance(target, ast.Name):
                bound.setdefault(target.id, []).append(value)
    return bound


def _in_the_language_of_who_acts(node, bound, depth=0):
    """Tell whether a text of an expression, or of a name in it, is in the language of the caller."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and getattr(part.func, "attr", "") == "_":
            record = getattr(part.func.value, "value", None)  # of `record.env._`
            if isinstance(record, ast.Name) and not _is_for_others(record.id, bound):
                return True
        elif isinstance(part, ast.Name) and depth == 0:
            if any(_in_the_language_of_who_acts(v, bound, 1) for v in bound.get(part.id, ())):
                return True
    return False


def _is_for_others(record, bound):
    """Tell whether a name is bound to records in the language of a reader or of the company."""
    return any(
        word in ast.unparse(value)
        for value in bound.get(record, ())
        for word in ("in_house(", "for_reader(", "lang=")
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
