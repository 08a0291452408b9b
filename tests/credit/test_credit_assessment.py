from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .credit_case import CreditCase

# Indicator, weight and the points of its options or ranges: the spec's 30 / 20 / 35 / 15.
WEIGHTS = {"financial": 30, "operating": 20, "credit record": 35, "industry": 15}


@tagged("post_install", "-at_install")
class TestCreditAssessment(CreditCase):
    """From the scorecard to a grade in effect: computed, chosen, applied, approved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scorecard = cls.env.ref("customer_governance.scorecard_credit")

    def test_the_scorecard_is_the_policys(self):
        points = dict.fromkeys(WEIGHTS, 0)
        for indicator in self.scorecard.indicator_ids:
            key = next(key for key in WEIGHTS if indicator.name.lower().startswith(key))
            points[key] += indicator.max_points
        self.assertEqual(points, WEIGHTS)
        self.assertEqual(
            [(band.grade_id.code, band.min_score) for band in self.scorecard.band_ids],
            [("A", 80), ("B", 65), ("C", 50), ("D", 0)],
        )
        self.assertEqual(self.scorecard.state, "published")
        self.assertFalse(self.scorecard._problems())

    def test_the_grades_are_the_policys(self):
        terms = [
            (g.code, g.limit_factor, g.payment_term_id.line_ids.nb_days, g.action)
            for g in self.env["customer.credit.grade"].search([])
        ]
        self.assertEqual(
            terms,
            [
                ("A", 3, 60, "warn"),
                ("B", 2, 30, "approval"),
                ("C", 1, 15, "approval"),
                ("D", 0, 0, "block"),
            ],
        )
        self.assertEqual([self.grades[g].assessment_months for g in "abcd"], [12, 6, 3, 3])
        self.assertTrue(self.grades["c"].use_cap)
        self.assertTrue(self.grades["d"].prepayment_only)

    def test_who_owes_is_assessed_whatever_it_bought(self):
        """Neither purchases of the period nor a tier: churned debtors are the ones to look at."""
        debtor, gone = self._new_customer("Old Debt"), self._new_customer("Gone")
        lapsed = self.env.ref("customer_governance.tier_lapsed")
        (debtor | gone)._set_customer_tier(lapsed, "no order", "lifecycle")
        gone.customer_rank = 1
        self._owed(500, -400, partner=debtor)
        review = self.env["customer.review"].create({"scorecard_id": self.scorecard.id})
        review.action_compute()
        self.assertIn(debtor, review.line_ids.partner_id)
        self.assertNotIn(gone, review.line_ids.partner_id)

    def _assess(self, *choices):
        """Assess the customer; `choices` are places of the options, the best is 0."""
        review = (
            self.env["customer.review"]
            .with_user(self.controller)
            .create(
                {
                    "scorecard_id": self.scorecard.id,
                    "kind": "single",
                    "partner_id": self.customer.id,
                }
            )
        )
        self.assertTrue(review.date_to < self.today)
        for due, paid in ((10, 10), (20, 20)):
            day = review.date_from.replace(day=due)
            invoice = self._invoice(self.customer, day, 100)
            self._pay(invoice, day.replace(day=paid))
        review.action_compute()
        line = review.line_ids
        manual = line.score_ids.filtered(lambda score: score.indicator_id.measure == "manual")
        for score, place in zip(manual.sorted("sequence"), choices, strict=False):
            score.choice_id = score.indicator_id.choice_ids[place]
        review.action_compute()
        return review, line

    def test_without_the_choices_there_is_no_proposal(self):
        _review, line = self._assess()
        self.assertLess(line.coverage, 60)
        self.assertFalse(line.proposed_grade_id)

    def test_from_the_assessment_to_the_grade(self):
        review, line = self._assess(0, 1, 0, 0)
        # 30 + 14 + days late 15, overdue 8, outstanding 7, returned 5 + 15
        self.assertEqual((line.score, line.coverage), (94, 100))
        self.assertEqual(line.previous_grade_id, self.grades["b"])
        self.assertEqual(line.proposed_grade_id, self.grades["a"])
        self.assertEqual(line.movement, "up")
        review.action_submit()
        with self.assertRaises(UserError):
            review.action_approve()  # who assessed does not approve
        other = self._new_user("controller_2", "customer_governance.group_credit")
        review.with_user(other).action_approve()
        proposal = line.credit_proposal_ids
        self.assertEqual((proposal.state, proposal.grade_id), ("submitted", self.grades["a"]))
        self.assertEqual(proposal.requested_by_id, self.controller)
        self.assertEqual(self.customer.customer_credit_grade_id, self.grades["b"])
        # the months are shown in whole cents
        self.assertAlmostEqual(proposal.amount, 3 * proposal.monthly_sales, delta=0.02)
        with self.assertRaises(UserError):
            proposal.with_user(self.controller).action_approve()
        proposal.with_user(self.head).action_approve()
        customer = self.customer
        self.assertEqual(customer.customer_credit_grade_id, self.grades["a"])
        self.assertEqual(customer.customer_credit_valid_until, proposal.valid_until)
        self.assertEqual(customer.trust, "good")
        self.assertEqual(customer.property_payment_term_id, self.grades["a"].payment_term_id)
        self.assertEqual(customer.credit_limit, proposal.amount)
        self.assertEqual(proposal.limit_id.approved_by_id, self.head)
        [entry] = customer.customer_credit_grade_history_ids
        self.assertEqual((entry.origin, entry.proposal_id), ("proposal", proposal))

    def test_another_decision_needs_a_reason(self):
        _review, line = self._assess(0, 0, 0, 0)
        with self.assertRaises(UserError):
            line.decided_grade_id = self.grades["c"]
        line.write({"decided_grade_id": self.grades["c"].id, "reason": "Owner in court"})
        self.assertEqual((line.movement, line.decided_by_id), ("down", self.controller))
        line.decided_grade_id = False
        self.assertEqual(line.decided_grade_id, line.proposed_grade_id)
        self.assertIn("A: very low risk", line._why()["headline"])

    def test_credit_control_does_not_touch_reviews_of_tiers(self):
        tiers = self.env.ref("customer_governance.scorecard_purchasing_quarter")
        review = self.env["customer.review"].create({"scorecard_id": tiers.id})
        with self.assertRaises(AccessError):
            review.with_user(self.controller).action_compute()
        with self.assertRaises(AccessError):
            self.env["customer.review"].with_user(self.salesperson).create(
                {"scorecard_id": self.scorecard.id}
            )

    def test_many_proposals_are_one_message_to_each_approver(self):
        partners = [self._new_customer(f"Proposed {n}") for n in range(4)]
        proposals = self.env["customer.credit.proposal"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "grade_id": self.grades["b"].id,
                    "reason": "Assessed",
                    "requested_by_id": self.controller.id,
                }
                for partner in partners
            ]
        )
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        proposals._transition("submit")
        proposals._request_approval()
        self.assertEqual(proposals.mapped("validation_status"), ["pending"] * 4)
        reviewers = proposals.review_ids.reviewer_ids
        self.assertTrue(reviewers)
        told = self.env["mail.message"].search(
            [("id", ">", before), ("partner_ids", "in", reviewers.partner_id.ids)]
        )
        self.assertEqual(len(told), len(reviewers))
        self.assertIn("4", told[0].subject)
        self.assertIn("Proposed 3", told[0].body)
        mine = self.env["mail.notification"].search(
            [
                ("mail_message_id", ">", before),
                ("res_partner_id", "in", reviewers.partner_id.ids),
            ]
        )
        self.assertEqual(len(mine), len(reviewers), "no message for each")

    def test_a_proposal_by_hand(self):
        self._owed(1200, -1)
        proposal = (
            self.env["customer.credit.proposal"]
            .with_user(self.controller)
            .create(
                {"partner_id": self.customer.id, "grade_id": self.grades["c"].id, "reason": "Test"}
            )
        )
        self.assertEqual((proposal.monthly_sales, proposal.amount), (100, 100))
        self.grades["c"].limit_cap = 60
        proposal.grade_id = self.grades["b"]
        self.assertEqual(proposal.amount, 200)
        proposal.grade_id = self.grades["c"]
        self.assertEqual(proposal.amount, 60)
        proposal.action_submit()
        with self.assertRaises(UserError):
            proposal.amount = 10**6
        proposal.with_user(self.head).action_reject()
        self.assertEqual(self.customer.customer_credit_grade_id, self.grades["b"])

    def _dialog(self, user, *choices):
        assess = (
            self.env["customer.credit.assess"]
            .with_user(user)
            .create({"partner_id": self.contact.id})
        )
        for line, place in zip(assess.line_ids, choices, strict=False):
            line.choice_key = line.options[place]["id"]
        return assess

    def test_the_dialog_assesses_and_the_head_puts_it_into_effect(self):
        self._pay(self._invoice(self.customer, self._day(-70), 100), self._day(-60))
        with self.assertRaisesRegex(UserError, "Please also choose"):
            self._dialog(self.controller, 0).action_send()
        self._dialog(self.controller, 0, 0, 0, 0).action_send()
        review = self.env["customer.review"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(
            (review.state, review.usage, review.kind), ("in_review", "credit", "single")
        )
        self.assertEqual(review.date_from, fields.Date.add(review.date_to, days=1, months=-12))
        self.assertFalse(review.with_user(self.controller).can_approve)
        self.assertTrue(review.with_user(self.head).can_approve)
        with self.assertRaisesRegex(UserError, "waiting"):
            self._dialog(self.controller, 0, 0, 0, 0).action_send()
        review.with_user(self.head).action_approve()
        proposal = review.credit_proposal_ids
        self.assertEqual((review.state, proposal.state), ("applied", "approved"))
        self.assertEqual(proposal.approved_by_id, self.head)

    def test_who_sells_does_not_rate(self):
        self.customer.user_id = self.controller
        with self.assertRaisesRegex(UserError, "another user must make this"):
            self._dialog(self.controller, 0, 0, 0, 0).action_send()
