from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...queries import collection as queries
from .collection_case import NOW, CollectionCase

PLAN = "odoo.addons.customer_governance.models.credit.customer_collection_step_plan"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionWorkers(CollectionCase):
    """Two workers, a killed one, a customer that cannot be planned."""

    def test_a_second_worker_leaves_the_company_to_the_first(self):
        self.due(6)
        with self.registry.cursor() as other:
            other.execute(queries.lock_company(self.company.id))
            self.assertEqual(other.fetchone(), (True,))
            self.assertFalse(self.run_job())
            other.rollback()
        self.assertEqual(len(self.run_job()), 1)

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

        with patch(f"{PLAN}.BATCH", 2), patch.object(steps, "_plan_batch", dies):
            with self.assertRaises(KeyboardInterrupt):
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

        with patch.object(steps, "_prepare_step", fails), mute_logger(PLAN):
            self.assertEqual(self.run_job().partner_id, self.customer)
        self.assertEqual(self.run_job().partner_id, bad)
