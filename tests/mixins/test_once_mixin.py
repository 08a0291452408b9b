from odoo.tests import tagged

from .fake_case import FakeModelCase


@tagged("post_install", "-at_install")
class TestOnceMixin(FakeModelCase):
    def test_each_record_and_key_once(self):
        other = self.env["customer.fake.case"].create({"name": "Case 2"})
        self.assertEqual(self.case._once("warn"), self.case)
        self.assertEqual((self.case | other)._once("warn"), other)
        self.assertFalse((self.case | other)._once("warn"))
        self.assertEqual(self.case._once("breach"), self.case)

    def test_what_was_rolled_back_is_sent_again(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.case._once("warn")
            raise ZeroDivisionError
        self.assertTrue(self.case._once("warn"))

    def test_empty_is_fine(self):
        self.assertFalse(self.env["customer.fake.case"]._once("warn"))

    def test_memory_of_deleted_records_goes(self):
        other = self.env["customer.fake.case"].create({"name": "Case 2"})
        (self.case | other)._once("warn")
        other.unlink()
        self.env["customer.sent"]._gc_orphans()
        rows = self.env["customer.sent"].search([("model", "=", "customer.fake.case")])
        self.assertEqual(rows.mapped("res_id"), self.case.ids)
