import random
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..complaint.sla_case import SlaCase, utc


@tagged("post_install", "-at_install")
class TestSlaChanges(SlaCase):
    """Whoever changes what an open case is wins no time by it. Friday is 2026-10-23."""

    @classmethod
    def setUpClass(cls):
        """Look up the tiers."""
        super().setUpClass()
        cls.tiers = {
            name: cls.env.ref(f"customer_governance.tier_{name}")
            for name in ("strategic", "key", "standard")
        }

    # -- who may, and how ---------------------------------------------------------------------

    def test_the_supervisor_changes_the_class_with_a_reason(self):
        case = self._received("2026-10-23 10:00")
        for user in (self.user_service, self.user_quality, self.user_manager):
            for values in (
                {"severity": "major"},
                {"kind": "repair"},
                {"category_id": self.quality.id},
            ):
                with self.subTest(user.login, values=values):
                    refused = UserError if user == self.user_manager else AccessError
                    with self.assertRaises(refused), self.env.cr.savepoint():
                        case.with_user(user).write(values)
        with self.assertRaises(AccessError):
            case.with_user(self.user_service).action_change_class()
        with self.assertRaises(UserError):
            self._change_class(case, reason=" ", severity="major")
        # what is the same is no change
        case.with_user(self.user_service).write({"severity": "general", "subject": "Other"})
        tracked = case.with_user(self.user_service_supervisor).with_context(tracking_disable=False)
        tracked._reclassify({"severity": "major"}, "A danger")
        self.assertEqual(case.severity, "major")
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertIn("A danger", "".join(case.sudo().message_ids.mapped("body")))

    def test_no_caller_makes_up_a_reason(self):
        case = self._received("2026-10-23 10:00").with_user(self.user_service)
        with self.assertRaises(AccessError):
            case.with_context(customer_complaint_change={"reason": "x"}).severity = "major"

    def test_a_mail_is_classified_by_its_first_reader(self):
        case = self._received("2026-10-23 10:00", category_id=False)
        before = self._deadlines(case)
        case.with_user(self.user_service).write(
            {"category_id": self.delivery.id, "kind": "repair", "severity": "complex"}
        )
        self.assertFalse(case.was_complaint, "it never was one")
        self.assertEqual({**before, **self._deadlines(case)}, self._deadlines(case))
        for name, deadline in before.items():
            self.assertLessEqual(self._deadlines(case)[name], deadline)
        with self.assertRaises(AccessError):
            case.with_user(self.user_service).kind = "complaint"

    # -- nothing is rewritten -----------------------------------------------------------------

    def test_a_breach_stays_a_breach(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00")
        with freeze_time(utc("2026-10-30 10:00")):
            self._change_class(case, "Looks bad", severity="major")
            case._sla_fact("report")
            self.assertTrue(self._clock(case, "answer").is_overdue)
            self.assertEqual(self._clock(case, "report").state, "met")
        self.env.flush_all()
        figure = self.env["customer.complaint.figure"].search([("complaint_id", "=", case.id)])
        self.assertEqual((figure.received, figure.replied_in_time), (1, 0))

    def test_a_repair_request_stays_in_the_figures(self):
        case = self._received("2026-10-23 10:00", category_id=self.quality.id)
        self._change_class(case, kind="repair")
        self.env.flush_all()
        figure = self.env["customer.complaint.figure"].search([("complaint_id", "=", case.id)])
        self.assertEqual(figure.received, 1)
        self.assertIn("root cause", " ".join(case._guard_close()))

    def test_a_repeat_is_graver_not_slower(self):
        self._received("2026-10-20 10:00")
        again = self._received("2026-10-23 10:00")
        self.assertEqual(again.severity, "complex")
        deadlines = self._deadlines(again)
        self.assertEqual(
            (deadlines["answer"], deadlines["plan"], deadlines["close"]),
            ("2026-10-28 23:59", "2026-10-30 23:59", "2026-11-03 23:59"),
        )
        self.assertProved(again.clock_ids)

    def test_a_promise_that_does_not_pause_ends_the_pause(self):
        policy = self.env["customer.sla.policy"].create(
            {
                "name": "Key: no pause",
                "kind": "complaint",
                "severity": "general",
                "channel_id": self.hotline.id,
                "tier_id": self.tiers["key"].id,
                "milestone_ids": [
                    (0, 0, {"milestone": "answer", "target": 3, "pausable": False}),
                ],
            }
        )
        policy.action_publish()
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00", channel_id=self.hotline.id)
            case.sudo()._sla_pause("waiting")
        with freeze_time(utc("2026-10-23 11:00")):
            self.customer._set_customer_tier(self.tiers["key"], "test", "manual")
            answer = self._clock(case, "answer")
            self.assertEqual((answer.state, answer.pausable), ("running", False))
            self.customer._set_customer_tier(self.tiers["standard"], "test", "manual")
            case.sudo()._sla_pause("again")
        self.assertEqual(self._clock(case, "answer").state, "running")
        self.assertProved(case.clock_ids)

    # -- tiers --------------------------------------------------------------------------------

    def test_a_change_of_tier_reaches_open_cases_at_once(self):
        with freeze_time(utc("2026-10-23 10:00")):
            case = self._received("2026-10-23 10:00")
            over = self._received("2026-10-23 10:00", category_id=self.quality.id)
            over.cancel_reason = "none"
            over.action_cancel()
            self.assertEqual(self._deadlines(case)["answer"], "2026-10-28 23:59")
            self.customer._set_customer_tier(self.tiers["strategic"], "test", "manual")
        deadlines = self._deadlines(case)
        self.assertEqual(
            (deadlines["answer"], deadlines["close"]), ("2026-10-26 23:59", "2026-10-28 23:59")
        )
        self.assertEqual((case.sla_priority, over.sla_priority), ("3", "1"))
        self.assertEqual(self._clock(over, "answer").state, "dropped")
        line = self._clock(case, "answer").event_ids.sorted("id")[-1]
        self.assertEqual((line.kind, line.user_id), ("change", self.env.user))
        with freeze_time(utc("2026-10-23 12:00")):
            self.customer._set_customer_tier(self.tiers["standard"], "test", "manual")
        self.assertEqual(self._deadlines(case), deadlines, "shortening only")
        self.assertEqual(case.sla_priority, "1")
        self.assertProved(case.clock_ids)

    def test_only_in_the_company_of_the_tier(self):
        case = self._received("2026-10-23 10:00")
        before = self._deadlines(case)
        self.customer.with_company(self.other_company)._set_customer_tier(
            self.tiers["strategic"], "test", "manual"
        )
        self.assertEqual((self._deadlines(case), case.sla_priority), (before, "1"))

    def test_another_priority_of_a_tier_orders_the_queue(self):
        self.customer._set_customer_tier(self.tiers["standard"], "test", "manual")
        case = self._received("2026-10-23 10:00")
        self.tiers["standard"].sla_priority = "2"
        self.assertEqual(case.sla_priority, "2")

    # -- everything together ------------------------------------------------------------------

    def test_no_sequence_of_changes_makes_a_deadline_later(self):
        """Random changes by every role, with pauses in between; facts and time go on."""
        rng = random.Random(20261130)
        for _run in range(12):
            moment = utc("2026-10-23 10:00") + timedelta(minutes=rng.randrange(9000))
            with freeze_time(moment):
                case = self._complaint(
                    partner_id=self._new_customer(f"Customer {_run}").id,
                    severity=rng.choice(("general", "complex", "major")),
                    kind=rng.choice(("complaint", "complaint", "repair")),
                )
            for _step in range(10):
                moment += timedelta(minutes=rng.randrange(1, 1500))
                with freeze_time(moment):
                    self._random_step(rng, case)
            self.assertProved(case.clock_ids)

    def _random_step(self, rng, case):
        before = {c.milestone: (c.deadline, c.state) for c in case.sudo().clock_ids}
        steps = ("class", "class", "class", "tier", "move", "channel", "pause", "resume", "fact")
        step = rng.choice(steps)
        if step == "class":
            user = rng.choice((self.user_service, self.user_service_supervisor, self.user_manager))
            values = rng.choice(
                (
                    {"severity": rng.choice(("general", "complex", "major"))},
                    {"kind": rng.choice(("complaint", "repair"))},
                    {"category_id": rng.choice((self.delivery, self.quality)).id},
                )
            )
            try:
                with self.env.cr.savepoint():
                    self._change_class(case, user=user, **values)
            except AccessError:
                self.assertEqual(user, self.user_service)
        elif step == "tier":
            tier = rng.choice(list(self.tiers.values()))
            case.partner_id._set_customer_tier(tier, "test", "manual")
        elif step == "move":
            user = rng.choice((self.user_service, self.user_service_supervisor, self.user_manager))
            values = rng.choice(
                ({"partner_id": self.customer.id}, {"company_id": self.other_company.id})
            )
            try:
                with self.env.cr.savepoint():
                    case.with_user(user).write(values)
                    self.env.flush_all()
            except (AccessError, UserError, ValidationError):
                step = "refused"
        elif step == "channel":
            case.with_user(self.user_service).channel_id = rng.choice((self.hotline, self.email))
        elif step == "pause":
            try:
                case.sudo()._sla_pause("waiting")
            except UserError:
                step = "paused as long as allowed"
        elif step == "resume":
            case.sudo()._sla_resume()
        else:
            case._sla_fact(rng.choice(("acknowledge", "first_contact", "plan", "report")))
        for clock in case.sudo().clock_ids.filtered(lambda c: c.milestone in before):
            deadline, state = before[clock.milestone]
            if step not in ("pause", "resume"):
                self.assertLessEqual(clock.deadline, deadline, (step, clock.milestone))
            if state in ("running", "paused"):
                self.assertNotIn(clock.state, ("dropped", "missed"), (step, clock.milestone))
            else:
                self.assertEqual(clock.state, state, (step, clock.milestone))
