from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .collection_case import NOW, CollectionCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionDisputes(CollectionCase):
    """A complaint about an invoice holds it while it is open."""

    def _complaint(self, move=None, **vals):
        lines = [(0, 0, {"invoice_line_id": move.invoice_line_ids[0].id})] if move else []
        return self.env["customer.complaint"].create(
            {
                "subject": "Half of it was broken",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "team_id": False,
                "category_id": self.env["customer.complaint.category"].create({"name": "Test"}).id,
                "line_ids": lines,
                **vals,
            }
        )

    def test_a_complaint_about_an_invoice_holds_it(self):
        move, free = self.due(20), self.due(6, 40)
        complaint = self._complaint(move)
        self.assertTrue(move.is_collection_disputed)
        self.assertIn(complaint.name, move.collection_dispute_text)
        self.assertFalse(free.is_collection_disputed)
        [step] = self.run_job()
        self.assertEqual((step.level_id, step.amount_overdue), (self.reminder, 40))
        self.assertEqual(set(step.item_ids.mapped("mark")), {"chased", "disputed"})
        self.assertIn("Disputed", step.reason)

    def test_the_close_of_the_case_releases_the_invoice(self):
        move = self.due(20)
        complaint = self._complaint(move)
        self.assertFalse(self.run_job())
        complaint.cancel_reason = "Not a complaint"
        complaint.action_cancel()
        self.assertFalse(move.is_collection_disputed)
        self.assertEqual(self.run_job().level_id, self.call)
        self.assertTrue(move.collection_dispute_ids.date_to)

    def test_a_reopened_case_holds_it_again(self):
        move = self.due(20)
        complaint = self._complaint(move)
        complaint.action_investigate()
        complaint.answer = "<p>Sent again.</p>"
        complaint.action_answer()
        complaint.action_request_close()
        complaint._write_facts({"unreachable": True})
        complaint.action_close()
        self.assertFalse(move.is_collection_disputed)
        complaint.action_reopen("Still broken")
        self.assertTrue(move.is_collection_disputed)
        self.assertEqual(len(move.collection_dispute_ids), 2)

    def test_repairs_and_cases_that_are_over_hold_nothing(self):
        move = self.due(20)
        self._complaint(move, kind="repair")
        self.assertFalse(move.is_collection_disputed)

    def test_an_invoice_entered_later_is_held_too(self):
        move = self.due(20)
        complaint = self._complaint()
        line = self.env["customer.complaint.line"].create({"complaint_id": complaint.id})
        self.assertFalse(move.is_collection_disputed)
        line.invoice_line_id = move.invoice_line_ids[0]
        self.assertTrue(move.is_collection_disputed)
        line.invoice_line_id = move.invoice_line_ids[0]
        self.assertEqual(len(move.collection_dispute_ids), 1)

    def test_search_equals_the_flag(self):
        held, free = self.due(20), self.due(20)
        self._complaint(held)
        moves = held | free
        found = moves.search([("id", "in", moves.ids), ("is_collection_disputed", "=", True)])
        self.assertEqual(found, held)
        rest = moves.search([("id", "in", moves.ids), ("is_collection_disputed", "=", False)])
        self.assertEqual(rest, free)

    def test_a_call_with_a_dispute_registers_the_complaint(self):
        move = self.due(20)
        [step] = self.run_job()
        call = (
            self.env["customer.collection.call"]
            .with_user(self.user_credit)
            .create({"step_id": step.id, "result": "dispute", "subject": "Never arrived"})
        )
        call.action_save()
        dispute = move.collection_dispute_ids
        self.assertEqual(
            (dispute.reason, dispute.user_id, dispute.complaint_id.registered_by_id),
            ("Never arrived", self.user_credit, self.user_credit),
        )
        self.assertEqual((step.state, step.call_result), ("done", "dispute"))
        self.assertFalse(self.run_job("2026-11-30 09:00:00"))

    def test_nobody_disputes_by_hand(self):
        self._complaint(self.due(20))
        dispute = self.env["customer.collection.dispute"].search([], limit=1)
        for user in (self.user_credit, self.user_manager):
            with self.assertRaises(AccessError):
                dispute.with_user(user).write({"date_to": NOW})
