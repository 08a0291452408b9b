import threading

import psycopg2

from odoo import api
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestArchiveLoanRace(GovernanceCase):
    """Two people at the same second: two real transactions on committed records."""

    TABLES = (
        "customer_archive_loan_line",
        "customer_archive_loan",
        "customer_archive_document",
        "customer_archive",
    )

    def setUp(self):
        super().setUp()
        self.db = db_connect(self.cr.dbname)
        self.addCleanup(self._remove)
        with self.db.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            self.partner_id = env["res.partner"].create({"name": "Race", "is_company": True}).id
            archive = env["customer.archive"].create(
                {
                    "title": "Race",
                    "class_id": env.ref("customer_governance.archive_class_trade").id,
                    "partner_id": self.partner_id,
                    "role_a_id": env.ref("base.user_admin").id,
                    "role_b_id": api.SUPERUSER_ID,
                    "document_ids": [(0, 0, {"name": f"Paper {n}"}) for n in range(2)],
                }
            )
            archive.action_submit()
            archive.action_check()
            archive.action_accept()
            self.archive_id, self.document_ids = archive.id, archive.document_ids.ids
            self.last_message = env["mail.message"].search([], order="id desc", limit=1).id or 0

    def _remove(self):
        with self.db.cursor() as cr:
            ids = SQL("SELECT id FROM customer_archive WHERE partner_id = %s", self.partner_id)
            loans = SQL(
                "SELECT loan_id FROM customer_archive_loan_line WHERE dossier_id IN (%s)", ids
            )
            cr.execute(loans)
            loan_ids = [row[0] for row in cr.fetchall()] or [0]
            for statement in (
                SQL("DELETE FROM customer_archive_loan_line WHERE loan_id = ANY(%s)", loan_ids),
                SQL("DELETE FROM customer_archive_loan WHERE id = ANY(%s)", loan_ids),
                SQL(
                    "DELETE FROM mail_message WHERE model IN ('customer.archive',"
                    " 'customer.archive.loan') AND res_id = ANY(%s)",
                    [*loan_ids, self.archive_id],
                ),
                SQL(
                    "DELETE FROM mail_followers WHERE res_model IN ('customer.archive',"
                    " 'customer.archive.loan') AND res_id = ANY(%s)",
                    [*loan_ids, self.archive_id],
                ),
                SQL("DELETE FROM customer_archive WHERE partner_id = %s", self.partner_id),
                SQL("DELETE FROM customer_number WHERE scope LIKE 'customer.archive%%'"),
                SQL("DELETE FROM res_partner WHERE id = %s", self.partner_id),
            ):
                cr.execute(statement)

    def _approved_loan(self, **item):
        """Return the id of a committed slip that waits at the desk."""
        with self.db.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            kind = "archive" if "archive_id" in item else "document"
            loan = env["customer.archive.loan"].create(
                {"purpose": "Race", "line_ids": [(0, 0, {"kind": kind, **item})]}
            )
            loan.action_request()
            loan.action_approve() if loan.state == "submitted" else None
            return loan.id

    def _env(self, cr):
        return api.Environment(cr, api.SUPERUSER_ID, {})

    def _out(self):
        """Return the slips that are out now."""
        with self.db.cursor() as cr:
            cr.execute(
                SQL(
                    "SELECT loan_id FROM customer_archive_loan_line WHERE dossier_id = %s AND"
                    " state = 'issued' ORDER BY id",
                    self.archive_id,
                )
            )
            return [row[0] for row in cr.fetchall()]

    def _race(self, first_item, second_item):
        """Hand out two slips: the second begins before the first has committed, and answers after."""
        first_id, second_id = self._approved_loan(**first_item), self._approved_loan(**second_item)
        first = self.db.cursor()
        self.addCleanup(first.close)
        second = self.db.cursor()
        self.addCleanup(second.close)
        # both have their snapshot before anything happens
        second_loan = self._env(second)["customer.archive.loan"].browse(second_id)
        self.assertEqual(second_loan.state, "approved")
        self._env(first)["customer.archive.loan"].browse(first_id).action_issue()
        with self.assertRaises(UserError) as caught:
            second_loan.action_issue()
        self.assertIn("Another user", str(caught.exception))
        second.rollback()
        first.commit()
        # tried again, as people do: now the answer says who has it
        with self.assertRaises(UserError) as caught:
            self._env(second)["customer.archive.loan"].browse(second_id).action_issue()
        self.assertIn("is on loan to", str(caught.exception))
        second.rollback()
        self.assertEqual(self._out(), [first_id])

    def test_same_dossier(self):
        self._race({"archive_id": self.archive_id}, {"archive_id": self.archive_id})

    def test_dossier_and_its_document(self):
        self._race({"archive_id": self.archive_id}, {"document_id": self.document_ids[0]})

    def test_document_and_its_dossier(self):
        self._race({"document_id": self.document_ids[0]}, {"archive_id": self.archive_id})

    def test_an_older_snapshot_after_the_commit(self):
        """The second looked before the first committed and acts after: Odoo repeats its request."""
        first_id = self._approved_loan(archive_id=self.archive_id)
        second_id = self._approved_loan(document_id=self.document_ids[0])
        second = self.db.cursor()
        self.addCleanup(second.close)
        env = self._env(second)
        loan = env["customer.archive.loan"].browse(second_id)
        self.assertEqual(loan.state, "approved")
        with self.db.cursor() as cr:
            self._env(cr)["customer.archive.loan"].browse(first_id).action_issue()
        with self.assertRaises(UserError), mute_logger("odoo.service.model", "odoo.sql_db"):
            retrying(loan.action_issue, env)
        second.rollback()
        self.assertEqual(self._out(), [first_id])

    def test_two_documents_of_one_dossier_go_to_two_people(self):
        loans = [self._approved_loan(document_id=document) for document in self.document_ids]
        for loan_id in loans:
            with self.db.cursor() as cr:
                self._env(cr)["customer.archive.loan"].browse(loan_id).action_issue()
        self.assertEqual(self._out(), loans)

    def test_the_database_refuses_without_any_code_of_ours(self):
        """Two plain inserts at once: the second waits for the first and is refused."""
        loans = [
            self._approved_loan(archive_id=self.archive_id),
            self._approved_loan(document_id=self.document_ids[1]),
        ]
        out = SQL(
            "UPDATE customer_archive_loan_line SET state = 'issued' WHERE loan_id = %s", loans[0]
        )
        first = self.db.cursor()
        self.addCleanup(first.close)
        first.execute(out)
        answers = []

        def second_person():
            with self.db.cursor() as cr:
                try:
                    cr.execute(
                        SQL(
                            "UPDATE customer_archive_loan_line SET state = 'issued'"
                            " WHERE loan_id = %s",
                            loans[1],
                        ),
                        log_exceptions=False,
                    )
                    answers.append("got it")
                except psycopg2.errors.ExclusionViolation:
                    answers.append("refused")
                    cr.rollback()

        thread = threading.Thread(target=second_person)
        thread.start()
        thread.join(0.5)
        self.assertTrue(thread.is_alive(), "the second waits for the first")
        first.commit()
        thread.join(20)
        self.assertEqual(answers, ["refused"])
