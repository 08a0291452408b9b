"""Uninstall the addon as the Apps screen does. Commits."""

module = env["ir.module.module"].search([("name", "=", "customer_governance")])  # noqa: F821
assert module.state == "installed", module.state
module.button_immediate_uninstall()
assert module.state == "uninstalled", module.state
