from odoo import fields
from odoo.tests import HttpCase, tagged

from .collection_case import CollectionCase


@tagged("post_install", "-at_install", "cg_tour")
class TestCollectionTours(CollectionCase, HttpCase):
    """The collector works the day's list in the browser."""

    def test_collector(self):
        today = self.company._customer_today()
        self.user_credit.password = "cg_credit"
        self.call.responsible = "collector"
        invoice = self.due(20, 700, today=today)
        steps = self.env["customer.collection.step"].sudo().with_company(self.company)
        # whatever the hour of the test: plan without asking the clock
        steps._plan_company(self.company)
        self.start_tour("/odoo/collection", "customer_governance_collector", login="cg_credit")
        step = steps.search([("partner_id", "=", self.customer.id), ("state", "=", "done")])
        self.assertEqual((step.call_result, step.promise_ids.amount), ("promise", 700))
        self.assertEqual(step.promise_ids.move_ids, invoice)
        self.assertGreaterEqual(step.promise_ids.date, fields.Date.to_date(today))
