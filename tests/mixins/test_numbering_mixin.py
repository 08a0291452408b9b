import threading
from datetime import date

from odoo import api
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

from .fake_case import FakeModelCase

PATTERN = "C{year}{month}-{serial:4}"


@tagged("post_install", "-at_install")
class TestNumberingMixin(FakeModelCase):
    def _next(self, day=date(2026, 11, 3), scope="test", **values):
        return self.case._next_number(scope, PATTERN, day, **values)

    def test_counts_up_and_restarts_with_the_period(self):
        self.assertEqual([self._next(), self._next()], ["C202611-0001", "C202611-0002"])
        self.assertEqual(self._next(date(2026, 12, 1)), "C202612-0001")
        self.assertEqual(self._next(scope="other"), "C202611-0001")
        self.assertEqual(
            self.case._next_number("test", PATTERN, date(2026, 11, 3), self.other_company),
            "C202611-0001",
        )

    def test_a_rolled_back_number_is_given_again(self):
        self._next()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self._next()
            raise ZeroDivisionError
        self.assertEqual(self._next(), "C202611-0002")

    def test_a_bad_pattern_says_what_is_wrong(self):
        with self.assertRaisesRegex(UserError, "exactly once"):
            self.case._next_number("test", "C{year}", date(2026, 1, 1))
        with self.assertRaisesRegex(UserError, "no value for {class}"):
            self.case._next_number("test", "{class}-{serial}", date(2026, 1, 1))


@tagged("post_install", "-at_install")
class TestNumberingConcurrency(TransactionCase):
    """Real transactions on connections of their own, cleaned up at the end."""

    WORKERS = 16

    def test_sixteen_at_once_get_sixteen_numbers_without_a_gap(self):
        numbers, errors = [], []
        barrier = threading.Barrier(self.WORKERS)
        company_id = self.env.company.id

        # environments are made here: the thread of the tests holds the lock of the registry
        cursors = [db_connect(self.env.cr.dbname).cursor() for _ in range(self.WORKERS)]
        environments = [api.Environment(cr, api.SUPERUSER_ID, {}) for cr in cursors]

        def register(env):
            try:
                env.cr.execute("SELECT 1")  # the snapshot is older than everybody's insert
                barrier.wait(timeout=20)
                company = env["res.company"].browse(company_id)
                mixin = env["customer.numbering.mixin"]
                numbers.append(mixin._next_number("race", PATTERN, date(2026, 11, 3), company))
                env.cr.commit()
            except Exception as error:
                errors.append(error)
            finally:
                env.cr.close()

        threads = [threading.Thread(target=register, args=(env,)) for env in environments]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=30)
        finally:
            with db_connect(self.env.cr.dbname).cursor() as cr:
                cr.execute("DELETE FROM customer_number WHERE scope = 'race'")
        self.assertFalse(errors)
        self.assertEqual(
            sorted(numbers), [f"C202611-{serial:04}" for serial in range(1, self.WORKERS + 1)]
        )
