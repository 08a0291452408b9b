import base64

from freezegun import freeze_time

from odoo.tests import tagged

from .complaint_case import ComplaintCase

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintPapers(ComplaintCase):
    def _paper(self, report, record, user=None):
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(user or self.user_service)
            ._render_qweb_html(f"customer_governance.{report}", record.ids)
        )
        self.assertEqual(kind, "html")
        return content.decode()

    def test_complaint_form_with_follow_up_forms(self):
        complaint = self._answered(subject="水泵漏油")
        self._call_back(complaint, "not_solved", issues="Still leaking")
        html = self._paper("report_complaint_form", complaint)
        for text in (
            complaint.name,
            "水泵漏油",
            "Harbour Glass",
            f"{complaint.name}-F1",
            "Still leaking",
            "send it again",
            "Head of service",
        ):
            self.assertIn(text, html)

    def test_dispatch_order(self):
        dispatch = self._dispatch(self._complaint(), task="Look at the pump")
        html = self._paper("report_complaint_dispatch", dispatch, self.user_quality)
        for text in (dispatch.name, "Look at the pump", "Lab", "Accepted by"):
            self.assertIn(text, html)

    def test_major_report_holds_the_photos(self):
        complaint = self._complaint(severity="major", report_facts="<p>Fire in hall 3</p>")
        self.env["ir.attachment"].create(
            {
                "name": "hall.png",
                "raw": PIXEL,
                "res_model": complaint._name,
                "res_id": complaint.id,
            }
        )
        html = self._paper("report_complaint_major", complaint)
        for text in ("Fire in hall 3", "hall.png", "data:image/png;base64", "Management"):
            self.assertIn(text, html)

    def test_compensation_sheet(self):
        sheet = self.env["customer.compensation"].create(
            {
                "complaint_id": self._complaint().id,
                "reason": "Broken",
                "promised_amount": 1234.5,
            }
        )
        html = self._paper("report_compensation", sheet)
        for text in ("1,234.50", "Business licence", "Approved by", sheet.complaint_id.name):
            self.assertIn(text, html)
