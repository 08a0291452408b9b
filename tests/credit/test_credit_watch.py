from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .credit_case import CreditCase


@tagged("post_install", "-at_install")
class TestCreditWatch(CreditCase):
    """The watch list at its borders, holds, and what only credit staff may read."""

    def _kinds(self, partner=None, company=None):
        self.env.invalidate_all()
        rows = self.env["customer.credit.watch"].search(
            [
                ("partner_id", "=", (partner or self.customer).id),
                ("company_id", "=", (company or self.company).id),
            ]
        )
        self.assertTrue(all(row.reason for row in rows))
        return sorted(rows.mapped("kind"))

    def test_near_and_past_the_limit(self):
        self.assertEqual(self._kinds(), [])
        self._owed(799.99)
        self.assertEqual(self._kinds(), [])
        self._owed(0.01)
        self.assertEqual(self._kinds(), ["near_limit"])
        self._owed(200)
        self.assertEqual(self._kinds(), ["near_limit"])
        self._owed(0.01)
        self.assertEqual(self._kinds(), ["over_limit"])
        self._limit(self.customer, 0, unlimited=True)
        self.assertEqual(self._kinds(), [])

    def test_a_limit_of_zero_is_exceeded_by_anything_and_by_nothing(self):
        self._limit(self.customer, 0)
        self.assertEqual(self._kinds(), [])
        self._owed(1)
        self.assertEqual(self._kinds(), ["over_limit"])

    def test_assessments_that_end(self):
        for days, kinds in ((31, []), (30, ["expiring"]), (0, ["expiring"]), (-1, ["expired"])):
            self._grade(self.customer, "b", customer_credit_valid_until=self._day(days))
            self.assertEqual(self._kinds(), kinds, days)

    def test_pays_later_than_before(self):
        for back, late in ((150, 0), (40, 9)):
            invoice = self._owed(10, -back)
            self._pay(invoice, invoice.invoice_date_due + timedelta(days=late))
        self.assertEqual(self._kinds(), [])
        self.company.customer_worse_days = 9
        self.assertEqual(self._kinds(), ["worse"])

    def test_a_hold_from_the_list(self):
        self._grade(self.customer, "b", customer_credit_valid_until=self._day(-1))
        row = self.env["customer.credit.watch"].search([("partner_id", "=", self.customer.id)])
        with self.assertRaises(AccessError):
            row.with_user(self.salesperson).action_hold()
        row.with_user(self.controller).action_hold()
        self.assertTrue(self.customer.customer_credit_hold)
        self.assertIn("valid until", self.customer.customer_credit_hold_reason)
        self.assertEqual(self._kinds(), ["expired", "on_hold"])
        action = row.with_user(self.controller).action_assess()
        context = {k: v for k, v in action["context"].items() if v}
        review = self.env["customer.review"].with_user(self.controller).with_context(**context)
        self.assertEqual(review.create({}).partner_id, self.customer)

    def test_the_controller_is_asked_once(self):
        self.company.customer_credit_user_id = self.controller
        self._owed(900)
        for _run in range(2):
            self.env["customer.credit.watch"]._cron_ask()
        self.assertEqual(self.customer.activity_ids.user_id, self.controller)
        self.assertEqual(len(self.customer.activity_ids), 1)

    def _asked(self):
        return self.customer.activity_ids.filtered(lambda a: a.summary.startswith("Assess or hold"))

    def test_news_from_outside_is_a_question(self):
        self.company.customer_credit_user_id = self.controller
        Information = self.env["customer.credit.information"].with_user(self.user_credit)
        vals = {"partner_id": self.customer.id, "name": "Bankrupt"}
        for kind, count in (("basic", 0), ("record", 0), ("rating", 1), ("other", 2)):
            Information.create({**vals, "kind": kind})
            self.assertEqual(len(self._asked()), count, kind)
        self.assertEqual(self._asked().user_id, self.controller)
        self.assertNotIn("Bankrupt", "".join(self._asked().mapped("note")))

    def test_without_a_controller_the_head_is_asked(self):
        self.company.customer_credit_user_id = False
        self.company.customer_head_id = self.head
        self._owed(900)
        self.env["customer.credit.watch"]._cron_ask()
        self.assertEqual(self._asked().user_id, self.head)

    def test_companies_are_apart(self):
        other = self._second_company()
        self.customer.with_company(other)._set_credit_hold("Test")
        self.assertEqual((self._kinds(), self._kinds(company=other)), ([], ["on_hold"]))

    def test_information_is_for_credit_staff(self):
        information = (
            self.env["customer.credit.information"]
            .with_user(self.controller)
            .create({"name": "Rating", "partner_id": self.customer.id, "kind": "rating"})
        )
        self.assertEqual((information.user_id, information.date), (self.controller, self.today))
        for user in (self.salesperson, self.plain_user):
            with self.assertRaises(AccessError):
                information.with_user(user).read(["name"])
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            information.date = self._day(1)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            information.partner_id = self.contact

    def test_a_hold_is_credit_controls(self):
        for user in (self.salesperson, self.plain_user):
            with self.assertRaises(AccessError):
                self.customer.with_user(user).action_credit_hold()
        self.contact.with_user(self.controller).action_credit_hold()
        self.assertTrue(self.customer.customer_credit_hold)
        self.assertTrue(self.contact.customer_credit_hold)
        self.customer.with_user(self.controller).action_credit_free()
        self.assertFalse(self.contact.customer_credit_hold)
