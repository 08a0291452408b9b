from odoo.tests import HttpCase, tagged

from ...models.common.customer_transition_mixin import _KEY, SENTINEL
from .custody_case import CustodyCase


@tagged("post_install", "-at_install", "cg_tour")
class TestArchiveLoanTours(CustodyCase, HttpCase):
    """A staff member borrows a dossier and brings it back late; the archive works at the desk."""

    def test_borrow_and_return_late(self):
        for user in (self.user_sales, self.user_archivist):
            user.password = user.login
        archive = self._registered(title="Glass furnace", documents=1)
        archive.location_id = self.shelf
        archive._thawed().with_context(**{_KEY: SENTINEL}).name = "TOUR-0001"
        action = self.env.ref("customer_governance.customer_archive_action").id
        self.start_tour(f"/odoo/action-{action}", "customer_governance_borrow", login="cg_sales")
        loan = self.env["customer.archive.loan"].search([("borrower_id", "=", self.user_sales.id)])
        self.assertEqual((loan.state, loan.line_ids.archive_id), ("submitted", archive))
        loan.name = "L-TOUR"
        loan.with_user(self.user_manager).action_approve()
        self.start_tour("/odoo/archive-desk", "customer_governance_hand_out", login="cg_archivist")
        self.assertEqual((loan.state, loan.issued_by_id), ("issued", self.user_archivist))
        self.assertTrue(archive.is_lent)
        # three days later than agreed
        loan.write({"date_from": self._day(-17), "date_due": self._day(-3)})
        self.start_tour("/odoo/archive-desk", "customer_governance_take_back", login="cg_archivist")
        self.assertEqual((loan.state, loan.line_ids.days_late), ("returned", 3))
        self.assertFalse(archive.is_lent)
