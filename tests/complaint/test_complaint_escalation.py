from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintEscalation(ComplaintCase):
    def _summaries(self, complaint, user):
        return complaint.sudo().activity_ids.filtered(lambda a: a.user_id == user).mapped("summary")

    def test_major_informs_the_management_at_once_and_once(self):
        complaint = self._complaint(severity="major")
        self.assertEqual(len(self._summaries(complaint, self.user_manager)), 1)
        complaint.write({"severity": "complex"})
        complaint.write({"severity": "major"})
        self.assertEqual(len(self._summaries(complaint, self.user_manager)), 1)
        told = complaint.sudo().message_ids | self.env["mail.message"].search(
            [("model", "=", "customer.complaint"), ("res_id", "=", complaint.id)]
        )
        self.assertIn(self.user_manager.partner_id, told.partner_ids)

    def test_becoming_major_informs_too(self):
        complaint = self._complaint()
        self.assertFalse(self._summaries(complaint, self.user_manager))
        complaint.severity = "major"
        self.assertTrue(self._summaries(complaint, self.user_manager))

    def test_without_a_named_management_the_heads_are_told(self):
        self.company.complaint_manager_id = False
        self.assertIn(self.user_manager, self.company._complaint_management())

    def test_reopening_goes_up_step_by_step(self):
        complaint = self._answered()
        complaint.action_reopen("no")
        self.assertTrue(self._summaries(complaint, self.user_service_supervisor))
        self.assertFalse(self._summaries(complaint, self.user_manager))
        complaint.action_answer()
        complaint.action_reopen("still no")
        self.assertTrue(self._summaries(complaint, self.user_manager))

    def test_three_months_at_the_border(self):
        old = self._complaint(received_at="2026-08-10 09:00:00")
        young = self._complaint(received_at="2026-08-10 09:00:01")
        over = self._closed(received_at="2026-08-01 09:00:00")
        cases = self.env["customer.complaint"]
        cases._cron_escalate()
        self.assertTrue(old.escalated_at)
        self.assertFalse(young.escalated_at)
        self.assertFalse(over.escalated_at)
        cases._cron_escalate()
        late = [s for s in self._summaries(old, self.user_manager) if "project" in s]
        self.assertEqual(len(late), 1, "each case is handed over once")

    def test_zero_months_is_never(self):
        self.company.complaint_escalation_months = 0
        old = self._complaint(received_at="2020-01-01 09:00:00")
        self.env["customer.complaint"]._cron_escalate()
        self.assertFalse(old.escalated_at)

    def test_one_that_fails_does_not_stop_the_others(self):
        bad = self._complaint(received_at="2026-01-01 09:00:00")
        good = self._complaint(received_at="2026-01-02 09:00:00")
        model = type(bad)
        remind = model._remind

        def failing(complaint, users, summary, note=None):
            if complaint.id == bad.id:
                raise ValueError("broken")
            return remind(complaint, users, summary, note)

        with (
            patch.object(model, "_remind", failing),
            mute_logger(
                "odoo.addons.customer_governance.models.complaint.customer_complaint_escalation"
            ),
        ):
            self.env["customer.complaint"]._cron_escalate()
        (bad | good).invalidate_recordset()
        self.assertTrue(good.escalated_at)
        self.assertFalse(bad.escalated_at)

    def test_the_written_report_of_a_major_case(self):
        complaint = self._complaint(severity="major")
        with self.assertRaisesRegex(Exception, "facts"):
            complaint.action_send_report()
        complaint.write(
            {
                "report_facts": "<p>Fire</p>",
                "report_analysis": "<p>Short circuit</p>",
                "report_proposal": "<p>Recall</p>",
            }
        )
        complaint.action_send_report()
        self.assertTrue(complaint.report_sent_at)
        message = complaint.message_ids.filtered("attachment_ids")
        self.assertIn(self.user_manager.partner_id, message.partner_ids)
        self.assertIn(complaint.name, message.attachment_ids.name)
