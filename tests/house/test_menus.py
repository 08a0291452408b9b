"""Menus and the first screen, for each role."""

from ast import literal_eval

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ...models.common.res_users import HOMES
from ..common import ROLES, GovernanceCase

PER_HEADING = 7
# Pixels, as measured in the browser: entry, heading, padding; the client lets a menu take 70 % of the
# window. From four headings on a menu has two columns (static/src/menus).
ENTRY, HEADING, PADDING, HEIGHT, COLUMNS_FROM = 27, 33, 10, 630, 4


@tagged("post_install", "-at_install")
class TestMenus(GovernanceCase):
    def _menus(self, user):
        return self.env["ir.ui.menu"].with_user(user).load_menus(False)

    def _root(self, menus):
        root = self.env.ref("customer_governance.menu_root").id
        return menus[root]

    def test_short_enough_for_every_role(self):
        """At most seven entries under a heading, and no menu longer than the screen."""
        for role in ROLES:
            menus = self._menus(getattr(self, f"user_{role}"))
            top = [menus[key] for key in self._root(menus)["children"]]
            with self.subTest(role=role):
                self.assertTrue(top)
                self.assertLessEqual(len(top), PER_HEADING)
            for section in top:
                children = [menus[key] for key in section["children"]]
                headings = [child for child in children if child["children"]]
                plain = [child for child in children if not child["children"]]
                with self.subTest(role=role, menu=section["name"]):
                    for entries in (plain, *(heading["children"] for heading in headings)):
                        self.assertLessEqual(len(entries), PER_HEADING)
                    below = sum(len(heading["children"]) for heading in headings)
                    height = (len(plain) + below) * ENTRY + len(headings) * HEADING + PADDING
                    if len(headings) >= COLUMNS_FROM:
                        height /= 2
                    self.assertLessEqual(height, HEIGHT)

    def test_features_can_be_switched_at_the_heading(self):
        """What only holds entries has no roles: groups there would be an "or" beside a feature's."""
        holders = self.env["ir.ui.menu"].search(
            [
                ("id", "child_of", self.env.ref("customer_governance.menu_root").id),
                ("child_id", "!=", False),
                ("action", "=", False),
            ]
        )
        roles = self.env["res.groups"].browse(
            self.env.ref(f"customer_governance.group_{role}").id for role in ROLES
        )
        configuration = self.env.ref("customer_governance.menu_configuration")
        self.assertFalse((holders - configuration).group_ids & roles)

    def test_the_app_opens_with_work_for_every_role(self):
        wanted = {
            "sales": "customer_action_home",
            "service": "customer_complaint_action_home",
            "service_supervisor": "customer_complaint_team_action_board",
            "archivist": "customer_archive_desk_action",
            "deed": "customer_archive_deed_action",
            "committee": "customer_review_action",
            "manager": "customer_review_action",
            "auditor": "customer_action",
        }
        for role in ROLES:
            user = getattr(self, f"user_{role}")
            with self.subTest(role=role):
                action = self._home(user)
                if role in wanted:
                    xmlid = f"customer_governance.{wanted[role]}"
                    self.assertEqual(action["id"], self.env.ref(xmlid).id)
                model = self.env[action["res_model"]].with_user(user)
                self.assertTrue(model.has_access("read"))
                context = {"uid": user.id, "allowed_company_ids": user.company_ids.ids}
                model.search(safe_eval(action["domain"] or "[]", context), limit=1)
                literal_eval(action["context"].replace("uid", "0") or "{}")

    def test_the_screens_of_the_roles_are_there(self):
        for _group, screens in HOMES:
            for menu, action in screens.items():
                self.assertTrue(self.env.ref(f"customer_governance.{menu}"))
                self.assertTrue(not action or self.env.ref(f"customer_governance.{action}"))

    def test_the_app_opens_for_a_plain_employee(self):
        self.assertEqual(self._home(self.plain_user)["res_model"], "res.partner")

    def test_who_has_two_roles_gets_the_work_that_waits_least(self):
        group = self.env.ref("customer_governance.group_service")
        self.user_sales.group_ids |= group
        self.assertEqual(self._home(self.user_sales)["res_model"], "customer.complaint")

    def _home(self, user):
        return self.env.ref("customer_governance.home_action").with_user(user).run()
