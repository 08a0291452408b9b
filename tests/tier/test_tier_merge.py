"""Merging customers keeps every decision explained."""

from odoo.fields import Command
from odoo.tests import tagged

from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestTierMerge(GovernanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.env.ref("customer_governance.tier_key")
        cls.standard = cls.env.ref("customer_governance.tier_standard")
        cls.double = cls._new_customer("Harbour Glass Ltd")
        cls.clerk = cls.user_sales
        cls.clerk.write({"group_ids": [Command.link(cls.env.ref("base.group_partner_manager").id)]})

    def _merge(self, source, target, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user or self.env.user)
        wizard.create({})._merge((source | target).ids, target, extra_checks=False)
        self.env.invalidate_all()

    def test_target_keeps_its_tier(self):
        """The clerk who merges has no right to change tiers: nothing changes but the history."""
        self.customer._set_customer_tier(self.standard, "First", "review")
        self.double._set_customer_tier(self.key, "Other entry", "review")
        self._merge(self.double, self.customer, self.clerk)
        self.assertEqual(self.customer.customer_tier_id, self.standard)
        lines = self.env["customer.tier.history"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(set(lines.mapped("reason")) >= {"First", "Other entry"}, True)
        merge = lines.filtered(lambda line: line.origin == "merge")
        self.assertEqual((merge.old_tier_id, merge.new_tier_id), (self.key, self.standard))
        self.assertIn("Harbour Glass Ltd", merge.reason)

    def test_target_without_tier_takes_it(self):
        """In each company on its own; contacts of the remaining customer carry it."""
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self.double._set_customer_tier(self.key, "Here", "review")
        there = self.customer.with_company(self.other_company)
        there._set_customer_tier(self.standard, "Present", "review")
        self._merge(self.double, self.customer, self.clerk)
        self.assertEqual(self.customer.customer_tier_id, self.key)
        self.assertEqual(self.customer.customer_tier_origin, "review")
        self.assertEqual(there.customer_tier_id, self.standard)
        self.assertEqual(contact.customer_tier_id, self.key)

    def test_segments_and_lifecycle_lines_survive(self):
        dimension = self.env["customer.segment.dimension"].create({"name": "Size", "code": "size"})
        big, small = self.env["customer.segment"].create(
            [
                {"name": "Big", "code": "big", "dimension_id": dimension.id},
                {"name": "Small", "code": "small", "dimension_id": dimension.id},
            ]
        )
        self.customer.customer_segment_ids = [Command.link(big.id)]
        self.double.customer_segment_ids = [Command.link(small.id)]
        self.env["customer.metrics"]._refresh(self.customer | self.double)
        self.env["res.partner"]._update_customer_lifecycle(self.customer | self.double)
        self._merge(self.double, self.customer, self.clerk)
        self.assertEqual(self.customer.customer_segment_ids, big)
        self.assertEqual(self.customer.customer_lifecycle, "prospect")
        self.env["customer.metrics"]._refresh(self.customer)
        self.env["res.partner"]._update_customer_lifecycle(self.customer)
        self.assertEqual(self.customer.customer_lifecycle, "prospect")

    def test_merging_contacts(self):
        ann, anne = self.env["res.partner"].create(
            [{"name": name, "parent_id": self.customer.id} for name in ("Ann", "Anne")]
        )
        self.customer._set_customer_tier(self.key, "Here", "review")
        self._merge(anne, ann, self.clerk)
        self.assertEqual(ann.customer_tier_id, self.key)
        self.assertEqual(len(self.customer.customer_tier_history_ids), 1)
