from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.customer_governance.models.common.customer_reach_mixin import (
    able,
    addresses_in,
    recipients_of,
    told,
)

from .sla_case import SlaCase, utc


class ReachCase(SlaCase):
    """A case in work, and mails that fail."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time(utc("2026-10-23 10:00"))
        freezer.start()
        self.addCleanup(freezer.stop)
        self.case = self._received("2026-10-23 09:00", user_id=self.user_service.id)
        self.case.action_investigate()
        self.case.answer = "<p>Sent again.</p>"

    def _mail(self, words):
        return self.case.sudo().message_ids.filtered(lambda m: words in m.body)[:1]

    def _fail(self, message, status="bounce"):
        message.notification_ids.write({"notification_status": status})
        self.env.flush_all()
        self.env.invalidate_all()

    def _reminders(self, reason, record=None):
        activities = (record or self.case).sudo().activity_ids
        return activities.filtered(lambda a: a.customer_reason == reason)

    def _state(self, milestone):
        return self._clock(self.case, milestone).state


@tagged("post_install", "-at_install")
class TestReached(ReachCase):
    """What says the customer was told needs a mail that arrives, or a person who told it."""

    def test_addresses(self):
        for text, found in (
            ("not an address", []),
            (False, []),
            ("Ann <ann@x.example>", ["ann@x.example"]),
            ("a@x.example; B@x.example", ["a@x.example", "b@x.example"]),
            ("a@x.example, none", ["a@x.example"]),
        ):
            self.assertEqual(addresses_in(text), found, text)
        self.customer.email = "not an address"
        self.assertEqual(recipients_of(self.customer), {})
        self.assertEqual(recipients_of(self.customer, "x"), {})
        self.customer.email = "a@x.example; b@x.example"
        self.assertEqual(recipients_of(self.customer), {"partner_ids": self.customer.ids})

    def test_a_portal_customer_gets_the_number(self):
        login = new_test_user(
            self.env, "cg_portal_reach", groups="base.group_portal", email="p@x.example.com"
        )
        login.partner_id.parent_id = self.customer
        cases = self.env["customer.complaint"].with_user(login).sudo()
        case = cases.create(
            {
                "subject": "Leak",
                "partner_id": self.customer.id,
                "contact_id": login.partner_id.id,
                "team_id": self.team.id,
                "user_id": False,
            }
        )
        case.action_register()
        message = case.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        self.assertIn(login.partner_id, message.notification_ids.res_partner_id)
        self.assertEqual(message.author_id, self.company.partner_id)
        self.assertTrue(case.acknowledged_at)

    def test_a_bounced_acknowledgement_is_none(self):
        self.case.action_register()
        clock = self._clock(self.case, "acknowledge")
        self.assertEqual(clock.state, "met")
        deadline = clock.deadline
        self._fail(self._mail("has the number"))
        self.assertFalse(self.case.acknowledged_at)
        self.assertEqual((self._state("acknowledge"), clock.deadline), ("running", deadline))
        self.assertFalse(clock.first_state)
        self.assertProved(self.case.clock_ids)
        self.assertEqual(self._reminders("undelivered").user_id, self.user_service)
        with freeze_time(utc("2026-10-23 11:00")):
            self._tell(self.case, "acknowledge", happened_at=utc("2026-10-23 10:30"))
        self.assertEqual(self._state("acknowledge"), "met")
        self.assertFalse(self._reminders("undelivered"))

    def test_a_failed_mail_that_goes_out_after_all_counts(self):
        self.case.action_register()
        message = self._mail("has the number")
        self._fail(message, "exception")
        self.assertFalse(self.case.acknowledged_at)
        self._fail(message, "sent")
        self.assertTrue(self.case.acknowledged_at)
        self.assertEqual(self._state("acknowledge"), "met")

    def test_a_bounced_answer_takes_the_case_back(self):
        self.case.action_answer()
        self.assertEqual(self._state("answer"), "met")
        message = self._mail("Sent again.")
        with freeze_time(utc("2026-10-23 15:00")):
            self._fail(message)
        self.assertEqual(self.case.state, "investigating")
        self.assertFalse(self.case.answered_at)
        self.assertFalse(self.case.first_contact_at)
        self.assertEqual(self.case.reopen_count, 0)
        self.assertEqual((self._state("answer"), self._state("first_contact")), ("running",) * 2)
        self.assertEqual(self._state("callback"), "dropped")
        visit = self.case.sudo().visit_ids
        self.assertEqual((visit.state, visit._can_be_answered()), ("planned", False))
        self.assertProved(self.case.clock_ids)
        self.assertEqual(self._reminders("undelivered").user_id, self.user_service)
        with freeze_time(utc("2026-10-23 16:00")):
            self.customer.email = "right@harbour.example.com"
            self.case.action_answer()
        self.assertEqual((self.case.state, self._state("answer")), ("answered", "met"))
        self.assertEqual(self._state("callback"), "running")
        self.assertProved(self.case.clock_ids)

    def test_an_answer_that_was_spoken_about_stays(self):
        self.case.action_answer()
        self._call_back(self.case, "satisfied")
        self._fail(self._mail("Sent again."))
        self.assertEqual(self.case.state, "verifying")
        self.assertTrue(self.case.answered_at)
        self.assertTrue(self._reminders("undelivered"))

    def test_a_later_contact_counts_instead(self):
        self.case.message_post(
            body="Under review",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self.assertTrue(self.case.first_contact_at)
        with freeze_time(utc("2026-10-23 14:00")):
            self._tell(self.case, "contact", happened_at=utc("2026-10-23 13:00"))
        self._fail(self._mail("Under review"))
        self.assertEqual(self.case.first_contact_at, utc("2026-10-23 13:00"))
        clock = self._clock(self.case, "first_contact")
        self.assertEqual((clock.state, clock.reached_at), ("met", utc("2026-10-23 13:00")))
        self.assertProved(clock)

    def test_one_of_two_addressees_is_enough(self):
        ann, bo = self.env["res.partner"].create(
            [
                {"name": name, "email": f"{name}@harbour.example.com", "parent_id": parent}
                for name in ("ann", "bo")
                for parent in self.customer.ids
            ]
        )
        self.case._answer(recipients={"partner_ids": (ann | bo).ids})
        message = self._mail("Sent again.")
        message.notification_ids.filtered(lambda n: n.res_partner_id == ann).write(
            {"notification_status": "bounce"}
        )
        self.env.invalidate_all()
        self.assertEqual((self.case.state, self._state("answer")), ("answered", "met"))
        self.assertIn("ann", self._reminders("undelivered").summary)

    def test_an_answer_needs_a_text_and_an_address(self):
        self.case.answer = "<p><br></p>"
        with self.assertRaisesRegex(UserError, "enter the text first"):
            self.case.action_answer()
        self.case.answer = "<p>Done.</p>"
        self.customer.email = "not an address"
        with self.assertRaisesRegex(UserError, "who informed the customer"):
            self.case.action_answer()
        self.assertEqual(self.case.state, "investigating")
        self.assertFalse(self.case.first_contact_at)

    def test_the_secret_of_the_call_back_is_the_customers(self):
        self.case.message_subscribe(self.user_service.partner_id.ids)
        self.case.message_subscribe(self.caller.partner_id.ids)
        self.case.action_answer()
        token = self.case.sudo().visit_ids.link_token
        message = self._mail("Sent again.")
        self.assertNotIn(token, "".join(self.case.sudo().message_ids.mapped("body")))
        mails = self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])
        ours = mails.filtered(lambda m: m.recipient_ids == self.customer)
        self.assertIn(token, ours.body_html)
        self.assertTrue(mails - ours)
        self.assertNotIn(token, "".join((mails - ours).mapped("body_html")))

    def test_an_extension_that_bounced_was_not_told(self):
        clock = self._clock(self.case, "answer")
        extension = self.env["customer.sla.extension"].with_user(self.user_service)
        extension = extension.create(
            {
                "complaint_id": self.case.id,
                "clock_id": clock.id,
                "amount": 2,
                "reason": "The laboratory is late",
            }
        )
        extension.action_submit()
        extension.with_user(self.user_service_supervisor).action_approve()
        self.assertTrue(extension.told_at)
        self._fail(self._mail("laboratory"))
        self.assertFalse(extension.told_at)
        self.assertTrue(self._reminders("undelivered"))


@tagged("post_install", "-at_install")
class TestWhoIsTold(ReachCase):
    """The first who can act: handler, leader, members, heads of service; all where safety is concerned."""

    def test_who_can_act(self):
        users = self.user_service | self.user_sales | self.plain_user
        self.assertEqual(able(users, self.company), users)
        self.user_sales.active = False
        self.assertEqual(able(users, self.company), self.user_service | self.plain_user)
        self.assertEqual(able(users, self.company, self.case), self.user_service)
        self.assertFalse(able(users, self.other_company))

    def test_the_chain(self):
        leader, members = self.user_service_supervisor, self.team.member_ids
        self.assertEqual(self.case._who_is_told(), self.user_service)
        self.user_service.write(
            {
                "out_of_office_from": utc("2026-10-20 00:00"),
                "out_of_office_to": False,
            }
        )
        self.assertEqual(self.case._who_is_told(), leader, "the handler is away")
        self.user_service.out_of_office_from = False
        self.user_service.active = False
        self.assertEqual(self.case._who_is_told(), leader)
        self.team.user_id = False
        self.assertEqual(self.case._who_is_told(), members - self.user_service)
        self.team.member_ids = [Command.clear()]
        self.assertIn(leader, self.case._who_is_told(), "heads of service")

    def test_everybody_is_away(self):
        groups = (self.user_service, self.user_service_supervisor)
        away = {"out_of_office_from": utc("2026-10-20 00:00"), "out_of_office_to": False}
        (self.user_service | self.user_service_supervisor).write(away)
        self.assertEqual(told(groups, self.company), self.user_service)

    def test_a_new_case_without_handler_finds_the_leader(self):
        case = self._complaint(user=self.user_sales, user_id=False)
        self.assertEqual(self._reminders("new", case).user_id, self.user_service_supervisor)
        case.with_user(self.user_service).action_take()
        self.assertFalse(self._reminders("new", case))

    def test_somebody_could_get_hurt(self):
        case = self._complaint(user_id=self.user_service.id)
        self.assertFalse(self._reminders("safety", case))
        case.safety_relevant = True
        people = self._reminders("safety", case).user_id
        self.assertLessEqual(
            self.user_service | self.caller | self.user_service_supervisor | self.user_manager,
            people,
        )
        count = len(case.sudo().activity_ids)
        case.safety_relevant = False
        case.safety_relevant = True
        self.assertEqual(len(case.sudo().activity_ids), count, "told once")
        self.assertGreater(case.urgency, self.case.urgency)

    def test_of_many_dangers_everybody_hears_once(self):
        last = self.env["mail.message"].sudo().search([], order="id DESC", limit=1)
        vals = {"partner_id": self.customer.id, "team_id": self.team.id, "safety_relevant": True}
        vals["category_id"] = self.delivery.id
        cases = self.env["customer.complaint"].with_user(self.user_service)
        cases = cases.create([{**vals, "subject": f"Hot {n}"} for n in range(3)])
        leader = self.user_service_supervisor
        messages = self.env["mail.message"].sudo().search([("id", ">", last.id)])
        told = messages.filtered(
            lambda m: leader.partner_id in m.notified_partner_ids and "hurt" in (m.subject or "")
        )
        self.assertEqual(len(told), 1)
        for case in cases:
            self.assertIn(case.name, told.body)
            self.assertIn(leader, self._reminders("safety", case).user_id)

    def test_a_message_on_a_case_that_nobody_reads(self):
        for state in ("open", "cancelled"):
            case = self._complaint(user=self.user_sales, user_id=False)
            case.sudo().activity_ids.unlink()
            if state == "cancelled":
                case.sudo().write({"cancel_reason": "A question"})
                case.sudo().action_cancel()
            case.sudo().with_user(self.env.ref("base.user_root")).message_post(
                body="It burns",
                author_id=self.customer.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            heard = self._reminders("wrote", case).user_id
            heard |= case.sudo().message_ids.sorted("id")[-1].notified_partner_ids.user_ids
            self.assertIn(self.user_service_supervisor, heard, state)

    def test_a_late_clock_tells_somebody_who_can_act(self):
        self.user_service.active = False
        with freeze_time(utc("2026-11-10 10:00") + timedelta(minutes=5)):
            self.env["customer.sla.clock"]._cron_process()
        notices = self.env["customer.sla.notice"].search([("company_id", "=", self.company.id)])
        self.assertTrue(notices)
        self.assertNotIn(self.user_service, notices.user_id)
        self.assertIn(self.user_service_supervisor, notices.user_id)
