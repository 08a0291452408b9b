from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..complaint.sla_case import SlaCase, local, utc
from ..mixins.job_case import JobCaseMixin, small_batches

PROCESS = "odoo.addons.customer_governance.models.sla.customer_sla_clock"


@tagged("post_install", "-at_install")
class TestSlaJob(JobCaseMixin, SlaCase):
    """Warnings, breaches, escalation: each once, in working time. Friday is 2026-10-23."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clocks = cls.env["customer.sla.clock"]
        cls.notices = cls.env["customer.sla.notice"]
        with freeze_time(utc("2026-10-23 09:00")):
            cls.case = cls._received("2026-10-23 09:00", user_id=cls.user_service.id)
        # one clock is enough here: answer, due 2026-10-28 23:59:59, warned at 80 % of the work
        (cls.case.sudo().clock_ids - cls._clock(cls.case, "answer"))._append(
            "drop", utc("2026-10-23 09:01")
        )

    def run_at(self, when):
        """Run the job at a local time; return the new messages as {(login, level)}."""
        before = self.notices.search([])
        with freeze_time(utc(when)):
            self.clocks._cron_process()
        new = self.notices.search([]) - before
        self.assertTrue(all(new.mapped("sent_at")))
        mine = new.filtered(lambda n: set(n.clock_ids) & set(self.case.sudo().clock_ids.ids))
        return {
            (n.user_id.login, n.level) for n in mine if n.user_id != self.env.ref("base.user_admin")
        }

    def test_chain_each_once_in_working_time(self):
        handler, leader = self.user_service.login, self.user_service_supervisor.login
        self.assertEqual(self.run_at("2026-10-27 10:00"), set())
        self.assertEqual(self.run_at("2026-10-28 15:00"), {(handler, 1)})
        self.assertEqual(self.run_at("2026-10-28 15:05"), set())
        # due at midnight: nobody works
        self.assertEqual(self.run_at("2026-10-29 00:01"), set())
        self.assertEqual(self.run_at("2026-10-29 07:59"), set())
        self.assertEqual(self.run_at("2026-10-29 08:00"), {(handler, 2), (leader, 3)})
        self.assertEqual(self.run_at("2026-10-29 08:00"), set())

    def test_escalation_goes_up_the_chain(self):
        handler, leader = self.user_service.login, self.user_service_supervisor.login
        manager = self.user_manager.login
        policy = self._clock(self.case, "answer").policy_id
        levels = {e.recipient: e.level for e in policy.escalation_ids}
        self.assertEqual(
            self.run_at("2026-10-29 09:00"), {(handler, 2), (leader, levels["leader"])}
        )
        self.assertEqual(
            self.run_at("2026-10-30 09:00"),
            {(leader, levels["supervisor"]), (manager, levels["supervisor"])},
        )
        # 72 hours are over on Saturday night: told on Monday
        self.assertEqual(self.run_at("2026-11-01 10:00"), set())
        self.assertEqual(self.run_at("2026-11-02 08:30"), {(manager, levels["manager"])})
        self.assertEqual(self.run_at("2026-11-09 08:30"), set())

    def test_a_week_of_downtime_loses_no_link_of_the_chain(self):
        found = self.run_at("2026-11-05 10:00")
        policy = self._clock(self.case, "answer").policy_id
        self.assertEqual(
            {level for _login, level in found}, {2, *policy.escalation_ids.mapped("level")}
        )
        self.assertNotIn(
            1, {level for _login, level in found}, "no warning of what is late already"
        )
        self.assertEqual(self.run_at("2026-11-05 10:05"), set())

    def test_done_clocks_are_left_alone(self):
        self._clock(self.case, "answer")._append("stop", utc("2026-10-28 10:00"))
        self.assertEqual(self.run_at("2026-11-05 10:00"), set())

    def test_extension_warns_anew(self):
        self.run_at("2026-10-28 15:00")
        with freeze_time(utc("2026-10-28 16:00")):
            self.case.sudo()._sla_extend("answer", 5, "more")
        self.assertEqual(self.run_at("2026-10-29 09:00"), set())
        self.assertEqual(self.run_at("2026-11-04 15:00"), {(self.user_service.login, 1)})

    def test_pause_ends_by_itself_at_its_own_instant(self):
        with freeze_time(utc("2026-10-26 10:00")):
            self.case.sudo()._sla_pause("part", utc("2026-10-27 10:00"))
        clock = self._clock(self.case, "answer")
        self.assertEqual(local(clock.deadline), "2026-10-29 23:59")
        self.run_at("2026-10-28 02:00")
        clock.invalidate_recordset()
        self.assertEqual((clock.state, local(clock.deadline)), ("running", "2026-10-29 23:59"))
        line = clock.event_ids.sorted("id")[-1]
        self.assertEqual((line.kind, local(line.at)), ("resume", "2026-10-27 10:00"))
        self.assertFalse(line.user_id)
        self.assertProved(clock)

    def test_paused_clocks_are_quiet(self):
        with freeze_time(utc("2026-10-28 10:00")):
            self.case.sudo()._sla_pause("part", utc("2026-11-06 10:00"))
        self.assertEqual(self.run_at("2026-11-03 10:00"), set())

    def test_nobody_is_handler_the_team_leader_is_told(self):
        self.case.sudo().write({"user_id": False})
        self.assertIn((self.user_service_supervisor.login, 1), self.run_at("2026-10-28 15:00"))

    def test_without_handler_and_team_the_heads_of_service_are_told(self):
        self.case.sudo().write({"user_id": False, "team_id": False})
        self.assertIn((self.user_service_supervisor.login, 1), self.run_at("2026-10-28 15:00"))

    def test_who_is_away_comes_after_who_is_there(self):
        people = [self.user_service, self.user_service_supervisor, self.caller]
        names = [user.login for user in people]
        for away, told in ((people[:1], names[1]), (people[:2], names[2]), (people, names[0])):
            for user in people:
                user.out_of_office_from = utc("2026-10-20 00:00") if user in away else False
            self.env.flush_all()
            with self.subTest(told), self.env.cr.savepoint() as savepoint:
                self.assertEqual(self.run_at("2026-10-28 15:00"), {(told, 1)})
                self.env.flush_all()
                savepoint.rollback()
                self.env.invalidate_all()
        # back again
        self.user_service.out_of_office_to = utc("2026-10-28 09:00")
        self.assertEqual(self.run_at("2026-10-28 15:00"), {(names[0], 1)})

    def test_a_call_back_whose_caller_is_away(self):
        with freeze_time(utc("2026-10-23 10:00")):
            self.case.action_investigate()
            self.case.answer = "<p>Sent again.</p>"
            self.case.action_answer()
        self.caller.out_of_office_from = utc("2026-10-20 00:00")
        found = self.run_at("2026-10-28 09:00")
        self.assertIn((self.user_service_supervisor.login, 2), found)
        self.assertFalse({self.caller.login, self.user_service.login} & {u for u, _level in found})

    def test_a_call_back_is_told_to_who_calls(self):
        with freeze_time(utc("2026-10-23 10:00")):
            self.case.action_investigate()
            self.case.answer = "<p>Sent again.</p>"
            self.case.action_answer()
        found = self.run_at("2026-10-28 09:00")
        self.assertIn((self.caller.login, 2), found)
        self.assertNotIn(self.user_service.login, {login for login, _level in found})

    def test_a_call_back_of_nobody_is_told_to_the_leader_not_to_the_handler(self):
        with freeze_time(utc("2026-10-23 10:00")):
            self.case.action_investigate()
            self.case.answer = "<p>Sent again.</p>"
            self.case.action_answer()
        self.case.sudo().visit_ids.user_id = False
        found = self.run_at("2026-10-28 09:00")
        self.assertIn((self.user_service_supervisor.login, 2), found)
        self.assertNotIn(self.user_service.login, {login for login, _level in found})

    def test_a_dispatch_is_told_to_its_addressee(self):
        self.lab.user_id = self.user_quality
        with freeze_time(utc("2026-10-23 10:00")):
            dispatch = self._dispatch(self.case)
        found = self.run_at("2026-10-26 09:00")
        self.assertIn((self.user_quality.login, 2), found)
        self.assertNotIn((self.user_service.login, 2), found)
        with freeze_time(utc("2026-10-26 10:00")):
            dispatch.with_user(self.user_quality).action_accept()
            self.case.sudo()._sla_extend("first_result", 72, "more")
        dispatch.sudo().user_id = self.caller
        self.assertIn((self.caller.login, 2), self.run_at("2026-10-30 09:00"))

    def test_a_dispatch_to_a_provider_is_told_to_the_handler(self):
        provider = self._new_customer("Fix It")
        with freeze_time(utc("2026-10-23 10:00")):
            self._dispatch(self.case, team_id=False, provider_id=provider.id)
        self.assertIn((self.user_service.login, 2), self.run_at("2026-10-26 09:00"))

    def test_one_message_for_many_cases(self):
        with freeze_time(utc("2026-10-23 09:00")):
            cases = self.env["customer.complaint"].create(
                [
                    {
                        "subject": f"Case {n}",
                        "partner_id": self._new_customer(f"Many {n}").id,
                        "category_id": self.delivery.id,
                        "team_id": self.team.id,
                        "user_id": self.user_service.id,
                        "received_at": utc("2026-10-23 09:00"),
                    }
                    for n in range(5)
                ]
            )
        with freeze_time(utc("2026-11-05 10:00")):
            self.clocks._cron_process()
        mine = self.notices.search(
            [("user_id", "=", self.user_service.id), ("level", "=", 2)], limit=1
        )
        late = cases.sudo().clock_ids | self._clock(self.case, "answer")
        self.assertEqual(set(mine.clock_ids), set(late.ids))
        message = self.env["mail.message"].search(
            [("partner_ids", "in", self.user_service.partner_id.ids)], order="id desc", limit=1
        )
        self.assertIn("Case 3", message.body)

    def test_statements_do_not_grow_with_the_clocks(self):
        counts = []
        for number in (1, 25):
            with freeze_time(utc("2026-10-23 09:00")):
                self.env["customer.complaint"].create(
                    [
                        {
                            "subject": "x",
                            "partner_id": self._new_customer(f"S{number}.{n}").id,
                            "category_id": self.delivery.id,
                            "team_id": self.team.id,
                            "received_at": utc("2026-10-23 09:00"),
                        }
                        for n in range(number)
                    ]
                )
            with freeze_time(utc("2026-11-05 10:00")):
                self.clocks._process_notices()  # caches of groups
                with freeze_time(utc("2026-11-16 10:00")):
                    self.env.flush_all()
                    before = self.env.cr.sql_log_count
                    self.clocks._process_notices()
                    counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_slices_move_all_clocks_and_send_all_messages(self):
        people = self._new_users({f"h{n}": "customer_governance.group_service" for n in range(6)})
        for number, user in enumerate(people.values()):
            self._received(
                "2026-10-23 09:00",
                user_id=user.id,
                partner_id=self._new_customer(f"Slice {number}").id,
            )
        cron = self.env.ref("customer_governance.cron_sla")
        with freeze_time(utc("2026-11-16 10:00")), patch(f"{PROCESS}.BATCH", 4), small_batches(3):
            self.run_slices(cron, 100)
            unsent = self.notices.search([("sent_at", "=", False)])
            told = self.notices.search([("user_id", "in", [u.id for u in people.values()])])
            due = self.clocks.search(
                [("state", "=", "running"), ("next_notice_at", "<=", utc("2026-11-16 10:00"))]
            )
            number = self.notices.search_count([])
            self.run_slices(cron, 100)
        self.assertFalse(unsent or due)
        self.assertEqual(len(told.user_id), 6)
        self.assertEqual(self.notices.search_count([]), number, "nobody is told twice")

    def test_a_message_that_fails_does_not_stop_the_others(self):
        other = self.notices.create(
            {
                "company_id": self.company.id,
                "res_model": "customer.complaint",
                "user_id": self.user_quality.id,
                "level": 2,
                "clock_ids": [0],
            }
        )
        good = self.notices.create(
            {
                "company_id": self.company.id,
                "res_model": "customer.complaint",
                "user_id": self.user_service.id,
                "level": 2,
                "clock_ids": self._clock(self.case, "answer").ids,
            }
        )
        send = type(self.notices)._notify

        def fail(notice):
            if notice.id == other.id:
                raise ValueError("no mail server")
            return send(notice)

        self.patch(type(self.notices), "_notify", fail)
        with self.assertLogs(
            "odoo.addons.customer_governance.models.sla.customer_sla_notice", "ERROR"
        ):
            self.notices._send_all()
        self.assertTrue(good.sent_at)
        self.assertFalse(other.sent_at)
        self.assertEqual(other.failures, 1)

    def test_calendar_correction_is_followed_through_the_ledger(self):
        clock = self._clock(self.case, "answer")
        self._holiday("2026-10-26")
        self.assertTrue(self.company.sla_is_stale)
        self.run_at("2026-10-24 10:00")
        clock.invalidate_recordset()
        self.assertEqual(local(clock.deadline), "2026-10-29 23:59")
        self.assertEqual(clock.event_ids.sorted("id")[-1].kind, "recalculate")
        self.assertEqual(self.case.sla_deadline, clock.deadline)
        self.assertFalse(self.company.sla_is_stale)
        self.assertProved(clock)
        lines = len(clock.event_ids)
        self.env["customer.working.calendar"]._calendar_changed(self.company)
        self.run_at("2026-10-24 11:00")
        self.assertEqual(len(clock.event_ids), lines, "nothing moved: no line")

    def test_closed_deadlines_stay_as_they_were(self):
        self.case._sla_fact("answer", utc("2026-10-28 10:00"))
        clock = self._clock(self.case, "answer")
        self._holiday("2026-10-26")
        self.run_at("2026-10-29 10:00")
        self.assertEqual(local(clock.deadline), "2026-10-28 23:59")
