from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewQuantity(ReviewCase):
    """Shares of a chosen measure: of the quantity, where the policy means tons."""

    @classmethod
    def setUpClass(cls):
        """Harbour Glass buys 1 t for 1,000 and 1,000 valves; Northern Foods 9 t for 900."""
        super().setUpClass()
        cls.ton = cls.env.ref("uom.product_uom_ton")
        cls.gas, cls.valve = cls.env["product.product"].create(
            [
                {"name": "Gas", "type": "service", "uom_id": cls.ton.id},
                {"name": "Valve", "type": "service"},
            ]
        )
        for partner, product, quantity, price in (
            (cls.customer, cls.gas, 1, 1000),
            (cls.customer, cls.valve, 1000, 1),
            (cls.foreign_customer, cls.gas, 9, 100),
        ):
            move = cls._invoice(partner, 1, date(2026, 2, 1), post=False)
            move.invoice_line_ids = [
                Command.clear(),
                Command.create(
                    {
                        "product_id": product.id,
                        "quantity": quantity,
                        "price_unit": price,
                        "account_id": cls.account.id,
                        "tax_ids": [Command.clear()],
                    }
                ),
            ]
            move.action_post()

    def test_the_share_of_the_quantity(self):
        card = self._scorecard(name="Tons", share_measure="quantity", share_uom_id=self.ton.id)
        self.assertIn("quantity", card.band_ids[0].summary)
        review = self._review(card)
        ours, theirs = (self._line(review, p) for p in (self.customer, self.foreign_customer))
        self.assertEqual((ours.share, theirs.share), (10, 90))
        self.assertEqual(theirs.proposed_tier_id, self.strategic)
        self.assertEqual(ours.sales, 2600, "what it paid shows all the same")
        by_amount = self._review()
        self.assertGreater(self._line(by_amount, self.customer).share, 50)

    def test_pieces_and_tons_are_not_added(self):
        card = self._scorecard(publish=False, name="No unit", share_measure="quantity")
        with self.assertRaisesRegex(UserError, "unit"), self.env.cr.savepoint():
            card.action_publish()
        card.share_uom_id = self.ton
        card.indicator_ids[0].measure = "purchase_quantity"
        with self.assertRaisesRegex(UserError, "unit"), self.env.cr.savepoint():
            card.action_publish()
        card.indicator_ids[0].uom_id = self.ton
        card.action_publish()
        self.assertEqual(card.state, "published")
