from contextlib import suppress
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...queries import collection as queries
from ..mixins.job_case import RUNNER, JobCaseMixin, small_batches
from .collection_case import NOW, CollectionCase

PLAN = "odoo.addons.customer_governance.models.credit.customer_collection_step_plan"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionWorkers(JobCaseMixin, CollectionCase):
    """Two workers, a killed one, a customer that cannot be planned."""

    def test_a_second_worker_leaves_the_company_to_the_first(self):
        self.due(6)
        with self.registry.cursor() as other:
            other.execute(queries.lock_company(self.company.id))
            self.assertEqual(other.fetchone(), (True,))
            self.assertFalse(self.run_job())
            other.rollback()
        self.assertEqual(len(self.run_job()), 1)

    def test_the_database_knows_no_second_episode_and_no_second_step(self):
        self.due(6)
        [step] = self.run_job()
        for record, vals in (
            (step, {"state": "planned"}),
            (step.episode_id, {}),
        ):
            with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
                with self.env.cr.savepoint():
                    record.copy(vals)
                    self.env.flush_all()

    def test_a_worker_with_an_older_snapshot_plans_nothing_twice(self):
        """It meets the unique index, rolls back and looks again."""
        self.due(6)
        steps = type(self.env["customer.collection.step"])
        plan, conflicts = steps._plan_batch, [psycopg2.errors.UniqueViolation("was first")]

        def meets(*arguments):
            if conflicts:
                raise conflicts.pop()
            return plan(*arguments)

        with patch.object(steps, "_plan_batch", meets), self.assertNoLogs(RUNNER):
            self.run_whole(self.env.ref("customer_governance.cron_collection"))
        self.assertEqual(len(self.mails()), 1)

    def test_the_time_is_over_again_and_again_and_everybody_gets_his_mail(self):
        """Two companies, thirty debtors, batches of a few: the end is reached, each once."""
        debtors = [self.debtor(f"Debtor {n:02}") for n in range(30)]
        for number, debtor in enumerate(debtors):
            self.due(6, partner=debtor, **({"company": self.other_company} if number % 3 else {}))
        cron = self.env.ref("customer_governance.cron_collection")
        with small_batches(4):
            slices = self.run_slices(cron, 60)
            self.assertEqual({len(self.mails(debtor)) for debtor in debtors}, {1})
            self.assertGreater(slices, 2 * 30 / 4, "planned and sent in batches")
            self.run_slices(cron, 60)
        self.assertEqual({len(self.mails(debtor)) for debtor in debtors}, {1})

    def test_killed_half_way_and_run_again(self):
        debtors = [self.debtor(f"Debtor {n}") for n in range(5)]
        for debtor in debtors:
            self.due(6, partner=debtor)
        done, killed = [], KeyboardInterrupt("killed")
        steps = type(self.env["customer.collection.step"])
        plan = steps._plan_batch

        def dies(model, company, partner_ids, today):
            if len(done) == 2:
                raise killed
            done.append(partner_ids)
            return plan(model, company, partner_ids, today)

        # not assertRaises: that would roll back what the killed worker had committed
        with patch(f"{PLAN}.BATCH", 2), patch.object(steps, "_plan_batch", dies):
            with suppress(KeyboardInterrupt):
                self.env["customer.collection.step"]._cron_collect()
        found = self.env["customer.collection.step"].search([("partner_id.name", "like", "Debtor")])
        self.assertEqual(len(found), 4)
        with patch(f"{PLAN}.BATCH", 2):
            self.run_job()
        found = found.search([("partner_id.name", "like", "Debtor")])
        self.assertEqual(sorted(found.partner_id.mapped("name")), [d.name for d in debtors])
        self.assertEqual(len(found), 5)
        self.assertEqual({len(self.mails(debtor)) for debtor in debtors}, {1})

    def test_a_customer_that_fails_does_not_stop_the_others(self):
        bad = self.debtor("Bad")
        self.due(6)
        self.due(6, partner=bad)
        steps = type(self.env["customer.collection.step"])
        prepare = steps._prepare_step

        def fails(model, company, partner, *arguments):
            if partner == bad:
                raise ValueError("bad data")
            return prepare(model, company, partner, *arguments)

        with patch.object(steps, "_prepare_step", fails), mute_logger(RUNNER):
            self.assertEqual(self.run_job().partner_id, self.customer)
        self.assertEqual(self.run_job().partner_id, bad)
