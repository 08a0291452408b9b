from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..mixins.job_case import JobCaseMixin
from .credit_case import CreditCase

WATCH = "odoo.addons.customer_governance.models.credit.customer_credit_watch"


@tagged("post_install", "-at_install")
class TestCreditWatch(JobCaseMixin, CreditCase):
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
        dialog = self.env["customer.credit.assess"].with_user(self.controller)
        self.assertEqual(dialog.with_context(**context).create({}).partner_id, self.customer)

    def test_the_controller_is_asked_once(self):
        self.company.customer_credit_user_id = self.controller
        self._owed(900)
        for _run in range(2):
            self.env["customer.credit.watch"]._cron_ask()
        self.assertEqual(self.customer.activity_ids.user_id, self.controller)
        self.assertEqual(len(self.customer.activity_ids), 1)

    def test_a_reason_that_stays_is_no_news(self):
        """Months later nobody is asked again; gone for a month and back it is news."""
        self.company.customer_credit_user_id = self.controller
        invoice = self._owed(900)
        watch = self.env["customer.credit.watch"]

        def asked(days):
            with freeze_time(self._day(days)):
                watch._cron_ask()
            return len(self._asked())

        self.assertEqual([asked(days) for days in (0, 40, 100)], [1, 1, 1])
        with self._unchecked():
            self._pay(invoice, self.today)
        self.assertEqual(asked(101), 1)
        again = self._owed(900)
        self.assertEqual(asked(103), 1, "gone for a day is no news")
        with self._unchecked():
            self._pay(again, self.today)
        self.assertEqual(asked(134), 1, "the reason is gone and forgotten")
        self._owed(900)
        self.assertEqual(asked(140), 2)

    def test_the_reason_is_in_the_language_of_who_is_asked(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.controller.lang = "zh_CN"
        self.company.customer_credit_user_id = self.controller
        langs = []

        def reason(env):
            langs.append(env.lang)
            return "Why"

        self.env["customer.credit.watch"]._ask(self.company, "test", {self.customer: reason})
        self.assertEqual(langs, ["zh_CN"])

    def test_a_controller_of_another_company_is_not_asked(self):
        self.company.customer_head_id = self.head
        self.company.customer_credit_user_id = self.controller
        other = self._second_company()
        self.controller.write({"company_id": other.id, "company_ids": [(6, 0, other.ids)]})
        watch = self.env["customer.credit.watch"]
        watch._ask(self.company, "test", {self.customer: lambda env: "Why"})
        self.assertEqual(self._asked().user_id, self.head)

    def _asked(self):
        return self.customer.activity_ids.filtered(
            lambda a: a.summary.startswith("Assess customer or place on hold")
        )

    def _told(self, user, text):
        """Return the messages and mails to a user about something."""
        return self.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids), ("subject", "like", text)]
        )

    def test_many_customers_are_one_message_and_no_more_statements(self):
        self.company.customer_credit_user_id = self.controller
        watch = self.env["customer.credit.watch"].with_context(mail_activity_quick_update=True)
        mails = self.env["mail.mail"].sudo().search_count([])
        counts = []
        for number in (3, 40):
            partners = self.env["res.partner"].create(
                [{"name": f"Watched {number}.{n}"} for n in range(number)]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            watch._ask(self.company, "test", dict.fromkeys(partners, lambda env: "Why"))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(partners.activity_ids.user_id, self.controller)
        self.assertLessEqual(counts[1], counts[0])
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)

    def test_the_job_tells_its_person_once(self):
        self.company.customer_credit_user_id = self.controller
        others = self.env["res.partner"].union(
            *(self._new_customer(f"Watched {n}") for n in range(5))
        )
        for partner in others:
            self._grade(partner, "b", customer_credit_valid_until=self._day(-1))
        cron = self.env.ref("customer_governance.cron_credit_watch")
        with patch(f"{WATCH}.BATCH", 2):
            self.run_slices(cron, 50)
            self.run_slices(cron, 50)
        self.assertEqual(others.activity_ids.user_id, self.controller)
        self.assertEqual(len(others.activity_ids), 5)
        [told] = self._told(self.controller, "to assess or place on hold")
        self.assertIn("5", told.subject)
        for partner in others:
            self.assertIn(partner.name, told.body)

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
