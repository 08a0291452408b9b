from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewCompanies(ReviewCase):
    """Nothing leaks between companies; shares are of the company, money in its currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.other_company.currency_id = (
            cls.euro if cls.company.currency_id != cls.euro else cls.env.ref("base.USD")
        )
        cls.env.user.company_ids += cls.other_company
        # The same shared customers buy from the second company, the small one most of all.
        account = (
            cls.env["account.account"]
            .with_company(cls.other_company)
            .create(
                {
                    "name": "Sales",
                    "code": "CG401",
                    "account_type": "income",
                    "company_ids": [(6, 0, cls.other_company.ids)],
                }
            )
        )
        receivable = (
            cls.env["account.account"]
            .with_company(cls.other_company)
            .create(
                {
                    "name": "Receivable",
                    "code": "CG111",
                    "account_type": "asset_receivable",
                    "reconcile": True,
                    "company_ids": [(6, 0, cls.other_company.ids)],
                }
            )
        )
        journal = (
            cls.env["account.journal"]
            .with_company(cls.other_company)
            .create(
                {
                    "name": "Sales 2",
                    "code": "CG2",
                    "type": "sale",
                    "default_account_id": account.id,
                    "company_id": cls.other_company.id,
                }
            )
        )
        cls.account, cls.journal = account, journal
        cls.customers.with_company(cls.other_company).property_account_receivable_id = receivable
        cls._invoice(cls.small.with_company(cls.other_company), 900, date(2026, 2, 1))
        cls._invoice(cls.customer.with_company(cls.other_company), 100, date(2026, 2, 1))

    @classmethod
    def _invoice(cls, partner, amount, day, refund=False, post=True):
        cls_env = cls.env
        cls.env = partner.env
        try:
            return super()._invoice(partner, amount, day, refund, post)
        finally:
            cls.env = cls_env

    def test_each_company_has_its_own_figures(self):
        here = self._review()
        there = self._review(company_id=self.other_company.id)
        self.assertEqual(self._line(here, self.small).share, 10.0)
        self.assertEqual(self._line(there, self.small).share, 90.0)
        self.assertEqual(self._line(here, self.small).currency_id, self.company.currency_id)
        self.assertEqual(self._line(there, self.small).currency_id, self.other_company.currency_id)

    def test_tiers_stay_in_their_company(self):
        there = self._review(company_id=self.other_company.id, leader_id=False)
        there.action_submit()
        there.action_approve()
        there.action_apply()
        self.assertFalse(self.small.customer_tier_id)
        self.assertEqual(
            self.small.with_company(self.other_company).customer_tier_id, self.strategic
        )
        self.assertEqual(self.small.customer_tier_history_ids.company_id, self.other_company)

    def test_customers_of_the_other_company_only_stay_out(self):
        """Shared contacts of another company are no line without figures here."""
        theirs = self._new_customer("Only There")
        theirs.with_company(
            self.other_company
        ).property_account_receivable_id = self.customers.with_company(self.other_company)[
            0
        ].property_account_receivable_id
        self._invoice(theirs.with_company(self.other_company), 10, date(2026, 2, 1))
        scorecard = self._scorecard(
            name="Wide", population=str([("id", "in", (self.customers + theirs).ids)])
        )
        self.assertNotIn(theirs, self._review(scorecard).line_ids.partner_id)
        there = self._review(scorecard, company_id=self.other_company.id)
        self.assertIn(theirs, there.line_ids.partner_id)
        self.assertNotIn(self.foreign_customer, there.line_ids.partner_id)

    def test_users_of_one_company_see_no_other(self):
        there = self._review(company_id=self.other_company.id)
        for user in (self.user_committee, self.user_manager, self.user_auditor, self.user_sales):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                there.with_user(user).read(["name"])
            self.assertFalse(
                self.env["customer.review.line"]
                .with_user(user)
                .search([("review_id", "=", there.id)])
            )

    def test_scorecard_of_another_company(self):
        scorecard = self._scorecard(name="Theirs", company_id=self.other_company.id)
        with self.assertRaises(ValidationError) as caught:
            self._review(scorecard, compute=False, company_id=self.company.id)
        self.assertIn("Theirs", str(caught.exception))
