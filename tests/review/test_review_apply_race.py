import threading
import time
from unittest.mock import patch

from odoo import Command, api
from odoo.exceptions import LockError, UserError
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

LOCKS = "odoo.addons.customer_governance.models.common.locks"


@tagged("post_install", "-at_install")
class TestReviewApplyRace(TransactionCase):
    """Two people apply one review at the same second: real transactions, cleaned up at the end."""

    def setUp(self):
        super().setUp()
        self.database = db_connect(self.env.cr.dbname)
        with self.database.cursor() as cr:
            self.review_id, self.partner_id = self._approved(api.Environment(cr, 1, {}))
        self.addCleanup(self._clean)

    def _approved(self, env):
        """Commit an approved review in which one customer was decided to be strategic."""
        partner = env["res.partner"].create({"name": "Race Ltd", "is_company": True})
        tier = env.ref("customer_governance.tier_strategic")
        scorecard = env["customer.scorecard"].create(
            {
                "name": "Race",
                "population": str([("id", "=", partner.id)]),
                "auto_open": False,
                "indicator_ids": [
                    Command.create(
                        {
                            "name": "Volume",
                            "max_points": 100,
                            "measure": "purchase_amount",
                            "method": "rank",
                            "step": 10,
                        }
                    )
                ],
                "band_ids": [Command.create({"tier_id": tier.id})],
            }
        )
        scorecard.action_publish()
        review = env["customer.review"].create(
            {"scorecard_id": scorecard.id, "date_from": "2026-01-01", "date_to": "2026-03-31"}
        )
        review.action_compute()
        review.line_ids.write({"decided_tier_id": tier.id, "reason": "Contract signed"})
        review.action_submit()
        review.action_approve()
        self.assertEqual(review.state, "approved")
        return review.id, partner.id

    def _clean(self):
        with self.database.cursor() as cr:
            cr.execute("SELECT scorecard_id FROM customer_review WHERE id = %s", [self.review_id])
            (scorecard_id,) = cr.fetchone()
            for statement, key in (
                ("DELETE FROM customer_tier_history WHERE partner_id = %s", self.partner_id),
                (
                    "DELETE FROM tier_review WHERE model = 'customer.review' AND res_id = %s",
                    self.review_id,
                ),
                (
                    "DELETE FROM mail_activity WHERE res_model = 'customer.review' AND res_id = %s",
                    self.review_id,
                ),
                (
                    "DELETE FROM mail_message WHERE model = 'customer.review' AND res_id = %s",
                    self.review_id,
                ),
                (
                    "DELETE FROM mail_message WHERE model = 'res.partner' AND res_id = %s",
                    self.partner_id,
                ),
                (
                    "DELETE FROM mail_followers WHERE res_model = 'customer.review' AND res_id = %s",
                    self.review_id,
                ),
                ("DELETE FROM customer_review WHERE id = %s", self.review_id),
                ("DELETE FROM customer_scorecard WHERE id = %s", scorecard_id),
                ("DELETE FROM res_partner WHERE id = %s", self.partner_id),
            ):
                cr.execute(statement, [key])

    def test_one_applies_the_other_is_told(self):
        first, second = (api.Environment(self.database.cursor(), 1, {}) for _number in range(2))
        self.addCleanup(first.cr.close)
        self.addCleanup(second.cr.close)
        mine = first["customer.review"].browse(self.review_id)
        theirs = second["customer.review"].browse(self.review_id)
        self.assertEqual(theirs.state, "approved", "both see it as approved")

        mine.action_apply()
        with patch(f"{LOCKS}.WAIT", "100ms"), self.assertRaisesRegex(LockError, "Race .*shortly"):
            theirs.action_apply()
        second.cr.rollback()

        # the second waits for the first; Odoo's server repeats its request then
        first.flush_all()
        commit = threading.Timer(0.3, first.cr._cnx.commit)  # nothing else may run beside a test
        commit.start()
        begin = time.monotonic()
        with mute_logger("odoo.service.model"), self.assertRaisesRegex(UserError, "Applied"):
            retrying(theirs.action_apply, second)
        self.assertGreater(time.monotonic() - begin, 0.2, "it waited")
        commit.join()
        second.cr.rollback()
        history = second["customer.tier.history"].search([("partner_id", "=", self.partner_id)])
        self.assertEqual(len(history), 1)
        self.assertEqual(history.new_tier_id, second.ref("customer_governance.tier_strategic"))
