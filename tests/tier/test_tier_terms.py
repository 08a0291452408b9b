"""Pricelist and payment terms that a tier grants: given, taken back, never over the customer's own."""

from odoo.tests import tagged

from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestTierTerms(GovernanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.env.ref("customer_governance.tier_key")
        cls.standard = cls.env.ref("customer_governance.tier_standard")
        cls.lists = cls.env["product.pricelist"].create([{"name": n} for n in ("Key", "Own")])
        cls.terms = cls.env["account.payment.term"].create([{"name": n} for n in ("60 d", "Own")])
        cls.key.write({"pricelist_id": cls.lists[0].id, "payment_term_id": cls.terms[0].id})
        cls.contact = cls.env["res.partner"].create({"name": "Ann", "parent_id": cls.customer.id})

    def _to(self, tier, partner=None):
        (partner or self.customer)._set_customer_tier(tier, "Test", "manual")

    def _has(self, pricelist, term, partner=None):
        partner = partner or self.customer
        self.assertEqual(partner.specific_property_product_pricelist, pricelist)
        self.assertEqual(partner.property_payment_term_id, term)

    def test_given_and_taken_back(self):
        none = self.lists.browse(), self.terms.browse()
        self._has(*none)
        self._to(self.key)
        self._has(self.lists[0], self.terms[0])
        self._has(self.lists[0], self.terms[0], self.contact)
        other = self.customer.with_company(self.other_company)
        self._has(*none, other)
        self._to(self.standard)
        self._has(*none)
        self._has(*none, self.contact)

    def test_what_the_customer_has_stays(self):
        self.customer.write({"property_payment_term_id": self.terms[1].id})
        self.customer.property_product_pricelist = self.lists[1]
        self._to(self.key)
        self._has(self.lists[1], self.terms[1])
        self._to(self.standard)
        self._has(self.lists[1], self.terms[1])

    def test_what_is_set_later_is_the_customers_own(self):
        self._to(self.key)
        self.customer.property_payment_term_id = self.terms[1]
        # even the very same value, set by a person
        self.customer.specific_property_product_pricelist = self.lists[0]
        self._to(self.standard)
        self._has(self.lists[0], self.terms[1])

    def test_nobody_marks_a_value_as_granted(self):
        self.customer.property_payment_term_id = self.terms[1]
        self.customer.write({"customer_tier_payment_term_id": self.terms[1].id})
        self._to(self.key)
        self.assertEqual(self.customer.property_payment_term_id, self.terms[1])

    def test_without_a_tier(self):
        self._to(self.key)
        self._to(self.key.browse())
        self._has(self.lists.browse(), self.terms.browse())

    def test_the_impact_lists_it(self):
        self._to(self.key)
        impact = self.customer._tier_change_impact(self.standard)
        texts = [line["text"] for line in impact if line["kind"] == "terms"]
        name = self.lists[0].display_name
        self.assertEqual(texts, [f"Pricelist: {name} → none", "Payment Terms: 60 d → none"])
        self.customer.property_payment_term_id = self.terms[1]
        impact = self.customer._tier_change_impact(self.standard)
        self.assertEqual(len([line for line in impact if line["kind"] == "terms"]), 1)

    def test_the_impact_is_what_is_written(self):
        """A default of the company is no value of the customer's own; a branch has the same terms."""
        self.env["ir.default"].set(
            "res.partner", "property_payment_term_id", self.terms[1].id, company_id=self.company.id
        )
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        for company in (self.company, branch):
            customer = self.customer.with_company(company)
            texts = [line["text"] for line in customer._tier_change_impact(self.key)]
            self.assertIn("Payment Terms: Own → 60 d", texts, company.name)
        self._to(self.key)
        self.assertEqual(self.customer.property_payment_term_id, self.terms[0])
        texts = [line["text"] for line in self.customer._tier_change_impact(self.standard)]
        self.assertIn("Payment Terms: 60 d → Own", texts)
        self._to(self.standard)
        self.assertEqual(self.customer.property_payment_term_id, self.terms[1])

    def test_the_card_of_a_branch_has_the_figures(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        self.env["customer.metrics"]._refresh(self.customer)
        visit = self.env["customer.visit"].create(
            {"partner_id": self.customer.id, "planned_date": "2026-11-20", "summary": "Talked"}
        )
        card = self.customer.with_company(branch)._customer_card()
        self.assertEqual(card["figures"].company_id, self.company)
        self.assertIn(visit, card["visits"])
        self.assertEqual(card["company"], branch)
