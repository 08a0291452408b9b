import logging
from unittest.mock import patch

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import CompletionStatus

from ...models.common import jobs
from ..common import GovernanceCase
from .job_case import RUNNER, JobCaseMixin


class Stop(BaseException):
    """What a killed worker looks like: nothing may catch it."""


@tagged("post_install", "-at_install")
class TestJobs(JobCaseMixin, GovernanceCase):
    """The runner, with a job of its own: it adds a line to the comment of each partner."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create([{"name": f"Job {n}"} for n in range(7)])
        cls.cron = cls.env.ref("customer_governance.cron_background").copy({"active": True})
        cls.done = []
        cls.steps = ()

    def setUp(self):
        super().setUp()
        self.done.clear()
        model = self.registry["customer.background.mixin"]
        patcher = patch.object(
            model, "_cron_background", lambda model: model._run_steps(self._make(model))
        )
        patcher.start()
        self.addCleanup(patcher.stop)
        self.make = lambda model: [self._batches("all", self._work)]
        patch(f"{RUNNER}.PAUSE", 0).start()
        self.addCleanup(patch.stopall)

    def _make(self, model):
        self.job = model
        return self.make(model)

    def _batches(self, key, work, size=3, **options):
        partners = self.partners
        domain = [("id", "in", partners.ids)]
        return jobs.Batches(
            key,
            lambda after, limit: self.job.env["res.partner"].search(
                [*domain, ("id", ">", after)], order="id", limit=limit
            ),
            work,
            size,
            **options,
        )

    def _step(self, key, number=1, **options):
        """Return a step of so many portions."""

        def portion(after):
            self.done.append((key, after))
            reached = (after or 0) + 1
            return 1, reached if reached < number else None

        return jobs.Step(key, portion, **options)

    def _work(self, partners):
        self.done.append(partners.mapped("name"))
        for partner in partners:
            partner.ref = f"{partner.ref or ''}x"

    def _refs(self):
        self.partners.invalidate_recordset()
        return self.partners.mapped("ref")

    # -- slices -------------------------------------------------------------------------------

    def test_each_slice_goes_on_where_the_one_before_stopped(self):
        self.assertEqual(self.run_slices(self.cron), 3)
        self.assertEqual([len(batch) for batch in self.done], [3, 3, 1])
        self.assertEqual(self._refs(), ["x"] * 7)
        self.run_whole(self.cron)
        self.assertEqual(self._refs(), ["xx"] * 7, "the next night begins from the start")

    def test_the_scheduler_is_told_that_something_remains(self):
        self.assertEqual(self.run_slice(self.cron), CompletionStatus.PARTIALLY_DONE)
        last = self.env["ir.cron.progress"].search([("cron_id", "=", self.cron.id)], limit=1)
        self.assertEqual((last.done, last.remaining), (3, 1))

    def test_steps_in_several_portions_and_steps_without_work(self):
        self.make = lambda model: [
            self._step("one", 2),
            jobs.Step("none", lambda after: (0, None)),
            self._step("two"),
        ]
        self.run_slices(self.cron)
        self.assertEqual(self.done, [("one", None), ("one", 1), ("two", None)])

    def test_a_killed_slice_is_repeated_and_nothing_else(self):
        work = self._work

        def killed(partners):
            work(partners)
            if len(self.done) == 2:
                raise Stop

        self.make = lambda model: [self._batches("all", killed)]
        self.run_slice(self.cron)
        with self.assertRaises(Stop):
            self.run_slice(self.cron)
        self.run_slices(self.cron)
        self.assertEqual(self._refs(), ["x"] * 7)

    def test_a_step_that_is_gone_means_from_the_start(self):
        self.make = lambda model: [self._step("one"), self._step("two")]
        self.run_slice(self.cron)
        self.make = lambda model: [self._step("one"), self._step("three")]
        self.run_slices(self.cron)
        self.assertEqual([key for key, _after in self.done], ["one", "one", "three"])

    def test_yesterday_is_forgotten(self):
        self.run_slice(self.cron)
        with patch(f"{RUNNER}.FORGET_HOURS", 0):
            self.run_slice(self.cron)
        self.assertEqual(self.done[0], self.done[1])

    def test_called_by_hand_it_runs_to_the_end_and_commits_nothing(self):
        with patch.object(type(self.env.cr), "commit", side_effect=AssertionError):
            self.assertTrue(self.env["customer.background.mixin"]._cron_background())
        self.assertEqual(self._refs(), ["x"] * 7)

    # -- failures -----------------------------------------------------------------------------

    def _failing(self, *errors):
        """Return a work that raises these first."""
        left = list(errors)

        def work(partners):
            self._work(partners)
            if left:
                raise left.pop(0)

        return work

    def test_conflicts_are_tried_again(self):
        for conflict in (SerializationFailure, UniqueViolation):
            work = self._failing(conflict("somebody was first"), conflict("and again"))
            self.make = lambda model, work=work: [self._batches("all", work, size=10)]
            self.partners.ref = False
            with self.assertNoLogs(RUNNER):
                self.run_slices(self.cron)
            self.assertEqual(self._refs(), ["x"] * 7)

    def test_a_conflict_that_is_tried_again_is_no_error_in_the_log(self):
        def work(partners):
            if not self.done:
                self.done.append(1)
                self.job.env.cr.execute(
                    "INSERT INTO customer_sent (model, res_id, key) "
                    "VALUES ('x', 1, 'x'), ('x', 1, 'x')"
                )

        self.make = lambda model: [self._batches("all", work, size=10)]
        with self.assertNoLogs("odoo.sql_db", logging.ERROR):
            self.run_slices(self.cron)

    def _bad_one(self, error):
        def work(partners):
            self._work(partners)
            if self.partners[4] in partners:
                raise error

        return lambda model: [self._batches("all", work), self._step("next")]

    def test_a_bad_record_is_named_and_stops_nobody(self):
        self.make = self._bad_one(ValueError("no way"))
        with self.assertLogs(RUNNER, logging.ERROR) as logs:
            self.run_slices(self.cron)
        self.assertEqual(self._refs(), ["x"] * 4 + [False] + ["x"] * 2)
        self.assertIn("Job 4", logs.output[0])
        self.assertEqual(len(logs.output), 1)
        self.assertEqual(self.done[-1], ("next", None))

    def test_by_hand_too(self):
        self.make = self._bad_one(ValueError("no way"))
        with self.assertLogs(RUNNER, logging.ERROR):
            self.env["customer.background.mixin"]._cron_background()
        self.assertEqual(self._refs(), ["x"] * 4 + [False] + ["x"] * 2)

    def test_a_refusal_is_no_error_of_the_program(self):
        self.make = self._bad_one(UserError("not allowed"))
        with self.assertLogs(RUNNER, logging.WARNING) as logs:
            self.run_slices(self.cron)
        self.assertIn("not allowed", logs.output[-1])
        self.assertNotIn("ERROR", "".join(logs.output))

    def test_after_a_failure_the_rest_of_the_chain_is_left_out_in_later_slices_too(self):
        told = []

        def broken(after):
            raise ValueError("broken")

        self.make = lambda model: [
            jobs.Step("bad", broken, "a", failed=told.append),
            self._step("b", 2, chain="b"),
            self._step("a", chain="a"),
        ]
        with self.assertLogs(RUNNER, logging.ERROR):
            self.run_slices(self.cron)
        self.assertEqual([key for key, _after in self.done], ["b", "b"])
        self.assertEqual(told, ["bad: broken"])

    def test_another_worker_at_the_chain(self):
        self.make = lambda model: [
            self._step("one", chain="a", lock=lambda: False),
            self._step("two", chain="a"),
            self._step("three"),
        ]
        with self.assertNoLogs(RUNNER):
            self.run_slices(self.cron)
        self.assertEqual(self.done, [("three", None)])

    # -- messages -----------------------------------------------------------------------------

    def test_one_message_for_all_activities_of_a_run(self):
        def work(partners):
            quick = partners.with_context(mail_activity_quick_update=True)
            quick.activity_schedule("mail.mail_activity_data_todo", user_id=self.user_sales.id)

        self.partners[0].activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.user_sales.id
        )
        self.make = lambda model: [
            self._batches("all", work),
            jobs.Digest(
                "tell", "res.partner", "mail.mail_activity_data_todo", lambda env, n: f"{n} things"
            ),
        ]
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.run_slices(self.cron)
        told = self.env["mail.message"].search(
            [("id", ">", before), ("partner_ids", "in", self.user_sales.partner_id.ids)]
        )
        self.assertEqual(told.mapped("subject"), ["7 things"])
        self.assertIn("Job 6", told.body)
