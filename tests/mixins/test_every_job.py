from collections import Counter
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .job_case import JobCaseMixin, killed_now_and_then, small_batches
from .job_picture import differences, picture


def jobs_of_the_addon(env):
    """Return all scheduled actions of the addon: a new one is in it by itself."""
    data = env["ir.model.data"].search(
        [("module", "=", "customer_governance"), ("model", "=", "ir.cron")]
    )
    return env["ir.cron"].with_context(active_test=False).browse(data.mapped("res_id"))


# with demo data: there every job has something to do
@tagged("post_install", "-at_install", "cg_tour")
class TestEveryJob(JobCaseMixin, TransactionCase):
    """Each job, cut into slices of no time and killed before every fourth commit, ends and leaves what one
    long run leaves. On two nodes at once: `scripts/bench --demo jobs_nodes`.
    """

    def _assertSame(self, one, other, message):
        self.assertFalse(differences(one, other), message)

    def test_every_job_ends_as_in_one_run(self):
        always = patch(
            "odoo.addons.customer_governance.models.credit.res_company_collection.ResCompany"
            "._collection_at_work",
            lambda company, now: True,
        )
        crons = jobs_of_the_addon(self.env)
        self.assertGreater(len(crons), 10)
        with always, mute_logger("odoo.addons.base.models.ir_cron"):
            for cron in crons:
                with self.subTest(job=cron.cron_name):
                    self._compare(cron)

    def _compare(self, cron):
        self.env.flush_all()
        savepoint = self.env.cr.savepoint()
        self.run_whole(cron)
        whole = picture(self.env)
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        with small_batches(5), killed_now_and_then(4):
            self.run_slices(cron, 400)
        sliced = picture(self.env)
        self._assertSame(whole, sliced, "slices leave what one run leaves")
        self.run_whole(cron)
        self._assertSame(sliced, picture(self.env), "twice is once")

    def test_jobs_of_the_night_do_not_begin_at_the_same_minute(self):
        daily = jobs_of_the_addon(self.env).filtered(lambda job: job.interval_type == "days")
        begins = Counter(job.nextcall.strftime("%H:%M") for job in daily)
        self.assertEqual(set(begins.values()), {1}, begins)
