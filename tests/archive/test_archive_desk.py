from datetime import timedelta

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, tagged

from .archive_rights_case import ArchiveRightsCase
from .custody_case import CustodyCase

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestArchiveDesk(CustodyCase):
    """One person per booking: nobody signs a slip never seen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls._registered(), cls._registered()
        cls.archive_class["trade"].reader_group_ids |= cls.env.ref(
            "customer_governance.group_service"
        )

    def _desk(self):
        return Form(self.env["customer.archive.desk"].with_user(self.user_archivist))

    def test_a_second_person_is_refused_at_the_scan(self):
        self._approved(self.user_sales, self.first)
        other = self._approved(self.user_service, self.second)
        desk = self._desk()
        desk.scan = self.first.name
        desk.scan = other.name
        self.assertEqual(len(desk.line_ids), 1)
        self.assertIn(self.user_service.name, desk.message)

    def test_a_slip_that_waits_for_its_approval_is_not_counted(self):
        loan = self._loan(self.user_sales, self.first)
        loan.action_request()
        desk = self._desk()
        desk.scan = loan.name
        self.assertFalse(len(desk.line_ids))
        self.assertIn("not approved", desk.message)

    def test_a_second_person_is_refused_at_issue_and_return(self):
        loans = [
            self._approved(self.user_sales, self.first),
            self._approved(self.user_service, self.second),
        ]
        for way in ("issue", "return"):
            if way == "return":
                for loan in loans:
                    loan.action_issue()
            desk = self.env["customer.archive.desk"].with_user(self.user_archivist).create({})
            for loan in loans:
                desk._add_loan(loan)
            desk.line_ids.is_counted = True
            desk.signature = PIXEL
            with self.assertRaisesRegex(UserError, "one person after the other"):
                desk.action_book()
        lines = loans[0].line_ids | loans[1].line_ids
        with self.assertRaisesRegex(UserError, "only for their own papers"):
            lines.with_user(self.user_archivist).write({"return_signature": PIXEL})
        with self.assertRaisesRegex(UserError, "only for their own papers"):
            (loans[0] | loans[1]).with_user(self.user_archivist).write({"issue_signature": PIXEL})

    def test_barcodes_of_the_papers_are_read(self):
        document = self.first.document_ids[0]
        loan = self._approved(self.user_sales, document)
        for code in (loan.name, document.number, document.barcode):
            desk = self._desk()
            desk.scan = code
            self.assertEqual(len(desk.line_ids), 1, code)

    def test_loans_end_on_a_working_day(self):
        for days in range(1, 15):
            self.company.archive_loan_days = days
            for model, name in (
                ("customer.archive.loan", "date_due"),
                ("customer.archive.access.request", "date_to"),
            ):
                day = self.env[model].default_get([name])[name]
                self.assertLess(day.weekday(), 5)
                self.assertGreaterEqual(day, self.today + timedelta(days=days))

    def test_refused_slips_have_no_number(self):
        self._issued(self.user_sales, self.first)
        refused = self._loan(self.user_service, self.first)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            refused.action_request()
        self.assertFalse(refused.name)

    def test_labels_and_barcodes(self):
        places = (self.shelf | self.safe).with_user(self.user_manager)
        self.shelf.barcode = False
        places.action_print_sheet()
        self.assertTrue(self.shelf.barcode)
        reports = self.env["ir.actions.report"]
        for name, records in (
            ("archive_location_sheet", places),
            ("archive_location_label", places),
            ("archive_dossier_sheet", self.first | self.second),
            ("archive_dossier_label", self.first),
        ):
            html = reports._render_qweb_html(f"customer_governance.report_{name}", records.ids)[0]
            self.assertEqual(html.count(b"data:image/svg"), len(records), name)
        loan = self._issued(self.user_sales, self.first)
        html = reports._render_qweb_html("customer_governance.report_archive_loan", loan.ids)[0]
        self.assertEqual(html.count(b"data:image/svg"), 2)  # the slip and its item
        sheets = self.env["customer.archive.location"].browse([self.shelf.id] * 1)._label_sheets()
        self.assertEqual([len(rows) for rows in sheets], [1])


@tagged("post_install", "-at_install")
class TestArchiveCounts(CustodyCase):
    """Inventories: one a part of the archive, and nothing is found that is gone."""

    def _inventory(self, **vals):
        return (
            self.env["customer.archive.inventory"]
            .with_user(self.user_archivist)
            .create({"share": 100, **vals})
        )

    def test_a_second_open_one_leads_to_the_first(self):
        first = self._inventory()
        with self.assertRaises(RedirectWarning) as error, self.env.cr.savepoint():
            self._inventory()
        self.assertEqual(error.exception.args[1]["res_id"], first.id)
        part = self._inventory(location_id=self.room.id)
        self.assertNotEqual(part.name, first.name)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            part.location_id = False
        first.action_cancel()
        self._inventory()

    def test_deeds_that_went_back_are_not_counted(self):
        deed = self._safe_deed(self._registered())
        inventory = self._inventory()
        inventory.action_plan()
        line = inventory.sudo().line_ids.filtered(lambda line: line.deed_id == deed)
        self._move(deed, "out", "customer", received_by="Mrs. Lee")
        self.assertEqual(deed.state, "returned")
        self.assertFalse(line.exists())


@tagged("post_install", "-at_install")
class TestArchiveCountsAndDisposal(ArchiveRightsCase):
    """A dossier that was disposed of during an inventory."""

    def test_disposal_takes_it_off_the_count(self):
        archive, _file = self._due()
        counted, _file = self._due()
        inventory = self.env["customer.archive.inventory"].with_user(self.user_archivist)
        inventory = inventory.create({"share": 100})
        inventory.action_plan()
        lines = inventory.line_ids.grouped("archive_id")
        lines[counted].action_found()
        self._witnessed(archive | counted).action_execute()
        self.assertFalse(lines[archive].exists())
        self.assertEqual(lines[counted].result, "found")
        with self.assertRaisesRegex(UserError, "no longer needs to be counted"):
            lines[counted].action_damaged()
