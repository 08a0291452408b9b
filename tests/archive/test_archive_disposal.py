from contextlib import suppress
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .archive_rights_case import ArchiveRightsCase


class Undo(Exception):
    """Rolls a savepoint back."""


@tagged("post_install", "-at_install")
class TestArchiveDisposal(ArchiveRightsCase):
    """A list goes from the archivist to owner, approver, witnesses and back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive, cls.file = cls._due()

    def test_list_takes_what_is_due(self):
        running, _file = self._due()
        running.retention_event_date = self.company._customer_today()
        held, _file = self._due()
        held.action_hold("Lawsuit")
        other, _file = self._due("service")
        disposal = (
            self.env["customer.archive.disposal"]
            .with_user(self.user_archivist)
            .create(
                {
                    "owner_id": self.user_sales.id,
                    "class_ids": [(6, 0, self.archive_class["special"].ids)],
                }
            )
        )
        disposal.action_fill()
        self.assertEqual(disposal.line_ids.archive_id, self.archive)
        disposal.action_fill()
        self.assertEqual(disposal.line_count, 1)
        self.assertRegex(disposal.name, r"^DISP-\d{4}-\d{4}$")
        second = disposal.copy({"class_ids": False})
        second.action_fill()
        self.assertEqual(second.line_ids.archive_id, other, "the first one is on a list already")

    def test_number_pattern_is_a_setting(self):
        settings = self.env["res.config.settings"].create(
            {"archive_disposal_pattern": "{year}/X{serial:3}"}
        )
        settings.execute()
        year = self.company._customer_today().year
        self.assertEqual(self._list(self.archive).name, f"{year}/X001")
        for pattern in ("{year}", "{class}-{serial}"):
            with self.subTest(pattern), self.assertRaises(ValidationError):
                self.company.archive_disposal_pattern = pattern

    def test_from_the_list_to_the_stub(self):
        number = self.archive.name
        disposal = self._witnessed(self.archive)
        disposal.action_execute()
        self.assertEqual(disposal.state, "executed")
        self.assertEqual(disposal.executed_by_id, self.user_archivist)
        self.assertEqual(disposal.approved_by_id, self.user_manager)
        self.assertEqual(self.archive.state, "disposed")
        self.assertEqual(self.archive.disposed_on, disposal.executed_on)
        self.assertEqual(set(self.archive.document_ids.mapped("paper_state")), {"destroyed"})
        self.assertFalse(self.file.exists())
        line = disposal.line_ids
        self.assertEqual(
            (line.number, line.title, line.document_count, line.page_count, line.file_count),
            (number, "Papers special", 2, 6, 1),
        )
        self.assertEqual(line.state, "disposed")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "customer_governance.report_archive_disposal", disposal.ids
        )
        for text in (number, "Certificate of disposal", "cg manager", "cg service", "cg quality"):
            self.assertIn(text, html.decode())
        with self.assertRaises(UserError):
            disposal.action_execute()
        for values in ({"note": "x"}, {"witness_1_id": False}, {"method": "burn"}):
            with self.assertRaises(UserError):
                disposal.write(values)
        with self.assertRaises(UserError):
            disposal.unlink()

    def test_each_step_has_its_person(self):
        disposal = self._list(self.archive)
        steps = (
            ("action_ask", self.user_archivist),
            ("action_consent", self.user_sales),
            ("action_approve", self.user_manager),
        )
        people = (
            self.user_archivist,
            self.user_sales,
            self.user_manager,
            self.user_service,
            self.user_auditor,
            self.plain_user,
        )
        for method, person in steps:
            for other in people:
                if other != person:
                    with (
                        self.subTest(method=method, user=other.login),
                        self.assertRaises(UserError),
                        self.env.cr.savepoint(),
                    ):
                        getattr(disposal.with_user(other), method)()
            getattr(disposal.with_user(person), method)()
        self.assertEqual(disposal.state, "approved")
        self.assertTrue(disposal.consented_on)

    def test_owner_refuses_and_takes_dossiers_off(self):
        second, _file = self._due()
        disposal = self._list(self.archive | second)
        disposal.action_ask()
        owner = disposal.with_user(self.user_sales)
        owner.action_refuse()
        self.assertEqual(disposal.state, "draft")
        disposal.action_ask()
        line = owner.line_ids.filtered(lambda line: line.archive_id.id == second.id)
        with self.assertRaises(AccessError):
            line.write({"title": "Other"})
        line.keep_reason = "We need it for the tender"
        owner.action_consent()
        with self.assertRaises(AccessError):
            owner.line_ids.write({"keep_reason": "All"})
        disposal.with_user(self.user_manager).action_approve()
        disposal.write({"witness_1_id": self.user_service.id, "witness_2_id": self.user_quality.id})
        disposal.with_user(self.user_service).action_witness()
        disposal.with_user(self.user_quality).action_witness()
        disposal.action_execute()
        self.assertEqual((self.archive.state, second.state), ("disposed", "registered"))

    def test_three_different_people(self):
        disposal = self._approved_list(self.archive)
        with self.assertRaises(UserError):
            disposal.action_execute()
        with self.assertRaises(ValidationError):
            disposal.write(
                {"witness_1_id": self.user_service.id, "witness_2_id": self.user_service.id}
            )
        disposal.write(
            {"witness_1_id": self.user_archivist.id, "witness_2_id": self.user_quality.id}
        )
        disposal.action_witness()
        disposal.with_user(self.user_quality).action_witness()
        with self.assertRaisesRegex(UserError, "you are a witness"):
            disposal.action_execute()

    def test_witnesses_confirm_themselves(self):
        disposal = self._approved_list(self.archive)
        disposal.write({"witness_1_id": self.user_service.id, "witness_2_id": self.user_quality.id})
        with self.assertRaisesRegex(UserError, "has not yet confirmed"):
            disposal.action_execute()
        for user in (self.user_archivist, self.user_manager, self.user_auditor, self.plain_user):
            with self.assertRaises(AccessError):
                disposal.with_user(user).action_witness()
        with self.assertRaises(AccessError):
            disposal.write({"witness_1_on": "2026-01-01 00:00:00"})
        disposal.with_user(self.user_service).action_witness()
        with self.assertRaises(AccessError):
            disposal.with_user(self.user_service).action_witness()
        disposal.witness_1_id = self.user_credit
        self.assertFalse(disposal.witness_1_on, "another witness has confirmed nothing")
        disposal.with_user(self.user_credit).action_witness()
        disposal.with_user(self.user_quality).action_witness()
        disposal.method = "burn"
        self.assertFalse(disposal.witness_1_on or disposal.witness_2_on, "another method")

    def test_hold_between_approval_and_execution_stops_it(self):
        second, _file = self._due()
        disposal = self._witnessed(self.archive | second)
        second.with_user(self.user_archivist).action_hold("Lawsuit 7")
        with self.assertRaisesRegex(UserError, "Lawsuit 7"), self.env.cr.savepoint():
            disposal.action_execute()
        self.assertEqual(disposal.state, "approved")
        self.assertEqual((self.archive | second).mapped("state"), ["registered"] * 2)
        self.assertTrue(self.file.exists())
        disposal.action_take_off_blocked()
        disposal.action_execute()
        self.assertEqual((self.archive.state, second.state), ("disposed", "registered"))
        kept = disposal.line_ids.filtered(lambda line: line.archive_id == second)
        self.assertEqual(kept.state, "kept")
        self.assertIn("Lawsuit 7", kept.keep_reason)

    def test_what_else_stops_it(self):
        disposal = self._witnessed(self.archive)

        def refused(words):
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                disposal.action_execute()
            self.assertEqual(self.archive.state, "registered")

        with suppress(Undo), self.env.cr.savepoint():
            self.env["customer.complaint"].create(
                {"partner_id": self.customer.id, "subject": "Overdue"}
            )
            refused("open complaint")
            raise Undo
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        order.order_line = [
            (0, 0, {"product_id": self._product().id, "product_uom_qty": 1, "price_unit": 9})
        ]
        order.action_confirm()
        refused("owes money or has open orders")
        self.archive.class_id.dispose_with_exposure = True
        rule = self.archive.class_id
        rule.retention_forever = True
        refused("retained permanently")
        rule.retention_forever = False
        self.archive.retention_event_date = self.company._customer_today()
        refused("retained until")
        self.archive.retention_event_date = "2000-01-01"
        disposal.action_execute()
        self.assertEqual(self.archive.state, "disposed")

    def _product(self):
        return self.env["product.product"].create({"name": "Pane", "invoice_policy": "order"})

    def test_other_company_neither_stops_nor_counts(self):
        disposal = self._witnessed(self.archive)
        self.env["customer.complaint"].with_company(self.other_company).create(
            {"partner_id": self.customer.id, "subject": "Overdue", "team_id": False}
        )
        disposal.action_execute()
        self.assertEqual(self.archive.state, "disposed")

    def test_killed_half_way_and_run_again(self):
        second, file = self._due()
        disposal = self._witnessed(self.archive | second)
        with (
            patch.object(
                type(self.env["customer.archive.disposal"]),
                "_clean_file_store_after_commit",
                side_effect=RuntimeError("killed"),
            ),
            self.assertRaises(RuntimeError),
            self.env.cr.savepoint(),
        ):
            disposal.action_execute()
        self.env.invalidate_all()
        self.assertEqual((disposal.state, self.archive.state), ("approved", "registered"))
        self.assertTrue((self.file | file).exists())
        self.assertTrue(file.raw)
        disposal.action_execute()
        self.assertEqual((self.archive | second).mapped("state"), ["disposed"] * 2)
        self.assertFalse((self.file | file).exists())

    def test_files_of_the_chatter_go_too(self):
        self.archive.message_post(body="Scan", attachments=[("scan.txt", b"chatter scan")])
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "customer.archive"), ("res_id", "=", self.archive.id)]
        )
        self.assertTrue(files)
        self._witnessed(self.archive).action_execute()
        self.assertFalse(files.exists())

    def test_a_dossier_is_on_one_list(self):
        self._list(self.archive)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._list(self.archive)

    def test_a_list_given_up_frees_its_dossiers(self):
        disposal = self._list(self.archive)
        disposal.action_cancel()
        self.assertEqual(disposal.line_ids.state, "dropped")
        self.assertEqual(self._list(self.archive).line_ids.archive_id, self.archive)
