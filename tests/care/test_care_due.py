from datetime import date
from email import message_from_string, policy

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .care_case import NOW, CareCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCareDue(CareCase):
    """Contact every 30 days; in the tier since 2 October: due on Sunday, 1 November, so on Monday."""

    def test_never_contacted_counts_from_the_tier(self):
        row = self._rows()
        self.assertEqual((row.kind, row.origin, row.interval_days), ("contact", "tier", 30))
        self.assertFalse(row.last_date)
        self.assertFalse(row.paid_by)
        self.assertEqual(row.due_date, date(2026, 11, 2), "Sunday is moved to Monday")
        self.assertEqual((row.days_over, row.bucket), (18, "1_overdue"))
        self.assertEqual(row.user_id, self.user_sales)

    def test_a_visit_reported_now_pays_now(self):
        self._night()
        visit = self._visit("2026-11-16")
        row = self._rows()
        self.assertEqual((row.last_date, row.paid_by), (date(2026, 11, 16), "Visit held"))
        self.assertEqual(row.due_date, date(2026, 12, 16))
        self.assertEqual((row.days_over, row.bucket), (-26, "4_later"))
        action = row.action_open_last()
        self.assertEqual((action["res_model"], action["res_id"]), (visit._name, visit.id))
        self._night()
        self.assertEqual(self._rows().due_date, date(2026, 12, 16), "the same after the night")

    def test_the_border(self):
        """Exactly on the due date is in time."""
        self._visit("2026-10-21")
        self.assertEqual((self._rows().days_over, self._rows().bucket), (0, "2_this_week"))
        with freeze_time("2026-11-21 10:00:00"):
            self.assertEqual((self._rows().days_over, self._rows().bucket), (1, "1_overdue"))

    def test_weeks(self):
        for day, bucket in (
            ("2026-10-21", "2_this_week"),  # due on Friday 20
            ("2026-10-22", "3_next_week"),  # due on Saturday 21: Monday 23
            ("2026-10-28", "3_next_week"),  # Friday 27
            ("2026-10-31", "4_later"),  # Monday 30
        ):
            self._visit(day)
            self.assertEqual(self._rows().bucket, bucket, day)

    def test_what_pays(self):
        """Not a visit at which nobody was reached, not a note, not a machine's mail."""
        lead = self.env["crm.lead"].create({"name": "Lead", "partner_id": self.customer.id})
        todo = self.env.ref("mail.mail_activity_data_todo")
        self._visit("2026-11-10", no_contact=True)
        self._say(self.customer, subtype_xmlid="mail.mt_note")
        self._say(self.customer, message_type="email", customer_by_machine=True)
        self._say(self.customer, message_type="email_outgoing")
        self._say(self.customer, message_type="auto_comment")
        todo_done = lead.activity_schedule(activity_type_id=todo.id, user_id=self.user_sales.id)
        todo_done.with_user(self.user_sales).sudo().action_feedback()
        self.assertFalse(self._rows().last_date)
        self._meet(
            "2026-11-12", res_model_id=self.env["ir.model"]._get_id("crm.lead"), res_id=lead.id
        )
        self.assertEqual(
            (self._rows().last_date, self._rows().paid_by), (date(2026, 11, 12), "Meeting attended")
        )
        self._meet("2026-11-27", partner_ids=[(4, self.customer.id)])
        self.assertEqual(self._rows().last_date, date(2026, 11, 12), "not before it was held")
        call = self.env.ref("mail.mail_activity_data_call")
        done = lead.activity_schedule(activity_type_id=call.id, user_id=self.user_sales.id)
        done.with_user(self.user_sales).sudo().action_feedback()
        self.assertEqual(self._rows().last_date, date(2026, 11, 20))
        self.assertEqual(self._rows().action_open_last()["res_model"], "crm.lead")

    def test_the_gateway_marks_what_a_machine_wrote(self):
        text = "From: Ann <ann@example.com>\nTo: us@example.com\nSubject: Hi\n%s\n\nHello"
        thread = self.env["mail.thread"]
        for header, by_machine in (
            ("X-Test: 1", False),
            ("Auto-Submitted: auto-generated", True),
            ("Precedence: bulk", True),
            ("X-Autoreply: yes", True),
        ):
            mail = message_from_string(text % header, policy=policy.SMTP)
            values = thread.message_parse(mail)
            self.assertEqual(values.get("customer_by_machine", False), by_machine, header)
        lead = self.env["crm.lead"].create({"name": "Lead", "partner_id": self.customer.id})
        author = self.user_sales.partner_id
        mail = "From: %s\nTo: us@example.com\nSubject: Hi\nMessage-Id: <%s@x>\n%s\n\nHello"
        bulk = mail % (author.email, 1, "Precedence: bulk")
        thread.message_process("crm.lead", bulk, thread_id=lead.id)
        self.assertTrue(lead.message_ids[:1].customer_by_machine)
        self.assertFalse(self._rows().last_date)
        person = mail % (author.email, 2, "X-Test: 1")
        thread.message_process("crm.lead", person, thread_id=lead.id)
        self.assertFalse(lead.message_ids[:1].customer_by_machine)
        self.assertEqual(self._rows().paid_by, "Personal e-mail")

    def test_an_email_is_switchable(self):
        self._night()
        self._say(self.customer)
        self.assertEqual(self._rows().paid_by, "Personal e-mail")
        self._night()
        self.env.ref("customer_governance.care_source_contact_email").active = False
        self.assertFalse(self._rows().last_date, "at once, not after the night")
        self._night()
        self.assertFalse(self._rows().last_date)
        figures = self.customer.customer_metrics_ids.filtered(
            lambda m: m.company_id == self.company
        )
        self.assertFalse(figures.last_contact_date, "one definition of the last contact")

    def test_a_correction_of_a_report(self):
        visit = self._visit("2026-11-10")
        self._night()
        visit.no_contact = True
        self.assertFalse(self._rows().last_date)

    def test_kinds(self):
        self.tier.write(
            {"visit_interval_days": 60, "meeting_interval_days": 90, "survey_interval_days": 180}
        )
        self.assertEqual(
            set(self._rows().mapped("kind")), {"contact", "visit", "meeting", "survey"}
        )
        self._visit("2026-11-16", purpose="meeting")
        paid = {row.kind: row.last_date for row in self._rows()}
        day = date(2026, 11, 16)
        self.assertEqual(paid, {"contact": day, "visit": day, "meeting": day, "survey": False})
        survey = self.env["survey.survey"].create({"title": "S", "customer_satisfaction": True})
        self.env["survey.user_input"].create(
            {"survey_id": survey.id, "partner_id": self.customer.id}
        )
        self.env["survey.user_input"].flush_model()
        self.env.cr.execute("UPDATE survey_user_input SET create_date = '2026-11-18 10:00:00'")
        row = self._rows(kind="survey")
        self.assertEqual((row.last_date, row.paid_by), (date(2026, 11, 18), "Survey invitation"))

    def test_own_interval(self):
        own = self.env["customer.care.interval"].create(
            {
                "partner_id": self.customer.id,
                "days": 10,
                "reason": "New plant",
                "last_day": "2026-11-20",
            }
        )
        self._visit("2026-11-09")
        row = self._rows()
        self.assertEqual((row.origin, row.due_date), ("own", date(2026, 11, 19)))
        own.last_day = "2026-11-19"
        self.assertEqual(
            (self._rows().origin, self._rows().due_date), ("tier", date(2026, 12, 9)), "it is over"
        )
        own.write({"last_day": False, "days": 0})
        self.assertFalse(self._rows(), "not planned for this customer")

    def test_next_visit(self):
        self.assertFalse(self._rows().next_visit_id)
        visit = self._visit("2026-11-25", report=False)
        self.assertEqual(
            (self._rows().next_visit_id, self._rows().next_visit_date), (visit, date(2026, 11, 25))
        )
        visit.action_cancel()
        self.assertFalse(self._rows().next_visit_id)

    def test_do_not_contact(self):
        self.tier.survey_interval_days = 30
        block = self.env["customer.care.block"].create(
            {"partner_id": self.customer.id, "purpose": "care", "reason": "Asked for it"}
        )
        self.assertEqual(self._rows().mapped("kind"), ["survey"])
        block.purpose = "marketing"
        self.assertEqual(len(self._rows()), 2)
        block.purpose = "survey"
        self.assertEqual(self._rows().mapped("kind"), ["contact"])
        block.purpose = "all"
        self.assertFalse(self._rows())
        block.last_day = "2026-11-20"
        self.assertFalse(self._rows(), "the last day is part of it")
        block.last_day = "2026-11-19"
        self.assertEqual(len(self._rows()), 2)

    def test_mass_mails_and_the_blacklist(self):
        self.customer.email = "harbour@example.com"
        other = self._new_customer("Other", email="other@example.com")
        block = self.env["customer.care.block"].create(
            {"partner_id": self.customer.id, "purpose": "marketing", "reason": "Asked for it"}
        )
        self._mass_mail(self.customer | other)
        states = dict(
            self.env["mail.mail"]
            .search([("subject", "=", "Offer")])
            .mapped(lambda m: (m.res_id, m.state))
        )
        self.assertEqual(states[self.customer.id], "cancel")
        self.assertNotEqual(states[other.id], "cancel")
        row = self._rows().with_user(self.user_sales)
        self.assertEqual(row.action_mail()["res_model"], "mail.compose.message", "marketing only")
        block.purpose = "care"
        with self.assertRaisesRegex(UserError, "Asked for it"):
            self.customer.with_user(self.user_sales)._care_check_mail("care")
        block.unlink()
        self.env["mail.blacklist"]._add("harbour@example.com")
        with self.assertRaisesRegex(UserError, "blacklist"):
            self._rows().with_user(self.user_sales).action_mail()

    def _mass_mail(self, partners):
        composer = self.env["mail.compose.message"].with_context(
            active_model="res.partner", active_ids=partners.ids
        )
        composer.create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": str(partners.ids),
                "subject": "Offer",
                "body": "<p>Offer</p>",
                "auto_delete": False,
            }
        )._action_send_mail()

    def test_whose_turn_it_is(self):
        """Without an account manager the leader of the team in charge; he sees it too."""
        team = self.env["crm.team"].create({"name": "Team", "user_id": self.other_sales.id})
        self.customer.write({"user_id": False, "customer_team_id": team.id})
        row = self._rows()
        self.assertEqual((row.user_id, row.team_id), (self.other_sales, team))
        self.assertTrue(row.with_user(self.other_sales).has_access("read"))
        self.assertFalse(row.with_user(self.user_sales).has_access("read"))

    def test_companies_without_care_have_no_rows(self):
        self.company.care_enabled = False
        self.assertFalse(self._rows())

    def test_branches_are_one_with_their_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self._visit("2026-11-16", company_id=branch.id)
        self.assertEqual(self._rows().last_date, date(2026, 11, 16))
        self._visit("2026-11-25", report=False, company_id=branch.id)
        self.assertEqual(self._rows().next_visit_date, date(2026, 11, 25))
        self._visit("2026-11-18", company_id=self.other_company.id)
        self.assertEqual(self._rows().last_date, date(2026, 11, 16), "another company's visit")

    def test_the_order(self):
        """Most overdue first, then most valuable; who may not read the value is not told by the order."""
        worth = self._new_customer("Worth", user_id=self.user_sales.id)
        self._into_tier(worth, "2026-10-02")
        self._invoice(worth, "2026-11-01", 500)
        self._invoice(self.customer, "2026-11-01", 100)
        late = self._new_customer("A Late", user_id=self.user_sales.id)
        self._into_tier(late, "2026-09-01")
        self._night()
        self.env.invalidate_all()
        domain = [("partner_id", "in", (worth | late | self.customer).ids)]
        mine = self.Due.with_user(self.user_sales).search(domain)
        self.assertEqual(mine.partner_id, late | worth | self.customer)
        self.assertEqual(mine.mapped("partner_id.id"), (late + worth + self.customer).ids)
        service = self.Due.with_user(self.user_service).search(domain)
        self.assertEqual(service.mapped("partner_id.id"), (late + self.customer + worth).ids)
        with self.assertRaises(AccessError):
            service.mapped("revenue_12m")

    def test_unmet_commitments_say_the_same(self):
        breach = self.env["customer.tier.breach"].search(
            [("partner_id", "=", self.customer.id), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(breach.filtered("days_over").kind, "never_contacted")
        self.assertEqual(breach.filtered("days_over").days_over, 18)
        self.assertIn("none so far", breach.filtered("days_over").reason)
        self._next("2026-11-20")
        self.env.invalidate_all()
        self.assertFalse(self.customer.has_tier_breach)

    def test_the_first_screen_of_an_account_manager(self):
        home = self.env.ref("customer_governance.home_action").with_user(self.user_sales)
        due = self.env.ref("customer_governance.customer_care_due_action_home")
        self.assertEqual(home.run()["id"], due.id)
        self.company.care_enabled = False
        self.env["res.company"].search([]).care_enabled = False
        self.assertEqual(home.run()["res_model"], "res.partner")

    def test_the_columns_of_the_board(self):
        self._visit("2026-10-22", self.foreign_customer)
        self._into_tier(self.foreign_customer, "2026-10-02")
        for user in (self.user_manager, self.user_service):
            groups = self.Due.with_user(user).formatted_read_group(
                [("partner_id", "in", (self.customer | self.foreign_customer).ids)],
                ["bucket"],
                ["__count"],
            )
            found = [(group["bucket"], group["__count"]) for group in groups]
            self.assertEqual(found, [("1_overdue", 1), ("3_next_week", 1)])

    def test_constant_queries(self):
        """A page of the list takes as many statements for three customers as for thirty."""

        def page():
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.Due.with_user(self.user_sales).web_search_read(
                [("user_id", "=", self.user_sales.id)],
                {
                    "partner_id": {"fields": {"display_name": {}}},
                    "days_over": {},
                    "revenue_12m": {},
                    "paid_by": {},
                    "phone": {},
                    "next_visit_date": {},
                },
                limit=80,
            )
            return self.env.cr.sql_log_count - before

        page()
        few = page()
        for number in range(30):
            customer = self._new_customer(f"C {number}", user_id=self.user_sales.id)
            self._into_tier(customer, "2026-10-02")
        page()
        self.assertEqual(page(), few)
        self.assertLessEqual(few, 25)
