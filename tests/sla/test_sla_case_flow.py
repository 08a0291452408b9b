from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..complaint.sla_case import SlaCase, local, utc


@tagged("post_install", "-at_install")
class TestSlaCaseFlow(SlaCase):
    """What happens to a case, told to its clocks. Friday is 2026-10-23."""

    def test_registration_starts_the_promises_of_the_policies(self):
        early = self._received("2026-10-23 16:30")
        self.assertEqual(
            self._deadlines(early),
            {
                "acknowledge": "2026-10-23 23:59",
                "first_contact": "2026-10-24 16:30",
                "answer": "2026-10-28 23:59",
                "close": "2026-11-03 23:59",
            },
        )
        late = self._received("2026-10-23 16:31", severity="major")
        self.assertEqual(
            self._deadlines(late),
            {
                "acknowledge": "2026-10-26 23:59",
                "first_contact": "2026-10-24 16:31",
                "report": "2026-10-26 23:59",
                "answer": "2026-11-02 23:59",
                "close": "2026-11-16 23:59",
            },
        )
        repair = self._received("2026-10-23 10:00", kind="repair")
        self.assertEqual(self._deadlines(repair)["answer"], "2026-10-28 23:59")
        self.assertNotIn("close", self._deadlines(repair))
        self.assertEqual(early.sla_deadline, utc("2026-10-23 23:59:59"))
        self.assertProved((early | late | repair).clock_ids)

    def test_complex_has_a_plan_and_more_time(self):
        case = self._received("2026-10-23 10:00", severity="complex")
        deadlines = self._deadlines(case)
        self.assertEqual(deadlines["plan"], "2026-10-30 23:59")
        self.assertEqual(deadlines["close"], "2026-11-13 23:59")
        self.assertNotIn("answer", deadlines)

    def test_creating_many_needs_no_more_statements(self):
        self._complaint()
        counts = []
        for number in (2, 12):
            cases = self.env["customer.complaint"].create(
                [
                    {
                        "subject": "Overdue",
                        "partner_id": self._new_customer(f"C{number}{n}").id,
                        "category_id": self.delivery.id,
                        "team_id": self.team.id,
                    }
                    for n in range(number)
                ]
            )
            cases.clock_ids.sudo()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            cases._sla_fact("first_contact")
            cases._sla_fact("acknowledge")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_whole_life(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00")
            dispatch = self._dispatch(case)
        self.assertEqual(self._deadlines(case)["accept"], "2026-10-23 23:59")
        with freeze_time(utc("2026-10-23 11:00")):
            dispatch.with_user(self.user_quality).action_accept()
        self.assertEqual(self._clock(case, "accept").state, "met")
        with freeze_time(utc("2026-10-27 10:00")):
            case.answer = "<p>Sent again.</p>"
            case.action_answer()
        states = {c.milestone: c.state for c in case.sudo().clock_ids}
        self.assertEqual(states["answer"], "met")
        self.assertEqual(states["first_contact"], "late")
        self.assertEqual(states["first_result"], "late")
        self.assertEqual(self._deadlines(case)["callback"], "2026-10-29 23:59")
        with freeze_time(utc("2026-10-30 10:00")):
            self._call_back(case, "satisfied")
            case.action_close()
        states = {c.milestone: c.state for c in case.sudo().clock_ids}
        self.assertEqual(states["callback"], "late")
        self.assertEqual(states["close"], "met")
        self.assertFalse(case.sla_deadline)
        self.assertEqual(case.sla_state, "none")
        self.assertProved(case.clock_ids)

    def test_returned_dispatch_starts_again_with_the_next(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00")
            dispatch = self._dispatch(case)
            dispatch.with_user(self.user_quality).action_return("not ours")
        self.assertEqual(self._clock(case, "accept").state, "dropped")
        with freeze_time(utc("2026-10-26 10:00")):
            self._dispatch(case)
        accept = self._clock(case, "accept")
        self.assertEqual((accept.state, local(accept.deadline)), ("running", "2026-10-26 23:59"))
        self.assertProved(accept)

    def test_reopened(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00")
            case.action_investigate()
            case.answer = "<p>No.</p>"
            case.action_answer()
        with freeze_time(utc("2026-10-26 16:31")):
            self._call_back(case, "not_solved")
        answer, callback = self._clock(case, "answer"), self._clock(case, "callback")
        self.assertEqual((answer.state, local(answer.deadline)), ("running", "2026-10-30 23:59"))
        self.assertEqual(answer.first_state, "met", "the first answer stays a fact")
        self.assertEqual(answer.first_reached_at, utc("2026-10-23 10:00"))
        self.assertFalse(answer.reached_at)
        self.assertNotEqual(callback.state, "running", "the call-back waits for the next answer")
        with freeze_time(utc("2026-10-28 10:00")):
            case.answer = "<p>Sent again.</p>"
            case.action_answer()
        callback = self._clock(case, "callback")
        self.assertEqual(
            (callback.state, local(callback.deadline)), ("running", "2026-10-30 23:59")
        )
        self.assertProved(case.clock_ids)

    def test_cancelled_is_dropped_not_met(self):
        case = self._received("2026-10-23 10:00")
        case.cancel_reason = "Wrong number"
        case.action_cancel()
        self.assertEqual(set(case.sudo().clock_ids.mapped("state")), {"dropped"})

    def test_closed_without_the_facts_is_missed(self):
        case = self._received("2026-10-23 10:00")
        case._sla_fact("close", utc("2026-10-23 12:00"))
        states = {c.milestone: c.state for c in case.sudo().clock_ids}
        self.assertEqual(states["close"], "met")
        self.assertEqual(states["answer"], "missed")
        self.assertEqual(states["first_contact"], "missed")

    def test_a_major_case_has_answer_and_close_beside_its_report(self):
        deadlines = self._deadlines(self._received("2026-10-23 10:00", severity="major"))
        self.assertEqual(
            (deadlines["report"], deadlines["answer"], deadlines["close"]),
            ("2026-10-26 23:59", "2026-10-30 23:59", "2026-11-13 23:59"),
        )

    def test_severity_changes(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00")
        before = self._deadlines(case)
        with freeze_time(utc("2026-10-26 10:00")):
            self._change_class(case, "A danger", severity="complex")
        # 15 days to close and no answer would be complex; nothing gets later, nothing falls away
        self.assertEqual(self._deadlines(case), {**before, "plan": "2026-11-02 23:59"})
        answer = self._clock(case, "answer")
        self.assertEqual(answer.state, "running")
        self.assertEqual(
            answer.event_ids.mapped(lambda e: (e.kind, e.reason or "")),
            [("start", ""), ("change", "A danger")],
        )
        self.assertProved(case.clock_ids)

    def test_lower_severity_has_the_nearer_close(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00", severity="complex")
        with freeze_time(utc("2026-10-26 10:00")):
            self._change_class(case, severity="general")
        deadlines = self._deadlines(case)
        self.assertEqual(deadlines["close"], "2026-11-03 23:59", "7 days from its own start")
        self.assertEqual(deadlines["answer"], "2026-10-29 23:59", "a new promise starts now")
        self.assertEqual(self._clock(case, "plan").state, "running")
        self.assertIn("which is earlier", self._clock(case, "close").explanation)
        self.assertProved(case.clock_ids)

    def test_severity_to_and_fro_wins_no_time(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00")
        before = self._deadlines(case)
        for moment, severity in (("26 10:00", "complex"), ("27 10:00", "general")):
            with freeze_time(utc(f"2026-10-{moment}")):
                self._change_class(case, severity=severity)
        self.assertEqual({**before, "plan": "2026-11-02 23:59"}, self._deadlines(case))
        self.assertEqual(self._clock(case, "answer").state, "running")
        self.assertProved(case.clock_ids)

    def test_a_repair_request_keeps_the_close(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00")
            before = self._deadlines(case)
            self._change_class(case, kind="repair")
        self.assertEqual(self._deadlines(case), before)
        self.assertEqual(self._clock(case, "close").state, "running")
        self.assertProved(case.clock_ids)

    def test_a_major_case_without_open_reports_keeps_its_answer(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00", severity="major")
            for fact in ("acknowledge", "first_contact", "report"):
                case._sla_fact(fact)
        with freeze_time(utc("2026-10-26 10:00")):
            self._change_class(case, severity="general")
        deadlines = self._deadlines(case)
        # three working days instead of five, from the receipt
        self.assertEqual(
            (deadlines["answer"], deadlines["close"]), ("2026-10-28 23:59", "2026-11-03 23:59")
        )
        self.assertProved(case.clock_ids)

    def test_an_answered_repair_becomes_a_complaint(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00", kind="repair")
            case.action_investigate()
            case.answer = "<p>Sent again.</p>"
            case.action_answer()
            self.assertFalse(self._clock(case, "callback"))
        with freeze_time(utc("2026-10-26 10:00")):
            self._change_class(case, kind="complaint")
        self.assertEqual(self._deadlines(case)["callback"], "2026-10-28 23:59")
        self.assertEqual(self._clock(case, "answer").state, "met")
        self.assertProved(case.clock_ids)

    def test_what_happened_is_not_promised_again(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00", severity="complex")
            dispatch = self._dispatch(case)
            dispatch.with_user(self.user_quality).action_return("not ours")
            case.action_investigate()
            case.answer = "<p>Sent again.</p>"
            case.action_answer()
            self._change_class(case, severity="general")
        self.assertFalse(self._clock(case, "answer"), "the answer was given before")
        self.assertEqual(self._clock(case, "accept").state, "dropped", "no dispatch waits")

    def test_reopened_counts_what_was_promised_before_the_case_was_raised(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00")
            case.action_investigate()
            self._change_class(case, severity="complex")
            case.answer = "<p>Sent again.</p>"
            case.action_answer()
            case.action_reopen("Still leaking")
        answer = self._clock(case, "answer")
        self.assertEqual((answer.state, local(answer.deadline)), ("running", "2026-10-28 23:59"))
        self.assertProved(case.clock_ids)

    def test_one_answered_case_starts_nothing_for_another(self):
        with freeze_time(utc("2026-10-23 10:00")):
            complaint = self._received("2026-10-23 10:00")
            other = self._received("2026-10-23 10:00", kind="repair")
            cases = complaint | other
            cases.action_investigate()
            self._change_class(other, kind="complaint")
            cases.write({"answer": "<p>Sent again.</p>"})
            cases.action_answer()
            self._change_class(other, kind="repair")
            cases.action_reopen("Still leaking")
            cases.write({"answer": "<p>Sent again.</p>"})
            cases.action_answer()
        self.assertEqual(self._clock(complaint, "callback").state, "running")
        self.assertEqual(self._clock(other, "callback").state, "dropped")

    # -- pause --------------------------------------------------------------------------------

    def test_pause_over_a_weekend(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00")
            case.sudo()._sla_pause("waiting for the part")
            self.assertEqual(self._clock(case, "acknowledge").state, "running")
            self.assertEqual(self._clock(case, "answer").state, "paused")
        with freeze_time(utc("2026-10-27 10:00")):
            case.sudo()._sla_resume()
        answer = self._clock(case, "answer")
        self.assertEqual((answer.state, local(answer.deadline)), ("running", "2026-10-30 23:59"))
        self.assertProved(case.clock_ids)

    def test_pause_has_a_reason_and_a_cap_for_all_pauses_together(self):
        self.company.sla_pause_days = 3
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00").sudo()
            with self.assertRaises(UserError):
                case._sla_pause(" ")
            with self.assertRaises(UserError):
                case._sla_pause("long", utc("2026-10-26 10:01"))
            case._sla_pause("short", utc("2026-10-24 10:00"))
        with freeze_time(utc("2026-10-25 10:00")):
            with self.assertRaises(UserError):
                case._sla_pause("again", utc("2026-10-27 10:01"))
            case._sla_pause("again")
        self.assertEqual(local(self._clock(case, "answer").paused_until), "2026-10-27 10:00")
        with freeze_time(utc("2026-10-28 10:00")), self.assertRaises(UserError):
            case._sla_pause("no more")

    def test_wizard_pauses_for_people_who_work_on_cases(self):
        case = self._complaint()
        wizard = (
            self.env["customer.sla.pause"]
            .with_user(self.user_service)
            .create({"complaint_ids": [(6, 0, case.ids)], "reason": "Waiting"})
        )
        wizard.action_pause()
        self.assertEqual(self._clock(case, "answer").state, "paused")
        self.assertEqual(case.with_user(self.user_service).sla_state, "paused")
        case.with_user(self.user_service).action_sla_resume()
        self.assertEqual(self._clock(case, "answer").state, "running")
        for action in ("action_sla_pause", "action_sla_resume", "action_sla_extend"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(case.with_user(self.user_sales), action)()

    # -- ledger -------------------------------------------------------------------------------

    def test_ledger_is_only_added_to(self):
        case = self._complaint()
        line = case.sudo().clock_ids[0].event_ids
        for change in (
            lambda: line.write({"at": "2020-01-01 00:00:00"}),
            line.unlink,
            lambda: line.copy(),
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(AccessError):
            case.sudo().clock_ids[0].with_user(self.user_manager).write(
                {"deadline": "2030-01-01 00:00:00"}
            )

    def test_explanation_tells_every_step(self):
        with freeze_time(utc("2026-10-23 16:31")):
            case = self._received("2026-10-23 16:31")
            case.sudo()._sla_pause("waiting for the <part>")
        text = self._clock(case, "answer").with_user(self.user_service).explanation
        self.assertIn("within 3 working days", text)
        self.assertIn("waiting for the &lt;part&gt;", text)
        self.assertIn("the deadline is the same", text)
        self.assertNotIn("<part>", text)

    def test_states_that_depend_on_now_need_no_job(self):
        case = self._received("2026-10-23 10:00")
        clocks = self.env["customer.sla.clock"]
        mine = [("complaint_id", "=", case.id), ("milestone", "=", "answer")]
        for when, overdue, warning in (
            ("2026-10-26 10:00", False, False),
            ("2026-10-28 16:00", False, True),
            ("2026-10-28 23:59:59", False, True),
            ("2026-10-29 00:00:00", True, False),
        ):
            with self.subTest(when), freeze_time(utc(when)):
                clock = clocks.search(mine)
                clock.invalidate_recordset()
                self.assertEqual((clock.is_overdue, clock.is_warning), (overdue, warning))
                for name, value in (("is_overdue", overdue), ("is_warning", warning)):
                    self.assertEqual(clocks.search_count([*mine, (name, "=", True)]), value)
                    self.assertEqual(clocks.search_count([*mine, (name, "=", False)]), not value)
                left = clock.remaining_hours
                self.assertEqual(
                    clocks.search_count([*mine, ("remaining_hours", "<=", left + 0.01)]), 1
                )
                self.assertEqual(
                    clocks.search_count([*mine, ("remaining_hours", "<", left - 0.01)]), 0
                )

    def test_state_of_the_case_is_that_of_its_clocks(self):
        """The case keeps three instants of its clocks; together they say what the clocks say."""
        case = self._received("2026-10-23 10:00")
        with freeze_time(utc("2026-10-23 10:10")):
            case._sla_fact("acknowledge")
            case._sla_fact("first_contact")
        with freeze_time(utc("2026-10-27 10:00")):
            case.sudo()._sla_pause("waiting", utc("2026-10-29 10:00"))
        seen = set()
        for hours in range(0, 24 * 12, 3):
            now = utc("2026-10-27 10:00") + timedelta(hours=hours)
            with self.subTest(now), freeze_time(now):
                self.env.invalidate_all()
                clocks = case.sudo().clock_ids
                paused = clocks.filtered_domain(
                    [("state", "=", "paused"), ("paused_until", ">", now)]
                )
                expected = (
                    "overdue"
                    if any(clocks.mapped("is_overdue"))
                    else "warning"
                    if any(clocks.mapped("is_warning"))
                    else "paused"
                    if paused
                    else "on_time"
                )
                self.assertEqual(case.sla_state, expected)
                seen.add(expected)
        self.assertEqual(seen, {"paused", "on_time", "warning", "overdue"})

    def test_state_of_the_case_searched_is_the_state_shown(self):
        cases = self._received("2026-10-23 10:00") | self._received("2026-10-28 10:00")
        other = self._new_customer("Without repeats")
        paused = self._received("2026-10-28 10:00", partner_id=other.id)
        for milestone in ("acknowledge", "first_contact"):
            paused._sla_fact(milestone, utc("2026-10-28 10:10"))
        over = self._received("2026-10-28 10:00")
        over.sudo()._sla_drop("none")
        cases |= paused | over
        with freeze_time(utc("2026-10-28 11:00")):
            paused.sudo()._sla_pause("waiting")
            cases.invalidate_recordset()
            states = cases.mapped("sla_state")
            self.assertEqual(states, ["overdue", "on_time", "paused", "none"])
            for state in ("none", "on_time", "warning", "overdue", "paused"):
                found = cases.search([("id", "in", cases.ids), ("sla_state", "=", state)])
                self.assertEqual(
                    found,
                    cases.filtered(lambda c, state=state: c.sla_state == state).sorted(),
                    state,
                )
            late = cases.search([("id", "in", cases.ids), ("is_sla_overdue", "=", True)])
            self.assertEqual(late, cases[0])
            counted = cases.with_user(self.user_service).read_progress_bar(
                [("id", "in", cases.ids)],
                "state",
                {"field": "sla_state", "colors": {"on_time": "", "overdue": "", "paused": ""}},
            )
            self.assertEqual(
                counted, {"registered": {"on_time": 1, "overdue": 1, "paused": 1}}, "kanban bars"
            )
