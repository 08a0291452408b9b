"""What is left on the disk, in real transactions."""

import os

from odoo import SUPERUSER_ID, Command, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..common import switch_on


@tagged("post_install", "-at_install")
class TestArchiveDisposalDisk(TransactionCase):
    """After the commit the files are gone from the file store, and only then."""

    def setUp(self):
        super().setUp()
        self.db = db_connect(self.env.cr.dbname)
        self.created = {}
        self.addCleanup(self._remove)
        with self.db.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            switch_on(env)
            people = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    [
                        {
                            "name": f"disk {role}",
                            "login": f"cg_disk_{role}",
                            "group_ids": [Command.set(env.ref(group).ids)],
                        }
                        for role, group in (
                            ("archivist", "customer_governance.group_archivist"),
                            ("owner", "base.group_user"),
                            ("manager", "customer_governance.group_manager"),
                            ("one", "base.group_user"),
                            ("two", "base.group_user"),
                        )
                    ]
                )
            )
            archivist, owner, manager, one, two = people
            kind = env["customer.archive.class"].create(
                {"name": "Disk", "code": "DISK", "retention_event": "case_closed"}
            )
            customer = env["res.partner"].create({"name": "Disk", "is_company": True})
            archive = env["customer.archive"].create(
                {
                    "title": "Disk",
                    "class_id": kind.id,
                    "partner_id": customer.id,
                    "role_b_id": env.ref("base.user_admin").id,
                    "document_ids": [Command.create({"name": "Paper"})],
                }
            )
            files = env["ir.attachment"].create(
                [
                    {"name": "own.txt", "raw": b"disposal of own content"},
                    {"name": "shared.txt", "raw": b"disposal of shared content"},
                ]
            )
            archive.document_ids.attachment_ids = files
            twin = env["ir.attachment"].create(
                {"name": "twin.txt", "raw": b"disposal of shared content"}
            )
            archive.action_submit()
            archive.action_check()
            archive.action_accept()
            archive.retention_event_date = "2000-01-01"
            disposal = (
                env["customer.archive.disposal"]
                .with_user(archivist)
                .create(
                    {
                        "owner_id": owner.id,
                        "line_ids": [Command.create({"archive_id": archive.id})],
                    }
                )
            )
            disposal.action_ask()
            disposal.with_user(owner).action_consent()
            disposal.with_user(manager).action_approve()
            disposal.write({"witness_1_id": one.id, "witness_2_id": two.id})
            disposal.with_user(one).action_witness()
            disposal.with_user(two).action_witness()
            self.created = {
                "customer.archive.disposal": disposal.ids,
                "customer.archive": archive.ids,
                "customer.archive.class": kind.ids,
                "res.partner": customer.ids,
                "res.users": people.ids,
                "ir.attachment": (files | twin).ids,
            }
            self.archivist_id, self.disposal_id, self.archive_id = (
                archivist.id,
                disposal.id,
                archive.id,
            )
            self.own, self.shared = (file._full_path(file.store_fname) for file in files)
            self.file_ids, self.twin_id = files.ids, twin.id

    def _remove(self):
        with self.db.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            ids = self.created
            env["ir.attachment"].browse(ids["ir.attachment"]).exists().with_context(
                active_test=False
            )
            for table, column, key in (
                ("customer_archive_disposal_line", "disposal_id", "customer.archive.disposal"),
                ("customer_archive_disposal", "id", "customer.archive.disposal"),
                ("customer_archive_document", "archive_id", "customer.archive"),
                ("customer_archive", "id", "customer.archive"),
                ("customer_archive_class", "id", "customer.archive.class"),
                ("ir_attachment", "id", "ir.attachment"),
            ):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = ANY(%s)",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        ids[key],
                    )
                )
            for model in ("customer.archive.disposal", "customer.archive"):
                for table, name in (
                    ("mail_message", "model"),
                    ("mail_followers", "res_model"),
                    ("mail_activity", "res_model"),
                    ("tier_review", "model"),
                ):
                    cr.execute(
                        SQL(
                            "DELETE FROM %s WHERE %s = %s AND res_id = ANY(%s)",
                            SQL.identifier(table),
                            SQL.identifier(name),
                            model,
                            ids[model],
                        )
                    )
            cr.execute(SQL("DELETE FROM customer_number WHERE period LIKE '%%DISK%%'"))
            env.invalidate_all()
            users = env["res.users"].browse(ids["res.users"])
            users.write({"active": False})
            for user in users:
                user.login = f"gone_{user.id}"
            env["res.partner"].browse(ids["res.partner"]).active = False

    def _execute(self, commit):
        with self.db.cursor() as cr:
            env = api.Environment(cr, self.archivist_id, {})
            env["customer.archive.disposal"].browse(self.disposal_id).action_execute()
            self.assertFalse(env["ir.attachment"].sudo().browse(self.file_ids).exists())
            self.assertTrue(os.path.exists(self.own), "nothing leaves the disk before the commit")
            if commit:
                cr.commit()
            else:
                cr.rollback()

    def _state(self):
        with self.db.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env["customer.archive"].browse(self.archive_id).state

    def test_files_leave_the_disk_with_the_commit(self):
        self._execute(commit=True)
        self.assertEqual(self._state(), "disposed")
        self.assertFalse(os.path.exists(self.own))
        self.assertTrue(os.path.exists(self.shared), "another attachment has the same content")
        with self.db.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            twin = env["ir.attachment"].browse(self.twin_id)
            self.assertEqual(twin.raw, b"disposal of shared content")
            self.assertFalse(env["ir.attachment"].browse(self.file_ids).exists())

    def test_a_rollback_leaves_the_files_and_it_runs_again(self):
        self._execute(commit=False)
        self.assertEqual(self._state(), "registered")
        with self.db.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["ir.attachment"]._gc_file_store()
        self.assertTrue(os.path.exists(self.own))
        self._execute(commit=True)
        self.assertFalse(os.path.exists(self.own))

    def test_a_hold_set_meanwhile_by_somebody_else_stops_it(self):
        """The execution has read the dossier already when the hold is committed."""
        with self.db.cursor() as mine:
            env = api.Environment(mine, self.archivist_id, {})
            disposal = env["customer.archive.disposal"].browse(self.disposal_id)
            self.assertFalse(disposal.line_ids.archive_id.hold)  # the snapshot is taken
            with self.db.cursor() as cr:
                other = api.Environment(cr, SUPERUSER_ID, {})
                other["customer.archive"].browse(self.archive_id).action_hold("Lawsuit")
            with self.assertRaises(Exception) as caught, self.assertLogs("odoo.sql_db", "ERROR"):
                disposal.action_execute()
            # Odoo repeats a request that fails this way
            self.assertEqual(getattr(caught.exception, "pgcode", None), "40001")
            mine.rollback()
            with self.assertRaisesRegex(Exception, "Lawsuit"):
                disposal.action_execute()
            mine.rollback()
        self.assertEqual(self._state(), "registered")
        self.assertTrue(os.path.exists(self.own))

    def test_a_dossier_somebody_works_on_stops_it(self):
        with self.db.cursor() as cr:
            other = api.Environment(cr, SUPERUSER_ID, {})
            other["customer.archive"].browse(self.archive_id).lock_for_update()
            with self.db.cursor() as mine:
                env = api.Environment(mine, self.archivist_id, {})
                with self.assertRaisesRegex(Exception, "Another user is working on a dossier"):
                    env["customer.archive.disposal"].browse(self.disposal_id).action_execute()
                mine.rollback()
        self.assertTrue(os.path.exists(self.own))
