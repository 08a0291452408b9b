from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.credit.sale_order_authority import AuthorityMissing
from .credit_case import CreditCase


@tagged("post_install", "-at_install")
class TestOrderAuthority(CreditCase):
    """Authority by size, with the default policy: borders, approvals, changes afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = ("group_1_large", "group_1_medium", "group_2_large", "group_2_medium")
        for example in ("strategic", "key", *groups):  # shipped, switched off
            rule = cls.env.ref(f"customer_governance.authority_{example}")
            assert not rule.active
            rule.active = True
        cls.section = cls._new_user("section", "sales_team.group_sale_manager")
        cls.head.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.buyer = cls._new_customer("Free Buyer", user_id=cls.salesperson.id)
        cls.gas = {
            group: cls.env["product.product"].create(
                {
                    "name": f"Gas {group}",
                    "type": "service",
                    "uom_id": cls.env.ref("uom.product_uom_ton").id,
                    "categ_id": cls.env.ref(
                        f"customer_governance.product_category_group_{group}"
                    ).id,
                    "list_price": 1,
                    "taxes_id": [Command.clear()],
                }
            )
            for group in (1, 2)
        }

    def _order(self, quantity=1, group=1, partner=None, uom=None):
        line = {"product_id": self.gas[group].id, "product_uom_qty": quantity}
        if uom:
            line["product_uom_id"] = self.env.ref(uom).id
        return (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .create(
                {
                    "partner_id": (partner or self.buyer).id,
                    "order_line": [Command.create(line)],
                }
            )
        )

    def _rank(self, *args, **kwargs):
        return self._order(*args, **kwargs).customer_authority_rank

    def test_borders_of_the_default_policy(self):
        for quantity, rank in ((149.99, 0), (150, 10), (300, 10), (300.01, 20)):
            self.assertEqual(self._rank(quantity, 1), rank, quantity)
        for quantity, rank in ((299.99, 0), (300, 10), (800, 10), (800.01, 20)):
            self.assertEqual(self._rank(quantity, 2), rank, quantity)
        self.assertEqual(self._rank(300010, 1, uom="uom.product_uom_kgm"), 20, "kilograms")
        for tier, rank in (("strategic", 20), ("key", 10), ("standard", 0)):
            record = self.env.ref(f"customer_governance.tier_{tier}")
            self.buyer._set_customer_tier(record, "Test", "manual")
            self.env.invalidate_all()
            self.assertEqual(self._rank(1), rank, tier)

    def test_small_orders_need_nobody(self):
        order = self._order(100)
        order.action_confirm()
        self.assertEqual((order.state, len(order.review_ids)), ("sale", 0))

    def test_the_section_head_approves_the_seller_confirms(self):
        order = self._order(200)
        for change in (
            lambda: order.action_confirm(),
            lambda: order.write({"state": "sale"}),
            lambda: order.with_context(skip_validation_check=True).action_confirm(),
            lambda: order.with_context(skip_check_state_condition=True).write({"state": "sale"}),
        ):
            with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
                change()
        order.action_request_authority()
        with self.assertRaises(AccessError):
            order.review_ids.write({"status": "approved"})
        with self.assertRaises(UserError):
            order.action_approve_authority()
        order.with_user(self.section).action_approve_authority()
        order.action_confirm()
        self.assertEqual((order.state, order.customer_approved_rank), ("sale", 10))

    def test_what_was_approved_is_not_written(self):
        order = self._order(200).with_user(self.seller)
        order.action_request_authority()
        for vals in ({"validation_status": "validated"}, {"customer_approved_rank": 99}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                order.write(vals)
            with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
                order.write({"state": "sale"})
        line = {"product_id": self.gas[1].id, "product_uom_qty": 200}
        vals = {
            "partner_id": self.buyer.id,
            "state": "sale",
            "customer_approved_rank": 99,
            "order_line": [Command.create(line)],
        }
        forged = self.env["sale.order"].with_user(self.seller)
        forged = forged.with_context(default_customer_approved_rank=99)
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            forged.create(vals)

    def test_an_approver_confirms_alone(self):
        order = self._order(301).with_user(self.head)
        order.action_confirm()
        self.assertEqual((order.state, order.customer_approved_rank), ("sale", 20))

    def test_a_change_voids_the_approvals(self):
        order = self._order(200)
        order.action_request_authority()
        order.with_user(self.section).action_approve_authority()
        order.order_line.product_uom_qty = 250
        self.assertFalse(order.review_ids)
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            order.action_confirm()

    def _approved(self, quantity=200):
        """A quotation the section head approved, as the seller sees it."""
        order = self._order(quantity).with_user(self.seller)
        order.action_request_authority()
        order.with_user(self.section).action_approve_authority()
        return order

    def test_a_deleted_line_voids_the_approvals(self):
        order = self._order(301)
        order.order_line = [
            Command.create({"product_id": self.gas[1].id, "product_uom_qty": -100, "price_unit": 1})
        ]
        self.assertEqual(order.customer_authority_rank, 10)
        order.action_request_authority()
        order.with_user(self.section).action_approve_authority()
        order.with_user(self.seller).order_line[1].unlink()
        self.assertFalse(order.review_ids)
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            order.action_confirm()

    def test_another_currency_voids_the_approvals(self):
        euro = self._euro()
        pricelist = self.env["product.pricelist"].create({"name": "E", "currency_id": euro.id})
        order = self._approved()
        order.write({"pricelist_id": pricelist.id})
        self.assertFalse(order.review_ids)
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            order.action_confirm()

    def test_approvals_are_for_the_rank_that_was_asked_for(self):
        """The customer becomes strategic after the section head approved: the deputy is asked."""
        order = self._approved()
        self.assertEqual(order.customer_approved_rank, 10)
        strategic = self.env.ref("customer_governance.tier_strategic")
        self.buyer._set_customer_tier(strategic, "Test", "manual")
        self.env.invalidate_all()
        self.assertTrue(order.need_validation)
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            order.action_confirm()
        order.action_request_authority()
        with self.assertRaises(UserError):
            order.with_user(self.section).action_approve_authority()
        order.with_user(self.head).action_approve_authority()
        order.action_confirm()
        self.assertEqual((order.state, order.customer_approved_rank), ("sale", 20))

    def test_a_smaller_order_forgets_the_higher_rank(self):
        order = self._approved()
        order.order_line.product_uom_qty = 100
        order.action_confirm()
        self.assertEqual(order.customer_approved_rank, 0)
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            order.order_line.product_uom_qty = 200

    def test_a_confirmed_order_does_not_outgrow_its_approval(self):
        order = self._order(149)
        order.action_confirm()
        for change in (
            lambda: order.order_line.write({"product_uom_qty": 150}),
            lambda: order.write({"order_line": [Command.create({"product_id": self.gas[1].id})]}),
        ):
            with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
                change()
        order.order_line.product_uom_qty = 149.5
        self.assertEqual(order.customer_authority_rank, 0)

    def test_an_order_born_confirmed(self):
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            self.env["sale.order"].create(
                {
                    "partner_id": self.buyer.id,
                    "state": "sale",
                    "order_line": [
                        Command.create({"product_id": self.gas[1].id, "product_uom_qty": 200})
                    ],
                }
            )

    def test_cancelling_and_rejecting(self):
        order = self._order(200)
        order.action_request_authority()
        order.with_user(self.section).action_reject_authority()
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            order.action_confirm()
        order._action_cancel()
        self.assertFalse(order.review_ids)
        order.action_draft()
        order.action_request_authority()
        order.with_user(self.section).action_approve_authority()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_level_that_nobody_approves_is_refused(self):
        """An own level between the shipped ones: no definition matches its rank."""
        level = self.env["customer.authority.level"].create({"name": "Regional", "rank": 15})
        self.env["customer.order.authority"].create(
            {"level_id": level.id, "basis": "amount", "figure": 50}
        )
        order = self._order(100).with_user(self.seller)
        self.assertEqual(order.customer_authority_rank, 15)
        with self.assertRaises(AuthorityMissing) as caught, self.env.cr.savepoint():
            order.action_confirm()
        self.assertIn("Regional", str(caught.exception))
        self.env["tier.definition"].create(
            {
                "name": "Regional",
                "model_id": self.env.ref("sale.model_sale_order").id,
                "review_type": "individual",
                "reviewer_id": self.section.id,
                "definition_domain": "[('customer_authority_rank', '=', 15)]",
            }
        )
        order.action_request_authority()
        order.with_user(self.section).action_approve_authority()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_cancelled_order_does_not_slip_back(self):
        order = self._approved()
        order.action_confirm()
        order._action_cancel()
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            order.write({"state": "sale"})

    def test_amounts_count_in_the_companys_currency(self):
        level = self.env["customer.authority.level"].create({"name": "Board", "rank": 90})
        self.env["customer.order.authority"].create(
            {"level_id": level.id, "basis": "amount", "figure": 500}
        )
        order = self._order(500, group=2)
        self.assertEqual(order.customer_authority_rank, 10)
        order.order_line.price_unit = 1.01
        self.assertEqual(order.customer_authority_level_id, level)
        self.assertIn("500", order.customer_authority_reason)

    # -- contracts ----------------------------------------------------------------------------

    def test_orders_of_one_contract_add_up(self):
        """Four orders of 149 t are one of 596 t: the second asks the section, the third the deputy."""
        self._order(149).action_confirm()
        second = self._order(149)
        self.assertEqual(second.customer_authority_rank, 10)
        self.assertIn("in one contract with", second.customer_authority_reason)
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            second.action_confirm()
        second.with_user(self.section).action_confirm()
        self.assertEqual(self._order(149).customer_authority_rank, 20)
        self.assertEqual(self._rank(149, partner=self._new_customer("Somebody Else")), 0)
        self.assertEqual(self._rank(149, 2), 0, "goods of another group are another matter")

    def test_confirmed_together(self):
        """One press for several orders is no way round the sum."""
        orders = self._order(149) | self._order(149)
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        (orders[0] | self._order(149, 2)).action_confirm()

    def test_the_reference_says_what_one_contract_is(self):
        first = self._order(149)
        first.customer_contract_reference = "K 7"
        first.action_confirm()
        self.assertEqual(self._rank(149), 0)
        order = self._order(149)
        order.customer_contract_reference = "k 7 "
        self.assertEqual(order.customer_authority_rank, 10)
        order.customer_contract_reference = "K 8"
        self.assertEqual(order.customer_authority_rank, 0)

    def test_days_without_a_reference(self):
        first = self._order(149)
        first.action_confirm()
        first.sudo().date_order = fields.Datetime.subtract(fields.Datetime.now(), days=29, hours=23)
        self.assertEqual(self._rank(149), 10)
        first.sudo().date_order = fields.Datetime.subtract(fields.Datetime.now(), days=30, hours=1)
        self.assertEqual(self._rank(149), 0)
        first.sudo().date_order = fields.Datetime.now()
        self.company.customer_contract_days = 0
        self.assertEqual(self._rank(149), 0)

    def test_an_approval_does_not_outlive_the_contract_it_was_given_for(self):
        waiting = self._order(160)
        waiting.action_request_authority()
        waiting.with_user(self.section).action_approve_authority()
        self._order(149).action_confirm()
        self.env.invalidate_all()
        self.assertEqual(waiting.customer_authority_rank, 20)
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            waiting.action_confirm()

    def test_a_confirmed_order_grows_with_its_contract(self):
        first = self._order(149)
        first.action_confirm()
        second = self._order(149)
        second.with_user(self.section).action_confirm()
        first.order_line.product_uom_qty = 140
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            first.order_line.product_uom_qty = 152

    def test_the_contract_of_a_confirmed_order_stays(self):
        order = self._order(149)
        order.action_confirm()
        day = fields.Datetime.subtract(fields.Datetime.now(), days=90)
        for vals in ({"customer_contract_reference": "K 9"}, {"date_order": day}):
            with self.assertRaisesRegex(AccessError, "to which contract"), self.env.cr.savepoint():
                order.write(vals)
        order.write({"date_order": order.date_order, "customer_contract_reference": " "})
        order.with_user(self.head).customer_contract_reference = " K 9 "
        self.assertEqual(order.customer_contract_reference, "K 9")

    def test_a_confirmation_is_given_now(self):
        """An old date would keep the order out of the sum of its contract."""
        day = fields.Datetime.subtract(fields.Datetime.now(), days=90)
        order = self._order(149)
        order.date_order = day
        order.write({"state": "sale"})
        self.assertGreater(order.date_order, day)
        self.assertEqual(self._rank(149), 10)

    def test_a_later_order_answers_for_itself(self):
        """The second of three may shrink, and the first may not grow behind the others."""
        orders = []
        for days, quantity in ((40, 149), (20, 149), (0, 149)):
            order = self._order(quantity)
            order.with_user(self.section).action_confirm()
            day = fields.Datetime.subtract(fields.Datetime.now(), days=days)
            order.sudo().date_order = day
            orders.append(order)
        orders[1].sudo().customer_approved_rank = 10
        self.env.invalidate_all()
        orders[1].order_line.product_uom_qty = 148
        self.assertEqual(orders[1].customer_authority_rank, 10)
        small = self._order(10, partner=self._new_customer("Small First"))
        small.action_confirm()
        small.sudo().date_order = fields.Datetime.subtract(fields.Datetime.now(), days=5)
        self._order(139, partner=small.partner_id).action_confirm()
        small.order_line.product_uom_qty = 10.5
        with self.assertRaises(AuthorityMissing), self.env.cr.savepoint():
            small.order_line.product_uom_qty = 12
        self.assertEqual(small.customer_authority_rank, 0)

    def test_only_the_orders_of_the_reference_are_read(self):
        """Old orders of other contracts are not looked at."""
        for reference in ("K_1", "Kx1", "k_1 A", False):
            other = self._order(1)
            other.customer_contract_reference = reference
            other.action_confirm()
        order = self._order(1)
        order.customer_contract_reference = "k_1"
        with patch.object(
            type(order), "_authority_same_contract", autospec=True, return_value=True
        ) as asked:
            found = order._authority_contracts(self.company)[order]
        self.assertEqual(set(found.mapped("customer_contract_reference")), {"K_1", "k_1 A", False})
        self.assertEqual(asked.call_count, 3)
