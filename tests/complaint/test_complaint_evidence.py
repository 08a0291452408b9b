from odoo.exceptions import AccessError
from odoo.tests import tagged

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintEvidence(ComplaintCase):
    """The checklist of the report of a major complaint: by product group, edited by an admin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        entries = cls.env["customer.complaint.evidence"]
        entries.search([]).active = False
        cls.group, cls.other_group = cls.env["product.category"].create(
            [{"name": "Valves"}, {"name": "Pumps"}]
        )
        below = cls.env["product.category"].create({"name": "V12", "parent_id": cls.group.id})
        cls.valve = cls.env["product.product"].create({"name": "Valve", "categ_id": below.id})
        cls.front = entries.create({"name": "Front"})
        cls.seat = entries.create(
            {"name": "Seat", "kind": "data", "categ_ids": [(6, 0, cls.group.ids)]}
        )
        cls.motor = entries.create({"name": "Motor", "categ_ids": [(6, 0, cls.other_group.ids)]})

    def _major(self, **vals):
        return self._complaint(severity="major", category_id=self.quality.id, **vals)

    def test_a_general_case_has_none(self):
        self.assertFalse(self._complaint().evidence_ids)

    def test_by_product_group(self):
        case = self._major(line_ids=[(0, 0, {"product_id": self.valve.id, "quantity": 1})])
        self.assertEqual(case.evidence_ids.evidence_id, self.front | self.seat)
        self.assertEqual(case.evidence_missing, "Front, Seat")
        seat = case.evidence_ids.filtered(lambda line: line.evidence_id == self.seat)
        seat.write({"value": "Worn", "evidence_id": self.motor.id})
        self.assertEqual((seat.evidence_id, case.evidence_missing), (self.seat, "Front"))
        (case.evidence_ids - seat).reason = "Scrapped already"
        self.assertFalse(case.evidence_missing)
        with self.assertRaises(AccessError):
            case.evidence_ids.unlink()

    def test_products_that_come_later(self):
        case = self._major()
        self.assertEqual(case.evidence_ids.evidence_id, self.front)
        case.line_ids = [(0, 0, {"product_id": self.valve.id, "quantity": 1})]
        case.action_list_evidence()
        case.action_list_evidence()
        self.assertEqual(case.evidence_ids.evidence_id, self.front | self.seat)

    def test_the_paper_shows_it(self):
        case = self._major()
        content = (
            self.env["ir.actions.report"]
            ._render_qweb_html("customer_governance.report_complaint_major", case.ids)[0]
            .decode()
        )
        self.assertIn("Front", content)
        self.assertIn("Missing", content)
