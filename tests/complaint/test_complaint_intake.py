from datetime import datetime

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintIntake(ComplaintCase):
    def test_numbers_restart_each_month(self):
        self.company.complaint_number_pattern = "T{year}{month}-{serial:4}"
        names = [
            self._complaint(received_at=moment).name
            for moment in (
                "2026-09-30 23:59:59",
                "2026-09-02 08:00:00",
                "2026-10-01 00:00:00",
                "2026-09-03 08:00:00",
            )
        ]
        self.assertEqual(names, ["T202609-0001", "T202609-0002", "T202610-0001", "T202609-0003"])

    def test_the_month_is_the_companys(self):
        self.company.customer_tz = "Asia/Shanghai"
        complaint = self._complaint(received_at="2026-09-30 16:00:00")
        self.assertTrue(complaint.name.startswith("C202610-"), complaint.name)

    def test_a_broken_pattern_is_refused_when_it_is_saved(self):
        for pattern in ("C{year", "C{serial:4}{customer}", "C{year}"):
            with self.subTest(pattern), self.assertRaises(ValidationError):
                self.company.complaint_number_pattern = pattern

    def test_the_default_number(self):
        self.assertRegex(self._complaint().name, r"^C202611-\d{4}$")

    def test_the_team_is_one_of_the_company(self):
        abroad, _without_intake = self.env["customer.complaint.team"].create(
            [
                {"name": "Abroad", "company_id": self.other_company.id, "sequence": 2},
                {
                    "name": "Workshop",
                    "company_id": self.other_company.id,
                    "takes_complaints": False,
                    "sequence": 1,
                },
            ]
        )
        companies = self.company | self.other_company
        self.user_service.company_ids = companies
        complaints = (
            self.env["customer.complaint"]
            .with_user(self.user_service)
            .with_context(allowed_company_ids=companies.ids)
        )
        vals = {"subject": "x", "partner_id": self.customer.id}
        there = complaints.create({**vals, "company_id": self.other_company.id})
        self.assertEqual(there.team_id, abroad)
        self.assertEqual(complaints.create(vals).team_id.company_id, self.company)
        self.assertFalse(complaints.create({**vals, "team_id": False}).team_id)
        with Form(complaints.with_context(default_company_id=self.other_company.id)) as form:
            form.subject = "From a visit"
            form.partner_id = self.customer
        self.assertEqual(form.record.team_id, abroad)

    def test_values_of_the_caller_stay_as_they_are(self):
        vals = {"subject": "x", "partner_id": self.customer.id}
        self.env["customer.complaint"].create(vals)
        self.assertEqual(vals, {"subject": "x", "partner_id": self.customer.id})

    def test_facts_and_number_cannot_be_written(self):
        complaint = self._complaint()
        for fact in (
            {"name": "C1"},
            {"answered_at": "2026-11-01 00:00:00"},
            {"reopen_count": 0},
            {"first_contact_at": False},
            {"unreachable": True},
            {"sla_deadline": "2030-01-01 00:00:00"},
            {"received_at": "2026-11-10 05:00:00"},
        ):
            with self.assertRaises(AccessError, msg=fact):
                complaint.write(fact)
        with self.assertRaises(AccessError):
            self._complaint(name="C202611-9999")
        forged = self.env["customer.complaint"].with_user(self.user_service)
        forged = forged.with_context(
            default_closed_at="2026-11-01 00:00:00", default_reopen_count=3
        )
        born = forged.create({"subject": "x", "partner_id": self.customer.id})
        self.assertEqual((born.closed_at, born.reopen_count), (False, 0))

    def test_nobody_deletes_a_complaint(self):
        complaint = self._complaint()
        with self.assertRaises(ValidationError):
            complaint.sudo().unlink()

    def test_intake_form_has_defaults_and_tells_the_number(self):
        complaints = self.env["customer.complaint"].with_user(self.user_service)
        view = "customer_governance.customer_complaint_view_form_intake"
        with Form(complaints.with_context(default_acknowledged_by_phone=True), view=view) as form:
            self.assertEqual(form.channel_id, self.hotline)
            self.assertEqual(form.team_id, self.team)
            self.assertEqual(form.severity, "general")
            self.assertEqual(form.kind, "complaint")
            form.partner_id = self.customer
            form.category_id = self.delivery
            form.subject = "Overdue"
        action = form.record.action_register_intake()
        self.assertIn(form.record.name, action["params"]["title"])
        self.assertEqual(form.record.acknowledged_at, datetime(2026, 11, 10, 9))
        self.assertEqual(form.record.registered_by_id, self.user_service)

    def test_acknowledgement_by_mail_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("customer_governance.mail_template_complaint_acknowledgement")
        template.with_context(lang="fr_FR").subject = "Votre plainte {{ object.name }}"
        self.customer.lang = "fr_FR"
        complaint = self._complaint()
        complaint.action_register()
        message = complaint.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        self.assertEqual(message.subject, f"Votre plainte {complaint.name}")
        self.assertEqual(message.partner_ids, self.customer)
        self.assertTrue(complaint.acknowledged_at)
        self.assertFalse(complaint.first_contact_at, "a robot's mail is no contact")

    def test_a_contact_without_address_is_told_at_the_companys(self):
        ann = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        complaint = self._complaint(contact_id=ann.id)
        complaint.action_register()
        message = complaint.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        self.assertEqual(message.partner_ids, self.customer)

    def test_what_nobody_can_be_told_is_not_acknowledged(self):
        self.customer.email = False
        complaint = self._complaint()
        action = complaint.action_register()
        self.assertFalse(complaint.acknowledged_at)
        self.assertIn("by phone", action["params"]["message"])
        complaint.email_from = "sender@elsewhere.example.com"
        complaint.action_register()
        message = complaint.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        self.assertEqual(message.outgoing_email_to, "sender@elsewhere.example.com")

    def test_both_ways_to_tell_the_number_are_offered_until_it_is_told(self):
        arch = (
            self.env["customer.complaint"]
            .with_user(self.user_service)
            .get_view(self.env.ref("customer_governance.customer_complaint_view_form").id)["arch"]
        )
        for name in ("action_register", "action_acknowledge_dialog"):
            [button] = etree.fromstring(arch).xpath(f"//header/button[@name='{name}']")
            hidden = {
                (state, told): safe_eval(
                    button.get("invisible"),
                    {"id": 1, "kind": "complaint", "state": state, "acknowledged_at": told},
                )
                for state in ("registered", "dispatched", "answered")
                for told in (False, True)
            }
            self.assertEqual(hidden, {key: key[1] for key in hidden})

    def test_acknowledged_once(self):
        complaint = self._complaint()
        complaint.action_register()
        complaint.action_register()
        sent = complaint.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        self.assertEqual(len(sent), 1)

    def test_logged_contact_is_the_first_contact_and_stays(self):
        complaint = self._complaint()
        self._tell(complaint, "contact", note="They are upset")
        with freeze_time("2026-11-11 09:00:00"):
            self._tell(complaint, "contact")
        self.assertEqual(complaint.first_contact_at, datetime(2026, 11, 10, 9))
        self.assertTrue(
            any("They are upset" in body for body in complaint.message_ids.mapped("body"))
        )

    def test_a_contact_given_as_customer_becomes_the_contact_person(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        complaint = self._complaint(partner_id=contact.id)
        self.assertEqual((complaint.partner_id, complaint.contact_id), (self.customer, contact))

    def test_it_cannot_occur_after_it_was_received(self):
        with self.assertRaises(ValidationError):
            self._complaint(occurred_at="2026-11-10 09:00:01")
        self.assertTrue(self._complaint(occurred_at="2026-11-10 09:00:00"))

    def test_lines_take_product_and_quantity_from_the_order(self):
        product = self.env["product.product"].create({"name": "Pump"})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 12})],
            }
        )
        complaint = self._complaint(
            line_ids=[(0, 0, {"sale_line_id": order.order_line.id, "defective_quantity": 3})]
        )
        line = complaint.line_ids
        self.assertEqual((line.product_id, line.quantity), (product, 12))
        line.defective_quantity = 12
        with self.assertRaises(ValidationError):
            line.defective_quantity = 13
        foreign = order.copy({"partner_id": self.foreign_customer.id})
        with self.assertRaises(ValidationError):
            line.sale_line_id = foreign.order_line

    def test_registering_a_case_costs_few_queries(self):
        team, customer = self.team.id, self.customer.id
        self._complaint()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(__system__=100):
            complaints = self.env["customer.complaint"].create(
                [
                    {"subject": f"Case {n}", "partner_id": customer, "team_id": team}
                    for n in range(10)
                ]
            )
            self.env.flush_all()
        self.assertEqual(len(set(complaints.mapped("name"))), 10)
