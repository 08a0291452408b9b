from odoo.tests import tagged

from .credit_case import CreditCase


@tagged("post_install", "-at_install")
class TestCreditBranches(CreditCase):
    """A company means the company with its branches: nobody sells around a check in a branch."""

    @classmethod
    def setUpClass(cls):
        """A branch, made after some decisions were taken."""
        super().setUpClass()
        cls.customer._set_customer_tier(
            cls.env.ref("customer_governance.tier_key"), "before", "manual"
        )
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch North", "parent_id": cls.company.id}
        )
        cls.env.user.company_ids |= cls.branch

    def test_what_was_decided_before_holds_in_a_new_branch(self):
        there = self.customer.with_company(self.branch)
        self.assertEqual(there.customer_credit_grade_id, self.grades["b"])
        self.assertEqual(there.customer_tier_id, self.customer.customer_tier_id)
        self.assertEqual(there.credit_limit_amount, 1000)

    def test_what_is_decided_holds_in_both(self):
        other = self._new_customer("Other")
        self._grade(other, "d")
        self.assertEqual(other.with_company(self.branch).customer_credit_grade_id, self.grades["d"])
        other.with_company(self.branch)._set_credit_hold("there")
        self.assertTrue(other.customer_credit_hold)
        tier = self.env.ref("customer_governance.tier_strategic")
        other.with_company(self.branch)._set_customer_tier(tier, "there", "manual")
        self.assertEqual(other.customer_tier_id, tier)
        self.assertEqual(other.customer_tier_history_ids.company_id, self.company)
        self.assertEqual(
            self.env["res.partner"]
            .with_company(self.branch)
            .search([("id", "=", other.id), ("customer_tier_id", "=", tier.id)]),
            other,
        )
        self.assertFalse(other.with_company(self.other_company).customer_credit_hold)

    def test_an_order_of_the_branch_is_held(self):
        self._owed(950)
        self.assertDecision(self._quotation(100, company=self.branch), "held", "over_limit")
        self.assertDecision(self._quotation(50, company=self.branch), "allowed")

    def test_what_the_branch_sells_counts_at_the_company(self):
        self._quotation(950, company=self.branch).action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.customer.credit_exposure, 950)
        self.assertEqual(self.customer.with_company(self.branch).credit_exposure, 950)
        self.assertDecision(self._quotation(100), "held", "over_limit")

    def test_two_orders_of_company_and_branch_at_once(self):
        orders = self._quotation(600) | self._quotation(600, company=self.branch)
        decisions = orders._credit_check()
        self.assertEqual([decisions[o.id].result for o in orders], ["allowed", "held"])

    def test_a_limit_entered_in_the_branch_is_the_companys(self):
        limit = self._limit(self.customer, 2000, company=self.branch)
        self.assertEqual(limit.company_id, self.company)
        self.assertEqual(self.customer.credit_limit_amount, 2000)

    def test_figures_count_branches(self):
        self._quotation(300, company=self.branch).action_confirm()
        self.env["customer.metrics"]._refresh(self.customer)
        rows = self.env["customer.metrics"].search([("partner_id", "=", self.customer.id)])
        self.assertNotIn(self.branch, rows.company_id)
        self.assertEqual(
            rows.filtered(lambda row: row.company_id == self.company).order_count_12m, 1
        )
        there = self.customer.with_company(self.branch)
        self.assertEqual(there.customer_order_count_12m, 1)
