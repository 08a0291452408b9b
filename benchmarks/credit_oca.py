"""OCA's account_financial_risk for the comparison: installed for one run, never a dependency.

The addon comes from PyPI into a temporary folder; the database of the run is removed at its end.
It knows receivables and draft invoices (orders are in another addon of OCA).
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from odoo import api
from odoo.release import series

import odoo.addons

from .common import fail, measured, say, table

MODULE = "account_financial_risk"
PACKAGE = "odoo-addon-account-financial-risk"
# It goes through the groups of all customers once for each customer: more takes hours.
SIZES = (250, 500, 1000, 2000)
PARTS = (
    "risk_invoice_open", "risk_invoice_unpaid", "risk_account_amount", "risk_account_amount_unpaid",
)  # fmt: skip


def install(env):
    """Install the addon; return an environment of the new registry."""
    folder = tempfile.mkdtemp(prefix="customer_governance_oca_")
    wanted = f"{PACKAGE}=={series}.*"
    say(f"Fetching {wanted}")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder]
    done = subprocess.run([*command, wanted], check=False, capture_output=True, text=True)
    if done.returncode:
        fail(f"{wanted} cannot be had: {done.stderr.strip()}")
    odoo.addons.__path__.append(str(Path(folder, "odoo", "addons")))
    env["ir.module.module"].update_list()
    module = env["ir.module.module"].search([("name", "=", MODULE)])
    module.button_immediate_install()
    [version] = Path(folder).glob("*.dist-info")
    say(f"Installed {version.stem}")
    env.transaction.reset()
    return api.Environment(env.cr, env.uid, env.context)


def compare(env, company, first, count):
    """Print seconds and queries of both for the same customers, and where the figures differ."""
    rows, differing = [], 0
    for size in [size for size in SIZES if size <= count]:
        partners = env["res.partner"].browse(range(first, first + size))
        env.invalidate_all()
        with measured(f"exposure of {size} customers", env) as ours:
            found = partners._credit_exposures(company)
        env.invalidate_all()
        with measured(f"OCA, {size} customers", env) as theirs:
            risks = {
                partner.id: (sum(partner[name] for name in PARTS), partner.risk_invoice_draft)
                for partner in partners
            }
        ratio = theirs.seconds / ours.seconds
        rows.append(
            [size, f"{ours.seconds:.3f}", ours.queries, f"{theirs.seconds:.3f}", theirs.queries]
            + [f"{ratio:.0f}"]
        )
        for partner_id, row in found.items():
            ledger = row.not_due + row.overdue + row.credits
            pairs = zip((ledger, row.drafts), risks[partner_id], strict=True)
            differing += any(abs(mine - other) > 0.005 for mine, other in pairs)  # noqa: PLR2004
    headers = ["Customers", "ours, s", "queries", "OCA, s", "queries", "OCA / ours"]
    print(table(headers, rows))
    say(
        f"{differing} customers differ in receivables and drafts. Ours also has the orders not yet "
        "invoiced, the age of what is overdue, credits apart, the limit in force and the grade."
    )
