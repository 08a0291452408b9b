from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ...queries.measures import MeasureContext
from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintFigures(ComplaintCase):
    def _value(self, code, date_from="2026-11-01", date_to="2026-11-30", tz="UTC"):
        measure = self.env["customer.measure"]._measure(code)
        ctx = MeasureContext(
            company_id=self.company.id,
            date_from=date.fromisoformat(date_from),
            date_to=date.fromisoformat(date_to),
            tz=tz,
            partners=self.env["res.partner"]._search([("id", "=", self.customer.id)]).select(),
        )
        self.env.flush_all()
        values = dict(self.env.execute_query(measure.select(ctx)))
        model, domain = measure.sources(ctx, self.customer.id)
        value = values.get(self.customer.id)
        self.assertEqual(value, self.env[model].search_count(domain), "value and its documents")
        return value

    def test_number_of_complaints_at_the_borders_of_the_period(self):
        self.assertEqual(self._value("complaint_count"), 0)
        for received in (
            "2026-10-31 23:59:59",
            "2026-11-01 00:00:00",
            "2026-11-09 10:00:00",
        ):
            self._complaint(received_at=received)
        self.assertEqual(self._value("complaint_count"), 2)
        self.assertEqual(self._value("complaint_count", tz="Asia/Shanghai"), 3)

    def test_repairs_and_cancelled_cases_are_no_complaints(self):
        self._complaint(kind="repair")
        self._complaint(cancel_reason="no").action_cancel()
        self.assertEqual(self._value("complaint_count"), 0)

    def test_an_open_major_complaint(self):
        self.assertEqual(self._value("open_major_complaints"), 0)
        complaint = self._complaint(severity="major", category_id=self.delivery.id)
        self.assertEqual(self._value("open_major_complaints"), 1)
        self.assertEqual(self._value("open_major_complaints", "2026-10-01", "2026-10-31"), 0)
        complaint.action_investigate()
        complaint.answer = "<p>Sent again.</p>"
        complaint.action_answer()
        self._call_back(complaint, "satisfied")
        complaint.action_close()
        self.assertEqual(self._value("open_major_complaints"), 0)
        # at the end of the ninth it was not there yet; closed on the tenth
        self.assertEqual(self._value("open_major_complaints", "2026-11-01", "2026-11-10"), 0)

    def test_a_case_closed_after_the_period_was_open_at_its_end(self):
        complaint = self._complaint(severity="major", received_at="2026-10-20 09:00:00")
        complaint.action_investigate()
        complaint.answer = "<p>Sent again.</p>"
        complaint.action_answer()
        self._call_back(complaint, "satisfied")
        complaint.action_close()
        self.assertEqual(self._value("open_major_complaints", "2026-10-01", "2026-10-31"), 1)
        self.assertEqual(self._value("open_major_complaints", "2026-10-01", "2026-11-10"), 0)

    def test_complaints_in_the_figures_of_the_customer(self):
        self._complaint(received_at="2025-11-10 23:00:00")
        self._complaint(received_at="2025-11-11 00:00:00")
        self._closed()
        self._complaint(kind="repair")
        figures = self.env["customer.metrics"]
        figures._refresh(self.customer)
        row = figures.search(
            [("partner_id", "=", self.customer.id), ("company_id", "=", self.company.id)]
        )
        self.assertEqual((row.open_complaint_count, row.complaint_count_12m), (2, 2))

    def test_alert_and_counts_on_the_customer(self):
        partner = self.customer.with_user(self.user_sales)
        self.assertFalse(partner.customer_complaint_alert)
        self._complaint(severity="major")
        self._closed()
        partner.invalidate_recordset()
        self.assertEqual(
            (partner.customer_complaint_count, partner.customer_open_complaint_count), (2, 1)
        )
        self.assertIn("1", partner.customer_complaint_alert)
        action = partner.action_customer_complaints()
        self.assertEqual(self.env["customer.complaint"].search_count(action["domain"]), 2)
