from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintAnomaly(ComplaintCase):
    """A quality deviation without loss: same form, no customer, can become a complaint."""

    def _anomaly(self, **vals):
        return self._complaint(kind="anomaly", category_id=self.quality.id, **vals)

    def test_it_ends_with_its_cause_and_nobody_is_told(self):
        case = self._anomaly(
            partner_id=False,
            line_ids=[
                (0, 0, {"lot": "L7", "production_line": "2", "production_shift": "night"}),
            ],
        )
        self.assertEqual(case.line_ids.lot, "L7")
        self.assertTrue(case.action_register())
        self.assertFalse(case.acknowledged_at)
        self.assertFalse(case.clock_ids, "promises to customers are not for anomalies")
        with self.assertRaisesRegex(TransitionRefused, "root cause"):
            case.action_conclude()
        case.root_cause = "Worn tool"
        case.action_conclude()
        self.assertEqual(case.state, "closed")
        self.assertFalse(case.visit_ids)
        self.env.flush_all()
        figures = self.env["customer.complaint.figure"]
        self.assertFalse(figures.search([("complaint_id", "=", case.id)]))

    def test_a_complaint_does_not_end_that_way(self):
        case = self._complaint(category_id=self.quality.id)
        case.root_cause = "Worn tool"
        with self.assertRaisesRegex(TransitionRefused, "Only an anomaly"):
            case.action_conclude()

    def test_it_becomes_a_complaint_with_its_deadlines(self):
        case = self._anomaly()
        number = case.name
        action = case.with_user(self.user_service_supervisor).action_become_complaint()
        self.assertEqual(action["context"]["default_kind"], "complaint")
        self._change_class(
            case,
            "The customer has a loss",
            kind="complaint",
            severity="complex",
            category_id=self.quality.id,
            complaint_id=case.id,
        )
        self.assertEqual((case.kind, case.name), ("complaint", number))
        self.assertIn("close", case.sudo().clock_ids.mapped("milestone"))

    def test_a_complaint_called_an_anomaly_still_counts(self):
        case = self._complaint(category_id=self.quality.id)
        self._change_class(
            case,
            "No loss after all",
            kind="anomaly",
            severity="general",
            category_id=self.quality.id,
            complaint_id=case.id,
        )
        self.assertTrue(case.was_complaint)
        self.env.flush_all()
        figures = self.env["customer.complaint.figure"]
        self.assertTrue(figures.search([("complaint_id", "=", case.id)]))
        case.root_cause = "Worn tool"
        with self.assertRaises(TransitionRefused):
            case.action_conclude()

    def test_nobody_is_answered(self):
        case = self._anomaly()
        case.action_investigate()
        case.answer = "<p>It was nothing.</p>"
        with self.assertRaisesRegex(TransitionRefused, "without an answer"):
            case.action_answer()

    def test_it_becomes_a_complaint_while_it_is_open_and_of_somebody(self):
        over, nobodys = self._anomaly(), self._anomaly(partner_id=False)
        over.root_cause = "Worn tool"
        over.action_conclude()
        nobodys.action_investigate()
        for case in (over, nobodys):
            with self.subTest(case.state), self.assertRaises(UserError):
                self._change_class(
                    case,
                    "A loss",
                    kind="complaint",
                    severity="complex",
                    category_id=self.quality.id,
                    complaint_id=case.id,
                )
