from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .figures_case import FiguresCase, utc


@tagged("post_install", "-at_install")
class TestComplaintOwnDeadlines(FiguresCase):
    """The addressee of an order has deadlines from the sending, and its figures look at those."""

    def _sent(self, case, text):
        with freeze_time(utc(text)):
            return self._dispatch(case, team_id=False, provider_id=self.provider.id)

    def test_accepted_the_next_morning_after_the_cut_off_is_in_time(self):
        """One truth: the clock of the case and the order say the same."""
        case = self._case("2026-10-20 09:00")
        order = self._sent(case, "2026-10-20 17:00")
        clock = case.sudo().clock_ids.filtered(lambda c: c.milestone == "accept")
        self.assertEqual(order.accept_due, clock.deadline)
        with freeze_time(utc("2026-10-21 09:00")):
            order.sudo().action_accept()
        self.assertFalse(order.accepted_late)
        self.assertEqual(clock.state, "met")

    def test_the_provider_counts_from_the_sending(self):
        case = self._case("2026-10-05 09:00")
        with freeze_time(utc("2026-10-05 10:00")):
            case.action_investigate()
        order = self._sent(case, "2026-10-19 09:00")
        self.assertGreater(order.contact_due, utc("2026-10-19 09:00"))
        with freeze_time(utc("2026-10-19 10:00")):
            with self.assertRaises(UserError):
                order.sudo()._log_contact("Called")
            order.sudo().action_accept()
            order.sudo()._log_contact("Called Mr Li")
        with freeze_time(utc("2026-10-19 15:00")):
            order.sudo().first_result = "Seal is broken"
            order.sudo().action_report()
        self.assertFalse(order.contact_late or order.result_late)
        self._finish(case, days=20)
        with freeze_time(utc("2026-11-05 08:00")):
            months = self.env["customer.provider.period"]
            months._cron_fill()
            month = months.search([("provider_id", "=", self.provider.id)])
            month.action_compute()
        self.assertEqual((month.contacted, month.replied_in_time), (1, 1))
        row = self.env["customer.complaint.figure"].search([("complaint_id", "=", case.id)])
        self.assertFalse(row.contacted, "we ourselves were two weeks late")

    def test_first_contact_is_the_first_one(self):
        order = self._served(self._case("2026-10-20 09:00"))
        with freeze_time(utc("2026-10-20 12:00")):
            order.sudo()._log_contact("Called")
        with freeze_time(utc("2026-10-20 15:00")):
            order.sudo()._log_contact("Called again")
        self.assertEqual(order.first_contact_at, utc("2026-10-20 12:00"))
        self.assertEqual(order.sudo().complaint_id.first_contact_at, utc("2026-10-20 12:00"))

    def test_nobody_was_contacted_before_the_case(self):
        order = self._served(self._case("2026-10-20 09:00"))
        with freeze_time(utc("2026-10-20 12:00")), self.assertRaisesRegex(UserError, "before"):
            order.sudo()._log_contact("Called", at=utc("2026-10-19 09:00"))
        self.assertFalse(order.sudo().complaint_id.first_contact_at)

    def test_progress_is_told_until_the_case_is_closed(self):
        case = self._case("2026-10-20 09:00")
        order = self._served(case)
        with freeze_time(case.received_at + timedelta(hours=4)):
            order.sudo().write({"cause": "Seal", "product_fault": "no", "measure": "Changed"})
            order.sudo().action_done()
        replies = self.env["customer.complaint.dispatch.reply"].sudo()
        replies.create({"dispatch_id": order.id, "text": "Looked after it again"})
        self._finish(case)
        with self.assertRaises(UserError):
            replies.create({"dispatch_id": order.id, "text": "Too late"})

    def test_silent_orders_are_asked_about_once(self):
        case = self._case("2026-10-20 09:00")
        order = self._served(case)

        def asked(days):
            with freeze_time(case.received_at + timedelta(days=days)):
                self.env["customer.complaint"]._cron_escalate()
            return order.sudo().activity_ids.filtered(lambda a: a.customer_reason == "progress")

        self.assertFalse(asked(2))
        self.assertEqual(len(asked(4)), 1)
        self.assertEqual(len(asked(5)), 1)
        with freeze_time(case.received_at + timedelta(days=5)):
            order.sudo().reply_ids.create({"dispatch_id": order.id, "text": "Parts ordered"})
        self.assertFalse(asked(6))
        self.company.complaint_progress_days = 0
        self.assertFalse(asked(30))
