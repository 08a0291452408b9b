"""Base classes: roles as users with exactly one group, own data, no demo data."""

from odoo.tests import TransactionCase
from odoo.tools import OrderedSet

from ..models.common.res_users import ROLES

ROLE_USERS = {role: f"customer_governance.group_{role}" for role in ROLES}
ROLE_USERS |= {"sales2": ROLE_USERS["sales"], "plain": "base.group_user"}


# A new company uses nothing; the tests of a domain are about companies that use it. Tests of "off"
# switch it off, or make a company with these values turned around.
SWITCHED_ON = {
    "complaint_enabled": True,
    "credit_enabled": True,
    "collection_mode": "send",
    "archive_enabled": True,
    "care_enabled": True,
    "customer_ask_losses": True,
    "customer_announce_key_data": True,
    "customer_data_review_months": 6,
}

# What a company is when it is made: see `as_installed`.
SWITCHED_OFF = {
    "complaint_enabled": False,
    "credit_enabled": False,
    "collection_mode": "off",
    "archive_enabled": False,
    "care_enabled": False,
    "customer_ask_losses": False,
    "customer_announce_key_data": False,
    "customer_data_review_months": 0,
}


def as_installed(env):
    """Make all companies, and those made later, what they are on the first day: nothing is on."""
    env["ir.default"].search([("field_id.model", "=", "res.company")]).unlink()
    env["res.company"].search([("parent_id", "=", False)]).write(SWITCHED_OFF)


def switch_on(env):
    """Let all companies use all domains, also those made later; does nothing the second time."""
    defaults = env["ir.default"]._get_model_defaults("res.company")
    if all(defaults.get(name) == value for name, value in SWITCHED_ON.items()):
        return
    for name, value in SWITCHED_ON.items():
        env["ir.default"].set("res.company", name, value)
    env["res.company"].search([("parent_id", "=", False)]).write(SWITCHED_ON)


def new_users(env, groups):
    """Create users in one batch, logins ``cg_<key>``: {key: group xml id} -> {key: user}."""
    company = env.company
    users = (
        env["res.users"]
        .with_context(no_reset_password=True, tracking_disable=True)
        .create(
            [
                {
                    "name": f"cg {key}",
                    "login": f"cg_{key}",
                    "email": f"cg_{key}@example.com",
                    "tz": "UTC",
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                    "group_ids": [(6, 0, env.ref(xmlid).ids)],
                }
                for key, xmlid in groups.items()
            ]
        )
    )
    return dict(zip(groups, users.with_env(env), strict=True))


def role_users(env):
    """Return the users of ROLE_USERS: those `scripts/test` made with the database, else new ones."""
    logins = [f"cg_{key}" for key in ROLE_USERS]
    found = env["res.users"].search([("login", "in", logins)])
    users = {user.login.removeprefix("cg_"): user for user in found}
    missing = {key: group for key, group in ROLE_USERS.items() if key not in users}
    return users | new_users(env, missing)


def load_fake_models(cls, *definitions):
    """Add model classes to the registry for the time of a test class.

    The classes set ``_module = None``, so that no other registry picks them up. Tables are created
    inside the transaction of the class and vanish with it. (odoo-test-helper 2.1.3, the library for this,
    does not know the model loader of Odoo 19.)

    :param definitions: new models, or extensions (``_inherit`` with the same ``_name``) of existing ones
    """
    # no public name for it; core's own tests do the same
    from odoo.orm.model_classes import add_to_registry  # noqa: PLC0415, TID251

    registry = cls.registry
    names = [definition._name for definition in definitions]
    kept = {name: registry[name]._base_classes__ for name in names if name in registry}
    parents = {parent: registry[parent] for d in definitions for parent in d._inherit}
    children = {model: OrderedSet(model._inherit_children) for model in parents.values()}

    def restore():
        for name in names:
            if name in kept:
                registry[name]._base_classes__ = kept[name]
            else:
                del registry[name]
        for model, names_before in children.items():
            model._inherit_children = names_before
        for name in kept:
            for descendant in registry.descendants([name], "_inherit", "_inherits"):
                registry[descendant]._setup_done__ = False
        registry._setup_models__(cls.cr, [])

    cls.addClassCleanup(restore)
    for definition in definitions:
        add_to_registry(registry, definition)
    registry._setup_models__(cls.cr, [])
    registry.init_models(cls.cr, names, {"models_to_check": True})


class GovernanceCase(TransactionCase):
    """Two companies, one user for each role (`cls.user_sales`, ...) and customers.

    ``cls.company`` / ``cls.other_company``; ``cls.plain_user`` has no group of ours;
    ``cls.customer`` belongs to ``user_sales``, ``cls.foreign_customer`` to ``other_sales``.
    """

    @classmethod
    def setUpClass(cls):
        """Create companies, users and customers once for the class."""
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        switch_on(cls.env)
        cls.company = cls.env.company
        cls.other_company = cls.env["res.company"].create({"name": "Second Company"})
        users = role_users(cls.env)
        for role in ROLES:
            setattr(cls, f"user_{role}", users[role])
        cls.other_sales, cls.plain_user = users["sales2"], users["plain"]
        cls.customer = cls._new_customer("Harbour Glass", user_id=cls.user_sales.id)
        cls.foreign_customer = cls._new_customer("Northern Foods", user_id=cls.other_sales.id)

    @classmethod
    def _new_users(cls, groups):
        return new_users(cls.env, groups)

    @classmethod
    def _new_customer(cls, name, **vals):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "customer_rank": 1, **vals}
        )
