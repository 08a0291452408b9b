from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintLessons(ComplaintCase):
    def _ready(self):
        complaint = self._answered()
        self._call_back(complaint, "satisfied")
        return complaint

    def _dialog(self, complaint, **vals):
        action = complaint.action_close_dialog()
        return (
            self.env[action["res_model"]]
            .with_user(self.user_service)
            .with_context(**action["context"])
            .create(vals)
        )

    def test_closing_asks_for_the_lesson(self):
        complaint = self._ready()
        with self.assertRaisesRegex(UserError, "learned"):
            self._dialog(complaint).action_close()
        self._dialog(complaint, lesson="Book the truck a day earlier").action_close()
        self.assertEqual(complaint.state, "closed")
        self.assertEqual(complaint.lesson_id.category_id, self.delivery)
        found = complaint.lesson_id.search([("lesson", "ilike", "truck")])
        self.assertIn(complaint.lesson_id, found)

    def test_known_or_no_lesson(self):
        known = self.env["customer.complaint.lesson"].create({"name": "x", "lesson": "y"})
        complaint = self._ready()
        self._dialog(complaint, lesson_id=known.id).action_close()
        self.assertEqual(complaint.lesson_id, known)
        self.assertEqual(known.complaint_count, 1)
        other = self._ready()
        self._dialog(other, no_lesson=True).action_close()
        self.assertEqual((other.state, bool(other.lesson_id)), ("closed", False))

    def test_similar_cases_are_suggested_the_closest_first(self):
        pump = self.env["product.product"].create({"name": "Pump"})
        quality = self.quality.parent_id
        lessons = self.env["customer.complaint.lesson"].create(
            [
                {"name": "general", "lesson": "x", "category_id": quality.id},
                {"name": "exact", "lesson": "x", "category_id": self.quality.id},
                {
                    "name": "product",
                    "lesson": "x",
                    "product_ids": [(6, 0, pump.product_tmpl_id.ids)],
                },
                {"name": "elsewhere", "lesson": "x", "category_id": self.delivery.id},
                {
                    "name": "foreign",
                    "lesson": "x",
                    "category_id": self.quality.id,
                    "company_id": self.other_company.id,
                },
            ]
        )
        complaint = self._complaint(
            category_id=self.quality.id, line_ids=[(0, 0, {"product_id": pump.id})]
        )
        self.assertFalse(complaint.suggested_lesson_ids & lessons, "nobody works on it yet")
        complaint.action_investigate()
        suggested = complaint.suggested_lesson_ids & lessons
        self.assertEqual(suggested.mapped("name"), ["product", "exact", "general"])
