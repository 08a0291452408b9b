"""The tier of a customer changes only with right and reason, and the history says so."""

from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestTierWrite(GovernanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strategic = cls.env.ref("customer_governance.tier_strategic")
        cls.key = cls.env.ref("customer_governance.tier_key")
        cls.standard = cls.env.ref("customer_governance.tier_standard")
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ann Porter", "parent_id": cls.customer.id}
        )
        partner_manager = cls.env.ref("base.group_partner_manager")
        users = cls.user_manager | cls.user_committee | cls.user_sales
        users.write({"group_ids": [Command.link(partner_manager.id)]})

    def _history(self, partner):
        return self.env["customer.tier.history"].search([("partner_id", "=", partner.id)])

    def test_set_writes_history_and_contacts(self):
        """One call: customer, contact, since, origin and one line of history."""
        moves = self.customer._set_customer_tier(self.key, "Large frame contract", "review")
        self.assertEqual(len(moves), 1)
        self.assertEqual(self.customer.customer_tier_id, self.key)
        self.assertEqual(self.contact.customer_tier_id, self.key)
        self.assertEqual(self.customer.customer_tier_origin, "review")
        self.assertEqual(self.customer.customer_tier_since, self.company._customer_today())
        line = self._history(self.customer)
        self.assertEqual(
            (
                line.old_tier_id,
                line.new_tier_id,
                line.reason,
                line.origin,
                line.company_id,
            ),
            (
                self.env["customer.tier"],
                self.key,
                "Large frame contract",
                "review",
                self.company,
            ),
        )
        self.assertFalse(self._history(self.contact))

    def test_same_tier_is_no_change(self):
        self.customer._set_customer_tier(self.key, "First", "review")
        self.assertFalse(self.customer._set_customer_tier(self.key, "Again", "review"))
        self.assertEqual(len(self._history(self.customer)), 1)

    def test_contact_stands_for_its_company(self):
        self.contact._set_customer_tier(self.key, "Asked at the contact", "review")
        self.assertEqual(self.customer.customer_tier_id, self.key)
        self.assertEqual(self._history(self.customer).new_tier_id, self.key)

    def test_each_company_has_its_own(self):
        self.customer._set_customer_tier(self.key, "Here", "review")
        there = self.customer.with_company(self.other_company)
        self.assertFalse(there.customer_tier_id)
        there._set_customer_tier(self.strategic, "Present", "review")
        self.assertEqual(self.customer.customer_tier_id, self.key)
        self.assertEqual(there.customer_tier_id, self.strategic)
        self.assertEqual(
            self.contact.with_company(self.other_company).customer_tier_id,
            self.strategic,
        )
        lines = self._history(self.customer)
        self.assertEqual(lines.company_id, self.company | self.other_company)
        self.assertEqual(
            lines.with_user(self.user_manager)
            .search([("partner_id", "=", self.customer.id)])
            .company_id,
            self.company,
        )

    def test_reason_is_required(self):
        with self.assertRaisesRegex(UserError, "reason"):
            self.customer._set_customer_tier(self.key, " ", "manual")
        with self.assertRaisesRegex(UserError, "needs a reason"):
            self.customer.with_user(self.user_manager).write({"customer_tier_id": self.key.id})
        self.assertFalse(self.customer.customer_tier_id)

    def test_plain_write_needs_the_right(self):
        """Sales may not, committee and manager may; the reason comes in the same values."""
        vals = {
            "customer_tier_id": self.key.id,
            "customer_tier_reason": "Decided by phone",
        }
        with self.assertRaises(AccessError):
            self.customer.with_user(self.user_sales).write(vals)
        self.customer.with_user(self.user_committee).write(vals)
        self.assertEqual(
            vals,
            {
                "customer_tier_id": self.key.id,
                "customer_tier_reason": "Decided by phone",
            },
        )
        line = self._history(self.customer)
        self.assertEqual(
            (line.origin, line.reason, line.user_id),
            ("manual", "Decided by phone", self.user_committee),
        )
        self.customer.with_user(self.user_manager).write(
            {"customer_tier_id": False, "customer_tier_reason": "Wrong customer"}
        )
        self.assertFalse(self.customer.customer_tier_id)
        self.assertEqual(self._history(self.customer)[0].old_tier_id, self.key)

    def test_writing_the_same_tier_asks_nothing(self):
        self.customer._set_customer_tier(self.key, "First", "review")
        self.customer.with_user(self.user_sales).write(
            {"customer_tier_id": self.key.id, "ref": "X1"}
        )
        self.assertEqual(self.customer.ref, "X1")
        self.assertEqual(len(self._history(self.customer)), 1)

    def test_superuser_code_gets_a_reason(self):
        self.customer.sudo().write({"customer_tier_id": self.key.id})
        self.assertTrue(self._history(self.customer).reason)

    def test_contacts_refuse(self):
        with self.assertRaisesRegex(UserError, "contact of Harbour Glass"):
            self.contact.with_user(self.user_manager).write(
                {"customer_tier_id": self.key.id, "customer_tier_reason": "No"}
            )

    def test_derived_values_cannot_be_set(self):
        for vals in (
            {"customer_tier_since": "2020-01-01"},
            {"customer_tier_origin": "review"},
            {"customer_lifecycle": "loyal"},
            {"customer_lifecycle_since": "2020-01-01"},
        ):
            with self.assertRaises(UserError):
                self.customer.with_user(self.user_manager).write(vals)
            with self.assertRaises(UserError):
                self.env["res.partner"].create({"name": "New", **vals})

    def test_create_with_tier(self):
        vals = {"name": "Made", "customer_tier_id": self.key.id}
        Partner = self.env["res.partner"].with_user(self.user_sales)
        with self.assertRaises(AccessError):
            Partner.create(dict(vals, customer_tier_reason="No right"))
        Partner = Partner.with_user(self.user_manager)
        with self.assertRaisesRegex(UserError, "needs a reason"):
            Partner.create(vals)
        made = Partner.create([dict(vals, customer_tier_reason="List of 2026"), {"name": "Plain"}])
        self.assertEqual(made.mapped("customer_tier_id"), self.key)
        self.assertEqual(self._history(made[0]).reason, "List of 2026")
        with self.assertRaisesRegex(UserError, "contact of"):
            Partner.create(dict(vals, parent_id=self.customer.id, customer_tier_reason="No"))

    def test_import_with_reason(self):
        """The import template's columns work, and without a reason the row says why not."""
        Partner = (
            self.env["res.partner"].with_user(self.user_manager).with_context(import_file=True)
        )
        head = ["name", "customer_tier_id", "customer_tier_reason"]
        result = Partner.load(
            head,
            [["Imported", "Key", "Migration"], ["Second", "Standard", "Migration"]],
        )
        self.assertFalse(result["messages"], result["messages"])
        imported = Partner.browse(result["ids"])
        self.assertEqual(imported.mapped("customer_tier_id.code"), ["key", "standard"])
        self.assertEqual(set(self._history(imported[0]).mapped("origin")), {"import"})
        result = Partner.load(head, [["Third", "Key", ""]])
        self.assertFalse(result["ids"])
        self.assertIn("needs a reason", result["messages"][0]["message"])

    def test_new_contact_and_change_of_company(self):
        """A contact carries its company's tier; one that becomes a customer starts without."""
        self.customer._set_customer_tier(self.key, "Here", "review")
        self.customer.with_company(self.other_company)._set_customer_tier(
            self.standard, "Present", "review"
        )
        contact = self.env["res.partner"].create({"name": "Bob", "parent_id": self.customer.id})
        self.assertEqual(contact.customer_tier_id, self.key)
        self.assertEqual(contact.with_company(self.other_company).customer_tier_id, self.standard)
        contact.parent_id = self.foreign_customer
        self.assertFalse(contact.customer_tier_id)
        self.assertFalse(contact.with_company(self.other_company).customer_tier_id)
        contact.parent_id = self.customer
        self.assertEqual(contact.customer_tier_id, self.key)
        contact.parent_id = False
        self.assertFalse(contact.customer_tier_id)
        self.assertFalse(self._history(contact))

    def test_customer_becomes_contact(self):
        person = self.env["res.partner"].create({"name": "Sole Trader"})
        person._set_customer_tier(self.standard, "First order", "lifecycle")
        person.parent_id = self.customer
        self.assertFalse(person.customer_tier_id, "the company has none, so its contact has none")
        self.assertEqual(self._history(person).new_tier_id, self.standard)

    def test_a_customer_with_a_decided_tier_becomes_no_contact(self):
        person = self.env["res.partner"].create({"name": "Sole Trader"})
        person._set_customer_tier(self.strategic, "Alone", "review")
        with self.assertRaisesRegex(UserError, "a tier"), self.env.cr.savepoint():
            person.parent_id = self.customer
        self.assertEqual(person.customer_tier_id, self.strategic)
        company = self.env["res.partner"].create({"name": "Works", "is_company": True})
        company._set_customer_tier(self.strategic, "Alone", "review")
        company.parent_id = self.customer  # a subsidiary: a customer of its own
        with self.assertRaisesRegex(UserError, "a tier"):
            company.is_company = False

    def test_archived_customer_and_contact_follow(self):
        self.contact.active = False
        self.foreign_customer.active = False
        (self.customer | self.foreign_customer)._set_customer_tier(self.key, "All", "review")
        self.assertEqual(self.contact.customer_tier_id, self.key)
        self.assertEqual(self.foreign_customer.customer_tier_id, self.key)

    def test_chatter_of_changes_by_hand(self):
        self.customer._set_customer_tier(self.standard, "Quarter", "review")
        before = self.customer.message_ids
        self.customer.with_user(self.user_manager).write(
            {"customer_tier_id": self.key.id, "customer_tier_reason": "Board meeting"}
        )
        message = self.customer.message_ids - before
        self.assertIn("Board meeting", message.body)
        tracking = message.tracking_value_ids
        self.assertEqual((tracking.old_value_char, tracking.new_value_char), ("Standard", "Key"))

    def test_history_is_append_only(self):
        self.customer._set_customer_tier(self.key, "First", "review")
        line = self._history(self.customer)
        vals = {
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "date": "2026-01-01",
            "reason": "Forged",
            "origin": "manual",
        }
        for user in (
            self.user_manager,
            self.user_committee,
            self.user_sales,
            self.env.ref("base.user_admin"),
        ):
            as_user = line.with_user(user)
            for forge in (
                lambda: as_user.write({"reason": "Other"}),  # noqa: B023
                lambda: as_user.unlink(),  # noqa: B023
                lambda: as_user.create(vals),  # noqa: B023
            ):
                with self.assertRaises(UserError):  # an AccessError is one
                    forge()
        with self.assertRaises(UserError):
            line.sudo().write({"reason": "Other"})
        with self.assertRaises(UserError):
            line.sudo().unlink()
        self.assertEqual(line.reason, "First")

    def test_history_rights(self):
        """Account managers read the history of their own customers, auditors all."""
        (self.customer | self.foreign_customer)._set_customer_tier(self.key, "All", "review")
        seen = lambda user: self.env["customer.tier.history"].with_user(user).search([]).partner_id  # noqa: E731
        self.assertIn(self.customer, seen(self.user_sales))
        self.assertNotIn(self.foreign_customer, seen(self.user_sales))
        self.assertIn(self.foreign_customer, seen(self.user_auditor))
        with self.assertRaises(AccessError):
            seen(self.plain_user)

    def test_day_is_the_companys(self):
        """At 23:30 UTC it is tomorrow in Shanghai and still today in New York."""
        self.company.customer_tz = "Asia/Shanghai"
        self.other_company.customer_tz = "America/New_York"
        with freeze_time(datetime(2028, 2, 28, 23, 30)):
            self.customer._set_customer_tier(self.key, "Overdue", "review")
            there = self.customer.with_company(self.other_company)
            there._set_customer_tier(self.key, "Overdue", "review")
        self.assertEqual(str(self.customer.customer_tier_since), "2028-02-29")
        self.assertEqual(str(there.customer_tier_since), "2028-02-28")

    def test_queries_do_not_grow(self):
        partners = self.env["res.partner"].create([{"name": f"C{i}"} for i in range(60)])
        self.env.flush_all()
        partners[:1]._set_customer_tier(self.key, "Warm up", "review")
        with self.assertQueryCount(12):
            partners._set_customer_tier(self.standard, "All", "review")
