from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from .metrics_case import MetricsCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-21 10:00:00")
class TestMetricsFigures(MetricsCase):
    """Each figure of a customer is what the documents say, on the borders too."""

    def test_customer_without_documents(self):
        """Nothing happened: dates are empty, counts are zero, averages are unknown and not zero."""
        partner = self._customer("Never bought")
        row = self._row(partner)
        self.assertFalse(row.first_order_date or row.last_order_date or row.last_contact_date)
        self.assertEqual((row.order_count_12m, row.revenue_12m, row.overdue_amount), (0, 0, 0))
        self.assertEqual(row.computed_at, datetime(2026, 11, 21, 10))
        self.assertEqual(row.currency_id, self.company.currency_id)
        unknown = self.Metrics.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", self.company.id),
                ("days_to_pay", "=", False),
                ("last_satisfaction", "=", False),
            ]
        )
        self.assertEqual(unknown, row)

    def test_orders_window_borders(self):
        """The 12 months end today and start the day after the same date of last year."""
        partner = self._customer("Borders")
        self._order(partner, "2025-11-21 23:59:59")  # one day too early
        self.assertEqual(self._row(partner).order_count_12m, 0)
        self._order(partner, "2025-11-22 00:00:00")
        self._order(partner, "2026-11-21 23:59:59")  # later today
        row = self._row(partner)
        self.assertEqual(row.order_count_12m, 2)
        self.assertEqual(
            (row.first_order_date, row.last_order_date), (date(2025, 11, 21), date(2026, 11, 21))
        )
        self._order(partner, "2026-11-22 00:00:00")  # tomorrow has not happened
        row = self._row(partner)
        self.assertEqual((row.order_count_12m, row.last_order_date), (2, date(2026, 11, 21)))

    def test_orders_of_quarters(self):
        """Quarter and previous quarter of the fiscal year, first and last day included."""
        partner = self._customer("Quarters")
        for moment in (
            "2026-10-01 00:00:00",
            "2026-09-30 23:59:59",
            "2026-07-01 00:00:00",
            "2026-06-30 23:59:59",
        ):
            self._order(partner, moment)
        row = self._row(partner)
        self.assertEqual((row.order_count_quarter, row.order_count_previous_quarter), (1, 2))
        self.company.write({"fiscalyear_last_month": "5", "fiscalyear_last_day": 31})
        row = self._row(partner)  # quarters from 1 September and from 1 June
        self.assertEqual((row.order_count_quarter, row.order_count_previous_quarter), (2, 2))

    def test_quotations_and_cancelled_orders_do_not_count(self):
        partner = self._customer("Hesitant")
        order = self._order(partner, "2026-11-01 08:00:00")
        order._action_cancel()
        row = self._row(partner)
        self.assertFalse(row.last_order_date)
        self.assertEqual(row.order_count_12m, 0)

    def test_company_time_zone(self):
        """At 18:30 UTC it is tomorrow in Shanghai: the order and the windows follow the company's
        clock.
        """
        partner = self._customer("Night shift")
        self._order(partner, "2026-09-30 18:30:00")  # 1 October in Shanghai
        self.assertEqual(self._row(partner).last_order_date, date(2026, 9, 30))
        self.assertEqual(self._row(partner).order_count_quarter, 0)
        self.company.customer_tz = "Asia/Shanghai"
        row = self._row(partner)
        self.assertEqual(row.last_order_date, date(2026, 10, 1))
        self.assertEqual((row.order_count_quarter, row.order_count_previous_quarter), (1, 0))

    def test_contacts_roll_up(self):
        """Orders and invoices of a contact belong to its company; the contact has no row of its
        own.
        """
        partner = self._customer("Parent")
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": partner.id})
        self._order(contact, "2026-11-01 08:00:00")
        self._invoice(contact, "2026-11-02", 250)
        self.Metrics._refresh(contact)
        row = self.Metrics.search(
            [("partner_id", "in", (partner + contact).ids), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(row.partner_id, partner)
        self.assertEqual((row.order_count_12m, row.revenue_12m), (1, 250))
        self.assertEqual(contact.customer_metrics_id, row)
        self.assertEqual(contact.customer_revenue_12m, 250)

    def test_revenue_nets_credit_notes(self):
        partner = self._customer("Returns")
        self._invoice(partner, "2026-11-02", 300)
        self._invoice(partner, "2026-11-03", 100, kind="out_refund")
        self._invoice(partner, "2026-11-04", 999, post=False)
        row = self._row(partner)
        self.assertEqual(
            (row.revenue_12m, row.revenue_quarter, row.revenue_previous_quarter), (200, 200, 0)
        )
        only_credit = self._customer("Only credit notes")
        self._invoice(only_credit, "2026-11-03", 40, kind="out_refund")
        self.assertEqual(self._row(only_credit).revenue_12m, -40)

    def test_revenue_window_borders(self):
        partner = self._customer("Edges")
        for day, amount in (
            ("2025-11-21", 1),
            ("2025-11-22", 10),
            ("2026-06-30", 100),
            ("2026-07-01", 1000),
            ("2026-09-30", 10000),
            ("2026-10-01", 100000),
            ("2026-11-21", 1000000),
            ("2026-11-22", 10000000),
        ):
            self._invoice(partner, day, amount)
        row = self._row(partner)
        self.assertEqual(row.revenue_12m, 1111110)
        self.assertEqual((row.revenue_quarter, row.revenue_previous_quarter), (1100000, 11000))

    def test_share_of_company_revenue(self):
        """The share is of all revenue of the company, also when one customer alone is refreshed."""
        big, small = self._customer("Big"), self._customer("Small")
        before = sum(
            self.env["account.move"]
            .search(
                [
                    ("move_type", "in", ("out_invoice", "out_refund")),
                    ("state", "=", "posted"),
                    ("company_id", "=", self.company.id),
                ]
            )
            .mapped("amount_untaxed_signed")
        )
        self.assertEqual(before, 0)
        self._invoice(big, "2026-11-01", 200)
        self._invoice(small, "2026-11-01", 100)
        self.assertEqual(self._row(small).revenue_share, 33.3333)
        self._invoice(big, "2026-11-02", 300, kind="out_refund")
        self._row(small)
        self.assertTrue(
            self.Metrics.search(
                [("partner_id", "=", small.id), ("revenue_share", "in", (False, 0))]
            ),
            "no positive revenue: there is nothing to have a share of",
        )

    def test_several_currencies(self):
        """Revenue is in company currency at the rate of the document's day."""
        euro = (
            self.env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
        )
        euro.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", euro.id)]).unlink()
        for day, rate in (("2026-10-01", 0.5), ("2026-11-01", 0.8)):
            self.env["res.currency.rate"].create(
                {"currency_id": euro.id, "name": day, "rate": rate, "company_id": self.company.id}
            )
        partner = self._customer("Exporter")
        self._invoice(partner, "2026-10-10", 100, currency_id=euro.id)  # 200
        self._invoice(partner, "2026-11-10", 100, currency_id=euro.id)  # 125
        self.assertEqual(self._row(partner).revenue_12m, 325)

    def test_days_to_pay(self):
        """Only fully paid invoices count, by the day of the last payment."""
        partner = self._customer("Payer")
        first = self._invoice(partner, "2026-10-01", 100)
        self._pay(first, "2026-10-11", 40)
        self._row(partner)
        self.assertEqual(self._row(partner).paid_invoice_count_12m, 0, "half paid is not paid")
        self._pay(first, "2026-10-21")
        self._pay(self._invoice(partner, "2026-11-01", 100), "2026-11-11")
        row = self._row(partner)
        self.assertEqual((row.days_to_pay, row.paid_invoice_count_12m), (15, 2))
        self.assertEqual(partner.customer_days_to_pay, 15)

    def test_settled_by_credit_note_is_not_paid(self):
        partner = self._customer("Credited")
        invoice = self._invoice(partner, "2026-10-01", 100)
        credit = self._invoice(partner, "2026-10-05", 100, kind="out_refund")
        lines = (invoice + credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertEqual(self._row(partner).paid_invoice_count_12m, 0)

    def test_overdue_borders(self):
        """Due today is not overdue; due yesterday is overdue by one day."""
        partner = self._customer("Debtor")
        self._invoice(partner, "2026-10-01", 100, invoice_date_due="2026-11-21")
        row = self._row(partner)
        self.assertEqual((row.overdue_amount, row.overdue_days), (0, 0))
        self._invoice(partner, "2026-10-01", 50, invoice_date_due="2026-11-20")
        self._invoice(partner, "2026-08-01", 30, invoice_date_due="2026-08-13")
        row = self._row(partner)
        self.assertEqual((row.overdue_amount, row.overdue_days), (80, 100))

    def test_overdue_less_open_credits(self):
        partner = self._customer("Debtor with credit")
        invoice = self._invoice(partner, "2026-10-01", 100, invoice_date_due="2026-10-31")
        self._pay(invoice, "2026-11-05", 30)
        self.assertEqual(self._row(partner).overdue_amount, 70)
        self._invoice(partner, "2026-11-10", 20, kind="out_refund")
        self.assertEqual(self._row(partner).overdue_amount, 50)
        self._invoice(partner, "2026-11-11", 500, kind="out_refund")
        row = self._row(partner)
        self.assertEqual((row.overdue_amount, row.overdue_days), (0, 0))

    def test_last_contact_messages(self):
        """A message to the customer by an employee is a contact; notes, tracking and the customer's
        own are not.
        """
        partner = self._customer("Talker")
        contact = self.env["res.partner"].create(
            {"name": "Talker's buyer", "parent_id": partner.id}
        )
        partner.message_post(body="Internal note", subtype_xmlid="mail.mt_note")
        partner.message_post(
            body="From the customer",
            author_id=contact.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.env.flush_all()
        self.assertFalse(self._row(partner).last_contact_date)
        message = contact.message_post(
            body="Dear customer", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        message.date = datetime(2026, 11, 3, 9)
        self.assertEqual(self._row(partner).last_contact_date, date(2026, 11, 3))
        order = self._order(partner, "2026-11-01 08:00:00")
        message = order.message_post(
            body="Your order", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        message.date = datetime(2026, 11, 4, 9)
        lead = self.env["crm.lead"].create({"name": "Chance", "partner_id": contact.id})
        self.assertEqual(self._row(partner).last_contact_date, date(2026, 11, 4))
        message = lead.message_post(
            body="Offer", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        message.date = datetime(2026, 11, 5, 9)
        self.assertEqual(self._row(partner).last_contact_date, date(2026, 11, 5))

    def test_last_contact_activities(self):
        """A done call is a contact, a done to-do is not."""
        partner = self._customer("Called")
        partner.activity_schedule("mail.mail_activity_data_todo").action_feedback(feedback="Filed")
        self.assertFalse(self._row(partner).last_contact_date)
        activity = partner.activity_schedule("mail.mail_activity_data_call")
        self.assertFalse(self._row(partner).last_contact_date, "planned is not done")
        activity.action_feedback(feedback="All well")
        self.assertEqual(self._row(partner).last_contact_date, date(2026, 11, 21))

    def test_last_contact_meetings(self):
        """A meeting counts when it is over and the customer did not decline."""
        partner = self._customer("Met")
        meeting = self.env["calendar.event"].create(
            {
                "name": "Strategy",
                "start": datetime(2026, 11, 21, 9),
                "stop": datetime(2026, 11, 21, 10, 0, 1),
                "partner_ids": [Command.set((partner + self.env.user.partner_id).ids)],
            }
        )
        self.assertFalse(self._row(partner).last_contact_date, "still going on")
        meeting.write({"start": datetime(2026, 11, 20, 9), "stop": datetime(2026, 11, 20, 10)})
        self.assertEqual(self._row(partner).last_contact_date, date(2026, 11, 20))
        meeting.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == partner
        ).state = "declined"
        self.assertFalse(self._row(partner).last_contact_date)

    def test_last_satisfaction(self):
        """The latest given rating counts; one that was only asked for does not."""
        partner = self._customer("Rater")
        values = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": partner.id,
            "partner_id": partner.id,
        }
        ratings = self.env["rating.rating"].create(
            [
                {**values, "rating": 5, "consumed": True},
                {**values, "rating": 2, "consumed": True},
                {**values, "rating": 0, "consumed": False},
            ]
        )
        ratings[0].rated_on = datetime(2026, 11, 1)
        ratings[1].rated_on = datetime(2026, 11, 2)
        row = self._row(partner)
        self.assertEqual(
            (row.last_satisfaction, row.last_satisfaction_date), (2, date(2026, 11, 2))
        )
        ratings.unlink()
        self.assertFalse(self._row(partner).last_satisfaction)

    def test_the_newest_answer_is_the_satisfaction(self):
        """Visit report, call-back, rating or survey: whatever came last."""
        partner = self._customer("Answering")

        def held(day, **vals):
            visit = self.env["customer.visit"].create({"partner_id": partner.id, **vals})
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE customer_visit SET state = 'done', done_date = %s WHERE id = %s",
                (day, visit.id),
            )
            self.env.invalidate_all()
            return visit

        held("2026-11-01", satisfaction="5")
        expected = (5, date(2026, 11, 1))
        row = self._row(partner)
        self.assertEqual((row.last_satisfaction, row.last_satisfaction_date), expected)
        case = self.env["customer.complaint"].create({"subject": "x", "partner_id": partner.id})
        call = held(
            "2026-11-02",
            complaint_id=case.id,
            purpose="verification",
            verification_result="accepts",
        )
        self.assertEqual(self._row(partner).last_satisfaction, 3)
        call.satisfaction = "2"
        self.assertEqual(self._row(partner).last_satisfaction, 2, "the mark says more")
        survey = self.env["survey.survey"].create(
            {
                "title": "How are we doing",
                "question_and_page_ids": [
                    (0, 0, {"title": title, "question_type": "scale", "scale_max": 10})
                    for title in ("Price", "Service")
                ],
            }
        )
        answer = survey._create_answer(partner=partner)
        answer.write({"state": "done", "end_datetime": datetime(2026, 11, 3, 9)})
        for question, value in zip(survey.question_ids, (10, 5), strict=True):
            answer._save_lines(question, value)
        self.assertEqual(self._row(partner).last_satisfaction, 2, "no survey of satisfaction")
        survey.customer_satisfaction = True
        row = self._row(partner)
        self.assertEqual(
            (row.last_satisfaction, row.last_satisfaction_date), (4, date(2026, 11, 3))
        )
        answer.end_datetime = datetime(2026, 10, 3)
        self.assertEqual(self._row(partner).last_satisfaction, 2)

    def test_window_of_leap_day(self):
        partner = self._customer("Leaping")
        self._order(partner, "2023-02-28 12:00:00")
        self._order(partner, "2023-03-01 00:00:00")
        with freeze_time("2024-02-29 12:00:00"):
            self.assertEqual(self._row(partner).order_count_12m, 1)

    def test_two_companies(self):
        """Documents of one company never show in the other, each in its own currency."""
        other = self._second_company()
        partner = self._customer("Shared")
        self._order(partner, "2026-11-01 08:00:00")
        self._invoice(partner, "2026-11-01", 100)
        self._order(partner, "2026-11-05 08:00:00", company=other)
        self._invoice(partner, "2026-11-05", 7, company=other)
        here, there = self._row(partner), self._row(partner, other)
        self.assertEqual((here.revenue_12m, here.order_count_12m), (100, 1))
        self.assertEqual(here.last_order_date, date(2026, 11, 1))
        self.assertEqual((there.revenue_12m, there.order_count_12m), (7, 1))
        self.assertEqual((there.currency_id.name, there.revenue_share), ("EUR", 100))
        self.assertEqual(partner.customer_revenue_12m, 100)
        self.assertEqual(partner.with_company(other).customer_revenue_12m, 7)

    def test_contact_belongs_to_the_authors_companies(self):
        other = self._second_company()
        partner = self._customer("Shared talk")
        author = self.env["res.users"].create(
            {
                "name": "Only here",
                "login": "only_here",
                "company_id": self.company.id,
                "company_ids": self.company.ids,
            }
        )
        partner.message_post(
            body="Hello",
            author_id=author.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertTrue(self._row(partner).last_contact_date)
        self.assertFalse(self._row(partner, other).last_contact_date)

    def test_refresh_is_an_update(self):
        partner = self._customer("Twice")
        first = self._row(partner)
        self._invoice(partner, fields.Date.today() - timedelta(days=1), 10)
        second = self._row(partner)
        self.assertEqual(first, second)
        self.assertEqual(second.revenue_12m, 10)
