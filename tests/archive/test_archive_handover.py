from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .archive_case import ArchiveCase

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestArchiveHandover(ArchiveCase):
    """A compiles, B counts and checks, the archivist counts and accepts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._dossier()
        cls.for_a = cls.archive.with_user(cls.user_sales)
        cls.for_b = cls.archive.with_user(cls.user_service)
        cls.for_archivist = cls.archive.with_user(cls.user_archivist)

    def _count(self, dossier, **vals):
        for line in dossier.handover_id.line_ids:
            line.write(vals or {"is_found": True})

    def test_the_whole_way(self):
        self.for_a.action_submit()
        step = self.for_b.handover_id
        self.assertEqual((step.expected_count, step.pages_expected), (2, 6))
        with self.assertRaisesRegex(UserError, "not been counted"):
            self.for_b.action_check()
        self._count(self.for_b)
        self.assertEqual((step.found_count, step.pages_found, step.open_count), (2, 6, 0))
        self.for_b.action_check()
        self.assertEqual((step.state, step.receiver_id), ("done", self.user_service))
        with self.assertRaisesRegex(UserError, "not been counted"):
            self.for_archivist.action_accept()
        self._count(self.for_archivist)
        self.for_archivist.action_accept()
        self.assertEqual(self.archive.state, "registered")
        self.assertEqual(self.archive.archivist_id, self.user_archivist)
        self.assertEqual(self.archive.handover_ids.mapped("state"), ["done", "done"])

    def test_each_step_is_of_one_person(self):
        for wrong in (self.for_b, self.for_archivist):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                wrong.action_submit()
        self.for_a.action_submit()
        for wrong in (self.for_a, self.for_archivist):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                wrong.action_check()
        self._count(self.for_b)
        self.for_b.action_check()
        with self.assertRaises(AccessError):
            self.for_b.action_accept()

    def test_an_archivist_does_not_accept_own_dossier(self):
        archive = self._dossier(role_a_id=self.user_archivist.id).with_user(self.user_archivist)
        archive.action_submit()
        as_b = archive.with_user(self.user_service)
        self._count(as_b)
        as_b.action_check()
        with self.assertRaisesRegex(UserError, "Only the recipient"):
            self._count(archive)
        with self.assertRaisesRegex(UserError, "another archivist"):
            archive.action_accept()

    def test_a_and_b_are_two_people(self):
        with self.assertRaises(ValidationError):
            self.archive.role_b_id = self.user_sales
        with self.assertRaisesRegex(UserError, "no B is specified"):
            self._dossier(role_b_id=False).action_submit()

    def test_only_the_receiver_counts(self):
        self.for_a.action_submit()
        line = self.archive.handover_id.line_ids[0]
        for user in (self.user_sales, self.user_archivist):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                line.with_user(user).is_found = True
        with self.assertRaises(AccessError):
            line.with_user(self.user_service).pages_expected = 1
        with self.assertRaises(AccessError):
            line.handover_id.with_user(self.user_service).state = "done"

    def test_difference_needs_a_word(self):
        self.for_a.action_submit()
        first, second = self.for_b.handover_id.line_ids
        first.is_found = True
        second.write({"result": "found", "pages_found": 2})
        self.assertTrue(second.is_different)
        with self.assertRaisesRegex(UserError, "1 documents"):
            self.for_b.action_check()
        second.note = "Last page was blank"
        self.for_b.action_check()
        self.assertEqual(self.archive.state, "handover")

    def test_scanning(self):
        self.for_a.action_submit()
        handover = self.for_b.handover_id
        code = self.archive.document_ids[1].barcode
        with Form(handover) as form:
            form.scan_code = code.lower()
            self.assertFalse(form.scan_code)
        self.assertEqual(handover.line_ids.mapped("result"), ["open", "found"])
        self.assertEqual(handover.line_ids[1].pages_found, 3)

    def test_documents_stay_while_others_count(self):
        self.for_a.action_submit()
        document = self.archive.document_ids[0]
        with self.assertRaisesRegex(UserError, "sent back"):
            document.with_user(self.user_sales).page_count = 9
        with self.assertRaisesRegex(UserError, "sent back"):
            document.with_user(self.user_service).unlink()
        with self.assertRaisesRegex(UserError, "sent back"):
            document.with_user(self.user_service).create(
                {"archive_id": self.archive.id, "name": "Several"}
            )
        document.with_user(self.user_service).note = "Stain on page 2"
        for vals in ({"class_id": self.archive_class["basic"].id}, {"role_a_id": 2}):
            with self.assertRaisesRegex(UserError, "can be changed only while"):
                self.for_b.write(vals)

    # --- supplement list ------------------------------------------------------------------------

    def test_sent_back_with_a_list_and_brought(self):
        contract = self.env.ref("customer_governance.archive_requirement_trade_contract")
        paper = self.for_a.document_ids[0]
        paper.write({"requirement_id": contract.id, "is_signed": False})
        self.for_a.action_submit()
        for line in self.for_b.handover_id.line_ids:
            if line.document_id == paper:
                line.write({"result": "unsigned", "note": "Page 3"})
            else:
                line.is_found = True
        self.for_b.action_send_back()
        self.assertEqual(self.archive.state, "draft")
        self.assertEqual(self.archive.handover_ids.state, "returned")
        kinds = {entry.name: entry.kind for entry in self.archive.shortfall_ids}
        self.assertEqual(
            kinds,
            {
                "Paper 1: Page 3": "signature",
                "Acceptance report": "paper",
                "Invoice": "paper",
            },
        )
        with self.assertRaisesRegex(UserError, "have not been answered"):
            self.for_a.action_submit()
        paper.is_signed = True
        for entry in self.for_a.shortfall_ids.filtered(lambda one: not one.document_id):
            entry.answer = "Follows in March"
        self.for_a.action_submit()
        self.assertTrue(all(self.archive.shortfall_ids.mapped("is_settled")))
        self.assertEqual(len(self.archive.handover_ids), 2)

    def test_archivist_sends_back_too(self):
        self.for_a.action_submit()
        self._count(self.for_b)
        self.for_b.action_check()
        with self.assertRaisesRegex(UserError, "only an archivist"):
            self.for_b.action_send_back()
        self.for_archivist.write({"shortfall_ids": [(0, 0, {"name": "Cover sheet"})]})
        self.for_archivist.action_send_back()
        self.assertEqual(self.archive.state, "draft")

    def test_nothing_missing_cannot_be_sent_back(self):
        archive = self._dossier("special").with_user(self.user_sales)
        archive.action_submit()
        archive = archive.with_user(self.user_service)
        self._count(archive)
        with self.assertRaisesRegex(UserError, "nothing is missing"):
            archive.action_send_back()

    def test_who_writes_the_list(self):
        entries = self.env["customer.archive.shortfall"]
        vals = {"archive_id": self.archive.id, "name": "Cover sheet"}
        with self.assertRaises(AccessError):
            entries.with_user(self.user_service).create(vals)  # it is with A
        self.for_a.action_submit()
        with self.assertRaises(AccessError):
            entries.with_user(self.user_sales).create(vals)
        entry = entries.with_user(self.user_service).create(vals)
        with self.assertRaises(UserError):
            entry.with_user(self.user_sales).answer = "No"
        with self.assertRaises(AccessError):
            entry.settled_on = "2026-01-01"

    # --- signatures -----------------------------------------------------------------------------

    def test_each_signs_for_oneself(self):
        with self.assertRaises(AccessError):
            self.for_b.signature_a = PIXEL
        with self.assertRaises(AccessError):
            self.for_a.signature_b = PIXEL
        self.for_a.signature_a = PIXEL
        self.assertTrue(self.archive.signature_a_on)
        with self.assertRaises(AccessError):
            self.for_a.signature_a_on = "2020-01-01"
        self.for_a.action_submit()
        with self.assertRaises(AccessError):
            self.for_a.signature_a = False

    def test_required_signatures(self):
        self.company.archive_signature_required = True
        with self.assertRaisesRegex(UserError, "signature is missing"):
            self.for_a.action_submit()
        self.for_a.signature_a = PIXEL
        self.for_a.action_submit()
        self._count(self.for_b)
        with self.assertRaisesRegex(UserError, "signature is missing"):
            self.for_b.action_check()
        self.for_b.signature_b = PIXEL
        self.for_b.action_check()
        self._count(self.for_archivist)
        self.for_archivist.signature_archivist = PIXEL
        self.for_archivist.action_accept()
        with self.assertRaises(UserError):
            self.for_archivist.signature_archivist = False

    def test_who_is_sent_back_signs_again(self):
        self.for_a.signature_a = PIXEL
        self.for_a.action_submit()
        self.for_b.action_send_back()
        self.assertFalse(self.archive.signature_a or self.archive.signature_a_on)

    def test_next_one_is_asked(self):
        self.for_a.action_submit()
        self.assertEqual(self.archive.activity_ids.user_id, self.user_service)
        self._count(self.for_b)
        self.archive.archivist_id = self.user_archivist
        self.for_b.action_check()
        self.assertEqual(self.archive.activity_ids.user_id, self.user_archivist)
        self._count(self.for_archivist)
        self.for_archivist.action_accept()
        self.assertFalse(self.archive.activity_ids)
