from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .handover_case import HandoverCase


@tagged("post_install", "-at_install")
class TestHandoverLeave(HandoverCase):
    """Nobody is archived unseen; what inactive users hold is a list that is empty when all is well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")

    def _held(self, user):
        return self.env["customer.holding"].search([("user_id", "=", user.id)])

    def test_archiving_says_what_is_held(self):
        action = self.giver.with_user(self.admin).action_archive()
        self.assertEqual(action["res_model"], "customer.user.leave")
        self.assertTrue(self.giver.active)
        dialog = (
            self.env["customer.user.leave"]
            .with_user(self.admin)
            .with_context(**action["context"])
            .create({})
        )
        for words in ("cg giver", "Customers: 1", "Opportunities: 1", "Planned Visits: 1"):
            self.assertIn(words, dialog.summary)
        with self.assertRaises(UserError):
            dialog.action_archive()
        opened = dialog.action_hand_over()
        self.assertEqual(opened["context"]["default_giver_id"], self.giver.id)

    def test_confirmed(self):
        dialog = (
            self.env["customer.user.leave"]
            .with_user(self.admin)
            .create({"user_ids": [(6, 0, self.giver.ids)], "confirmed": True})
        )
        dialog.action_archive()
        self.assertFalse(self.giver.active)
        self.assertEqual(
            {row.key: row.record_count for row in self._held(self.giver)},
            {"customer": 1, "contact": 1, "visit": 1, "lead": 1},
        )

    def test_nothing_held_is_archived_at_once(self):
        self.assertFalse(self.second.with_user(self.admin).action_archive())
        self.assertFalse(self.second.active)

    def test_by_import_or_program(self):
        with self.assertRaises(RedirectWarning) as caught:
            self.giver.with_user(self.admin).write({"active": False})
        self.assertEqual(caught.exception.args[1]["res_model"], "customer.user.leave")

    def test_only_administrators(self):
        with self.assertRaises(AccessError):
            self.giver.with_user(self.user_manager).action_archive()
        with self.assertRaises(AccessError):
            self.env["customer.user.leave"].with_user(self.user_manager).create(
                {"user_ids": [(6, 0, self.giver.ids)]}
            )

    def test_where_care_is_off_nothing_is_asked(self):
        self.env["res.company"].search([]).write({"care_enabled": False})
        self.giver.with_user(self.admin).action_archive()
        self.assertFalse(self.giver.active)

    def test_empty_after_the_handover(self):
        self.giver.active = False
        rows = self._held(self.giver)
        self.assertTrue(rows)
        action = rows[0].with_user(self.user_manager).action_hand_over()
        self.assertEqual(action["context"]["default_giver_id"], self.giver.id)
        self._executed()
        self.assertFalse(self._held(self.giver))

    def test_records_behind_a_row(self):
        self.giver.active = False
        row = self._held(self.giver).filtered(lambda one: one.key == "lead")
        action = row.action_view_records()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.lead)

    def test_active_people_and_the_system_are_not_in_it(self):
        self.assertFalse(self._held(self.giver))
        self._new_customer("Of the system", user_id=self.env.ref("base.user_root").id)
        self.assertFalse(self._held(self.env.ref("base.user_root")))

    def test_who_sees_the_list(self):
        team = self.env["crm.team"].create(
            {
                "name": "Led",
                "user_id": self.user_sales.id,
                "member_ids": [(6, 0, self.giver.ids)],
            }
        )
        self.giver.action_archive()
        rows = self._held(self.giver)
        self.assertEqual(rows.team_id, team)
        for user in (self.user_manager, self.user_auditor, self.user_sales):
            self.assertTrue(rows.with_user(user).has_access("read"), user.login)
        self.assertFalse(rows.with_user(self.other_sales).has_access("read"))
