from odoo import Command
from odoo.tests import tagged

from .metrics_case import MetricsCase


@tagged("post_install", "-at_install")
class TestKeyData(MetricsCase):
    """A change of key data posts old and new, tells the account manager and the followers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls.subtype = cls.env.ref("customer_governance.mt_key_data_changed")
        cls.editor = cls._new_user(
            "editor", "customer_governance.group_manager", "base.group_partner_manager"
        )
        cls.customer = cls.customer.with_env(cls.env)
        cls.flush_changes()

    @classmethod
    def flush_changes(cls):
        """End the transaction's work, as a commit does."""
        cls.env.flush_all()
        cls.env.cr.precommit.run()

    def _messages(self, partner):
        return self.env["mail.message"].search(
            [
                ("model", "=", "res.partner"),
                ("res_id", "in", partner.ids),
                ("subtype_id", "=", self.subtype.id),
            ]
        )

    def test_old_and_new_in_one_message(self):
        self.customer.phone = "+49 40 1111"
        self.flush_changes()
        self._messages(self.customer).unlink()
        self.customer.with_user(self.editor).write(
            {"name": "Harbour Glass Works", "phone": "+49 40 2222", "comment": "not key data"}
        )
        self.flush_changes()
        message = self._messages(self.customer)
        self.assertEqual(len(message), 1)
        for text in ("Harbour Glass", "Harbour Glass Works", "+49 40 1111", "+49 40 2222"):
            self.assertIn(text, message.body)
        self.assertNotIn("not key data", message.body)
        self.assertEqual(message.author_id, self.editor.partner_id)
        others = self.customer.message_ids.filtered("tracking_value_ids")
        self.assertFalse(others, "Odoo's own tracking does not repeat it")

    def test_account_manager_and_followers_are_told(self):
        follower, deaf = self.user_credit, self.user_committee
        self.customer.message_subscribe(follower.partner_id.ids, self.subtype.ids)
        self.customer.message_subscribe(deaf.partner_id.ids, self.env.ref("mail.mt_comment").ids)
        self.customer.message_subscribe(self._customer("Outside").ids)
        self.customer.with_user(self.editor).customer_legal_representative = "Li Wei"
        self.flush_changes()
        told = self._messages(self.customer).notified_partner_ids
        self.assertEqual(told, self.user_sales.partner_id + follower.partner_id)

    def test_own_change_is_not_notified_to_oneself(self):
        self.user_sales.group_ids |= self.env.ref("base.group_partner_manager")
        self.customer.with_user(self.user_sales).customer_business_scope = "Glass"
        self.flush_changes()
        self.assertFalse(self._messages(self.customer).notified_partner_ids)

    def test_contact_details_are_posted_on_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer Ann", "parent_id": self.customer.id, "phone": "111"}
        )
        self.flush_changes()
        contact.with_user(self.editor).phone = "222"
        self.flush_changes()
        self.assertFalse(self._messages(contact))
        message = self._messages(self.customer)
        self.assertEqual(len(message), 1)
        self.assertIn("Buyer Ann", message.body)
        self.assertIn("222", message.body)

    def test_no_change_no_message(self):
        self.customer.write({"name": self.customer.name})
        self.customer.phone = "999"
        self.customer.phone = False
        self.flush_changes()
        self.assertFalse(self._messages(self.customer), "the same, and there and back again")

    def test_two_writes_of_a_transaction_make_one_message(self):
        self.customer.phone = "111"
        self.customer.phone = "222"
        self.flush_changes()
        message = self._messages(self.customer)
        self.assertEqual(len(message), 1)
        self.assertIn("222", message.body)
        self.assertNotIn("111", message.body)

    def test_the_list_is_configurable(self):
        data_field = self.env.ref("customer_governance.data_field_legal_representative")
        data_field.is_key = False
        self.customer.customer_legal_representative = "Wang Fang"
        self.flush_changes()
        self.assertFalse(self._messages(self.customer))
        data_field.is_key = True
        self.customer.customer_legal_representative = "Li Wei"
        self.flush_changes()
        self.assertEqual(len(self._messages(self.customer)), 1)

    def test_suppliers_and_imports_without_history_are_silent(self):
        supplier = self.env["res.partner"].create({"name": "Sand pit", "supplier_rank": 1})
        self.flush_changes()
        supplier.name = "Sand pit North"
        self.customer.with_context(tracking_disable=True).phone = "333"
        self.flush_changes()
        self.assertFalse(self._messages(supplier + self.customer))

    def test_values_people_can_read(self):
        country = self.env.ref("base.cn")
        self.customer.country_id = country
        self.flush_changes()
        self.assertIn(country.name, self._messages(self.customer).body)

    def test_names_cannot_inject_markup(self):
        self.customer.name = "<script>alert(1)</script>"
        self.flush_changes()
        self.assertNotIn("<script>", self._messages(self.customer).body)

    def test_batch_takes_the_same_queries_for_10_and_200(self):
        """Apart from the ORM's own slices of 100 rows for each insert and update."""

        def change(partners, phone):
            self.flush_changes()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.with_user(self.editor).phone = phone
            self.flush_changes()
            return self.env.cr.sql_log_count - before

        vals = {"customer_rank": 1, "user_id": self.user_sales.id}
        few = self.env["res.partner"].create([{"name": f"Few {i}", **vals} for i in range(10)])
        many = self.env["res.partner"].create([{"name": f"Many {i}", **vals} for i in range(200)])
        change(few, "000")  # warm up
        ten = change(few, "111")
        self.assertEqual(ten, change(many[:90], "222"))
        self.assertLessEqual(change(many, "333"), ten + 4)
        self.assertEqual(len(self._messages(many)), 290)
        digest = self.env["mail.message"].search(
            [("message_type", "=", "user_notification"), ("subject", "like", "200 customers")]
        )
        self.assertEqual(digest.notified_partner_ids, self.user_sales.partner_id)
        self.assertIn("Many 199", digest.body)

    def test_followers_of_a_batch_get_one_list(self):
        both = self.customer + self.foreign_customer.with_env(self.env)
        both.message_subscribe(self.user_credit.partner_id.ids, self.subtype.ids)
        both.with_user(self.editor).write({"phone": "444"})
        self.flush_changes()
        digest = self.env["mail.message"].search([("message_type", "=", "user_notification")])
        mine = digest.filtered(lambda m: self.user_credit.partner_id in m.notified_partner_ids)
        self.assertEqual(len(mine), 1)
        self.assertIn("Harbour Glass", mine.body)
        self.assertIn("Northern Foods", mine.body)
        account_manager = self.user_sales.partner_id
        theirs = digest.filtered(lambda m: account_manager in m.notified_partner_ids)
        self.assertNotIn("Northern Foods", theirs.body, "not their customer")

    def test_contacts_created_with_commands_in_the_form(self):
        """Writing contacts through the customer's form makes one message on the customer."""
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self.flush_changes()
        self.customer.with_user(self.editor).write(
            {"phone": "555", "child_ids": [Command.update(contact.id, {"function": "Director"})]}
        )
        self.flush_changes()
        message = self._messages(self.customer)
        self.assertEqual(len(message), 1)
        self.assertIn("Director", message.body)
