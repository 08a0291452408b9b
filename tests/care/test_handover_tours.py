"""A handover in the browser: counted, proposed, accepted, executed; an archived user is stopped."""

from odoo.tests import HttpCase, tagged

from .handover_case import HandoverCase


@tagged("post_install", "-at_install", "cg_tour")
class TestHandoverTours(HandoverCase, HttpCase):
    def test_hand_over(self):
        handover = self._handover()
        for user in (self.user_manager, self.first):
            user.sudo().password = user.login
        url = f"/odoo/action-customer_governance.customer_handover_action/{handover.id}"
        self.start_tour(url, "customer_governance_handover_propose", login="cg_manager")
        self.assertEqual(handover.state, "proposed")
        self.start_tour(url, "customer_governance_handover_accept", login="cg_first")
        self.assertEqual(handover.state, "accepted")
        self.start_tour(url, "customer_governance_handover_execute", login="cg_manager")
        self.assertEqual(self.mine.user_id, self.first)

    def test_archiving_offers_the_handover(self):
        url = f"/odoo/action-base.action_res_users/{self.giver.id}"
        self.start_tour(url, "customer_governance_handover_leave", login="admin")
        self.assertTrue(self.giver.active)
