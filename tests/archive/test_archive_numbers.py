"""Acceptances at the same time, in real transactions on connections of their own."""

import threading

from odoo import api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..common import switch_on
from .archive_case import ArchiveCase


@tagged("post_install", "-at_install")
class TestArchiveNumber(ArchiveCase):
    """The number of a dossier and of what is in it."""

    def test_number_comes_with_the_acceptance(self):
        archive = self._dossier(key="loan")
        self.assertFalse(archive.name)
        archive.action_submit()
        archive.action_check()
        self.assertFalse(archive.name)
        archive.action_accept()
        year = self.company._customer_today().year
        self.assertRegex(archive.name, rf"^{year}-LOAN-\d{{4}}$")
        self.assertEqual(
            archive.document_ids.mapped("number"), [f"{archive.name}-01", f"{archive.name}-02"]
        )

    def test_each_class_counts_by_itself(self):
        trade = [self._registered().name for _n in range(2)]
        self._registered("basic")
        trade.append(self._registered().name)
        serials = [int(name[-4:]) for name in trade]
        self.assertEqual(serials, [serials[0], serials[0] + 1, serials[0] + 2])

    def test_pattern_is_editable(self):
        self.archive_class["special"].number_pattern = "{class}/{year}{month}/{serial:3}"
        today = self.company._customer_today()
        self.assertEqual(self._registered("special").name, f"SPEC/{today:%Y%m}/001")

    def test_pattern_without_class_is_refused(self):
        for pattern in ("{year}-{serial:4}", "{class}-{year}", "{class}{who}{serial}"):
            with self.subTest(pattern), self.assertRaises(Exception) as caught:
                self.archive_class["special"].number_pattern = pattern
            self.assertEqual(type(caught.exception).__name__, "ValidationError")


@tagged("post_install", "-at_install")
class TestArchiveNumbersAtOnce(TransactionCase):
    WORKERS = 16

    def setUp(self):
        super().setUp()
        self.db = db_connect(self.env.cr.dbname)
        with self.db.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            switch_on(env)
            self.class_id = (
                env["customer.archive.class"].create({"name": "Race", "code": "RACE"}).id
            )
            self.partner_id = env["res.partner"].create({"name": "Race", "is_company": True}).id
            archives = env["customer.archive"].create(
                [
                    {
                        "title": f"Race {n}",
                        "class_id": self.class_id,
                        "partner_id": self.partner_id,
                        "role_b_id": env.ref("base.user_admin").id,
                        "document_ids": [(0, 0, {"name": "Paper"})],
                    }
                    for n in range(self.WORKERS)
                ]
            )
            archives.action_submit()
            archives.action_check()
            self.archive_ids = archives.ids
        self.addCleanup(self._remove)

    def _remove(self):
        with self.db.cursor() as cr:
            for table, model in (
                ("mail_message", "model"),
                ("mail_followers", "res_model"),
                ("mail_activity", "res_model"),
            ):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = 'customer.archive' AND res_id = ANY(%s)",
                        SQL.identifier(table),
                        SQL.identifier(model),
                        self.archive_ids,
                    )
                )
            for statement in (
                SQL("DELETE FROM customer_archive WHERE id = ANY(%s)", self.archive_ids),
                SQL("DELETE FROM customer_number WHERE period LIKE '%%-RACE-'"),
                SQL("DELETE FROM customer_archive_class WHERE id = %s", self.class_id),
                SQL("DELETE FROM res_partner WHERE id = %s", self.partner_id),
            ):
                cr.execute(statement)

    def _accept_at_once(self, fails=()):
        """Accept a dossier in each of 16 transactions; return numbers kept and errors.

        :param fails: workers whose transaction is rolled back after the acceptance
        """
        numbers, errors = [], []
        barrier = threading.Barrier(self.WORKERS)
        # environments are made here: the thread of the tests holds the lock of the registry
        cursors = [self.db.cursor() for _n in range(self.WORKERS)]
        environments = [api.Environment(cr, api.SUPERUSER_ID, {}) for cr in cursors]

        def accept(worker, env):
            try:
                env.cr.execute("SELECT 1")  # the snapshot is older than everybody's insert
                barrier.wait(timeout=20)
                archive = env["customer.archive"].browse(self.archive_ids[worker])
                archive.action_accept()
                env.flush_all()
                if worker in fails:
                    env.cr.rollback()
                    return
                found = archive.name, archive.document_ids.number
                env.cr.commit()
                numbers.append(found)
            except Exception as error:
                errors.append(error)
            finally:
                env.cr.close()

        threads = [
            threading.Thread(target=accept, args=(worker, env))
            for worker, env in enumerate(environments)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return numbers, errors

    def _expected(self, count):
        year = self.env.company._customer_today().year
        names = [f"{year}-RACE-{n:04}" for n in range(1, count + 1)]
        return [(name, f"{name}-01") for name in names]

    def test_sixteen_acceptances_get_sixteen_numbers(self):
        numbers, errors = self._accept_at_once()
        self.assertFalse(errors)
        self.assertEqual(sorted(numbers), self._expected(16))

    def test_what_is_rolled_back_leaves_no_gap_in_dossiers(self):
        numbers, errors = self._accept_at_once(fails=(0, 5, 10, 15))
        self.assertFalse(errors)
        self.assertEqual(sorted(numbers), self._expected(12))
