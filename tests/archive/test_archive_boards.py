import json

from lxml import etree

from odoo.tests import tagged

from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveBoards(CustodyCase):
    """The boards open, and their columns stand in the order of the steps."""

    def _columns(self, model, domain):
        groups = model.with_context(read_group_expand=True).web_read_group(domain, ["state"])
        return [group["state"] for group in groups["groups"]]

    def test_progress_bars_can_be_read(self):
        self._approved(self.user_sales, self._registered())
        bars = 0
        for name in self.env.registry:
            if not name.startswith("customer.archive"):
                continue
            model = self.env[name].with_user(self.user_archivist)
            for view in self.env["ir.ui.view"].search(
                [("model", "=", name), ("type", "=", "kanban"), ("mode", "=", "primary")]
            ):
                arch = etree.fromstring(self.env[name].get_view(view.id, "kanban")["arch"])
                for bar in arch.iter("progressbar"):
                    colors = json.loads(bar.get("colors"))
                    column = arch.get("default_group_by")
                    model.read_progress_bar(
                        [], column, {"field": bar.get("field"), "colors": colors}
                    )
                    bars += 1
        self.assertTrue(bars)

    def test_columns_of_the_loans(self):
        draft, cancelled = (self._loan(self.user_sales, self._registered()) for _ in range(2))
        cancelled.action_cancel()
        out = self._approved(self.user_sales, self._registered())
        loans = out.browse((draft | cancelled | out).ids)
        self.assertEqual(
            self._columns(loans, [("id", "in", loans.ids)]), ["draft", "approved", "cancelled"]
        )

    def test_columns_of_the_dossiers(self):
        registered, draft = self._registered(), self._dossier()
        domain = [("id", "in", (registered | draft).ids)]
        self.assertEqual(self._columns(draft, domain), ["draft", "registered"])
