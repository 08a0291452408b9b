from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveGaps(CustodyCase):
    """What did not come back counts as missing everywhere, until somebody clears it up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._dossier(documents=0)
        cls.entry = cls.archive.class_id.requirement_ids[0]
        cls.document, cls.second = cls.env["customer.archive.document"].create(
            [
                {
                    "archive_id": cls.archive.id,
                    "name": name,
                    "page_count": pages,
                    "is_signed": True,
                    "requirement_id": entry,
                }
                for name, pages, entry in (
                    ("Contract", 14, cls.entry.id),
                    ("Annex", 6, False),
                )
            ]
        )
        cls.archive.action_submit()
        cls.archive.action_check()
        cls.archive.action_accept()
        cls.complete = cls.archive.completeness

    def _returned(self, item, pages):
        loan = self._issued(self.user_sales, item)
        self._count(loan.line_ids, pages, return_note="Two pages are gone").action_return()
        return loan

    def _clear(self, outcome="found", **vals):
        dialog = (
            self.env["customer.archive.clear.up"]
            .with_user(self.user_archivist)
            .create({"outcome": outcome, "note": "Looked for it", **vals})
        )
        dialog.action_clear_up()
        return dialog

    def test_the_slip_leads_to_what_settles_it(self):
        loan = self._issued(self.user_sales, self.document)
        line = self._count(loan.line_ids, 12, return_note="Two pages are gone", is_damaged=True)
        line.action_return()
        self.assertEqual((loan.unsettled_count, loan.damaged_count), (1, 1))
        self.assertIn("Damaged, Two pages are gone", loan.message_ids[0].body)
        action = loan.with_user(self.user_archivist).action_resolve()
        self.assertEqual(action["context"]["default_document_id"], self.document.id)
        with self.assertRaises(AccessError):
            loan.with_user(self.user_sales).action_resolve()
        lost = self._issued(self.user_sales, self.second)
        lost.line_ids._lose("On the train")
        action = lost.with_user(self.user_archivist).action_resolve()
        self.assertEqual(action["res_model"], "customer.archive.settle")

    def test_twelve_of_fourteen_pages(self):
        loan = self._returned(self.document, 12)
        self.assertEqual((loan.state, loan.unsettled_count), ("returned", 1))
        self.assertIn(loan, loan.search([("unsettled_count", ">", 0)]))
        self.assertEqual((self.document.pages_missing, self.archive.gap_count), (2, 2))
        self.assertLess(self.archive.completeness, self.complete)
        checked = {entry: status for entry, status, _document in self.archive._checklist()}
        self.assertEqual(checked[self.entry.id], "incomplete")
        # the next slips expect what is there
        again = self._loan(self.user_sales, self.document)
        whole = self._loan(self.user_sales, self.archive)
        self.assertEqual((again.line_ids.page_expected, whole.line_ids.page_expected), (12, 18))
        self._clear(document_id=self.document.id, archive_id=self.archive.id)
        self.assertEqual((again.line_ids.page_expected, whole.line_ids.page_expected), (14, 20))
        self.assertEqual(self.archive.completeness, self.complete)
        self.assertFalse(loan.unsettled_count)

    def test_a_dossier_that_comes_back_short(self):
        loan = self._returned(self.archive, 18)
        self.assertEqual((self.archive.pages_missing, self.archive.page_there), (2, 18))
        self.assertLess(self.archive.completeness, self.complete)
        rows = self.env["customer.archive.missing"].search([("archive_id", "=", self.archive.id)])
        self.assertEqual(len(rows), self.archive.missing_count)
        # it turns out from which document they are: that one is short from now on
        self._clear("document", archive_id=self.archive.id, from_document_id=self.second.id)
        self.assertEqual((self.archive.pages_missing, self.second.pages_missing), (0, 2))
        self.assertEqual((self.archive.gap_count, loan.unsettled_count), (2, 1))
        # and will not be found any more: the record is corrected by a supplement
        self._clear("gone", archive_id=self.archive.id, document_id=self.second.id)
        self.assertEqual((self.second.page_count, self.second.pages_missing), (4, 0))
        self.assertEqual((self.archive.gap_count, loan.unsettled_count), (0, 0))
        supplements = self.env["customer.archive.supplement"]
        self.assertTrue(supplements.search([("document_id", "=", self.second.id)]).changes)

    def test_all_pages_of_a_document(self):
        self._returned(self.archive, 14)
        self._clear("document", archive_id=self.archive.id, from_document_id=self.second.id)
        self.assertEqual((self.second.paper_state, self.archive.lost_count), ("missing", 1))
        self._clear(archive_id=self.archive.id, document_id=self.second.id, pages=4)
        self.assertEqual((self.second.paper_state, self.second.pages_missing), ("in_place", 2))

    def test_short_already_when_it_goes_out(self):
        loan = self._approved(self.user_sales, self.document)
        loan.line_ids.page_issued = 13
        loan.action_issue()
        self.assertEqual(self.document.pages_missing, 1)
        self._count(loan.line_ids, 14, return_note="The page was in the folder").action_return()
        self.assertFalse(self.document.pages_missing or loan.unsettled_count)

    def test_a_lost_original_counts_as_lost_though_its_scan_is_there(self):
        self.entry.need_original = True
        thawed = self.document.with_context(**self.archive._thawed().env.context)
        thawed.medium = "both"
        self._file(thawed)
        loan = self._issued(self.user_sales, self.document)
        loan.line_ids._lose("Left in a taxi")
        self.assertEqual((loan.state, loan.unsettled_count), ("returned", 1))
        checked = {entry: status for entry, status, _document in self.archive._checklist()}
        self.assertEqual(checked[self.entry.id], "copy")
        self.assertEqual(self.archive.lost_count, 1)
        self._clear(archive_id=self.archive.id)
        self.assertEqual((self.document.paper_state, loan.unsettled_count), ("in_place", 0))

    def test_who_clears_up(self):
        self._returned(self.document, 12)
        dialog = self.env["customer.archive.clear.up"].create(
            {"archive_id": self.archive.id, "document_id": self.document.id, "note": "Found"}
        )
        for user in (self.user_sales, self.user_deed):
            with self.assertRaises(AccessError):
                dialog.with_user(user).action_clear_up()
        with self.assertRaises(UserError):
            self.document.with_user(self.user_archivist).pages_missing = 0
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            dialog.pages = 3

    def test_pieces_of_a_deed(self):
        handover = self._handover(self.archive, 2)
        handover.line_ids.write({"receiver_agrees": True, "receiver_quantity": 2})
        handover.action_receive()
        deed = handover.line_ids.deed_id
        self._move(deed, "in", "keep")
        deed._lose_pages(1)
        self.assertEqual((deed.quantity_there, deed.quantity), (1, 2))
        with self.assertRaises(AccessError):
            deed.quantity_missing = 0
        dialog = self.env["customer.archive.clear.up"].with_user(self.user_deed)
        dialog.create({"deed_id": deed.id, "note": "In the other folder"}).action_clear_up()
        # a piece that is found comes into the safe like any other: with a witness who counts
        self.assertEqual((deed.quantity_there, deed.open_move_id.quantity), (2, 2))
