"""Account manager and head of governance in the browser."""

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import GovernanceCase


@tagged("post_install", "-at_install", "cg_tour")
class TestTierTours(GovernanceCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = cls.user_sales | cls.user_manager
        for user in users:
            user.password = user.login
        users.write({"group_ids": [Command.link(cls.env.ref("base.group_partner_manager").id)]})
        cls.glass = cls._new_customer("Tour Glass Works", user_id=cls.user_sales.id)
        dimension = cls.env["customer.segment.dimension"].create(
            {"name": "Tour", "code": "tour", "sequence": 1}
        )
        segment = cls.env["customer.segment"].create(
            {"name": "Tour Segment", "code": "tour", "dimension_id": dimension.id, "color": 4}
        )
        cls.glass.customer_segment_ids = [Command.link(segment.id)]
        with freeze_time("2026-01-01 10:00:00"):
            cls.glass._set_customer_tier(
                cls.env.ref("customer_governance.tier_strategic"), "Decided in the tour", "review"
            )
        product = cls.env["product.product"].create({"name": "Glass", "type": "service"})
        for moment in ("2026-02-01 10:00:00", "2026-10-01 10:00:00"):
            with freeze_time(moment):
                order = cls.env["sale.order"].create(
                    {
                        "partner_id": cls.glass.id,
                        "order_line": [Command.create({"product_id": product.id})],
                    }
                )
                order.action_confirm()
        cls.env["customer.metrics"]._refresh(cls.glass)
        cls.env["res.partner"]._update_customer_lifecycle(cls.glass)

    def test_sales_looks(self):
        """Tier, segments, lifecycle, measures and history; nothing to change."""
        self.start_tour("/odoo", "customer_governance_sales_looks", login="cg_sales")

    def test_manager_changes_tier(self):
        """By hand, with the impact read and a reason, seen in the history."""
        self.start_tour(
            "/odoo/governed-customers",
            "customer_governance_manager_changes_tier",
            login="cg_manager",
        )
        line = self.glass.customer_tier_history_ids[0]
        self.assertEqual((line.reason, line.user_id), ("Volume fell by half", self.user_manager))
        self.assertEqual(self.glass.customer_tier_id.code, "standard")

    def test_group_by_segment(self):
        """Customers can be grouped by segment in the web client."""
        self.start_tour("/odoo", "customer_governance_group_by_segment", login="cg_sales")
