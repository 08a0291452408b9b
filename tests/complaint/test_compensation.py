from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ...models.common.customer_approval_mixin import ApprovalMissing
from ...models.common.customer_transition_mixin import TransitionRefused
from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestCompensation(ComplaintCase):
    def _compensation(self, amount=500, user=None, **vals):
        return (
            self.env["customer.compensation"]
            .with_user(user or self.user_service)
            .create(
                {
                    "complaint_id": self._complaint().id,
                    "reason": "Broken on arrival",
                    "kind": "replacement",
                    "sought_amount": 800,
                    "promised_amount": amount,
                    **vals,
                }
            )
        )

    def _approved(self, **vals):
        compensation = self._compensation(**vals)
        compensation.action_submit()
        compensation.with_user(self.user_service_supervisor).action_approve()
        return compensation.with_user(self.user_service_supervisor)

    def _complete(self, compensation):
        compensation.document_ids.write({"received_date": "2026-11-10"})

    def test_the_amount_decides_who_approves(self):
        small = self._compensation(9999.99)
        small.action_submit()
        small.with_user(self.user_service_supervisor).action_approve()
        self.assertEqual(small.state, "approved")
        large = self._compensation(10000)
        large.action_submit()
        large.with_user(self.user_service_supervisor).action_approve()
        self.assertEqual(large.state, "submitted")
        with self.assertRaises(ApprovalMissing):
            large.with_user(self.user_service_supervisor).action_approve()
        large.with_user(self.user_manager).action_approve()
        self.assertEqual(large.state, "approved")

    def test_nobody_approves_the_own_request(self):
        compensation = self._compensation(user=self.user_service_supervisor)
        compensation.action_submit()
        with self.assertRaisesRegex(TransitionRefused, "another user"):
            compensation.action_approve()

    def test_the_agent_cannot_approve(self):
        compensation = self._compensation()
        compensation.action_submit()
        with self.assertRaises(AccessError):
            compensation.with_user(self.caller).action_approve()

    def test_incomplete_is_not_paid(self):
        compensation = self._approved()
        compensation.given_amount = 500
        documents = compensation.document_ids
        self.assertEqual(len(documents), 5)
        for document in documents:
            self.assertFalse(compensation.is_complete)
            with self.assertRaisesRegex(TransitionRefused, "Missing document"):
                compensation.action_pay()
            document.received_date = "2026-11-10"
        compensation.action_pay()
        self.assertEqual(compensation.state, "paid")

    def test_a_required_document_stays_on_the_list(self):
        compensation = self._compensation()
        with self.assertRaises(UserError):
            compensation.document_ids[0].unlink()
        optional = compensation.document_ids[0].type_id.sudo()
        with self.assertRaises(AccessError):
            compensation.document_ids[0].type_id.is_required = False
        optional.is_required = False
        self.assertTrue(compensation.document_ids[0].is_required, "as it was when asked for")

    def test_documents_by_amount(self):
        self.env.ref("customer_governance.compensation_document_licence").min_amount = 1000
        self.assertEqual(len(self._compensation(999.99).document_ids), 4)
        compensation = self._compensation(1000)
        self.assertEqual(len(compensation.document_ids), 5)
        small = self._compensation(10)
        small.promised_amount = 1000
        self.assertEqual(len(small.document_ids), 5)

    def test_approved_amounts_stay(self):
        compensation = self._approved()
        with self.assertRaises(UserError):
            compensation.promised_amount = 5000
        with self.assertRaises(ValidationError):
            compensation.given_amount = 500.01
        compensation.given_amount = 500

    def test_what_was_given_stays(self):
        compensation = self._approved()
        with self.assertRaises(UserError):
            compensation.sought_amount = 1
        compensation.given_amount = 500
        self._complete(compensation)
        with self.assertRaises(AccessError):
            compensation.paid_date = "2026-01-01"
        compensation.action_pay()
        self.assertEqual(str(compensation.paid_date), "2026-11-10")
        agent = compensation.with_user(self.user_service)
        for field, value in (("given_amount", 0), ("sought_amount", 1), ("move_id", False)):
            with self.assertRaisesRegex(UserError, "can no longer be changed", msg=field):
                agent.write({field: value})
        document = agent.document_ids[0]
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            document.received_date = False
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            document.attachment_ids = [(5,)]
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            agent.document_ids.create(
                {
                    "compensation_id": agent.id,
                    "type_id": self.env["customer.compensation.document.type"]
                    .create({"name": "Late paper"})
                    .id,
                }
            )

    def test_a_credit_note_is_linked_and_posted(self):
        compensation = self._approved(kind="credit_note")
        self._complete(compensation)
        compensation.given_amount = 500
        with self.assertRaisesRegex(TransitionRefused, "Create a draft credit note"):
            compensation.action_pay()
        note, foreign = (
            self.env["account.move"].create(
                {
                    "move_type": "out_refund",
                    "partner_id": partner.id,
                    "invoice_line_ids": [(0, 0, {"name": "Refund", "price_unit": 500})],
                }
            )
            for partner in (self.customer, self.foreign_customer)
        )
        with self.assertRaises(ValidationError):
            compensation.sudo().move_id = foreign
        compensation.sudo().move_id = note
        with self.assertRaisesRegex(TransitionRefused, "posted by accounting"):
            compensation.action_pay()
        note.action_post()
        compensation.action_pay()

    def test_nothing_is_nothing_to_promise(self):
        with self.assertRaisesRegex(TransitionRefused, "amount"):
            self._compensation(0).action_submit()
        with self.assertRaises(ValidationError):
            self._compensation(-1)

    def test_rejected_goes_back_to_the_draft(self):
        compensation = self._compensation()
        compensation.action_submit()
        compensation.with_user(self.user_service_supervisor).action_reject()
        self.assertEqual(compensation.state, "draft")
        compensation.promised_amount = 100
        compensation.action_submit()

    def test_amounts_are_hidden_from_those_they_do_not_concern(self):
        compensation = self._compensation()
        for user in (self.user_sales, self.user_quality, self.plain_user):
            with self.assertRaises(AccessError):
                compensation.with_user(user).read(["promised_amount"])
            complaint = compensation.complaint_id.with_user(user)
            self.assertNotIn("compensation_ids", complaint.fields_get())
        self.assertEqual(
            compensation.with_user(self.user_credit).read(["promised_amount"])[0][
                "promised_amount"
            ],
            500,
        )

    def test_search_equals_compute(self):
        compensations = self._compensation() | self._compensation()
        self._complete(compensations[0])
        for value in (True, False):
            found = compensations.search(
                [("id", "in", compensations.ids), ("is_complete", "=", value)]
            )
            self.assertEqual(found, compensations.filtered(lambda c, v=value: c.is_complete == v))

    def test_what_was_given_is_said_by_who_gave_it(self):
        complaint = self._complaint()
        context = {"default_complaint_id": complaint.id}
        form = Form(
            self.env["customer.compensation"].with_user(self.user_service).with_context(**context)
        )
        form.reason = "x"
        form.promised_amount = 70
        self.assertEqual(form.save().sudo().given_amount, 0)

    def test_the_approved_form_takes_what_is_filled_in_later(self):
        """base_tier_validation makes fields of a validated record read-only in the view."""
        for model, names in {
            "customer.compensation": ("given_amount", "move_id", "document_ids"),
        }.items():
            arch = self.env[model].with_user(self.user_service_supervisor).get_view()["arch"]
            for name in names:
                for node in etree.fromstring(arch).xpath(f"//sheet//field[@name='{name}']"):
                    if not node.xpath("ancestor::field"):
                        self.assertNotIn("validation_status", node.get("readonly", ""), name)

    def test_who_pays_drafts_the_credit_note_and_gives(self):
        compensation = self._approved(kind="credit_note").with_user(self.user_credit)
        self.assertIn("Create a draft credit note", compensation.give_hint)
        self.assertIn("Missing document", compensation.give_hint)
        compensation.action_draft_credit_note()
        note = compensation.sudo().move_id
        self.assertEqual(
            (note.move_type, note.partner_id, note.amount_total, note.state),
            ("out_refund", self.customer, 500, "draft"),
        )
        with self.assertRaises(UserError):
            compensation.action_draft_credit_note()
        compensation.write({"given_amount": 480})
        compensation.document_ids.write({"received_date": "2026-11-10"})
        self.assertIn("posted", compensation.give_hint)
        note.action_post()
        compensation.invalidate_recordset()
        self.assertFalse(compensation.give_hint)
        compensation.action_pay()
        self.assertEqual((compensation.state, compensation.given_amount), ("paid", 480))

    def test_who_pays_sees_the_list_and_the_number_of_the_case(self):
        compensation = self._approved().with_user(self.user_credit)
        names = {"fields": {"display_name": {}}}
        found = (
            self.env["customer.compensation"]
            .with_user(self.user_credit)
            .web_search_read(
                [("id", "=", compensation.id)], {"complaint_id": names, "partner_id": names}
            )["records"]
        )
        self.assertIn(
            compensation.sudo().complaint_id.name, found[0]["complaint_id"]["display_name"]
        )
        with self.assertRaises(AccessError):
            compensation.complaint_id.web_read({"subject": {}})

    def test_who_pays_does_not_change_what_was_promised(self):
        compensation = self._compensation()
        with self.assertRaises(AccessError):
            compensation.with_user(self.user_credit).write({"promised_amount": 5000})
        with self.assertRaises(AccessError):
            compensation.with_user(self.user_credit).action_submit()
        compensation.action_submit()
        with self.assertRaises(AccessError):
            compensation.with_user(self.user_credit).action_approve()
