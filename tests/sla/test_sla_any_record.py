import re

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged

from ..common import load_fake_models
from ..complaint.sla_case import SlaCase, local, utc
from ..house.source import ROOT, python_files


@tagged("post_install", "-at_install")
class TestSlaKnowsNoDomain(BaseCase):
    def test_names_nothing_above_it(self):
        """Calendar and deadlines serve every domain: neither knows one of those that use them."""
        files = python_files("models/calendar", "models/sla")
        files += [path for path in python_files("engine", "queries") if path.name.startswith("sla")]
        self.assertGreater(len(files), 15)
        for path in [*files, *(ROOT / "views/sla").glob("*.xml"), *(ROOT / "data/sla").glob("*")]:
            text = path.read_text(encoding="utf-8").replace("complaint_policy.Case", "")
            with self.subTest(path.name):
                self.assertFalse(
                    re.findall(r"customer.complaint|complaint_|dispatch|callback", text)
                )


@tagged("post_install", "-at_install")
class TestSlaAnyRecord(SlaCase):
    """A model that no domain knows has deadlines by declaring them. Friday is 2026-10-23."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        from .fake_promise import FakePromise

        load_fake_models(cls, FakePromise)
        cls.promises = cls.env["customer.fake.promise"]
        cls.env["ir.model.access"].create(
            {
                "name": "fake promise",
                "model_id": cls.env["ir.model"]._get("customer.fake.promise").id,
                "group_id": cls.env.ref("customer_governance.group_service").id,
                "perm_read": True,
            }
        )
        cls.policy = cls.env["customer.sla.policy"].create(
            {
                "name": "Promises",
                "res_model": "customer.fake.promise",
                "milestone_ids": [
                    (0, 0, {"milestone": "answer", "target": 3, "unit": "working_days"}),
                    (
                        0,
                        0,
                        {
                            "milestone": "close",
                            "target": 24,
                            "unit": "elapsed_hours",
                            "start": "answered",
                            "shift": False,
                            "pausable": False,
                        },
                    ),
                ],
                "escalation_ids": [(0, 0, {"hours": 24, "recipient": "manager"})],
            }
        )
        cls.policy.action_publish()

    @classmethod
    def _made(cls, text, **vals):
        with freeze_time(utc(text)):
            promise = cls.promises.create(
                {
                    "name": "Promise",
                    "company_id": cls.company.id,
                    "user_id": cls.user_service.id,
                    "made_at": utc(text),
                    **vals,
                }
            )
            promise._sla_start()
        return promise

    def test_its_own_policies_and_no_others(self):
        promise = self._made("2026-10-23 10:00")
        self.assertEqual(self._deadlines(promise), {"answer": "2026-10-28 23:59"})
        clock = promise.clock_ids
        self.assertEqual((clock.res_model, clock.res_id), (promise._name, promise.id))
        self.assertFalse(clock.complaint_id)
        self.assertEqual(clock.display_name, "Promise: Answer")
        self.assertEqual(promise.sla_deadline, clock.deadline)
        self.assertEqual(self.policy.case_count, self.promises.search_count([]))
        case = self._received("2026-10-23 10:00")
        self.assertNotIn(self.policy, case.sudo().clock_ids.policy_id)

    def test_facts_start_what_counts_from_them_and_the_last_ends_it(self):
        promise = self._made("2026-10-23 10:00")
        other = self._made("2026-10-23 10:00")
        promise._sla_fact("answer", utc("2026-10-27 10:00"))
        self.assertEqual(
            self._deadlines(promise), {"answer": "2026-10-28 23:59", "close": "2026-10-28 10:00"}
        )
        self.assertEqual(promise.close_due, utc("2026-10-28 10:00"), "kept on the record")
        promise._sla_fact("close", utc("2026-10-28 10:01"))
        self.assertEqual(
            {c.milestone: c.state for c in promise.clock_ids}, {"answer": "met", "close": "late"}
        )
        other._sla_fact("close", utc("2026-10-28 10:01"))
        self.assertEqual(other.clock_ids.mapped("state"), ["missed"])
        self.assertProved((promise | other).clock_ids)
        with self.assertRaises(ValueError):
            promise._sla_fact("acknowledge")

    def test_pause_and_change_of_the_calendar(self):
        promise = self._made("2026-10-23 10:00")
        with freeze_time(utc("2026-10-26 10:00")):
            promise._sla_pause("waiting", utc("2026-10-27 10:00"))
        self.assertEqual(self._deadlines(promise), {"answer": "2026-10-29 23:59"})
        self._holiday("2026-10-28")
        with freeze_time(utc("2026-10-28 11:00")):
            self.env["customer.sla.clock"]._cron_process()
            self.env.invalidate_all()
            self.assertEqual(self._deadlines(promise), {"answer": "2026-10-30 23:59"})
            self.assertEqual(promise.sla_deadline, promise.clock_ids.deadline)
        self.assertEqual(
            promise.clock_ids.event_ids.sorted("id").mapped("kind"),
            ["start", "pause", "recalculate"],
        )
        self.assertProved(promise.clock_ids)

    def test_extension_is_approved_and_told_by_the_record(self):
        promise = self._made("2026-10-23 10:00")
        with freeze_time(utc("2026-10-26 10:00")):
            extension = (
                self.env["customer.sla.extension"]
                .with_user(self.user_service)
                .create({"clock_id": promise.clock_ids.id, "amount": 2, "reason": "Two days more"})
            )
            extension.action_submit()
            extension.with_user(self.user_service_supervisor).action_approve()
        self.assertEqual(self._deadlines(promise), {"answer": "2026-10-30 23:59"})
        self.assertIn("30", promise.told)
        self.assertTrue(extension.told_at)
        self.assertEqual(extension.display_name, "Promise: Answer")
        self.assertProved(promise.clock_ids)

    def test_people_are_told_by_the_job(self):
        promise = self._made("2026-10-23 10:00")
        case = self._received("2026-10-23 10:00", user_id=self.user_service.id)
        notices = self.env["customer.sla.notice"]
        before = notices.search([])
        with freeze_time(utc("2026-10-30 10:00")):
            self.env["customer.sla.clock"]._cron_process()
        ours = (notices.search([]) - before).filtered(lambda n: n.res_model == promise._name)
        self.assertTrue(all(notice.clock_ids == promise.clock_ids.ids for notice in ours))
        self.assertIn(
            (self.user_service, 2), [(notice.user_id, notice.level) for notice in ours], "late"
        )
        self.assertIn((self.user_manager, 3), [(n.user_id, n.level) for n in ours], "escalated")
        message = self.env["mail.message"].search(
            [("model", "=", promise._name), ("res_id", "=", promise.id)], order="id", limit=1
        )
        self.assertIn(f"/odoo/{promise._name}/{promise.id}", message.body)
        self.assertNotIn(case.name, message.body, "one message for one kind of record")

    def test_rights_of_the_deadline_are_those_of_the_record(self):
        promise = self._made("2026-10-23 10:00")
        clocks = self.env["customer.sla.clock"]
        mine = [("id", "in", promise.clock_ids.ids)]
        lines = [("clock_id", "in", promise.clock_ids.ids)]
        for user, wanted in ((self.user_service, 1), (self.user_sales, 0)):
            with self.subTest(user.login):
                self.assertEqual(clocks.with_user(user).search_count(mine), wanted)
                events = self.env["customer.sla.event"].with_user(user)
                self.assertEqual(events.search_count(lines), wanted)
                clock = clocks.with_user(user).browse(promise.clock_ids.id)
                self.assertEqual(clock.has_access("read"), bool(wanted))
        self.env["ir.rule"].create(
            {
                "name": "Fake promise: own",
                "model_id": self.env["ir.model"]._get(promise._name).id,
                "domain_force": "[('user_id', '=', user.id)]",
            }
        )
        promise.user_id = self.user_manager
        self.env.flush_all()
        self.assertFalse(clocks.with_user(self.user_service).search_count(mine))
        with self.assertRaises(AccessError):
            clocks.with_user(self.user_service).browse(promise.clock_ids.id).read(["deadline"])

    def test_clocks_go_with_their_record(self):
        promise = self._made("2026-10-23 10:00")
        clocks, events = promise.clock_ids, promise.clock_ids.event_ids
        promise.unlink()
        self.assertFalse(clocks.exists())
        self.assertFalse(events.exists())

    def test_a_policy_has_only_milestones_of_its_records(self):
        draft = self.env["customer.sla.policy"].create(
            {"name": "Draft", "res_model": self.promises._name}
        )
        with self.assertRaises(ValidationError):
            draft.milestone_ids = [(0, 0, {"milestone": "report", "target": 1})]
        with self.assertRaises(UserError):
            self.policy.res_model = "customer.complaint"

    def test_statements_do_not_grow_with_the_records(self):
        counts = []
        for number in (2, 20):
            promises = self.promises.browse()
            for _n in range(number):
                promises |= self._made("2026-10-23 10:00")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            promises._sla_fact("answer", utc("2026-10-26 10:00"))
            promises._sla_drop("none")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestSlaOfDispatches(SlaCase):
    """What the addressee of an order owes, counted from the sending, has clocks and ledgers."""

    def _sent(self, text, **vals):
        with freeze_time(utc(text)):
            case = self._received(text, user_id=self.user_service.id)
            return self._dispatch(case, **vals).sudo()

    def test_counts_from_the_sending(self):
        order = self._sent("2026-10-23 10:00")
        self.assertEqual(
            self._deadlines(order),
            {
                "accept": "2026-10-23 23:59",
                "first_contact": "2026-10-24 10:00",
                "first_result": "2026-10-24 10:00",
            },
        )
        self.assertEqual(order.accept_due, self._clock(order, "accept").deadline)
        self.assertEqual(order.result_due, self._clock(order, "first_result").deadline)
        self.assertEqual(order.sla_deadline, order.accept_due)
        self.assertNotIn(order.clock_ids, order.complaint_id.clock_ids)
        self.assertProved(order.clock_ids)

    def test_buttons_are_its_facts(self):
        order = self._sent("2026-10-23 10:00")
        with freeze_time(utc("2026-10-23 11:00")):
            order.action_accept()
        with freeze_time(utc("2026-10-24 09:00")):
            order._log_contact("Called at 9")
            order._log_contact("Called at 8", at=utc("2026-10-24 08:00"))
        with freeze_time(utc("2026-10-24 11:00")):
            order.first_result = "The seal is broken"
            order.action_report()
        self.assertEqual(
            {c.milestone: (c.state, local(c.reached_at)) for c in order.clock_ids},
            {
                "accept": ("met", "2026-10-23 11:00"),
                "first_contact": ("met", "2026-10-24 08:00"),
                "first_result": ("late", "2026-10-24 11:00"),
            },
        )
        self.assertEqual((order.contact_late, order.result_late), (False, True))
        self.assertProved(order.clock_ids)

    def test_open_deadlines_follow_a_correction_of_the_calendar(self):
        order = self._sent("2026-10-23 17:00")
        self.assertEqual(local(order.accept_due), "2026-10-26 23:59")
        self._holiday("2026-10-26")
        with freeze_time(utc("2026-10-24 10:00")):
            self.env["customer.sla.clock"]._cron_process()
        order.invalidate_recordset()
        self.assertEqual(local(order.accept_due), "2026-10-27 23:59")
        self.assertEqual(
            self._clock(order, "accept").event_ids.sorted("id").mapped("kind"),
            ["start", "recalculate"],
        )
        self.assertProved(order.clock_ids)

    def test_an_order_that_comes_back_owes_nothing(self):
        order = self._sent("2026-10-23 10:00")
        with freeze_time(utc("2026-10-23 11:00")):
            order.action_return("not ours")
        self.assertEqual(set(order.clock_ids.mapped("state")), {"dropped"})
        self.assertFalse(order.sla_deadline)
        self.assertEqual(local(order.accept_due), "2026-10-23 23:59", "what it was stays")

    def test_a_closed_case_ends_what_its_orders_owe(self):
        order = self._sent("2026-10-23 10:00")
        with freeze_time(utc("2026-10-23 11:00")):
            order.write({"cause": "Seal", "product_fault": "no", "measure": "Changed"})
            order.action_done()
            self.assertEqual(self._clock(order, "first_contact").state, "running")
            order.complaint_id._force_close("Cannot be agreed on")
        self.assertEqual(self._clock(order, "first_contact").state, "missed")
        self.assertProved(order.clock_ids)

    def test_people_hear_of_the_step_once(self):
        order = self._sent("2026-10-23 10:00", team_id=self.lab.id, user_id=self.user_quality.id)
        with freeze_time(utc("2026-10-29 10:00")):
            self.env["customer.sla.clock"]._cron_process()
        found = self.env["customer.sla.notice"].search([("user_id", "=", self.user_quality.id)])
        told = {number for notice in found for number in notice.clock_ids}
        self.assertTrue(told & set(order.complaint_id.clock_ids.ids))
        self.assertFalse(told & set(order.clock_ids.ids))

    def test_who_reads_the_order_reads_its_deadlines(self):
        order = self._sent("2026-10-23 10:00", user_id=self.user_quality.id)
        clock = self._clock(order, "accept")
        for user in (self.user_service, self.user_quality):
            self.assertTrue(clock.with_user(user).has_access("read"), user.login)
            self.assertIn("same day", clock.with_user(user).explanation)
        self.assertFalse(clock.with_user(self.other_sales).has_access("read"))
        with self.assertRaises(AccessError):
            order.with_user(self.user_service).write({"sla_deadline": False})
