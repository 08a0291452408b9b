import inspect

from odoo import models
from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from ..common import GovernanceCase
from .factories import FACTORIES
from .public_methods import HARMLESS, TESTED_ELSEWHERE


def our_methods(env):
    """Yield (model name, method name) that this addon adds and RPC may call."""
    inherited = set(dir(models.BaseModel))
    for model_name in sorted(env.registry):
        model = env[model_name]
        for method_name, _function in inspect.getmembers(type(model), inspect.isfunction):
            if method_name.startswith("_") or method_name in inherited:
                continue
            owner = next(
                c for c in type(model).mro() if method_name in vars(c) and hasattr(c, "_module")
            )
            if getattr(owner, "_module", None) != "customer_governance":
                continue
            if model._abstract and not model_name.startswith("customer."):
                continue
            # asked of every form, whoever may open one: TestNamed
            if (owner._name, method_name) == ("customer.named.mixin", "onchange"):
                continue
            # a step of a mixin of Odoo that we extend (the mail gateway): its rights are Odoo's
            if owner._name != model_name and not owner._name.startswith("customer."):
                continue
            try:
                get_public_method(model, method_name)
            except (AccessError, AttributeError):
                continue
            yield model_name, method_name


def call_like_rpc(record, method_name):
    """Call a method with something for each argument it needs."""
    method = getattr(record, method_name)
    arguments = [
        False
        for parameter in inspect.signature(method).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    return method(*arguments)


@tagged("post_install", "-at_install")
class TestPublicMethods(GovernanceCase):
    """Every method of ours that RPC can reach, called by a user without the right."""

    def _record(self, model_name):
        """Return a record to call, the model itself for abstract ones without record methods."""
        if model_name == "res.partner":
            return self.customer
        if model_name in FACTORIES:
            return FACTORIES[model_name](self.env, self.customer, self.company)
        model = self.env[model_name]
        return None if model._abstract else model.create({})

    def test_refused_without_the_right(self):
        problems, seen = [], set()
        for model_name, method_name in our_methods(self.env):
            seen.add((model_name, method_name))
            if (model_name, method_name) in HARMLESS | TESTED_ELSEWHERE:
                continue
            if (record := self._record(model_name)) is None:
                continue
            try:
                with self.env.cr.savepoint():
                    call_like_rpc(record.with_user(self.plain_user), method_name)
                problems.append(f"{model_name}.{method_name} let a plain user in")
            except AccessError:
                pass
            except Exception as error:
                problems.append(f"{model_name}.{method_name} answered {error!r}")
        self.assertFalse(problems, "\n" + "\n".join(problems))
        self.assertFalse(set(HARMLESS | TESTED_ELSEWHERE) - seen, "there is no such method")
