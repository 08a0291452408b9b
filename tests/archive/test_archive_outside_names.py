from odoo.tests import tagged

from ..rights.factories import FACTORIES
from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveOutsideNames(CustodyCase):
    """Summaries of to-dos are read outside: what papers are called stands in the note."""

    def _assert_in_note(self, activities, name):
        self.assertTrue(activities)
        for activity in activities:
            self.assertNotIn(name, activity.summary)
            self.assertIn(name, activity.note)

    def test_late_dossiers(self):
        archives = self._dossier(title="Hidden 1") | self._dossier(title="Hidden 2")
        archives._ask_about_late()
        for archive in archives:
            self._assert_in_note(archive.activity_ids, archive.title)

    def test_documents_that_end(self):
        archive = self._dossier()
        document = archive.document_ids[0]
        document.write({"name": "Hidden", "date_until": self._day(3)})
        document._ask_for_next()
        self._assert_in_note(archive.activity_ids, "Hidden")

    def test_losses_and_differences(self):
        loan = self._issued(self.user_sales, self._registered(title="Hidden"))
        loan.line_ids._tell_loss()
        self._assert_in_note(loan.sudo().activity_ids, "Hidden")
        short = self._issued(self.user_sales, self._registered(title="Secret"))
        known = short.sudo().activity_ids
        self._count(short.line_ids, 1, return_note="One page only").action_return()
        self._assert_in_note(short.sudo().activity_ids - known, "Secret")

    def test_inventory(self):
        line = FACTORIES["customer.archive.inventory.line"](self.env, self.customer, self.company)
        line.name = "Hidden"
        for result in ("missing", "damaged", "misplaced"):
            known = line.archive_id.activity_ids
            line.result = result
            line._follow_up()
            self._assert_in_note(line.archive_id.activity_ids - known, "Hidden")

    def test_actions_of_a_complaint(self):
        case = FACTORIES["customer.complaint"](self.env, self.customer, self.company)
        action = self.env["customer.complaint.action"].create(
            {"complaint_id": case.id, "name": "Hidden", "user_id": self.user_service.id}
        )
        self._assert_in_note(action.activity_ids, "Hidden")
