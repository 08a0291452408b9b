"""Registrations at the same time, in real transactions on connections of their own."""

import threading

from odoo import api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..common import switch_on

# A month nobody registers anything in, so that the numbers are the test's own.
RECEIVED = "2001-01-17 09:00:00"
PREFIX = "C200101-"


@tagged("post_install", "-at_install")
class TestComplaintNumbers(TransactionCase):
    WORKERS = 16

    def setUp(self):
        super().setUp()
        self.db = db_connect(self.env.cr.dbname)
        with self.db.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            switch_on(env)
            self.partner_ids = (
                env["res.partner"].create([{"name": f"Race {n}"} for n in range(self.WORKERS)]).ids
            )
            self.category_id = env.ref("customer_governance.complaint_category_delivery").id
        self.addCleanup(self._remove)

    def _remove(self):
        number = SQL("name LIKE %s", PREFIX + "%")
        cases = SQL("(SELECT id FROM customer_complaint WHERE %s)", number)
        with self.db.cursor() as cr:
            for statement in (
                SQL(
                    "DELETE FROM mail_message WHERE model = 'customer.complaint' AND res_id IN %s",
                    cases,
                ),
                SQL(
                    "DELETE FROM mail_followers WHERE res_model = 'customer.complaint' AND res_id IN %s",
                    cases,
                ),
                SQL("DELETE FROM customer_complaint WHERE %s", number),
                SQL("DELETE FROM customer_number WHERE period LIKE %s", PREFIX + "%"),
                SQL("DELETE FROM res_partner WHERE id = ANY(%s)", self.partner_ids),
            ):
                cr.execute(statement)

    def _register_at_once(self, fails=()):
        """Register a case in each of 16 transactions; return numbers kept and errors.

        :param fails: workers whose transaction is rolled back after the registration
        """
        numbers, errors = [], []
        barrier = threading.Barrier(self.WORKERS)
        # environments are made here: the thread of the tests holds the lock of the registry
        cursors = [self.db.cursor() for _n in range(self.WORKERS)]
        environments = [api.Environment(cr, api.SUPERUSER_ID, {}) for cr in cursors]

        def register(worker, env):
            try:
                env.cr.execute("SELECT 1")  # the snapshot is older than everybody's insert
                barrier.wait(timeout=20)
                case = env["customer.complaint"].create(
                    {
                        "subject": f"At once {worker}",
                        "partner_id": self.partner_ids[worker],
                        "category_id": self.category_id,
                        "received_at": RECEIVED,
                    }
                )
                env.flush_all()
                if worker in fails:
                    env.cr.rollback()
                    return
                name = case.name
                env.cr.commit()
                numbers.append(name)
            except Exception as error:
                errors.append(error)
            finally:
                env.cr.close()

        threads = [
            threading.Thread(target=register, args=(worker, env))
            for worker, env in enumerate(environments)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return numbers, errors

    def test_sixteen_at_once_get_sixteen_numbers(self):
        numbers, errors = self._register_at_once()
        self.assertFalse(errors)
        self.assertEqual(sorted(numbers), [f"{PREFIX}{n:04}" for n in range(1, 17)])

    def test_what_is_rolled_back_leaves_no_gap(self):
        numbers, errors = self._register_at_once(fails=(0, 5, 10, 15))
        self.assertFalse(errors)
        self.assertEqual(sorted(numbers), [f"{PREFIX}{n:04}" for n in range(1, 13)])
        with self.db.cursor() as cr:
            cr.execute(
                SQL("SELECT count(*) FROM customer_number WHERE period LIKE %s", PREFIX + "%")
            )
            self.assertEqual(cr.fetchone()[0], 12)
