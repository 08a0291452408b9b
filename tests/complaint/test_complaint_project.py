from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintProject(ComplaintCase):
    """A case that takes too long becomes a project with a weekly state, until its close."""

    def setUp(self):
        super().setUp()
        self.case = self._answered()
        self._later = fields.Datetime.now() + timedelta(days=100)

    def _escalate(self, days=0):
        with freeze_time(self._later + timedelta(days=days)):
            self.env["customer.complaint"]._cron_escalate()
        return self.env["customer.complaint.project"].search([("complaint_id", "=", self.case.id)])

    def _asked(self, project):
        return project.sudo().activity_ids.filtered(lambda a: a.customer_reason == "week")

    def test_from_the_escalation_to_the_close(self):
        project = self._escalate()
        self.assertEqual((project.state, project.user_id), ("open", self.user_service_supervisor))
        self.assertEqual(self._escalate(), project, "once a case")
        self.assertFalse(self._asked(project))
        self._escalate(days=8)
        self.assertEqual(self._asked(self._escalate(days=9)).user_id, project.user_id)
        with freeze_time(self._later + timedelta(days=9)):
            own = project.with_user(self.user_service_supervisor)
            own.write(
                {
                    "measures": "<p>New seal</p>",
                    "week_ids": [(0, 0, {"status": "at_risk", "text": "Parts are late"})],
                }
            )
        self.assertEqual(project.status, "at_risk")
        self.assertFalse(self._asked(project))
        self._call_back(self.case, "satisfied")
        self.case.action_close()
        self.assertEqual(project.state, "closed")
        with self.assertRaises(UserError):
            own.write({"week_ids": [(0, 0, {"text": "Too late"})]})
        self.case.action_reopen("Leaks again")
        self.assertEqual(project.state, "closed" if not self.case.escalated_at else "open")

    def test_who_told_the_week_is_who_tells_it(self):
        weeks = self.env["customer.complaint.project.week"].with_user(self.user_service_supervisor)
        week = weeks.with_context(
            default_author_id=self.user_service.id, default_date="2026-01-01"
        ).create({"project_id": self._escalate().id, "text": "On it"})
        self.assertEqual(week.author_id, self.user_service_supervisor)
        self.assertEqual(week.date, self.company._customer_today())

    def test_beginning_and_end_are_the_cases(self):
        project = self._escalate()
        own = project.with_user(self.user_service_supervisor)
        own.write({"state": "closed", "date_target": "2030-01-31"})
        self.assertEqual((own.state, str(own.date_target)), ("open", "2030-01-31"))
        with self.assertRaises(AccessError):
            own.copy()
