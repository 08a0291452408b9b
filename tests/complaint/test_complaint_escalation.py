from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..mixins.job_case import RUNNER, JobCaseMixin, small_batches
from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintEscalation(JobCaseMixin, ComplaintCase):
    def _summaries(self, complaint, user):
        return complaint.sudo().activity_ids.filtered(lambda a: a.user_id == user).mapped("summary")

    def test_major_informs_the_management_at_once_and_once(self):
        complaint = self._complaint(severity="major")
        self.assertEqual(len(self._summaries(complaint, self.user_manager)), 1)
        self._change_class(complaint, severity="complex")
        self._change_class(complaint, severity="major")
        self.assertEqual(len(self._summaries(complaint, self.user_manager)), 1)
        told = complaint.sudo().message_ids | self.env["mail.message"].search(
            [("model", "=", "customer.complaint"), ("res_id", "=", complaint.id)]
        )
        self.assertIn(self.user_manager.partner_id, told.partner_ids)

    def test_becoming_major_informs_too(self):
        complaint = self._complaint()
        self.assertFalse(self._summaries(complaint, self.user_manager))
        self._change_class(complaint, severity="major")
        self.assertTrue(self._summaries(complaint, self.user_manager))

    def test_without_a_named_management_the_heads_are_told(self):
        self.company.complaint_manager_id = False
        self.assertIn(self.user_manager, self.company._complaint_management())

    def test_reopening_goes_up_step_by_step(self):
        complaint = self._answered()
        complaint.action_reopen("no")
        self.assertTrue(self._summaries(complaint, self.user_service_supervisor))
        self.assertFalse(self._summaries(complaint, self.user_manager))
        complaint.answer = "<p>Sent again.</p>"
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
        self.assertEqual(len(self._told(self.user_manager)), 1, "each case is handed over once")

    def _told(self, user):
        """Return what the user was told of old cases: messages and activities of his own."""
        told = self.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids), ("subject", "like", "not closed in time")]
        )
        asked = self.env["mail.activity"].search(
            [("user_id", "=", user.id), ("summary", "like", "not closed in time")]
        )
        self.assertEqual(len(told), len(asked))
        self.assertEqual(told.mapped("subject"), asked.mapped("summary"))
        return told

    def test_many_cases_and_people_take_one_message_each(self):
        """In small batches, and in as many statements for each batch however many people there are."""
        self.company.complaint_manager_id = False
        people = self._new_users(
            {f"head{n}": "customer_governance.group_manager" for n in range(5)}
        )
        cases = self.env["customer.complaint"].union(
            *(
                # of different customers: repeats would become major, of which everybody is told
                self._complaint(
                    received_at="2026-01-01 09:00:00",
                    partner_id=self._new_customer(f"Customer {n}").id,
                )
                for n in range(12)
            )
        )
        cron = self.env.ref("customer_governance.cron_complaint_escalate")
        with small_batches(5):
            slices = self.run_slices(cron, 50)
            self.assertGreaterEqual(slices, 4)
            self.run_slices(cron, 50)
        self.assertEqual(len(cases.filtered("escalated_at")), 12)
        self.assertFalse(cases.sudo().activity_ids.filtered(lambda a: a.user_id in people.values()))
        for user in people.values():
            [told] = self._told(user)
            self.assertIn("12", told.subject)
            self.assertEqual(told.body.count("/odoo/customer.complaint/"), 12)
        self.assertIn("project", "".join(cases[0].message_ids.mapped("body")))

    def test_the_statements_of_a_batch_do_not_grow(self):
        now = self.env.cr.now()
        counts = []
        for number in (2, 20):
            cases = self.env["customer.complaint"].union(
                *(self._complaint(received_at="2026-01-01 09:00:00") for _n in range(number))
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            cases.sudo()._escalate_old(now)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_zero_months_is_never(self):
        self.company.complaint_escalation_months = 0
        old = self._complaint(received_at="2020-01-01 09:00:00")
        self.env["customer.complaint"]._cron_escalate()
        self.assertFalse(old.escalated_at)

    def test_one_that_fails_does_not_stop_the_others(self):
        bad = self._complaint(received_at="2026-01-01 09:00:00")
        good = self._complaint(received_at="2026-01-02 09:00:00")
        model = type(bad)
        write_facts = model._write_facts

        def failing(complaints, vals):
            if bad in complaints:
                raise ValueError("broken")
            return write_facts(complaints, vals)

        with patch.object(model, "_write_facts", failing), mute_logger(RUNNER):
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
