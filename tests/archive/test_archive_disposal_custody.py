from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .archive_rights_case import ArchiveRightsCase
from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveDisposalCustody(CustodyCase, ArchiveRightsCase):
    """What is out, promised or belongs to the customer is asked about again at the execution."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive_class["basic"].retention_event = "contract_end"

    def _assertStopped(self, disposal, archive, text):
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            disposal.action_execute()
        self.assertEqual(archive.state, "registered")

    def test_lent_after_the_approval(self):
        archive, file = self._due("basic")
        disposal = self._witnessed(archive)
        # what was lent in spite of the list is seen at the execution
        line = type(self.env["customer.archive.loan.line"])
        with patch.object(line, "_not_available", lambda self: []):
            loan = self._approved(self.user_sales, archive)
            self._assertStopped(disposal, archive, ": lent or reserved for cg sales")
            loan.action_issue()
        self._assertStopped(disposal, archive, "cg sales")
        self._count(loan.line_ids)
        loan.action_return()
        disposal.action_execute()
        self.assertEqual(archive.state, "disposed")
        self.assertFalse(file.exists())

    def test_what_is_on_a_list_is_not_lent(self):
        archive, _file = self._due("basic")
        waiting = self._loan(self.user_sales, archive)
        disposal = self._witnessed(archive)
        for item in (archive, archive.document_ids[0]):
            with self.subTest(item._name), self.assertRaisesRegex(UserError, disposal.name):
                self._loan(self.user_sales, item).action_request()
        disposal.line_ids.with_user(self.user_archivist).keep_reason = "still needed"
        waiting.action_request()
        self.assertEqual(waiting.state, "submitted")

    def test_deed_in_the_safe(self):
        archive, _file = self._due("basic")
        disposal = self._witnessed(archive)
        deed = self._safe_deed(archive)
        self._assertStopped(disposal, archive, "has not been returned")
        deed.active = False
        self._assertStopped(disposal, archive, "has not been returned")
        deed.active = True
        self._move(deed, "out", "customer", received_by="Mrs. Lee")
        self.assertEqual(deed.state, "returned")
        disposal.action_execute()
        self.assertEqual(archive.state, "disposed")

    def test_opening_a_deed_is_logged(self):
        archive, _file = self._due("basic")
        deed = self._safe_deed(archive).with_user(self.user_deed)
        logged = self.env["customer.archive.access"].search_count([])
        deed.web_read({"name": {}})
        entry = self.env["customer.archive.access"].search([], order="id desc", limit=1)
        self.assertEqual(
            (entry.user_id, entry.archive_ref, entry.kind),
            (self.user_deed, archive.id, "open"),
        )
        self.assertEqual(self.env["customer.archive.access"].search_count([]), logged + 1)
