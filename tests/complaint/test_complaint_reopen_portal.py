"""The customer says in the portal that the problem is back: the same case, once, for some days."""

from datetime import date, datetime, time, timedelta

from odoo.tests import HttpCase, tagged

from .portal_case import PortalCase


@tagged("post_install", "-at_install")
class TestComplaintReopenPortal(PortalCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.case = self._closed(subject="Pump leaks")
        self.url = f"/my/complaints/{self.case.id}"
        self._login("customer")

    def _closed_days_ago(self, days):
        today = self.company._customer_today()
        at = datetime.combine(today - timedelta(days=days), time(4))  # noon in Shanghai
        self.case.sudo()._write_facts({"closed_at": at})
        self.assertEqual(self.company._customer_day(self.case.closed_at), today - timedelta(days))

    def _reopen(self, words="It drips again", number="0"):
        return self._post(f"{self.url}/reopen", page=self.url, words=words, round=number)

    def test_the_same_case_is_taken_up_again(self):
        first = (self.case.answered_at, self.case.first_closed_at)
        self.assertIn('id="reopen"', self.url_open(self.url).text)
        page = self._reopen().text
        case = self.case
        self.assertEqual((case.state, case.reopen_count), ("investigating", 1))
        self.assertEqual((case.answered_at, case.first_closed_at), first, "first facts kept")
        self.assertFalse(case.closed_at)
        self.assertEqual(
            (case.followup_ids.objection, case.followup_ids.by_customer), ("It drips again", True)
        )
        reminder = case.sudo().activity_ids.filtered(lambda a: a.customer_reason == "reopened")
        self.assertIn(self.user_service, reminder.user_id)
        self.assertIn("It drips again", reminder[0].summary)
        answer = case.sudo().clock_ids.filtered(lambda c: c.milestone == "answer")
        self.assertEqual(answer.state, "running")
        self.assertIn("Your reply: not solved", page)
        self.assertNotIn('id="reopen"', page)

    def test_a_form_sent_again_comes_too_late(self):
        self._reopen()
        page = self._reopen("It drips again").text
        self.assertIn("has been reopened already", page)
        self.assertEqual((self.case.reopen_count, len(self.case.followup_ids)), (1, 1))
        self.case.answer = "<p>Again</p>"
        self.case.action_answer()
        self._call_back(self.case, "satisfied")
        self.case.action_close()
        self._reopen("It drips again")
        self.assertEqual(self.case.reopen_count, 1, "of the round before")

    def test_the_days_of_the_settings(self):
        self.company.complaint_reopen_days = 30
        self._closed_days_ago(30)
        self.assertIn('id="reopen"', self.url_open(self.url).text, "the last day")
        self._closed_days_ago(31)
        page = self.url_open(self.url).text
        self.assertNotIn('id="reopen"', page)
        self.assertIn(f"repeat_of={self.case.id}", page)
        self.assertIn("can no longer be", self._post_reopen_blindly().text)
        self.assertEqual(self.case.state, "closed")

    def _post_reopen_blindly(self):
        return self._post(
            f"{self.url}/reopen", page="/my/complaints/new", words="It drips", round="0"
        )

    def test_zero_days_are_no_offer(self):
        self.company.complaint_reopen_days = 0
        self.assertNotIn('id="reopen"', self.url_open(self.url).text)
        self._post_reopen_blindly()
        self.assertEqual(self.case.state, "closed")

    def test_words_are_needed(self):
        self.assertIn("Describe what is not solved", self._reopen(words=" ").text)
        self.assertEqual(self.case.state, "closed")

    def test_between_the_call_back_and_the_close(self):
        case = self._answered()
        self.assertFalse(case._portal_can_reopen(), "the call-back asks")
        self._call_back(case, "satisfied")
        self.assertTrue(case._portal_can_reopen())

    def test_what_was_closed_with_an_approval_only_we_take_up(self):
        self.case.sudo()._write_facts({"state": "force_closed"})
        page = self._post_reopen_blindly().text
        self.assertIn("can no longer be", page)
        self.assertEqual(self.case.state, "force_closed")

    def test_nobody_else_reopens_it(self):
        self._login("provider")
        self.assertEqual(self._post_reopen_blindly().status_code, 404)
        self.assertEqual(self.case.state, "closed")

    def test_a_new_case_afterwards_is_linked(self):
        self._closed_days_ago(200)
        self.case.sudo()._write_facts({"received_at": date(2020, 1, 1)})
        before = self.env["customer.complaint"].search([])
        page = f"/my/complaints/new?repeat_of={self.case.id}"
        html = self.url_open(page).text
        self.assertIn('value="Pump leaks"', html)
        self._post(
            "/my/complaints/new",
            page=page,
            repeat_of=str(self.case.id),
            subject="Pump leaks",
            description="It drips again",
        )
        new = self.env["customer.complaint"].search([]) - before
        self.assertEqual((new.repeat_of_id, new.severity), (self.case, "general"))
        foreign = self._complaint(partner_id=self.foreign_customer.id)
        self.assertEqual(
            self.url_open(f"/my/complaints/new?repeat_of={foreign.id}").status_code, 404
        )
