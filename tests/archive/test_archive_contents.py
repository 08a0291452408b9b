from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .archive_case import ArchiveCase


@tagged("post_install", "-at_install")
class TestArchiveContents(ArchiveCase):
    """Contents start from the checklist: expected rows count for nothing until A ticks them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.klass = cls.archive_class["basic"]
        cls.entries = cls.klass.requirement_ids
        cls.archive = cls._dossier("basic", documents=0)
        cls.for_a = cls.archive.with_user(cls.user_sales)
        cls.for_b = cls.archive.with_user(cls.user_service)
        cls.for_a.action_fill()

    def test_the_form_fills_in_what_the_class_asks_for(self):
        # the browser knows who looks at the form
        known = {"uid": self.user_sales.id}
        form = Form(self.env["customer.archive"].with_user(self.user_sales).with_context(**known))
        form.title, form.partner_id, form.role_b_id = "Papers", self.customer, self.user_service
        form.class_id = self.klass
        self.assertEqual(len(form.document_ids), len(self.entries))
        form.class_id = self.archive_class["trade"]
        archive = form.save()
        self.assertEqual(
            archive.document_ids.requirement_id, self.archive_class["trade"].requirement_ids
        )
        self.assertFalse(any(archive.document_ids.mapped("is_there")))

    def test_expected_rows_count_for_nothing(self):
        self.assertEqual(len(self.archive.document_ids), len(self.entries))
        self.assertEqual((self.archive.page_total, self.archive.document_count), (0, 0))
        self.assertEqual(self.archive.missing_count, len(self.entries))
        self.archive.document_ids[0].write({"is_there": True, "page_count": 4})
        self.assertEqual((self.archive.page_total, self.archive.document_count), (4, 1))

    def test_what_is_not_there_is_not_handed_over_and_goes_with_the_acceptance(self):
        ticked = self.archive.document_ids[0]
        ticked.with_user(self.user_sales).is_there = True
        self.for_a.action_submit()
        self.assertEqual(self.archive.handover_id.line_ids.document_id, ticked)
        self.archive.action_check()
        self.archive.action_accept()
        self.assertEqual(self.archive.document_ids, ticked)
        self.assertTrue(ticked.number)

    def test_fill_only_what_has_no_row(self):
        self.for_a.action_fill()
        self.assertEqual(len(self.archive.document_ids), len(self.entries))
        self.for_a.action_all_there()
        self.assertTrue(all(self.archive.document_ids.mapped("is_there")))
        with self.assertRaises(AccessError):
            self.for_b.action_all_there()
        self.for_a.action_submit()
        with self.assertRaises(UserError):
            self.for_a.action_fill()

    def test_a_file_ticks_its_row(self):
        row = self.archive.document_ids[0]
        self._file(row)
        self.assertTrue(row.is_there)

    def test_filed_documents_take_their_row(self):
        row = self.archive.document_ids[1]
        filled = self.archive._fill_row(
            {"name": "Licence", "requirement_id": row.requirement_id.id, "medium": "electronic"}
        )
        self.assertEqual((filled, filled.is_there, filled.name), (row, True, "Licence"))

    def test_take_back(self):
        self.for_a.action_submit()
        with self.assertRaises(TransitionRefused):
            self.for_b.action_take_back()
        self.for_a.action_take_back()
        self.assertEqual(self.archive.state, "draft")
        self.assertFalse(self.archive.handover_id or self.archive.activity_ids)
        self.for_a.action_submit()
        self.for_b.action_check()
        with self.assertRaises(TransitionRefused):
            self.for_a.action_take_back()

    def test_archivists_only(self):
        with self.assertRaises(ValidationError):
            self.archive.archivist_id = self.user_sales
        self.archive.archivist_id = self.user_archivist

    # --- the dialog ---------------------------------------------------------------------------

    def _dialog(self, archive, **vals):
        return (
            self.env["customer.archive.hand.over"]
            .with_user(self.user_sales)
            .create({"archive_id": archive.id, **vals})
        )

    def test_one_dialog_for_papers_and_deeds(self):
        self.archive.role_b_id = False
        self.for_a.action_all_there()
        dialog = self._dialog(
            self.archive,
            checker_id=self.user_service.id,
            deed_ids=[(0, 0, {"name": "Land use certificate", "quantity": 2})],
        )
        dialog.action_hand_over()
        self.assertEqual(
            (self.archive.state, self.archive.role_b_id), ("checking", self.user_service)
        )
        deeds = self.env["customer.archive.deed.handover"].search(
            [("archive_id", "=", self.archive.id)]
        )
        self.assertEqual((deeds.state, deeds.line_ids.quantity), ("handed over", 2))
        self.assertEqual(deeds.activity_ids.user_id, self.user_service)
        with self.assertRaises(AccessError):
            self.for_b.action_hand_over()

    def test_an_empty_dossier_is_warned_about(self):
        dialog = self._dialog(self.archive)
        self.assertEqual(dialog.document_count, 0)
        self.assertIn(self.entries[0].name, dialog.missing_names)

    def test_deeds_of_a_registered_dossier(self):
        self.for_a.action_submit()
        self.archive.action_check()
        self.archive.action_accept()
        self.assertTrue(self.for_a.has_access("read"))
        dialog = self._dialog(self.archive)
        with self.assertRaises(UserError):
            dialog.action_hand_over()
        dialog.deed_ids = [(0, 0, {"name": "Letter of guarantee"})]
        dialog.action_hand_over()
        handover = self.env["customer.archive.deed.handover"].search(
            [("archive_id", "=", self.archive.id)]
        )
        checker = handover.with_user(self.user_service)
        checker.line_ids.write({"checker_agrees": True, "checker_quantity": 1})
        checker.action_check()
        self.assertIn(self.user_deed, handover.activity_ids.user_id)
        self.assertTrue(handover.with_user(self.user_archivist).has_access("read"))
        self.assertFalse(handover.with_user(self.user_archivist).has_access("write"))
        receiver = handover.with_user(self.user_deed)
        receiver.line_ids.write({"receiver_agrees": True, "receiver_quantity": 1})
        receiver.action_receive()
        self.assertFalse(handover.activity_ids)
