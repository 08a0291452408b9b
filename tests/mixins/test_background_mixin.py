from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .fake_case import FakeModelCase


@tagged("post_install", "-at_install")
class TestBackgroundMixin(FakeModelCase):
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
        with self.assertRaisesRegex(UserError, "being worked on"):
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
        self.assertIn("cannot", self.case.job_message)
        self.assertEqual(other.total, 10)

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
