"""What names no record is refused in words, wherever it is looked at first; so is a wrong number of records."""

import inspect
from contextlib import closing
from itertools import cycle

import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.common.customer_named_mixin import is_confidential
from ..common import ROLE_USERS, GovernanceCase
from .factories import FACTORIES
from .test_public_methods import call_like_rpc, our_methods

# Records of Odoo are there, or cannot be made without a document around them.
OF_ODOO = (
    "account.move",
    "account.move.line",
    "sale.order",
    "res.company",
    "res.users",
    "ir.attachment",
)
NO_RECORDS = (2.0, "2", {"id": 2}, [2, "x"], 2**40, True)
NO_COMMANDS = ("3", [[4, 2.0]], [[6, 0, 5]], [[1, 5]], [[9, 1]], 5)


@tagged("post_install", "-at_install")
class TestNamedValues(GovernanceCase):
    """Every model and field, by itself for new ones; by the system and by somebody with all roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everybody = cls._new_users({"everything": "base.group_user"})["everything"]
        for group in {
            *ROLE_USERS.values(),
            "sales_team.group_sale_manager",
            "account.group_account_manager",
        }:
            cls.everybody.group_ids |= cls.env.ref(group)
        cls.models = [
            name
            for name, model in sorted(cls.env.registry.items())
            if model._original_module == "customer_governance"
            and not model._abstract
            and model._auto
        ]

    def _records(self, name):
        """Return two records of a model, or as many as there can be."""
        if name == "res.partner":
            return self.customer | self.foreign_customer
        if name in FACTORIES:
            one = FACTORIES[name](self.env, self.customer, self.company)
            return one | FACTORIES[name](self.env, self.foreign_customer, self.company)
        model = self.env[name]
        if name in OF_ODOO or model._abstract:
            return model.search([], limit=2) if not model._abstract else model
        vals = {
            key: "x"
            for key, field in model._fields.items()
            if field.required and field.type in ("char", "text") and field.store
        }
        return model.create(vals) | model.create(vals)

    def _answer(self, action):
        """Return what was answered if those were no words, else None; nothing stays."""
        answer = None
        with closing(self.env.cr.savepoint()), mute_logger("odoo.sql_db"):
            try:
                action()
                self.env.flush_all()
            except psycopg2.Error:
                pass  # a unique index: Odoo answers in the words of its constraint
            except UserError as error:
                if not str(error).strip():
                    answer = "no words"
            except Exception as error:
                answer = f"{type(error).__name__}: {str(error)[:150]}"
            self.env.clear()
        return answer

    def test_what_names_no_record_is_refused_in_words(self):
        tries, problems = 0, []
        records, commands = cycle(NO_RECORDS), cycle(NO_COMMANDS)
        for name in self.models:
            fields = [
                field
                for field in self.env[name]._fields.values()
                if field.relational
                and field.name not in models.MAGIC_COLUMNS
                and (field.store and not field.related or field.inverse)
            ]
            if name not in FACTORIES:
                continue
            record = FACTORIES[name](self.env, self.customer, self.company)
            vals = record.with_context(active_test=False).copy_data()[0]
            for user in (self.env.user, self.everybody):
                mine = record.with_user(user)
                for field in fields:
                    value = next(records if field.type == "many2one" else commands)
                    for words, action in (
                        ("write", lambda m=mine, f=field, v=value: m.write({f.name: v})),
                        (
                            "create",
                            lambda m=mine, f=field, v=value, r=vals: m.create([{**r, f.name: v}]),
                        ),
                    ):
                        tries += 1
                        if answer := self._answer(action):
                            problems.append(
                                f"{user.login} {words} {name}.{field.name} {value}: {answer}"
                            )
        self.assertFalse(problems, f"{len(problems)} of {tries}:\n" + "\n".join(problems))
        self.assertGreater(tries, 1000, "the factories do not work any more")

    def test_customers_too(self):
        partner = self.customer.with_user(self.everybody)
        for name in (
            "country_id",
            "parent_id",
            "customer_tier_id",
            "customer_credit_grade_id",
            "user_id",
        ):
            for value in NO_RECORDS:
                for action in (
                    lambda n=name, v=value: partner.write({n: v}),
                    lambda n=name, v=value: partner.create({"name": "x", "is_company": True, n: v}),
                ):
                    with self.subTest(name, value=value):
                        self.assertFalse(self._answer(action))

    def _is_of_odoo(self, name, method):
        """Tell whether a method is one of Odoo's that we extend, and needs values or a model of Odoo's."""
        of_odoo = any(
            method in vars(base) and getattr(base, "_module", "") != "customer_governance"
            for base in type(self.env[name]).mro()[1:]
            if hasattr(base, "_module") or base is models.BaseModel
        )
        parameters = inspect.signature(getattr(self.env[name], method)).parameters.values()
        needs = any(
            one.default is one.empty and one.kind == one.POSITIONAL_OR_KEYWORD for one in parameters
        )
        return of_odoo and (needs or not is_confidential(name))

    def test_none_or_several_records_are_refused_in_words(self):
        """Whatever a program calls a button with, it gets words and no text of a programming error."""
        tries, problems = 0, []
        found = {}
        for name, method in our_methods(self.env):
            if self.env[name]._abstract or self._is_of_odoo(name, method):
                continue
            if name not in found:
                found[name] = self._records(name)
            mine = found[name].with_user(self.everybody)
            for words, called in (("none", mine.browse()), ("two", mine)):
                if words == "two" and len(called) < 2:
                    continue
                tries += 1
                if answer := self._answer(lambda c=called, m=method: call_like_rpc(c, m)):
                    problems.append(f"{name}.{method} of {words}: {answer}")
        self.assertFalse(problems, f"{len(problems)} of {tries}:\n" + "\n".join(problems))
        self.assertGreater(tries, 300)
