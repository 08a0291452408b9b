"""Base of the review tests: invoices, a small scorecard, a review."""

from datetime import date

from odoo import Command
from odoo.tests import new_test_user

from ..common import GovernanceCase


class ReviewCase(GovernanceCase):
    """Customers with invoices in 2026 Q1 and a scorecard of three indicators.

    Sales of the quarter: Harbour Glass 600, Northern Foods 300, Small Works 100; Idle Ltd nothing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strategic = cls.env.ref("customer_governance.tier_strategic")
        cls.key = cls.env.ref("customer_governance.tier_key")
        cls.standard = cls.env.ref("customer_governance.tier_standard")
        cls.account = cls.env["account.account"].create(
            {"name": "Sales", "code": "CG400", "account_type": "income"}
        )
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "CG Sales",
                "code": "CGS",
                "type": "sale",
                "default_account_id": cls.account.id,
                "company_id": cls.company.id,
            }
        )
        cls.receivable = cls.env["account.account"].create(
            {
                "name": "Receivable",
                "code": "CG110",
                "account_type": "asset_receivable",
                "reconcile": True,
            }
        )
        cls.small = cls._new_customer("Small Works", user_id=cls.user_sales.id)
        cls.idle = cls._new_customer("Idle Ltd", user_id=cls.other_sales.id)
        cls.customers = cls.customer + cls.foreign_customer + cls.small + cls.idle
        cls.customers.property_account_receivable_id = cls.receivable
        cls._invoice(cls.customer, 600, date(2026, 2, 10))
        cls._invoice(cls.foreign_customer, 300, date(2026, 3, 31))
        cls._invoice(cls.small, 100, date(2026, 1, 1))
        cls.scorecard = cls._scorecard()
        cls.leader = new_test_user(
            cls.env, "cg_leader", groups="customer_governance.group_committee", name="cg leader"
        )

    @classmethod
    def _invoice(cls, partner, amount, day, refund=False, post=True):
        """Post an invoice (or credit note) of one line over `amount`."""
        move = cls.env["account.move"].create(
            {
                "move_type": "out_refund" if refund else "out_invoice",
                "partner_id": partner.id,
                "invoice_date": day,
                "date": day,
                "journal_id": cls.journal.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Gas",
                            "quantity": 1,
                            "price_unit": amount,
                            "account_id": cls.account.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _scorecard(cls, publish=True, **vals):
        """Volume by rank 60 / 20, a manual choice 30, stability 10; bands by score and share."""
        scorecard = cls.env["customer.scorecard"].create(
            {
                "name": "Test Scorecard",
                "population": str([("id", "in", cls.customers.ids)]),
                "auto_open": False,
                "indicator_ids": [
                    Command.create(
                        {
                            "name": "Volume",
                            "sequence": 1,
                            "max_points": 60,
                            "measure": "purchase_amount",
                            "method": "rank",
                            "step": 20,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Alignment",
                            "sequence": 2,
                            "max_points": 30,
                            "measure": "manual",
                            "method": "choice",
                            "choice_ids": [
                                Command.create({"name": "High", "points": 30, "sequence": 1}),
                                Command.create({"name": "Low", "points": 10, "sequence": 2}),
                            ],
                        }
                    ),
                    Command.create(
                        {
                            "name": "Stability",
                            "sequence": 3,
                            "max_points": 10,
                            "measure": "idle_months",
                            "method": "deduction",
                            "step": 5,
                        }
                    ),
                ],
                "band_ids": [
                    Command.create(
                        {
                            "sequence": 1,
                            "tier_id": cls.strategic.id,
                            "use_min_share": True,
                            "min_share": 50,
                        }
                    ),
                    Command.create(
                        {
                            "sequence": 2,
                            "tier_id": cls.key.id,
                            "use_min_score": True,
                            "min_score": 60,
                        }
                    ),
                    Command.create({"sequence": 3, "tier_id": cls.standard.id}),
                ],
                **vals,
            }
        )
        if publish:
            scorecard.action_publish()
        return scorecard

    @classmethod
    def _review(cls, scorecard=None, compute=True, **vals):
        """Review of 2026 Q1."""
        review = cls.env["customer.review"].create(
            {
                "scorecard_id": (scorecard or cls.scorecard).id,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 3, 31),
                "leader_id": cls.leader.id,
                **vals,
            }
        )
        if compute:
            review.action_compute()
        return review

    def _line(self, review, partner):
        """Line of a customer."""
        return review.line_ids.filtered(lambda line: line.partner_id == partner)

    def _score(self, review, partner, indicator):
        """Score of a customer by the name of the indicator."""
        return self._line(review, partner).score_ids.filtered(
            lambda score: score.indicator_id.name == indicator
        )

    def _apply(self, review):
        """Submit as the committee, approve and apply as the leader."""
        review.with_user(self.user_committee).action_submit()
        review.with_user(self.leader).action_approve()
        review.with_user(self.leader).action_apply()
        return review
