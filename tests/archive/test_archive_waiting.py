from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveWaiting(CustodyCase):
    """The waiting list: who is next is told on the return, and it is kept for them some days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._registered(documents=2)
        cls.document = cls.archive.document_ids[0]
        cls.archive.class_id.reader_group_ids |= cls.env.ref(
            "customer_governance.group_service"
        ) | cls.env.ref("customer_governance.group_credit")

    def _wait(self, user, **vals):
        return (
            self.env["customer.archive.waiting"]
            .with_user(user)
            .create({"archive_id": self.archive.id, **vals})
        )

    def _back(self, loan):
        self._count(loan.line_ids).action_return()

    def test_next_one_is_offered_and_borrows(self):
        loan = self._issued(self.user_sales, self.archive)
        self.archive.with_user(self.user_service).action_wait()
        first = self.env["customer.archive.waiting"].search([])
        second = self._wait(self.user_credit)
        self.assertEqual((first.position, second.position), (1, 2))
        self.assertEqual(self.archive.with_user(self.user_credit).my_position, 2)
        self.assertEqual((second.with_id, loan.waiting_count), (self.user_sales, 2))
        self._back(loan)
        self.assertEqual((first.state, second.state), ("offered", "waiting"))
        self.assertEqual(first.activity_ids.user_id, self.user_service)
        # it is kept: nobody else gets it, the next one does
        with self.assertRaisesRegex(UserError, "is reserved for"):
            self._loan(self.user_sales, self.archive).action_request()
        asked = self._loan(self.user_service, self.archive)
        asked.action_request()
        self.assertEqual((first.state, first.loan_id), ("done", asked))
        self.assertFalse(first.activity_ids)
        self.assertEqual((second.state, second.position), ("waiting", 1))
        # a slip that is refused lets the next one have it
        asked.with_user(self.user_manager).action_reject()
        self.assertEqual(second.state, "offered")

    def test_what_is_not_fetched_goes_to_the_next(self):
        loan = self._issued(self.user_sales, self.archive)
        first, second = self._wait(self.user_service), self._wait(self.user_credit)
        self._back(loan)
        self.company.archive_waiting_days = 0
        first.sudo().offered_until = self._day(-1)
        for _twice in range(2):
            self.env["customer.archive.waiting"]._expire_offers(self.company)
            self.assertEqual((first.state, second.state), ("expired", "offered"))

    def test_documents_and_their_dossier_share_a_list(self):
        loan = self._issued(self.user_sales, self.document)
        whole, other = (
            self._wait(self.user_service),
            self._wait(self.user_credit, document_id=self.archive.document_ids[1].id),
        )
        self.assertEqual((whole.position, other.position), (1, 2))
        third = self._wait(self.user_sales, document_id=self.document.id)
        self.assertEqual(third.position, 2)
        self._back(loan)
        self.assertEqual((whole.state, other.state, third.state), ("offered", "waiting", "waiting"))

    def test_rights(self):
        self._issued(self.user_sales, self.archive)
        entry = self._wait(self.user_service)
        with self.assertRaises(AccessError):
            entry.with_user(self.user_credit).action_leave()
        with self.assertRaises(AccessError):
            self._wait(self.user_credit, user_id=self.user_service.id)
        with self.assertRaises(AccessError):
            entry.write({"user_id": self.user_sales.id})
        self.assertEqual(self._wait(self.user_archivist, user_id=self.user_credit.id).position, 2)
        entry.action_leave()
        self.assertEqual(entry.state, "left")

    def test_nobody_waits_for_what_is_there(self):
        with self.assertRaises(UserError):
            self.archive.with_user(self.user_service).action_wait()

    def test_statements_do_not_grow(self):
        self._issued(self.user_sales, self.archive)
        entries = self._wait(self.user_service) | self._wait(self.user_credit)
        entries = entries.with_user(self.user_archivist)  # people see their own places only
        counts = []
        for some in (entries[0], entries):
            self.env.invalidate_all()
            some.mapped("archive_id.name")
            before = self.env.cr.sql_log_count
            some._compute_position()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
