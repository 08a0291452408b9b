# Run in Odoo's shell on the demo database: modules that call Odoo's paid services install
# themselves with crm and contacts; offline every such call waits and then complains.
names = ["partner_autocomplete", "crm_iap_enrich", "crm_iap_mine"]
domain = [("name", "in", names), ("state", "=", "installed")]
modules = env["ir.module.module"].search(domain)  # noqa: F821
if modules:
    modules.button_immediate_uninstall()
