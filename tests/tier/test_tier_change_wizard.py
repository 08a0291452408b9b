"""Changing tiers by hand: right, reason, impact of a downgrade."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .metrics_case import MetricsCase


@tagged("post_install", "-at_install")
class TestTierChangeWizard(MetricsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strategic = cls.env.ref("customer_governance.tier_strategic")
        cls.key = cls.env.ref("customer_governance.tier_key")
        cls.standard = cls.env.ref("customer_governance.tier_standard")
        cls.customer._set_customer_tier(cls.strategic, "Start", "review")

    def _wizard(self, user, partners):
        Wizard = self.env["customer.tier.change"].with_user(user)
        return Form(Wizard.with_context(active_model="res.partner", active_ids=partners.ids))

    def test_downgrade_shows_and_asks(self):
        order = self._order(self.customer, "2026-11-01 10:00:00", price=500)
        order.order_line.price_unit = 750
        form = self._wizard(self.user_committee, self.customer)
        self.assertEqual(form.current_tier_id, self.strategic)
        form.new_tier_id = self.standard
        self.assertEqual(form.downgrade_count, 1)
        for text in ("90 days", "Dedicated account manager", "Sales team", "Urgent", "750.00"):
            self.assertIn(text, form.impact)
        form.reason = "Volume fell"
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "confirm"):
            wizard.action_confirm()
        self.assertEqual(self.customer.customer_tier_id, self.strategic)
        wizard.understood = True
        wizard.action_confirm()
        self.assertEqual(self.customer.customer_tier_id, self.standard)
        line = self.customer.customer_tier_history_ids[0]
        self.assertEqual(
            (line.reason, line.user_id, line.origin), ("Volume fell", self.user_committee, "manual")
        )

    def test_upgrade_needs_no_confirmation(self):
        self.customer._set_customer_tier(self.standard, "Down", "review")
        form = self._wizard(self.user_manager, self.customer)
        form.new_tier_id = self.key
        form.reason = "Frame contract"
        self.assertFalse(form.impact)
        form.save().action_confirm()
        self.assertEqual(self.customer.customer_tier_id, self.key)

    def test_many_customers_and_contacts(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        form = self._wizard(self.user_manager, contact | self.foreign_customer)
        self.assertEqual(form.partner_count, 2)
        form.new_tier_id = self.key
        form.reason = "Agreement"
        form.understood = True
        self.assertEqual((form.downgrade_count, form.upgrade_count), (1, 1))
        form.save().action_confirm()
        self.assertEqual((self.customer | self.foreign_customer).customer_tier_id, self.key)

    def test_reason_and_right(self):
        vals = {"partner_ids": self.customer.ids, "new_tier_id": self.key.id, "understood": True}
        Wizard = self.env["customer.tier.change"]
        with self.assertRaises(AccessError):
            Wizard.with_user(self.user_sales).create(vals)
        as_sales = Wizard.create(dict(vals, reason="Trick")).with_user(self.user_sales)
        with self.assertRaises(AccessError):
            as_sales.action_confirm()
        for reason in (False, "  "):
            with self.assertRaisesRegex(UserError, "reason"):
                Wizard.with_user(self.user_manager).create(
                    dict(vals, reason=reason)
                ).action_confirm()
        self.assertEqual(self.customer.customer_tier_id, self.strategic)

    def test_impact_is_of_the_company(self):
        """Orders of another company are no business of this one."""
        other = self._second_company()
        self._order(self.customer, "2026-11-01 10:00:00", price=999, company=other)
        impact = self.customer._tier_change_impact(self.standard)
        self.assertFalse([item for item in impact if item["kind"] == "orders"])
        there = self.customer.with_company(other)._tier_change_impact(self.standard)
        self.assertTrue([item for item in there if item["kind"] == "orders"])

    def test_impact_lists_what_changes_only(self):
        impact = self.customer._tier_change_impact(self.strategic)
        self.assertEqual(impact, [])

    def test_hook_sees_the_batch(self):
        """Higher domains get all moves of a call at once."""
        calls = []

        def hook(partners, changes):
            calls.append((partners, changes))

        self.patch(type(self.env["res.partner"]), "_after_tier_change", hook)
        both = self.customer | self.foreign_customer
        both._set_customer_tier(self.key, "All", "review")
        self.assertEqual(len(calls), 1)
        partners, moves = calls[0]
        self.assertEqual(partners, both)
        self.assertEqual(
            {move.partner_id: move.old_tier_id for move in moves},
            {self.customer.id: self.strategic.id, self.foreign_customer.id: None},
        )
