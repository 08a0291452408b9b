from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveMissingPapers(CustodyCase):
    """What a class says about missing papers at the handover; deeds are numbered at receipt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cls_trade = cls.archive_class["trade"]
        cls.cls_trade.requirement_ids.unlink()
        cls.contract = cls.env["customer.archive.requirement"].create(
            {"class_id": cls.cls_trade.id, "name": "Contract"}
        )

    def _submit(self, archive):
        archive.with_user(self.user_sales).action_submit()

    def test_refused(self):
        self.cls_trade.missing_rule = "refuse"
        archive = self._dossier()
        with self.assertRaisesRegex(UserError, "missing: Contract"):
            self._submit(archive)
        archive.missing_word = "Comes later"
        with self.assertRaises(UserError):
            self._submit(archive)
        document = archive.document_ids[0]
        document.requirement_id = self.contract
        with self.assertRaisesRegex(UserError, "page numbers"):
            self._submit(archive)
        first = 1
        for document in archive.document_ids:
            document.write({"page_from": first, "page_to": first + 2})
            first += 3
        self._submit(archive)
        self.assertEqual(archive.state, "checking")

    def test_needs_a_word(self):
        self.cls_trade.missing_rule = "word"
        archive = self._dossier()
        with self.assertRaisesRegex(UserError, "must state why"):
            self._submit(archive)
        dialog = (
            self.env["customer.archive.hand.over"]
            .with_user(self.user_sales)
            .create({"archive_id": archive.id, "missing_word": "The notary has it"})
        )
        self.assertEqual(dialog.gap_names, "Contract")
        dialog.action_hand_over()
        self.assertEqual((archive.state, archive.missing_word), ("checking", "The notary has it"))

    def test_allowed(self):
        self.cls_trade.missing_rule = "allow"
        archive = self._dossier()
        self._submit(archive)
        self.assertEqual(archive.state, "checking")

    def test_a_new_class_asks_for_a_word(self):
        new = self.env["customer.archive.class"].create({"name": "New", "code": "NEW"})
        self.assertEqual(new.missing_rule, "word")

    def test_a_deed_has_its_number_when_it_is_received(self):
        archive = self._dossier("loan")
        deed = self._received_deed(archive)
        self.assertFalse(archive.name)
        number = archive.number_reserved
        self.assertTrue(number)
        self.assertEqual(deed.number, f"{number}-D01")
        other = self._registered("loan")
        self.assertNotEqual(other.name, number)
        archive.action_submit()
        archive.action_check()
        archive.action_accept()
        self.assertEqual((archive.name, archive.number_reserved), (number, False))
        self.assertEqual(deed.number, f"{number}-D01")
        serials = sorted(int(name.split("-")[-1]) for name in (archive.name, other.name))
        self.assertEqual(serials[1] - serials[0], 1, "no gap")

    def test_a_class_may_number_deeds_without_suffix(self):
        self.archive_class["loan"].deed_suffix = False
        archive = self._dossier("loan")
        first, second = self._received_deed(archive), self._received_deed(archive)
        self.assertEqual(first.number, archive.number_reserved)
        self.assertEqual(second.number, f"{archive.number_reserved}-D02")

    def test_a_class_stays_once_it_gave_a_number(self):
        archive = self._dossier("loan")
        mine = archive.with_user(self.user_sales)
        mine.class_id = self.archive_class["service"]
        mine.class_id = self.archive_class["loan"]
        self._received_deed(archive)
        with self.assertRaisesRegex(UserError, archive.number_reserved):
            mine.class_id = self.archive_class["trade"]
        mine.class_id = self.archive_class["loan"]

    def test_a_labelled_deed_keeps_its_number(self):
        archive = self._dossier("loan")
        deed = self._received_deed(archive)
        number = deed.number
        self.archive_class["loan"].deed_suffix = False
        archive.action_submit()
        archive.action_check()
        archive.action_accept()
        self.env.add_to_compute(deed._fields["number"], deed)
        self.assertEqual(deed.number, number)
        self.assertTrue(number.endswith("-D01"))

    def test_only_a_says_why_papers_are_missing(self):
        archive = self._dossier()
        archive.with_user(self.user_sales).missing_word = "The notary has it"
        for user in (self.user_service, self.user_archivist):
            with self.subTest(user.login), self.assertRaises(AccessError):
                archive.with_user(user).missing_word = "Nothing is missing"
        with self.assertRaises(AccessError):
            self._dossier_of(self.user_archivist, missing_word="Nothing is missing")
        self._submit(archive)
        with self.assertRaises(AccessError):
            archive.with_user(self.user_sales).missing_word = "Too late"
        self.assertEqual(archive.missing_word, "The notary has it")

    def _dossier_of(self, user, **vals):
        """Let a user create a dossier that `user_sales` answers for."""
        vals |= {"title": "Other", "class_id": self.cls_trade.id, "partner_id": self.customer.id}
        vals |= {"role_a_id": self.user_sales.id, "role_b_id": self.user_service.id}
        return self.env["customer.archive"].with_user(user).create(vals)

    def test_a_and_b_are_not_asked_to_accept(self):
        self.user_service.group_ids |= self.env.ref("customer_governance.group_archivist")
        archive = self._dossier()
        archive.action_submit()
        archive.action_check()
        asked = archive.activity_ids.user_id
        self.assertIn(self.user_archivist, asked)
        self.assertFalse(asked & (self.user_sales | self.user_service))

    def test_any_employee_approves_as_a_director(self):
        archive = self._registered()
        loan = self._loan(self.user_sales, archive)
        loan.action_request()
        plain = loan.with_user(self.plain_user)
        self.assertFalse(plain.has_access("read"))
        self.company.archive_director_ids = self.plain_user
        other = self._loan(self.user_sales, self._registered())
        other.action_request()
        asked = other.with_user(self.plain_user)
        self.assertEqual(asked.line_ids.mapped("state"), ["requested"])
        self.assertFalse(asked.line_ids.has_access("write"))
        self.assertFalse(asked.has_access("unlink"))
        asked.action_approve()
        self.assertEqual((other.state, other.approved_by_id), ("approved", self.plain_user))
        other.with_user(self.user_archivist).action_issue()
        extension = self.env["customer.archive.loan.extension"].with_user(self.user_sales)
        extension = extension.create(
            {"loan_id": other.id, "date_due": self._day(21), "reason": "Not done yet"}
        )
        extension.action_submit()
        extension.with_user(self.plain_user).action_approve()
        self.assertEqual(other.date_due, self._day(21))

    def test_directors_are_a_list(self):
        archive = self._registered()
        self.company.archive_director_ids = self.user_archivist
        loan = self._loan(self.user_sales, archive)
        loan.action_request()
        self.assertEqual(loan.state, "submitted")
        self.assertEqual(loan.sudo().review_ids.reviewer_ids, self.user_archivist)
        loan.with_user(self.user_archivist).action_approve()
        self.assertEqual(loan.approved_by_id, self.user_archivist)
        own = self._loan(self.user_archivist, self._registered())
        own.action_request()
        self.assertTrue(own.is_exempt)
        self.company.archive_deputy_ids = self.user_credit
        self.assertIn(self.user_credit, loan.sudo().approver_ids)
