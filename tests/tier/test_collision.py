from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ...queries import collisions as queries
from .metrics_case import MetricsCase


@tagged("post_install", "-at_install")
class TestCollision(MetricsCase):
    """At create: the same customer is here already, owned by somebody, protected until a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]
        cls.customer.write(
            {
                "name": "Harbour Glassworks Co., Ltd.",
                "vat": "/",
                "phone": "+86 21 5555 1234",
                "email": "office@harbour-glass.example",
                "country_id": cls.env.ref("base.cn").id,
            }
        )
        cls.customer.with_context(no_vat_validation=True).vat = "91310000MA1K3XY2"

    def _kinds(self, **vals):
        found = self.Partner._find_collisions(vals)
        return {collision.partner: collision.kinds for collision in found}

    def test_each_reason(self):
        self.assertEqual(self._kinds(vat="9131 0000-MA1K3XY2"), {self.customer: ("vat",)})
        china = self.env.ref("base.cn").id
        self.assertEqual(
            self._kinds(phone="021 55551234", country_id=china), {self.customer: ("phone",)}
        )
        self.assertEqual(
            self._kinds(email="ann@HARBOUR-glass.example"), {self.customer: ("domain",)}
        )
        self.assertEqual(
            self._kinds(name="HARBOR GLASSWORKS GmbH", is_company=True), {self.customer: ("name",)}
        )
        self.assertEqual(
            self._kinds(name="Harbour Glassworks", is_company=True, vat="91310000MA1K3XY2"),
            {self.customer: ("vat", "name")},
        )

    def test_no_false_alarm(self):
        for vals in (
            {},
            {"name": "Mountain Timber", "is_company": True},
            {"name": "Harbour Glassworks"},  # a person of that name
            {"vat": "/"},
            {"email": "ann@gmail.com"},
            {"phone": "1234"},
            {"name": "Ltd", "is_company": True},
        ):
            self.assertFalse(self._kinds(**vals), vals)

    def test_free_mail_list_is_configurable(self):
        self.env["ir.config_parameter"].set_param(
            "customer_governance.free_mail_domains", "harbour-glass.example, other.example"
        )
        self.assertFalse(self._kinds(email="ann@harbour-glass.example"))

    def test_contacts_stand_for_their_company(self):
        self.Partner.create(
            {"name": "Ann", "parent_id": self.customer.id, "phone": "+86 139 1234 5678"}
        )
        self.assertEqual(self._kinds(phone="0086 13912345678"), {self.customer: ("phone",)})

    def test_own_companies_and_employees_are_no_customers(self):
        self.company.partner_id.write({"phone": "+49 40 123456"})
        self.user_sales.partner_id.phone = "+49 40 123457"
        self.assertFalse(self._kinds(phone="+49 40 123456"))
        self.assertFalse(self._kinds(phone="+49 40 123457"))

    def test_archived_customers_do_not_collide(self):
        self.customer.active = False
        self.assertFalse(self._kinds(vat="91310000MA1K3XY2"))

    def test_chinese_names(self):
        partner = self._customer("上海海港玻璃股份有限公司")
        self.assertEqual(
            self._kinds(name="上海海港玻璃有限公司", is_company=True), {partner: ("name",)}
        )
        self.assertFalse(self._kinds(name="上海山地木材有限公司", is_company=True))

    def test_message_and_protection(self):
        def protection(model, partners):
            return {self.customer.id: date(2027, 3, 31)}

        with patch.object(type(self.Partner), "_collision_protection", protection):
            [answer] = self.Partner.with_user(self.other_sales).find_customer_collisions(
                {"vat": "91310000MA1K3XY2"}
            )
        self.assertEqual(answer["owner"], self.user_sales.name)
        self.assertEqual(answer["protected_until"], "2027-03-31")
        self.assertIn("already assigned to", answer["message"])
        self.assertIn("protected until", answer["message"])
        self.assertEqual(answer["partner_id"], self.customer.id)
        [answer] = self.Partner.find_customer_collisions({"vat": "91310000MA1K3XY2"})
        self.assertFalse(answer["protected_until"])

    def test_other_companies_customers_stay_secret(self):
        """Of a customer of a company that is not the user's nothing is told, not even that it is there."""
        wanted = {"name": "Harbour Glassworks", "is_company": True}
        Partner = self.Partner.with_user(self.other_sales)
        self.customer.company_id = self.other_company
        self.assertFalse(Partner.find_customer_collisions(wanted))
        self.other_sales.company_ids |= self.other_company
        # the second company is the user's, and not chosen at the moment
        Partner = Partner.with_context(allowed_company_ids=self.company.ids)
        [answer] = Partner.find_customer_collisions(wanted)
        self.assertEqual((answer["partner_id"], answer["name"]), (False, False))
        self.assertNotIn("Glassworks", answer["message"])
        self.assertIn(self.user_sales.name, answer["message"])
        self.assertEqual(
            set(answer),
            {"kinds", "owner", "protected_until", "message", "partner_id", "name"},
        )

    def test_customers_of_branches_are_told(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.customer.company_id = branch
        wanted = {"name": "Harbour Glassworks", "is_company": True}
        answers = self.Partner.with_user(self.other_sales).find_customer_collisions(wanted)
        self.assertEqual([answer["owner"] for answer in answers], [self.user_sales.name])

    def test_portal_users_cannot_ask(self):
        portal = new_test_user(self.env, "cg_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.Partner.with_user(portal).find_customer_collisions({"vat": "1"})

    def test_warning_on_the_form(self):
        user = self._new_user(
            "creator", "customer_governance.group_sales", "base.group_partner_manager"
        )
        Partner = self.Partner.with_user(user).with_context(default_is_company=True)
        form = Form(Partner, "base.view_partner_form")
        form.name = "Mountain Timber"
        self.assertFalse(form.customer_collision_warning)
        form.name = "Harbor Glassworks Inc."
        self.assertIn(self.user_sales.name, form.customer_collision_warning)
        with self.assertRaises(AssertionError):
            form.save()  # the reason is required
        form.customer_collision_reason = "The subsidiary in Ningbo"
        partner = form.save()
        self.assertIn("already assigned to", partner.customer_collision_note)
        self.assertNotIn("Harbour", partner.customer_collision_note)

    def test_a_name_that_many_share_is_told_in_short(self):
        """Ten in words, the tax ID before names, the rest as a number: 10,000 fill no note."""
        self.env["res.partner"].create(
            [{"name": "Northern Light Ltd", "is_company": True, "ref": f"N{i}"} for i in range(11)]
        )
        exact = self.env["res.partner"].create(
            {"name": "Quite Another", "is_company": True, "vat": "12345670"}
        )
        vals = {"name": "Northern Light Ltd", "is_company": True, "vat": "12345670"}
        note = self.env["res.partner"].create(vals).customer_collision_note
        self.assertEqual(note.count("<li>"), 11)
        self.assertIn("and 2 more", note)
        self.assertLess(note.index("same tax ID"), note.index("near-identical name"))
        self.assertTrue(exact)

    def test_numbered_customers_of_an_import_are_no_twins(self):
        """6,000 customers "Station 1" ... in one import: none is noted, none is compared with all."""
        stations = self.env["res.partner"].create(
            [{"name": f"Filling Station {i}", "is_company": True} for i in range(300)]
        )
        self.assertFalse(any(stations.mapped("customer_collision_note")))
        rows = self.env.execute_query(
            queries.candidates(
                [queries.Entry(name="fillingstation7", partner_id=self.customer.id)],
                self.company.ids,
            )
        )
        self.assertEqual([row[2] for row in rows], [stations[7].id])

    def test_created_by_a_program_is_noted_too(self):
        """However a customer is created, the collision is on record."""
        twin, other = self.Partner.create(
            [
                {"name": "Twin", "is_company": True, "phone": "+862155551234"},
                {"name": "Other", "is_company": True},
            ]
        )
        self.assertTrue(twin.customer_collision_note)
        self.assertFalse(other.customer_collision_note)

    def test_create_leaves_the_values_of_the_caller(self):
        vals = {"name": "Twin", "is_company": True, "phone": "+862155551234"}
        self.Partner.create([vals])
        self.assertEqual(vals, {"name": "Twin", "is_company": True, "phone": "+862155551234"})

    def test_lookup_takes_one_query_for_any_number(self):
        def look(number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Partner._find_collisions_batch(
                [
                    {"name": f"Harbor Glassworks {i}", "vat": f"DE{i}", "is_company": True}
                    for i in range(number)
                ]
            )
            return self.env.cr.sql_log_count - before

        look(1)
        self.assertEqual(look(10), look(200))

    def test_lead_warns_before_it_becomes_a_customer(self):
        lead = self.env["crm.lead"].create(
            {"name": "Windows", "partner_name": "Harbour Glassworks", "email_from": "x@gmail.com"}
        )
        self.assertIn(self.user_sales.name, lead.customer_collision_warning)
        lead.partner_id = self.customer
        self.assertFalse(lead.customer_collision_warning)
