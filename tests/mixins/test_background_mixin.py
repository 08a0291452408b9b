from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .fake_case import FakeModelCase
from .job_case import RUNNER, JobCaseMixin

MIXIN = "odoo.addons.customer_governance.models.common.customer_background_mixin"


@tagged("post_install", "-at_install")
class TestBackgroundMixin(JobCaseMixin, FakeModelCase):
    def _run(self):
        self.env["customer.background.mixin"]._cron_background()

    def test_runs_to_the_end_and_shows_progress(self):
        self.case._start_background("_job_count")
        self.assertEqual(self.case.job_state, "queued")
        self._run()
        self.assertEqual((self.case.job_state, self.case.job_progress), ("idle", 100))
        self.assertEqual(self.case.total, 10)

    def test_not_twice_at_a_time(self):
        self.case._start_background("_job_count")
        with self.assertRaisesRegex(UserError, "being processed"):
            self.case._start_background("_job_count")

    def test_stopped_after_the_step_it_is_in(self):
        self.case._start_background("_job_count")
        self.case.action_stop_background()
        self._run()
        self.assertEqual((self.case.job_state, self.case.total), ("idle", 0))

    def test_failure_is_kept_and_does_not_stop_the_others(self):
        other = self.env["customer.fake.case"].create({"name": "Case 2"})
        self.case._start_background("_job_fail")
        other._start_background("_job_count")
        self._run()
        self.assertEqual(self.case.job_state, "failed")
        self.assertIn("possible only", self.case.job_message)
        self.assertEqual(other.total, 10)

    def test_a_conflict_is_tried_again(self):
        """Somebody changed the same records: the work begins again and reaches its end."""
        model = type(self.case)
        count, conflicts = model._job_count, [SerializationFailure("could not serialize")]

        def meets(case):
            for step in count(case):
                if conflicts:
                    raise conflicts.pop()
                yield step

        self.case._start_background("_job_count")
        cron = self.env.ref("customer_governance.cron_background")
        with patch.object(model, "_job_count", meets), patch(f"{RUNNER}.PAUSE", 0):
            self.run_whole(cron)
        self.assertEqual((self.case.job_state, self.case.total), ("idle", 10))

    def test_nobody_reads_the_words_of_the_database(self):
        def breaks(case):
            yield 50, "half"
            raise error

        cron = self.env.ref("customer_governance.cron_background")
        for error, words in (
            (SerializationFailure("could not serialize access"), "Start it again later"),
            (KeyError("partner_id"), "Contact your administrator"),
        ):
            self.case._start_background("_job_fail")
            with (
                patch.object(type(self.case), "_job_fail", breaks),
                patch(f"{RUNNER}.PAUSE", 0),
                mute_logger(MIXIN),
            ):
                self.run_whole(cron)
            self.assertEqual(self.case.job_state, "failed")
            self.assertIn(words, self.case.job_message)
            self.assertNotIn(str(error), self.case.job_message)

    def test_a_killed_run_starts_again(self):
        self.case._start_background("_job_count")
        self.case.sudo()._write_job(job_state="running", job_progress=50)
        self._run()
        self.assertEqual((self.case.job_state, self.case.total), ("idle", 10))

    def test_it_runs_as_the_one_who_started_it(self):
        self.case.with_user(self.user_sales)._start_background("_job_count")
        self.assertEqual(self.case.job_user_id, self.user_sales)

    def test_progress_cannot_be_written_by_users(self):
        with self.assertRaises(AccessError):
            self.case.with_user(self.user_manager).write({"job_state": "idle"})
        with self.assertRaises(ValueError):
            self.case._start_background("unlink")
