# Run in Odoo's shell on a database that only tests use: a user for each role and all domains switched
# on, as each test class would make it for itself.
from odoo.addons.customer_governance.tests.common import role_users, switch_on

switch_on(env)  # noqa: F821
role_users(env)  # noqa: F821
env.cr.commit()  # noqa: F821
