import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...engine import retention as engine
from .archive_case import ArchiveCase
from .archive_rights_case import ArchiveRightsCase


@tagged("post_install", "-at_install")
class TestArchiveRetentionDefaults(ArchiveCase):
    """What is shipped."""

    def test_each_class_has_a_rule(self):
        for archive_class in self.archive_class.values():
            self.assertTrue(archive_class.retention_event, archive_class.code)
            self.assertIn("years", archive_class._retention_rule_text())

    def test_levels_of_approval(self):
        for name, group in (("disposal", "manager"), ("access_request", "archivist")):
            level = self.env.ref(f"customer_governance.tier_definition_archive_{name}")
            self.assertEqual(
                level.reviewer_group_id, self.env.ref(f"customer_governance.group_{group}")
            )


@tagged("post_install", "-at_install")
class TestArchiveRetention(ArchiveRightsCase):
    """Until when a dossier is kept."""

    def _row(self, archive):
        self.env.flush_all()
        row = self.env["customer.archive.retention"].browse(archive.id)
        row.invalidate_recordset()
        return row

    def test_list_equals_engine(self):
        """Dossiers of random classes and dates: the statement says what the engine says."""
        rng = random.Random(20261122)

        def day():
            return date(2000, 1, 1) + timedelta(days=rng.randrange(12000))

        classes = self.env["customer.archive.class"].create(
            [
                {
                    "name": f"Random {n}",
                    "code": f"RND{n}",
                    "retention_event": rng.choice([False, *engine.EVENTS]),
                    "retention_years": rng.choice([0, 1, 4, 10, 100]),
                    "retention_rounding": rng.choice(engine.ROUNDINGS),
                    "retention_forever": rng.random() < 0.1,
                }
                for n in range(24)
            ]
        )
        archives = self.env["customer.archive"].browse()
        for archive_class in classes:
            archives |= self._dossier(
                class_id=archive_class.id,
                documents=0,
                date_end=rng.choice([False, day(), date(2024, 2, 29)]),
            )
        archives.action_submit()
        archives.action_check()
        archives.action_accept()
        for archive in archives:
            archive.retention_event_date = rng.choice([False, day(), date(2024, 2, 29)])
        rows = archives._retention_rows()
        listed = self.env["customer.archive.retention"].search([("archive_id", "in", archives.ids)])
        self.assertEqual(len(listed), len(archives))
        today = self.company._customer_today()
        for row in listed:
            archive = row.archive_id
            rule = engine.Rule(
                archive.class_id.retention_event or None,
                archive.class_id.retention_years,
                archive.class_id.retention_rounding,
                archive.class_id.retention_forever,
            )
            facts = engine.Facts(archive.retention_event_date or None, archive.date_end or None)
            until, reasons = engine.keep_until(rule, facts)
            with self.subTest(rule=rule, facts=facts):
                self.assertEqual(row.date_until or None, until)
                self.assertEqual(row.reason, reasons[0].code)
                self.assertEqual(row.is_due, engine.is_due(until, today))
                self.assertEqual(rows[archive.id].date_until, until)
                self.assertTrue(archive.retention_text)

    def test_last_day_and_day_after(self):
        archive, _file = self._due()
        archive.class_id.write({"retention_years": 10, "retention_rounding": "year"})
        with freeze_time("2010-12-31 12:00:00"):
            row = self._row(archive)
            self.assertEqual(row.date_until, date(2010, 12, 31))
            self.assertFalse(row.is_due)
        with freeze_time("2011-01-01 12:00:00"):
            self.assertTrue(self._row(archive).is_due)

    def test_last_transaction_moves_on_with_the_customer(self):
        archive = self._registered("trade")
        self.assertEqual(self._row(archive).reason, "no_event_date")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"]
                .create({"name": "Buyer", "parent_id": self.customer.id})
                .id
            }
        )
        self.assertEqual(self._row(archive).reason, "no_event_date", "a quotation is none")
        order.action_confirm()
        order.date_order = "2003-05-05 12:00:00"
        row = self._row(archive)
        self.assertEqual((row.event_date, row.date_until), (date(2003, 5, 5), date(2013, 12, 31)))
        later = order.copy()
        later.action_confirm()
        later.date_order = "2020-05-05 12:00:00"
        self.assertEqual(self._row(archive).date_until, date(2030, 12, 31))

    def test_queries_do_not_grow(self):
        archives = self.env["customer.archive"].browse()
        for _n in range(3):
            archives |= self._due()[0]
        self.env.flush_all()

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["customer.archive.retention"].search_read(
                [("archive_id", "in", records.ids)], ["date_until", "is_due"]
            )
            return self.env.cr.sql_log_count - before

        count(archives)
        self.assertEqual(count(archives[0]), count(archives))

    def test_day_of_the_event_is_noted_by_archivists_later(self):
        archive = self._registered("special")
        with self.assertRaises(AccessError):
            archive.with_user(self.user_sales).retention_event_date = "2000-01-01"
        with self.assertRaises(AccessError):
            # the head tunes the rules, and not what a registered dossier falls under
            archive.sudo().with_user(self.user_manager).sudo(False).write(
                {"retention_event_date": "2000-01-01"}
            )
        archive.with_user(self.user_archivist).retention_event_date = "2000-01-01"
        self.assertEqual(archive.retention_until, date(2015, 12, 31))
        with self.assertRaises(UserError):
            archive.with_user(self.user_archivist).write(
                {"retention_event_date": "2001-01-01", "title": "Other"}
            )

    # --- hold ---------------------------------------------------------------------------------

    def test_hold_needs_a_reason_and_a_right(self):
        archive = self._registered("basic")
        for user in (self.user_sales, self.user_auditor, self.plain_user):
            with self.assertRaises(AccessError):
                archive.with_user(user).action_hold("Lawsuit")
        mine = archive.with_user(self.user_archivist)
        with self.assertRaises(UserError):
            mine.action_hold(" ")
        mine.action_hold("Lawsuit 12/2026")
        self.assertEqual((archive.hold, archive.hold_reason), (True, "Lawsuit 12/2026"))
        self.assertIn("Lawsuit 12/2026", archive.message_ids[0].body)
        mine.action_lift_hold("Settled")
        self.assertEqual((archive.hold, archive.hold_reason), (False, False))
        self.assertIn("Settled", archive.message_ids[0].body)

    def test_hold_by_the_wizard(self):
        archives = self._registered("basic") | self._registered("trade")
        action = archives.with_user(self.user_archivist).action_open_hold()
        wizard = (
            self.env["customer.archive.hold"]
            .with_user(self.user_archivist)
            .with_context(**action["context"])
            .create({"reason": "Audit"})
        )
        wizard.action_apply()
        self.assertEqual(archives.mapped("hold"), [True, True])

    def test_held_drafts_are_not_thrown_away(self):
        archive = self._dossier("basic")
        file = self._file(archive.document_ids[0])
        archive.with_user(self.user_archivist).action_hold("Lawsuit")
        for record in (archive, archive.document_ids[0], file):
            for user in (self.user_archivist, self.env.user):
                with self.subTest(record=record, user=user.login), self.assertRaises(UserError):
                    record.with_user(user).unlink()
        archive.action_lift_hold("Over")
        archive.with_user(self.user_archivist).unlink()
        self.assertFalse(archive.exists())

    def test_held_documents_and_files_do_not_move_away(self):
        archive, other = self._dossier("basic"), self._dossier("basic")
        document = archive.document_ids[0]
        file = self._file(document)
        archive.with_user(self.user_archivist).action_hold("Lawsuit")
        for record, vals in (
            (document, {"archive_id": other.id}),
            (file, {"res_id": other.document_ids[0].id}),
            (file, {"raw": b"other"}),
        ):
            with self.subTest(vals), self.assertRaises(UserError), self.env.cr.savepoint():
                record.with_user(self.user_sales).write(vals)
        document.with_user(self.user_sales).name = "Renamed"

    def test_files_go_with_a_draft(self):
        archive = self._dossier("basic")
        files = self._file(archive.document_ids[0]) | self._file(archive.document_ids[1])
        archive.with_user(self.user_archivist).unlink()
        self.assertFalse(files.exists())
