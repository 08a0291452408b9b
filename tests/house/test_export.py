from odoo.tests import TransactionCase, tagged

from odoo.addons.customer_governance.controllers.export import GovernanceCSVExport, quoted

# what a stranger may write, and whether a spreadsheet calculates it from an XLSX, from a CSV
CELLS = (
    ("=1+1", True, True),
    ("{=1+1}", True, False),
    ("@SUM(1)", False, True),
    ("\t=1+1", False, True),
    ("+49 30 123", False, False),
    ("+49 (30) 123", False, False),
    ("+49-30-123", False, True),
    ("-cmd|' /C calc'!A0", False, True),
    ("-1,234.50", False, False),
    ("-", False, False),
    ("- leaks", False, True),
    ("Leak = bad", False, False),
    (-5.5, False, False),
    (False, False, False),
)


@tagged("post_install", "-at_install")
class TestExport(TransactionCase):
    """What customers wrote stands in an export as they wrote it, and calculates nothing."""

    def test_xlsx(self):
        for cell, calculated, _in_csv in CELLS:
            self.assertEqual(quoted(cell), f"'{cell}" if calculated else cell)

    def test_csv(self):
        for cell, _in_xlsx, calculated in CELLS:
            text = GovernanceCSVExport().from_data([], ["Cell"], [[cell]])
            cell = "" if cell is False else cell
            self.assertEqual(text, '"Cell"\r\n"{}{}"\r\n'.format("'" if calculated else "", cell))
