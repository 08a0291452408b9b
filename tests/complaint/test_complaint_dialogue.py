"""What was answered and what the customer said to it stays to be read, also after a reopening."""

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .portal_case import PortalCase

FIRST = datetime(2026, 11, 10, 9, 0)
SECOND = datetime(2026, 11, 11, 9, 0)


@tagged("post_install", "-at_install")
class TestComplaintDialogue(PortalCase, HttpCase):
    def _reply(self, case, words):
        """Answer the call-back from the link in the mail."""
        visit = case.visit_ids.with_user(self.env.ref("base.public_user")).sudo()
        visit._answer_by_customer(visit.link_token, "not_solved", "2", words)

    def _reopened(self):
        """Return a case whose first answer the customer did not accept, answered again."""
        with freeze_time(FIRST):
            case = self._answered(subject="Pump leaks")
            self._reply(case, "Still dripping")
        with freeze_time(SECOND):
            case.answer = "<p>A new seal comes.</p>"
            case.action_answer()
        return case

    def test_the_customer_finds_the_own_words_again(self):
        case = self._reopened()
        self._login("customer")
        page = self.url_open(f"/my/complaints/{case.id}").text
        order = [
            page.index(text)
            for text in ("We will send it again.", "Still dripping", "A new seal comes.")
        ]
        self.assertEqual(order, sorted(order))
        self.assertIn("Your reply: Not solved", page)

    def test_they_stay_while_the_case_is_worked_on(self):
        with freeze_time(FIRST):
            case = self._answered()
            self._reply(case, "Still dripping")
        self.assertEqual(case.state, "investigating")
        case.answer = "<p>Draft for later</p>"
        self._login("customer")
        page = self.url_open(f"/my/complaints/{case.id}").text
        for text in ("We will send it again.", "Still dripping"):
            self.assertIn(text, page)
        self.assertNotIn("Draft for later", page, "nobody has sent it")

    def test_the_handler_finds_them_on_the_case(self):
        case = self._reopened()
        for text in ("Still dripping", "We will send it again.", "A new seal comes."):
            self.assertIn(text, case.dialogue)
        self.assertIn(f"Answer by {self.user_service.name}", case.dialogue)
        self.assertFalse(self._answered().dialogue, "nobody has replied")

    def test_what_callers_noted_is_not_for_the_customer(self):
        case = self._answered()
        self._call_back(case, "not_solved", issues="Was rude on the phone")
        self.assertIn("Was rude on the phone", case.dialogue)
        outside = case._dialogue(outside=True)
        self.assertEqual(
            [entry["title"] for entry in outside], ["Our answer", "Call-back: Not solved"]
        )
        self.assertNotIn("rude", str(outside))

    def test_a_reopening_without_a_call_back(self):
        case = self._closed()
        case.action_reopen("Wrote a letter")
        self.assertEqual(case._dialogue()[-1]["title"], "Case reopened")
        self.assertIn("Wrote a letter", case.dialogue)
        self.assertNotIn("Wrote a letter", str(case._dialogue(outside=True)))

    def test_first_and_last_answer(self):
        case = self._reopened()
        self.assertEqual((case.answered_at, case.last_answered_at), (FIRST, SECOND))
        form = case.followup_ids
        self.assertEqual((form.answered_at, form.answered_by_id), (FIRST, self.user_service))
        self.env.flush_all()
        figure = self.env["customer.complaint.figure"].search([("complaint_id", "=", case.id)])
        hours = (FIRST - case.received_at).total_seconds() / 3600
        self.assertAlmostEqual(figure.hours_to_answer, hours, 3, "the first facts are kept")

    def test_an_answer_that_did_not_arrive_leaves_the_one_before(self):
        case = self._reopened()
        case.sudo()._take_back_answer()
        self.assertEqual((case.answered_at, case.last_answered_at), (FIRST, FIRST))
        self.assertNotIn("A new seal comes.", str(case._dialogue(outside=True)))
        self.assertEqual(case.state, "investigating")
