from odoo.tests import HttpCase, tagged

from ..common import GovernanceCase, as_installed


@tagged("post_install", "-at_install", "cg_tour")
class TestSetupTours(GovernanceCase, HttpCase):
    """The administrator fills in roles and switches a domain on in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._new_users({"admin": "base.group_system"})["admin"]
        cls.admin.password = cls.admin.login
        cls.user_manager.password = cls.user_manager.login
        cls.person = cls._new_users({"person": "base.group_user"})["person"]
        cls.person.name = "Tour Person"

    def _roles(self):
        self.person.invalidate_recordset()
        groups = self.env["res.users"]._customer_role_groups()
        return {
            name.removeprefix("customer_role_")
            for name, group in groups.items()
            if group in self.person.group_ids
        }

    def test_three_roles_in_the_user_form(self):
        self.start_tour(
            f"/odoo/action-base.action_res_users/{self.person.id}",
            "customer_governance_roles_in_form",
            login="cg_admin",
        )
        self.assertEqual(self._roles(), {"sales", "quality", "archivist"})

    def test_three_roles_in_the_list(self):
        self.start_tour(
            "/odoo/action-customer_governance.customer_role_action",
            "customer_governance_roles_in_list",
            login="cg_admin",
        )
        self.assertEqual(self._roles(), {"service", "credit", "deed"})

    def test_the_head_switches_archives_on(self):
        as_installed(self.env)
        self.start_tour(
            "/odoo/action-customer_governance.customer_action",
            "customer_governance_switch_on",
            login="cg_manager",
        )
        self.company.invalidate_recordset()
        self.assertTrue(self.company.archive_enabled)
