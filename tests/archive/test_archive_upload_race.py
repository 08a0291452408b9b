from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.archive.upload.customer_archive_upload import UploadRefused
from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestArchiveUploadRace(GovernanceCase):
    """Two uploads at the same second share one quota: two real transactions."""

    def setUp(self):
        super().setUp()
        self.db = db_connect(self.cr.dbname)
        self.addCleanup(self._remove)
        with self.db.cursor() as cr:
            env = self._env(cr)
            partner = env["res.partner"].create(
                {"name": "Upload race", "is_company": True, "email": "race@x.example.com"}
            )
            archive = env["customer.archive"].create(
                {
                    "title": "Upload race",
                    "class_id": env.ref("customer_governance.archive_class_trade").id,
                    "partner_id": partner.id,
                    "role_a_id": env.ref("base.user_admin").id,
                }
            )
            upload = env["customer.archive.upload"].create(
                {"archive_id": archive.id, "max_files": 1}
            )
            upload.action_send()
            self.ids = {record._name: record.id for record in (partner, archive, upload)}
            self.token = upload.link_token

    def _env(self, cr):
        return api.Environment(cr, api.SUPERUSER_ID, {})

    def _remove(self):
        with self.db.cursor() as cr:
            env = self._env(cr)
            upload = env["customer.archive.upload"].browse(self.ids["customer.archive.upload"])
            upload.line_ids.unlink()
            for name, record_id in self.ids.items():
                for column, table in (
                    ("model", "mail_message"),
                    ("res_model", "mail_followers"),
                    ("res_model", "mail_activity"),
                ):
                    cr.execute(
                        SQL(
                            "DELETE FROM %s WHERE %s = %s AND res_id = %s",
                            SQL.identifier(table),
                            SQL.identifier(column),
                            name,
                            record_id,
                        )
                    )
            for name in reversed(self.ids):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE id = %s",
                        SQL.identifier(env[name]._table),
                        self.ids[name],
                    )
                )

    def _send(self, cr, name):
        upload = self._env(cr)["customer.archive.upload"].browse(
            self.ids["customer.archive.upload"]
        )
        upload._receive(self.token, [(None, name, [(f"{name}.pdf", b"%PDF-1.4")])])

    def test_the_second_sees_the_first_and_is_refused(self):
        first, second = self.db.cursor(), self.db.cursor()
        self.addCleanup(first.close)
        self.addCleanup(second.close)
        second.execute("SELECT 1")  # its snapshot is older than what the first stores
        self._send(first, "one")
        first.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self._send(second, "two")
        second.rollback()
        # Odoo repeats a request that could not be serialized
        with self.assertRaisesRegex(UploadRefused, "accepts 0 more"):
            self._send(second, "two")
        second.rollback()
