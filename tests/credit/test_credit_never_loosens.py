"""No change of customer or document by people without the right loosens a block."""

import random

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .credit_case import CreditCase

REFUSALS = (AccessError, UserError, ValidationError)


@tagged("post_install", "-at_install")
class TestCreditNeverLoosens(CreditCase):
    """Random sequences of changes by every role that does not decide about credit; after each the
    order is as held as before.
    """

    @classmethod
    def setUpClass(cls):
        """Users of all roles, each with the rights of a salesperson and of a clerk for contacts."""
        super().setUpClass()
        cls.actors = [
            cls.user_sales,
            cls.user_service,
            cls.user_quality,
            cls.user_committee,
            cls.user_archivist,
            cls.plain_user,
        ]
        more = cls.env.ref("sales_team.group_sale_salesman_all_leads")
        more |= cls.env.ref("base.group_partner_manager")
        for user in cls.actors:
            user.group_ids |= more
        cls.tiers = cls.env["customer.tier"].search([])
        cls.tags = cls.env["res.partner.category"].create({"name": "Friend of the house"})
        cls.terms = cls.env["account.payment.term"].search([], limit=2)
        cls.branch = cls.env["res.company"].create({"name": "Branch", "parent_id": cls.company.id})
        cls.other = cls._new_customer("Any Other")

    def _situations(self):
        """Name and customer of what holds an order of 500."""
        held = self._new_customer("On Hold")
        held._set_credit_hold("does not pay")
        bad = self._new_customer("Prepays")
        self._grade(bad, "d")
        full = self._new_customer("No Room")
        self._grade(full, "b")
        self._limit(full, 100)
        over = self._new_customer("Expired")
        self._grade(over, "b", customer_credit_valid_until=self._day(-1))
        self._limit(over, 100000)
        return {"hold": held, "prepayment": bad, "limit": full, "expired": over}

    def _moves(self, rng, name, customer, order):
        """What somebody may try: (record, values)."""
        one = rng.choice(self.tiers)
        partner_values = (
            {"parent_id": self.other.id, "is_company": False},
            {"parent_id": False, "is_company": True},
            {"is_company": False},
            {"company_id": self.company.id},
            {"company_id": self.other_company.id},
            {"company_id": False},
            {"category_id": [(4, self.tags.id)]},
            {"customer_tier_id": one.id, "customer_tier_reason": "better so"},
            {"customer_credit_grade_id": self.grades["a"].id},
            {"customer_credit_hold": False},
            {"customer_credit_valid_until": False},
            {"credit_limit": 999999.0, "use_partner_credit_limit": True},
            {"property_payment_term_id": self.terms[:1].id},
            {"user_id": self.user_sales.id},
            {"active": False},
            {"active": True},
            {"trust": "good"},
        )
        order_values = (
            {"payment_term_id": self.terms[-1:].id},
            {"partner_shipping_id": self.other.id},
            {"company_id": self.branch.id},
            {"customer_contract_reference": "K"},
            {"credit_release_ids": [(5,)]},
        )
        if name in ("hold", "prepayment"):  # else it is the debt of who gets the invoice
            order_values += ({"partner_invoice_id": self.other.id},)
        record, values = rng.choice(
            (
                (customer, rng.choice(partner_values)),
                (customer, rng.choice(partner_values)),
                (order, rng.choice(order_values)),
            )
        )
        return record, values

    def _is_held(self, order):
        """Whether a salesperson cannot confirm the order."""
        try:
            with self.env.cr.savepoint() as savepoint:
                order.with_user(self.seller).action_confirm()
                self.env.flush_all()
                savepoint.rollback()
        except REFUSALS:
            return True
        finally:
            self.env.invalidate_all()
        return False

    def test_no_sequence_of_changes_loosens_a_block(self):
        rng = random.Random(20261130)
        for _run in range(3):
            for name, customer in self._situations().items():
                order = self._quotation(500, partner=customer)
                self.assertTrue(self._is_held(order), name)
                done = []
                for _step in range(8):
                    user = rng.choice(self.actors)
                    record, values = self._moves(rng, name, customer, order)
                    done.append((user.name, values))
                    try:
                        with self.env.cr.savepoint():
                            record.with_user(user).write(values)
                            self.env.flush_all()
                    except REFUSALS:
                        done.append("refused")
                    self.env.invalidate_all()
                    self.assertTrue(self._is_held(order), (name, done))
