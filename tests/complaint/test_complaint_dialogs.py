from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintDialogs(ComplaintCase):
    """Buttons say beforehand what is missing, and dialogs ask for it."""

    def _reply(self, complaint, **vals):
        return (
            self.env["customer.complaint.reply"]
            .with_env(complaint.env)
            .create({"complaint_id": complaint.id, "body": "<p>We send it again.</p>", **vals})
        )

    def _in_work(self, **vals):
        complaint = self._complaint(**vals)
        complaint.action_investigate()
        return complaint

    def test_the_close_says_what_it_waits_for(self):
        complaint = self._answered(category_id=self.quality.id)
        self.assertFalse(complaint.is_ready)
        self.assertIn("call-back", complaint.step_hint)
        self._call_back(complaint, "satisfied")
        self.assertNotIn("call-back", complaint.step_hint)
        self.assertIn("root cause", complaint.step_hint)
        complaint.root_cause = "Old rubber"
        self.assertEqual((complaint.is_ready, complaint.step_hint), (True, ""))

    def test_a_contact_is_no_fact_without_how_whom_and_when(self):
        complaint = self._complaint()
        for wrong in ({"way": False}, {"contact_id": False}, {"happened_at": False}):
            with self.assertRaisesRegex(UserError, "to whom and when it was communicated"):
                self._tell(complaint, "contact", **wrong)
        with self.assertRaisesRegex(UserError, "future"):
            self._tell(complaint, "contact", happened_at="2026-11-10 10:00:00")
        with self.assertRaisesRegex(UserError, "before the case"):
            self._tell(complaint, "contact", happened_at="2026-11-09 10:00:00")
        self.assertFalse(complaint.first_contact_at)
        self._tell(complaint, "contact", other_person="The gatekeeper", note="Call at noon")
        body = complaint.message_ids[0].body
        self.assertIn("The gatekeeper", body)
        self.assertIn("Call at noon", body)
        self.assertTrue(complaint.first_contact_at)

    def test_reopening_asks_what_the_customer_objects_to(self):
        complaint = self._answered()
        with self.assertRaisesRegex(UserError, "objects"):
            self._tell(complaint, "reopen", note=" ")
        self._tell(complaint, "reopen", note="Still leaking")
        self.assertEqual((complaint.state, complaint.reopen_count), ("investigating", 1))

    def test_the_answer_shows_whom_it_goes_to_and_what_they_get(self):
        ann = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.customer.id, "email": "ann@harbour.example.com"}
        )
        complaint = self._in_work(contact_id=ann.id)
        reply = self._reply(complaint)
        self.assertEqual((reply.by, reply.recipient_ids), ("mail", ann))
        self.assertIn("Dear Ann", reply.preview)
        self.assertIn("We send it again", reply.preview)
        self.assertIn("Tell us here", reply.preview)
        self.assertFalse(complaint.answer, "a preview saves nothing")
        reply.action_send()
        self.assertEqual(complaint.state, "answered")
        self.assertIn("again", complaint.answer)
        message = complaint.message_ids.filtered(lambda m: "We send it again" in m.body)[:1]
        self.assertEqual(message.partner_ids, ann)

    def test_the_answer_goes_to_nobody_else(self):
        complaint = self._in_work()
        with self.assertRaisesRegex(UserError, "not a contact of the customer"):
            self._reply(complaint, recipient_ids=[(6, 0, self.foreign_customer.ids)]).action_send()
        with self.assertRaises(AccessError):
            self._reply(complaint).with_user(self.user_sales).action_send()

    def test_without_an_address_somebody_told_it(self):
        self.customer.email = False
        complaint = self._in_work()
        reply = self._reply(complaint)
        self.assertEqual(reply.by, "told")
        with self.assertRaisesRegex(UserError, "to whom and when it was communicated"):
            reply.action_send()
        reply.write({"way": "phone", "other_person": "Ms Bo"})
        reply.action_send()
        self.assertEqual(complaint.state, "answered")
        self.assertTrue(any("Ms Bo" in body for body in complaint.message_ids.mapped("body")))

    def test_texts_used_often_are_added(self):
        canned = (
            self.env["mail.canned.response"]
            .with_user(self.user_service)
            .create({"source": "sorry", "substitution": "We are sorry."})
        )
        complaint = self._in_work()
        form = Form(
            self.env["customer.complaint.reply"]
            .with_user(self.user_service)
            .with_context(default_complaint_id=complaint.id)
        )
        form.canned_id = canned
        self.assertIn("We are sorry", form.body)
        self.assertFalse(form.canned_id)

    def test_the_answer_settles_the_plan(self):
        complaint = self._in_work(severity="complex")
        clock = complaint.sudo().clock_ids.filtered(lambda c: c.milestone == "plan")
        self.assertEqual(clock.state, "running")
        self._reply(complaint).action_send()
        clock.invalidate_recordset()
        self.assertEqual(clock.state, "met")

    def test_the_intake_keeps_text_and_files(self):
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.user_service)
            .create({"name": "photo.txt", "raw": b"x", "res_model": "customer.complaint"})
        )
        complaint = self._complaint(
            story="One\nTwo", intake_attachment_ids=[(6, 0, attachment.ids)]
        )
        self.assertIn("Two", complaint.description)
        self.assertEqual(attachment.res_id, complaint.id)
        action = complaint.action_register_intake()
        self.assertEqual(action["params"]["next"]["res_id"], complaint.id)

    def test_many_cases_at_once(self):
        cases = self._complaint(user_id=False) | self._complaint(user_id=False)
        closed = self._closed()
        bulk = (
            self.env["customer.complaint.bulk"]
            .with_user(self.user_service)
            .with_context(active_model="customer.complaint", active_ids=(cases | closed).ids)
        )
        dialog = bulk.create({"what": "assign", "user_id": self.caller.id})
        self.assertEqual((dialog.open_count, dialog.over_count), (2, 1))
        dialog.action_confirm()
        self.assertEqual(cases.user_id, self.caller)
        self.assertNotEqual(closed.user_id, self.caller)
        with self.assertRaisesRegex(UserError, "handler, a team or a category"):
            bulk.create({"what": "assign"}).action_confirm()
        bulk.create(
            {"what": "dispatch", "to_team_id": self.lab.id, "task": "Look"}
        ).action_confirm()
        self.assertEqual(cases.mapped("state"), ["dispatched"] * 2)
        bulk.create({"what": "mail", "body": "<p>The road is closed.</p>"}).action_confirm()
        for case in cases:
            self.assertIn("road is closed", case.message_ids[0].body)
            self.assertEqual(case.message_ids[0].partner_ids, self.customer)
        self.assertTrue(cases[0].first_contact_at, "a person wrote to the customer")
        with self.assertRaises(AccessError):
            bulk.with_user(self.user_quality).create({"what": "assign"})
