from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .care_case import NOW, CareCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestNextContact(CareCase):
    """The account manager sets the next contact by hand; later than planned with a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.care.interval"].create(
            {"partner_id": cls.customer.id, "days": 60, "reason": "Quiet season"}
        )  # due on 1 December

    def _apply(self, day, reason=False, user=None):
        self._next(day, reason, user=user)

    def test_earlier_needs_no_reason(self):
        self._apply("2026-11-24")
        row = self._rows()
        self.assertEqual((row.due_date, row.origin), (date(2026, 11, 24), "manual"))
        self.assertEqual(row.plan_date, date(2026, 12, 1))
        self.assertEqual(self.customer.next_contact_set_on, date(2026, 11, 20))

    def test_the_border_of_the_reason(self):
        self._apply("2026-12-01")
        with self.assertRaisesRegex(UserError, "enter a reason"):
            self._apply("2026-12-02")
        with self.assertRaisesRegex(UserError, "enter a reason"):
            self._apply("2026-12-02", "  ")
        self._apply("2026-12-02", "On a trip")
        self.assertEqual(self.customer.next_contact_reason, "On a trip")
        self.assertEqual(self._rows().due_date, date(2026, 12, 2))
        self._apply("2026-11-30")
        self.assertFalse(self.customer.next_contact_reason)

    def test_the_dialog_says_when_it_is_later(self):
        action = self._rows().with_user(self.user_sales).action_set_next()
        wizard = (
            self.env["customer.care.next"]
            .with_user(self.user_sales)
            .with_context(**action["context"])
            .new({"date": "2026-12-02"})
        )
        self.assertEqual((wizard.plan_date, wizard.is_later), (date(2026, 12, 1), True))
        wizard.date = "2026-12-01"
        self.assertFalse(wizard.is_later)

    def test_never_in_the_past_and_moved_to_a_working_day(self):
        with self.assertRaisesRegex(UserError, "past"):
            self._apply("2026-11-19")
        self._apply("2026-11-22")
        self.assertEqual(self._rows().due_date, date(2026, 11, 23))

    def test_it_holds_until_the_next_contact(self):
        self._apply("2026-11-24")
        self._visit("2026-11-20")
        self.assertEqual(self._rows().origin, "manual", "contacted on the day it was set")
        with freeze_time("2026-11-21 10:00:00"):
            self._visit("2026-11-21")
            row = self._rows()
            self.assertEqual((row.origin, row.due_date), ("own", date(2027, 1, 20)))
            self._night()
            self.env["customer.care.coverage"]._refresh(self.company)
            self.env.invalidate_all()
            self.assertFalse(self.customer.next_contact_date, "the night forgets it")

    def test_without_any_plan(self):
        prospect = self._new_customer("Prospect", user_id=self.user_sales.id)
        self.env["customer.metrics"]._refresh(prospect)
        self.assertFalse(self._rows(prospect))
        self._next("2026-12-24", customer=prospect)
        row = self._rows(prospect)
        self.assertEqual(
            (row.kind, row.due_date, row.interval_days), ("contact", date(2026, 12, 24), 0)
        )

    def test_only_who_is_responsible(self):
        for user in (self.other_sales, self.user_service, self.user_auditor, self.plain_user):
            with self.assertRaises(AccessError):
                self._apply("2026-11-24", user=user)
            with self.assertRaises(AccessError):
                self.customer.with_user(user).write({"next_contact_date": "2026-11-24"})
        self._apply("2026-11-24", user=self.user_manager)
        self.user_sales.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        mine = self.customer.with_user(self.user_sales)
        mine.write({"next_contact_date": "2026-11-25", "next_contact_set_on": "2020-01-01"})
        self.assertEqual(mine.next_contact_set_on, date(2026, 11, 20), "recorded, not entered")
        with self.assertRaisesRegex(UserError, "enter a reason"):
            mine.write({"next_contact_date": "2027-01-25"})

    def test_contacts_have_their_companys(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        with self.assertRaisesRegex(UserError, "is a contact of"):
            contact.next_contact_date = "2026-11-24"

    def test_branches_and_companies(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.customer.with_company(branch).write({"next_contact_date": "2026-11-24"})
        self.assertEqual(self._rows().due_date, date(2026, 11, 24))
        self.assertEqual(self.customer.next_contact_date, date(2026, 11, 24))
        self.assertFalse(self.customer.with_company(self.other_company).next_contact_date)

    def test_a_new_customer_with_a_date(self):
        customer = self._new_customer("New", next_contact_date="2026-11-24")
        self.assertEqual(customer.next_contact_set_on, date(2026, 11, 20))
