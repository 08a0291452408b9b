from odoo.exceptions import UserError
from odoo.tests import tagged

from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveOutside(CustodyCase):
    """What stands where every employee may read it has numbers and no titles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._registered("loan", partner_id=cls.customer.id)
        cls.archive.sudo()._thawed().title = "Bribe of the minister"

    def test_activities_and_their_notifications(self):
        self.archive.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.user_archivist.id, summary="Look"
        )
        activity = self.archive.activity_ids[-1:]
        self.assertEqual(activity.res_name, f"Dossier {self.archive.name}")
        message = self.env["mail.message"].search(
            [("model", "=", self.archive._name), ("res_id", "=", self.archive.id)], limit=1
        )
        self.assertEqual(message.subject, f"Dossier {self.archive.name}")

    def test_names_of_many_activities_in_one_go(self):
        todo = "mail.mail_activity_data_todo"
        dossiers = self.archive.browse(
            self._dossier(title=f"Of the minister {n}").id for n in range(8)
        )
        activities = self.env["mail.activity"]
        for dossier in dossiers:
            activities |= dossier.activity_schedule(todo, user_id=self.user_archivist.id)

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._compute_res_name()
            return self.env.cr.sql_log_count - before

        queries(activities)  # once for what stays cached
        self.assertLessEqual(queries(activities), queries(activities[:1]) + 1)
        self.assertFalse(any("minister" in name for name in activities.mapped("res_name")))

    def test_every_notification_of_a_dossier(self):
        self.archive.message_notify(
            partner_ids=self.user_archivist.partner_id.ids,
            subject=self.archive.display_name,
            body="See the dossier",
        )
        rows = self.env["mail.notification"].with_user(self.plain_user)
        found = rows.search([("mail_message_id.subject", "ilike", "minister")])
        self.assertFalse(found)

    def test_what_hangs_on_a_dossier_has_its_number(self):
        extension = self.env["customer.archive.extension"].create(
            {"archive_id": self.archive.id, "reason": "Test"}
        )
        self.assertIn(self.archive.name, extension._outside_name())
        self.assertNotIn("minister", extension._outside_name())

    def test_the_witness_was_asked_about_this_place(self):
        deed = self._received_deed(self.archive)
        safe, other = self.safe, self.safe.copy({"name": "Other", "barcode": False})
        move = (
            self.env["customer.archive.deed.move"]
            .with_user(self.user_deed)
            .create(
                {
                    "deed_id": deed.id,
                    "direction": "in",
                    "location_id": safe.id,
                    "asked_id": self.user_quality.id,
                }
            )
        )
        for vals in ({"location_id": other.id}, {"asked_id": self.user_sales.id}, {"quantity": 9}):
            with self.subTest(vals), self.assertRaises(UserError):
                move.write(vals)
