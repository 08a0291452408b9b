from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintReturns(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pump = cls.env["product.product"].create({"name": "Pump"})
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [(0, 0, {"product_id": cls.pump.id, "product_uom_qty": 5})],
            }
        )

    def _return(self, **vals):
        return (
            self.env["customer.complaint.return"]
            .with_user(self.user_service)
            .create({"complaint_id": self._complaint().id, "requested_quantity": 5, **vals})
        )

    def test_requested_received_checked(self):
        back = self._return(order_id=self.order.id, sale_line_id=self.order.order_line.id)
        self.assertEqual(back.product_id, self.pump)
        with self.assertRaisesRegex(TransitionRefused, "received"):
            back.action_receive()
        back.received_quantity = 4
        back.action_receive()
        with self.assertRaises(TransitionRefused) as caught:
            back.action_check()
        self.assertIn("checked", str(caught.exception))
        self.assertIn("found", str(caught.exception))
        back.write({"checked_quantity": 4, "confirmed_quantity": 1, "finding": "One cracked"})
        back.action_check()
        self.assertEqual(back.state, "checked")

    def test_what_was_received_and_found_stays(self):
        back = self._return(
            product_id=self.pump.id, received_quantity=4, received_date="2026-01-01"
        )
        self.assertFalse(back.received_date)
        with self.assertRaises(AccessError):
            back.received_date = "2026-01-01"
        back.action_receive()
        with self.assertRaisesRegex(UserError, "can no longer be changed: Received"):
            back.received_quantity = 5
        back.write({"checked_quantity": 4, "finding": "One cracked"})
        back.action_check()
        with self.assertRaises(AccessError):
            back.checked_date = False
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            back.write({"finding": "All fine"})

    def test_quantities_at_the_border(self):
        back = self._return(product_id=self.pump.id, received_quantity=3)
        back.checked_quantity = 3
        with self.assertRaises(ValidationError):
            back.checked_quantity = 3.01
        back.confirmed_quantity = 3
        with self.assertRaises(ValidationError):
            back.write({"checked_quantity": 2})
        with self.assertRaises(ValidationError):
            back.write({"requested_quantity": 0})

    def test_the_order_is_the_customers(self):
        foreign = self.order.copy({"partner_id": self.foreign_customer.id})
        with self.assertRaises(ValidationError):
            self._return(product_id=self.pump.id, order_id=foreign.id)
        with self.assertRaises(ValidationError):
            self._return(
                product_id=self.pump.id,
                order_id=self.order.id,
                sale_line_id=foreign.order_line.id,
            )
