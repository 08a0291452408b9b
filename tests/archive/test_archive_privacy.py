from odoo.exceptions import UserError
from odoo.tests import tagged

from .archive_rights_case import ArchiveRightsCase


@tagged("post_install", "-at_install")
class TestArchivePrivacy(ArchiveRightsCase):
    """Erasure of personal data respects retention and holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create(
            {
                "name": "Paula Unmistakable",
                "email": "paula@unmistakable.example.com",
                "parent_id": cls.customer.id,
            }
        )
        cls.kept = cls._registered("loan", date_end=cls.company._customer_today())
        cls.due, cls.file = cls._due()
        cls.held = cls._dossier("basic")
        cls.held.action_hold("Lawsuit 7")
        cls.draft = cls._dossier("basic")

    def _lookup(self):
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.person.name, "email": self.person.email}
        )
        wizard.action_lookup()
        return wizard

    def _line(self, wizard, record):
        return wizard.line_ids.filtered(
            lambda line: (line.res_model, line.res_id) == (record._name, record.id)
        )

    def test_lookup_says_what_stays_and_why(self):
        wizard = self._lookup()
        for archive, words in (
            (self.kept, "retained until"),
            (self.due, "next disposal list"),
            (self.held, "Lawsuit 7"),
        ):
            line = self._line(wizard, archive)
            self.assertEqual(len(line), 1)
            self.assertIn(words, line.keep_reason)
        self.assertFalse(self._line(wizard, self.draft).keep_reason)
        self.assertIn("Lawsuit 7", wizard.kept_description)
        self.assertIn("Lawsuit 7", wizard.log_id.kept_description)
        self.assertNotIn("Paula", wizard.log_id.anonymized_name)

    def test_erasure_takes_the_rest(self):
        wizard = self._lookup()
        with self.assertRaisesRegex(UserError, "Lawsuit 7"):
            self._line(wizard, self.held).action_unlink()
        wizard.line_ids.action_unlink_all()
        for archive in (self.kept, self.due, self.held):
            self.assertTrue(archive.exists())
        self.assertTrue(self.file.exists())
        self.assertFalse(self.draft.exists())
        self.assertFalse(self.person.exists())
        self.assertIn("Kept", wizard.log_id.execution_details)
        self.assertIn("Lawsuit 7", wizard.log_id.execution_details)

    def test_a_hold_set_after_the_lookup_counts(self):
        wizard = self._lookup()
        self.draft.action_hold("New lawsuit")
        with self.assertRaisesRegex(UserError, "New lawsuit"):
            self._line(wizard, self.draft).action_unlink()

    def test_a_customer_with_kept_dossiers_stays(self):
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.customer.name, "email": "nobody@unmistakable.example.com"}
        )
        wizard.action_lookup()
        line = self._line(wizard, self.customer)
        self.assertIn(self.kept.name, line.keep_reason)
        with self.assertRaises(UserError):
            line.action_unlink()
        self.assertTrue(self.customer.exists())

    def test_disposed_is_gone_already(self):
        self._witnessed(self.due).action_execute()
        wizard = self._lookup()
        self.assertIn("already disposed of", self._line(wizard, self.due).keep_reason)
