import random

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .metrics_case import MetricsCase


@tagged("post_install", "-at_install")
class TestCompleteness(MetricsCase):
    """Data completeness: what the tier requires, in SQL and on the form alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.DataField = cls.env["customer.data.field"]
        cls.DataField.search([]).unlink()
        cls.tier = cls.env["customer.tier"].create({"name": "Careful", "code": "careful"})

    def _field(self, name, **vals):
        field = self.env["ir.model.fields"]._get("res.partner", name)
        return self.DataField.create({"name": name, "field_id": field.id, **vals})

    def _relation(self, kind, **vals):
        return self.DataField.create({"name": kind, "kind": kind, **vals})

    def _stored(self, partner, company=None):
        return self._row(partner, company).data_completeness

    def test_percent_and_what_is_missing(self):
        self._field("name", is_default=True)
        self._field("customer_legal_representative", is_default=True)
        self._relation("contact", is_default=True)
        partner = self._customer("Half known")
        self.assertEqual(partner.customer_data_percent, 33.33)
        self.assertEqual(self._stored(partner), 33.33)
        self.assertEqual(
            [(item["label"], item["field"]) for item in partner.customer_data_status["missing"]],
            [
                ("customer_legal_representative", "customer_legal_representative"),
                ("contact", "child_ids"),
            ],
        )
        partner.customer_legal_representative = "Li Wei"
        self.env["res.partner"].create({"name": "Buyer", "parent_id": partner.id})
        self.assertEqual(partner.customer_data_percent, 100)
        self.assertEqual(self._stored(partner), 100)
        self.assertFalse(partner.customer_data_status["missing"])

    def test_tier_requires_its_own(self):
        self._field("name", is_default=True)
        vat = self._field("vat", tier_ids=[Command.link(self.tier.id)])
        partner = self._customer("Tiered")
        self.assertEqual(self._stored(partner), 100)
        partner._set_customer_tier(self.tier, "Test", "manual")
        self.assertEqual(self._stored(partner), 0)
        self.assertEqual(partner.customer_data_percent, 0)
        vat.active = False  # the tier names nothing any more: the defaults hold
        partner.invalidate_recordset()
        self.assertEqual(self._stored(partner), 100)
        self.assertEqual(partner.customer_data_percent, 100)

    def test_tier_of_each_company(self):
        other = self._second_company()
        self._field("name", is_default=True)
        self._field("vat", tier_ids=[Command.link(self.tier.id)])
        partner = self._customer("Two tiers")
        partner.with_company(other)._set_customer_tier(self.tier, "Test", "manual")
        self.assertEqual(self._stored(partner), 100)
        self.assertEqual(self._stored(partner, other), 0)
        self.assertEqual(partner.with_company(other).customer_data_percent, 0)

    def test_nothing_required_is_unknown(self):
        partner = self._customer("Free")
        self._row(partner)
        self.assertIsNone(partner.customer_data_status["percent"])
        unknown = self.Metrics.search(
            [("partner_id", "=", partner.id), ("data_completeness", "=", False)]
        )
        self.assertTrue(unknown)

    def test_companies_and_persons(self):
        self._field("customer_business_scope", is_default=True, applies_to="company")
        self._field("email", is_default=True, applies_to="person")
        person = self.env["res.partner"].create({"name": "Ann", "email": "ann@private.example"})
        company = self._customer("Glass works")
        self.assertEqual((self._stored(person), self._stored(company)), (100, 0))
        self.assertEqual((person.customer_data_percent, company.customer_data_percent), (100, 0))

    def test_contact_shows_its_company(self):
        self._field("vat", is_default=True)
        partner = self._customer("Parent", vat="/")
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": partner.id})
        self.assertEqual(contact.customer_data_percent, 100)

    def test_contacts_carry_the_new_data(self):
        partner = self._customer("Parent")
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": partner.id})
        partner.write(
            {"customer_legal_representative": "Li Wei", "customer_founding_date": "1999-09-09"}
        )
        self.assertEqual(contact.customer_legal_representative, "Li Wei")
        self.assertEqual(str(contact.customer_founding_date), "1999-09-09")

    def test_form_follows_while_editing(self):
        self._field("customer_legal_representative", is_default=True)
        partner = self._customer("Edited")
        view = "base.view_partner_form"
        form = Form(partner.with_user(self._editor()), view)
        self.assertEqual(form.customer_data_status["percent"], 0)
        form.customer_legal_representative = "Li Wei"
        self.assertEqual(form.customer_data_status["percent"], 100)

    def _editor(self):
        return self._new_user(
            "editor", "customer_governance.group_manager", "base.group_partner_manager"
        )

    @mute_logger("odoo.sql_db")
    def test_only_stored_fields_of_partners(self):
        for model, name in (("res.users", "login"), ("res.partner", "contact_address")):
            field = self.env["ir.model.fields"]._get(model, name)
            with self.assertRaises(ValidationError):
                self.DataField.create({"name": "Wrong", "field_id": field.id})

    def test_sql_equals_python_on_random_files(self):
        """Property: for any file, tier, company and list both ways give the same percentage."""
        rng = random.Random(20261121)
        other = self._second_company()
        pool = [
            self._field(name, applies_to=rng.choice(["all", "company", "person"]))
            for name in (
                "vat",
                "website",
                "ref",
                "industry_id",
                "category_id",
                "lang",
                "customer_employee_count",
                "customer_registered_capital",
                "customer_founding_date",
                "customer_business_scope",
                "barcode",
                "property_payment_term_id",
                "property_account_position_id",
            )
        ] + [self._relation(kind) for kind in ("address", "reach", "contact", "bank")]
        tags = self.env["res.partner.category"].create(
            [{"name": "A"}, {"name": "B", "active": False}]
        )
        industry = self.env["res.partner.industry"].search([], limit=1)
        country = self.env.ref("base.cn")
        terms = self.env["account.payment.term"].search([], limit=1)
        texts = ("", " ", "\u3000\t", "0", "x", "海港", False)
        partners = self.env["res.partner"]
        for number in range(40):
            partner = self.env["res.partner"].create(
                {
                    "name": f"Random {number}",
                    "is_company": rng.random() < 0.5,
                    "vat": rng.choice(("", "/", False)),
                    "website": rng.choice(("", False, "glass.example")),
                    "ref": rng.choice(texts),
                    "industry_id": rng.choice((False, industry.id)),
                    "category_id": [Command.set(rng.choice(([], tags[0].ids, tags[1].ids)))],
                    "customer_employee_count": rng.choice((0, 1, 250)),
                    "customer_registered_capital": rng.choice((0, 0.01, 5e6)),
                    "customer_founding_date": rng.choice((False, "1999-09-09")),
                    "customer_business_scope": rng.choice(texts),
                    "barcode": rng.choice((False, f"B{number}")),
                    "property_payment_term_id": rng.choice((False, terms.id)),
                    "street": rng.choice(texts),
                    "city": rng.choice(texts),
                    "country_id": rng.choice((False, country.id)),
                    "phone": rng.choice(texts),
                    "email": rng.choice(("", " ", False, "a@b.example")),
                }
            )
            for kind in rng.sample(
                ("contact", "invoice", "archived", "company"), rng.randint(0, 2)
            ):
                self.env["res.partner"].create(
                    {
                        "name": kind,
                        "parent_id": partner.id,
                        "type": "invoice" if kind == "invoice" else "contact",
                        "active": kind != "archived",
                        "is_company": kind == "company",
                    }
                )
            if rng.random() < 0.4:
                self.env["res.partner.bank"].create(
                    {
                        "acc_number": f"{number:08}",
                        "partner_id": partner.id,
                        "active": rng.random() < 0.5,
                    }
                )
            partners |= partner
        partners = partners.filtered(lambda p: p.commercial_partner_id == p)
        tiers = self.env["customer.tier"].create(
            [{"name": name, "code": name} for name in ("one", "two", "three")]
        )
        for _round in range(3):
            for data_field in pool:
                data_field.write(
                    {
                        "is_default": rng.random() < 0.5,
                        "active": rng.random() < 0.9,
                        "tier_ids": [Command.set(rng.sample(tiers.ids, rng.randint(0, 2)))],
                    }
                )
            for company in (self.company, other):
                for partner in partners.with_company(company):
                    tier = rng.choice((*tiers, tiers.browse()))
                    partner._set_customer_tier(tier, "Test", "manual")
            self.Metrics._refresh(partners)
            partners.invalidate_recordset()
            for company in (self.company, other):
                rows = self.Metrics.search_fetch(
                    [("partner_id", "in", partners.ids), ("company_id", "=", company.id)],
                    ["partner_id", "data_completeness"],
                )
                self.assertEqual(len(rows), len(partners))
                stored = {row.partner_id.id: row.data_completeness for row in rows}
                for partner in partners.with_company(company):
                    status = partner.customer_data_status
                    self.assertEqual(
                        stored[partner.id],
                        status["percent"] or 0,
                        (partner.name, company.name, status),
                    )
