from odoo.tests import tagged

from ..common import GovernanceCase
from .factories import FACTORIES


@tagged("post_install", "-at_install")
class TestOwnCustomers(GovernanceCase):
    """Whose customer it is: one answer for screens, searches and record rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nobodys = cls._new_customer("Nobody's")
        team = cls.env["crm.team"].create({"name": "Harbour", "user_id": cls.other_sales.id})
        cls.env["crm.team.member"].create({"user_id": cls.user_sales.id, "crm_team_id": team.id})
        cls.customers = cls.customer | cls.foreign_customer | cls.nobodys

    def _mine(self, user, wanted=True):
        domain = [("is_mine", "=", wanted), ("id", "in", self.customers.ids)]
        return self.env["res.partner"].with_user(user).search(domain).with_env(self.env)

    def test_search_equals_compute(self):
        for user, mine in (
            (self.user_sales, self.customer),
            (self.other_sales, self.customer | self.foreign_customer),
            (self.user_manager, self.customer.browse()),
        ):
            with self.subTest(user.login):
                self.assertEqual(self._mine(user), mine)
                self.assertEqual(self._mine(user, wanted=False), self.customers - mine)
                seen = self.customers.with_user(user).filtered("is_mine")
                self.assertEqual(seen.with_env(self.env), mine)

    def test_the_leader_reads_what_the_team_reads(self):
        """Also what says "own customers" and forgot the leader: grades, releases, watch list."""
        for model in (
            "customer.complaint",
            "customer.credit.grade.history",
            "customer.tier.history",
        ):
            record = FACTORIES[model](self.env, self.customer, self.company)
            with self.subTest(model):
                self.assertTrue(record.with_user(self.user_sales).has_access("read"))
                self.assertTrue(record.with_user(self.other_sales).has_access("read"))

    def test_customers_of_somebody_who_left_stay_the_leaders(self):
        self.user_sales.active = False
        self.env["res.users"].flush_model()
        record = FACTORIES["customer.tier.history"](self.env, self.customer, self.company)
        expected = bool(self.user_sales.sale_team_id)
        self.assertEqual(record.with_user(self.other_sales).has_access("read"), expected)

    def test_rules_say_it_in_one_way(self):
        """A rule that spells it out again would miss shares, deputies and whatever comes."""
        rules = self.env["ir.rule"].search([("domain_force", "like", "partner_id.user_id")])
        ours = rules.filtered(lambda rule: rule.model_id.model.startswith("customer."))
        self.assertFalse(ours.mapped("name"))
