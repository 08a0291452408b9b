from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .collection_case import NOW, CollectionCase


@tagged("post_install", "-at_install")
class TestCollectionOverdue(CollectionCase):
    """The ageing list says who is overdue at this moment, whatever the jobs did."""

    def setUp(self):
        """Today is the day of the ledger."""
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    def _row(self, user=None):
        rows = self.env["customer.collection.overdue"].with_user(user or self.user_credit)
        return rows.search([("partner_id", "=", self.customer.id)])

    def test_live_before_the_first_job(self):
        self.assertFalse(self._row())
        self.due(1)
        self.due(45)
        row = self._row()
        self.assertEqual((row.days, row.amount), (45, row.amount_1 + row.amount_2))
        self.assertFalse(row.step_id or row.level_id)
        self.assertEqual(row.user_id, self.user_credit)  # the collector of the company
        self.assertIn("table", row.items)

    def test_a_promise_without_a_step(self):
        self.due(1)
        row = self._row()
        context = row.action_log_call()["context"]
        calls = self.env["customer.collection.call"].with_user(self.user_credit)
        call = calls.with_context(**context).create({"promise_date": "2099-01-01"})
        self.assertEqual(call.promise_amount, row.amount)
        call.action_save()
        row.invalidate_recordset()
        self.assertEqual((row.promised, str(row.promise_date)), (row.amount, "2099-01-01"))

    def test_account_managers_collect_from_their_own(self):
        foreign = self.debtor("Somebody else's", user_id=self.other_sales.id)
        self.due(20, partner=foreign)
        self.due(20)
        rows = self.env["customer.collection.overdue"].with_user(self.user_sales).search([])
        self.assertIn(self.customer, rows.partner_id)
        self.assertNotIn(foreign, rows.partner_id)
        calls = self.env["customer.collection.call"].with_user(self.user_sales)
        with self.assertRaises(AccessError):
            calls.create({"partner_id": foreign.id, "company_id": self.company.id})

    def test_lines_of_a_call_are_keys_only(self):
        self.due(1)
        foreign = self.due(20, partner=self.debtor("Somebody else's"))
        call = self.env["customer.collection.call"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "promise_date": "2099-01-01",
                "line_ids": [(0, 0, {"item_key": foreign.line_ids[0].id, "chosen": True})],
            }
        )
        with self.assertRaises(UserError):
            call.action_save()

    def test_no_letter_for_a_call_or_a_skipped_step(self):
        self.due(20)
        [step] = self.run_job().filtered(lambda s: s.state == "planned")[:1]
        for way, state in (("phone", "planned"), ("letter", "skipped")):
            step._write_facts({"way": way, "state": state})
            with self.assertRaises(UserError):
                step.action_print_letter()
