"""The roles that the role test walks as, and what lies ready for them."""

import logging
import os

from odoo.tests import TransactionCase

from ..common import ROLE_USERS, ROLES, GovernanceCase, new_users
from ..rights.factories import FACTORIES

_logger = logging.getLogger(__name__)

_OURS = {role: (ROLE_USERS[role],) for role in ROLES}
# What companies combine in one person, with each other or with Odoo's own roles.
PAIRS = {
    "credit_committee": _OURS["credit"] + _OURS["committee"],
    "sales_service": _OURS["sales"] + _OURS["service"],
    "archivist_deed": _OURS["archivist"] + _OURS["deed"],
}
# Pairs with roles of core, whose own screens are most of what they see: walked with CG_ALL_ROLES=1 only.
CORE_PAIRS = {
    "sales_with_orders": (*_OURS["sales"], "sales_team.group_sale_salesman"),
    "credit_with_invoices": (*_OURS["credit"], "account.group_account_invoice"),
    "manager_with_orders": (*_OURS["manager"], "sales_team.group_sale_manager"),
}
ROLE_SETS = _OURS | {"plain": ()} | PAIRS | CORE_PAIRS


def all_roles():
    """Return whether CG_ALL_ROLES asks for the walks that a run of half an hour has no time for."""
    return bool(os.environ.get("CG_ALL_ROLES"))


def acting_user(env, key):
    """Return a user with exactly these groups: one of the demo company, whose work lies there, else new."""
    groups = env["res.groups"]
    for xmlid in ("base.group_user", *ROLE_SETS[key]):
        groups |= env.ref(xmlid)
    ours = groups.filtered(lambda group: group != env.ref("base.group_user"))
    demo = env["ir.model.data"].search(
        [("module", "=", "customer_governance"), ("model", "=", "res.users")], order="res_id"
    )
    users = env["res.users"].browse(demo.mapped("res_id"))
    user = users.filtered(lambda one: ours and ours <= one.group_ids)[:1]
    if not user:
        user = users.filtered(lambda one: ours[:1] and ours[:1] <= one.group_ids)[:1]
    if not user:
        user = new_users(env, {f"role_{key}": "base.group_user"})[f"role_{key}"]
    user.group_ids = [(6, 0, groups.ids)]
    user.password = user.login
    return user


def role_tests(pairs):
    """Give a class one test for each set of roles: `test_<role>` calls `_test_role(<role>)`."""

    def add(cls):
        for key in ROLE_SETS:
            if key in CORE_PAIRS and not all_roles():
                continue
            if pairs or key not in PAIRS | CORE_PAIRS:
                setattr(cls, f"test_{key}", lambda self, key=key: self._test_role(key))
        return cls

    return add


class CountedCase(TransactionCase):
    """Logs a table of what each role saw when the class is done."""

    _table = None
    _title = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._table = {}
        cls.addClassCleanup(cls._log_table)

    @classmethod
    def _log_table(cls):
        columns = list(dict.fromkeys(name for row in cls._table.values() for name in row))
        lines = [f"{'role':22}" + "".join(f"{name:>10}" for name in columns)]
        for role, row in cls._table.items():
            lines.append(f"{role:22}" + "".join(f"{row.get(name, 0):>10}" for name in columns))
        total = {name: sum(row.get(name, 0) for row in cls._table.values()) for name in columns}
        lines.append(f"{'all':22}" + "".join(f"{total[name]:>10}" for name in columns))
        _logger.info("Role test, %s:\n%s", cls._title, "\n".join(lines))


class OwnDataCase(GovernanceCase, CountedCase):
    """One record of each model of ours, as the rights tests make them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for model, make in FACTORIES.items():
            with cls.env.cr.savepoint():
                make(cls.env, cls.customer, cls.company)
            _logger.debug("made %s", model)

    def _claim(self, user):
        """Make what lies there the user's own: who is to do something is the user, where it may be."""
        customers = self.customer | self.foreign_customer
        customers.user_id = user
