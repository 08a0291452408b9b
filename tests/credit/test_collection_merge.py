from freezegun import freeze_time

from odoo.tests import tagged

from .collection_case import NOW, CollectionCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionMerge(CollectionCase):
    """Two records of one customer become one: no step comes twice."""

    def test_the_episode_that_got_furthest_goes_on(self):
        double = self.debtor("Harbor Books")
        self.due(6)
        self.due(20, partner=double)
        steps = self.run_job()
        further = steps.filtered(lambda s: s.partner_id == double).episode_id
        ended = steps.episode_id - further
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | double).ids, self.customer
        )
        self.env.invalidate_all()
        self.assertEqual(further.partner_id, self.customer)
        self.assertFalse(further.date_to)
        self.assertEqual(ended.partner_id, self.customer)
        self.assertTrue(ended.date_to)
        self.assertIn("Merged", ended.reason)
        self.assertEqual(len(steps.exists()), 2)
        self.assertFalse(self.run_job("2026-11-11 09:00:00"))
        self.assertEqual(self.run_job("2026-11-20 09:00:00").level_id, self.letter)
