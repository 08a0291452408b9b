from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .metrics_case import MetricsCase


@tagged("post_install", "-at_install")
class TestInformation(MetricsCase):
    """Information collected about customers: source, date, files, and who reads it."""

    def _create(self, user, partner, **vals):
        return (
            self.env["customer.information"]
            .with_user(user)
            .create({"partner_id": partner.id, "name": "Second line in spring", **vals})
        )

    def test_source_and_date_are_kept(self):
        record = self._create(self.user_sales, self.customer, source="research", date="2026-11-01")
        self.assertEqual((record.source, str(record.date)), ("research", "2026-11-01"))
        self.assertEqual(record.user_id, self.user_sales)
        self.assertEqual(self.customer.with_user(self.user_sales).customer_information_count, 1)

    def test_belongs_to_the_customer_not_to_its_contact(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        vals = {"partner_id": contact.id, "name": "Told by Ann"}
        record = self.env["customer.information"].create(vals)
        self.assertEqual(record.partner_id, self.customer)
        self.assertEqual(vals, {"partner_id": contact.id, "name": "Told by Ann"})

    def test_own_and_all(self):
        with self.assertRaises(AccessError):
            self._create(self.user_sales, self.foreign_customer)
        record = self._create(self.user_service, self.foreign_customer)
        with self.assertRaises(AccessError):
            record.with_user(self.user_sales).read(["text"])
        self.assertTrue(record.with_user(self.user_auditor).read(["text"]))
        for user in (self.user_auditor, self.user_committee, self.user_credit):
            with self.assertRaises(AccessError):
                record.with_user(user).name = "changed"
        with self.assertRaises(AccessError):
            self.customer.with_user(self.plain_user).action_view_information()

    def test_files_follow_the_rights_of_the_record(self):
        Attachment = self.env["ir.attachment"].with_user(self.user_service)
        file = Attachment.create({"name": "plan.txt", "raw": b"secret plan"})
        foreign = self.env["ir.attachment"].create({"name": "other.txt", "raw": b"not mine"})
        record = self._create(
            self.user_service, self.foreign_customer, attachment_ids=[Command.set(file.ids)]
        )
        self.assertEqual((file.res_model, file.res_id), (record._name, record.id))
        with self.assertRaises(AccessError):
            file.with_user(self.user_sales).read(["raw"])
        record.sudo().attachment_ids = [Command.link(foreign.id)]
        self.assertFalse(foreign.res_id, "a file of somebody else is not taken over")
