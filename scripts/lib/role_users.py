# Run in Odoo's shell on a database that only tests use: a user for each role, as each test class
# would make them for itself.
from odoo.addons.customer_governance.tests.common import role_users

role_users(env)  # noqa: F821
env.cr.commit()  # noqa: F821
